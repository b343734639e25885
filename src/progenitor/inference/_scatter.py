"""Variability that a check assumes where a publication gives none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, final

import numpy as np
from jaxtyping import Float

from progenitor.documents import suggestion
from progenitor.engine import standard_normals, stream
from progenitor.errors import InputError, Problem

__all__ = ["Assumed", "Scatter"]

_KINDS: Final = ("log", "proportional", "additive")


@final
@dataclass(frozen=True, slots=True)
class Scatter:
    r"""How observations scatter around the course of a patient.

    .. math::

        \text{log: } \ln y = \ln f + \sigma\epsilon \qquad
        \text{proportional: } y = f (1 + \sigma\epsilon) \qquad
        \text{additive: } y = f + \sigma\epsilon

    Parameters
    ----------
    kind
        ``log``, ``proportional`` or ``additive``.
    sd
        Standard deviation :math:`\sigma`; in the unit of the observable when it is additive.

    Raises
    ------
    InputError
        When there is no such kind, or the deviation is not a number above 0.

    Examples
    --------
    >>> Scatter("log", 0.5).applied(np.array([[np.e]]), np.array([[2.0]])).round(6).tolist()
    [[7.389056]]
    """

    kind: str
    sd: float

    def __post_init__(self) -> None:
        problems = []
        if self.kind not in _KINDS:
            problems.append(
                Problem(f"unknown scatter '{self.kind}'", suggestion(self.kind, _KINDS))
            )
        if not 0.0 < self.sd < float("inf"):
            problems.append(Problem(f"the scatter is {self.sd:g}", "give a number above 0"))
        if problems:
            raise InputError(problems)

    def applied(
        self,
        value: Float[np.ndarray, "replicate observation"],
        noise: Float[np.ndarray, "replicate observation"],
    ) -> Float[np.ndarray, "replicate observation"]:
        """Return values moved by standard normal noise."""
        error = self.sd * noise
        if self.kind == "log":
            return np.asarray(value * np.exp(error))
        return np.asarray(value * (1.0 + error) if self.kind == "proportional" else value + error)


@final
@dataclass(frozen=True, slots=True)
class Assumed:
    """Variability that is not published, but assumed by whoever asks for a check.

    Parameters
    ----------
    scatter
        Of observations, instead of what the model says.
    between
        Symbol → coefficient of variation between patients, as a fraction, instead of the model's.

    Examples
    --------
    >>> Assumed(Scatter("log", 0.3), {"drug_slope": 0.4}).words
    ('assay error (log, 0.3)', 'variability of drug_slope between patients (CV 40 %)')
    """

    scatter: Scatter | None = None
    between: Mapping[str, float] = field(default_factory=dict)

    @property
    def words(self) -> tuple[str, ...]:
        """What is assumed."""
        scatter = self.scatter
        first = () if scatter is None else (f"assay error ({scatter.kind}, {scatter.sd:g})",)
        return (
            *first,
            *(
                f"variability of {symbol} between patients (CV {100 * cv:g} %)"
                for symbol, cv in self.between.items()
            ),
        )

    def numbers(
        self, typical: Mapping[str, float], patients: int, seed: int
    ) -> dict[str, Float[np.ndarray, " patient"]]:
        r"""Return the lognormal numbers of each patient, :math:`x = m e^{\sigma z}`.

        Parameters
        ----------
        typical
            Medians of the model's numbers, by symbol.
        patients, seed
            How many patients, and the seed; a patient's number depends on nothing else.

        Raises
        ------
        InputError
            When a symbol is no number of the model, or a variation is not above 0.
        """
        problems = []
        for symbol, cv in self.between.items():
            if symbol not in typical:
                message = f"the model has no number '{symbol}'"
                problems.append(Problem(message, suggestion(symbol, typical)))
            if not 0.0 < cv < float("inf"):
                message = f"the variation of {symbol} between patients is {cv:g}"
                problems.append(Problem(message, "give a fraction above 0, such as 0.3 for 30 %"))
        if problems:
            raise InputError(problems)
        zero, patient = np.zeros(patients, dtype=np.int64), np.arange(patients)
        found = {}
        for symbol, cv in self.between.items():
            score = standard_normals(seed, f"between:{symbol}", zero, patient)
            found[symbol] = typical[symbol] * np.exp(np.sqrt(np.log1p(cv**2)) * score)
        return found

    def scattered(
        self, values: Float[np.ndarray, "replicate observation"], seed: int
    ) -> Float[np.ndarray, "replicate observation"]:
        """Return simulated values with the assumed assay error; the same where none is assumed."""
        if self.scatter is None:
            return values
        rows = [
            stream(seed, "scatter", draw=row).standard_normal(values.shape[1])
            for row in range(len(values))
        ]
        return self.scatter.applied(values, np.stack(rows))
