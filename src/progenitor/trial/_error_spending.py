"""How much of an error a trial may have spent when part of its information is in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, final

import numpy as np
from jaxtyping import Float

from progenitor.errors import InputError, Problem

__all__ = ["ErrorSpending", "SpendingFamily"]

SpendingFamily = Literal["of", "pocock", "ldof", "ldpocock", "hsd", "power"]

_FAMILIES: Final[dict[str, SpendingFamily]] = {
    "of": "of",
    "pocock": "pocock",
    "ldof": "ldof",
    "ldpocock": "ldpocock",
    "hsd": "hsd",
    "power": "power",
}
_WITH_PARAMETER: Final = ("hsd", "power")
_SHAPES: Final = {"of": -0.5, "pocock": 0.0}
_STEEP: Final = 500.0


@final
@dataclass(frozen=True, slots=True)
class ErrorSpending:
    r"""A spending function :math:`A(t)`, or one of the two classical boundaries.

    With the error :math:`\alpha` to be spent at information :math:`t` of 1,

    .. math::

        \mathrm{ldof:}\; 2 - 2\Phi\bigl(\Phi^{-1}(1-\alpha/2)/\sqrt t\bigr), \quad
        \mathrm{ldpocock:}\; \alpha \ln(1 + (e-1)t), \quad
        \mathrm{hsd:}\; \alpha \frac{1-e^{-\gamma t}}{1-e^{-\gamma}}, \quad
        \mathrm{power:}\; \alpha t^\rho

    ``of`` and ``pocock`` are no functions but boundaries :math:`C t^{-1/2}` and C with one constant
    that spends :math:`\alpha` in all.

    Parameters
    ----------
    family
        One of ``of``, ``pocock``, ``ldof``, ``ldpocock``, ``hsd``, ``power``.
    parameter
        γ of Hwang, Shih and DeCani (negative: little early; 0: evenly) or ρ above 0; else 0.

    Raises
    ------
    InputError
        If the family cannot be read or its parameter is impossible.

    References
    ----------
    O'Brien, Fleming 1979, Biometrics 35:549–556; Pocock 1977, Biometrika 64:191–199,
    doi:10.1093/biomet/64.2.191; Lan, DeMets 1983, Biometrika 70:659–663,
    doi:10.1093/biomet/70.3.659; Hwang, Shih, De Cani 1990, Statistics in Medicine 9:1439–1445,
    doi:10.1002/sim.4780091207; Kim, DeMets 1987, Biometrika 74:149–154.

    Examples
    --------
    >>> ErrorSpending.parse("hsd:-4").spent(0.025, [0.5, 1.0]).round(6).tolist()
    [0.00298, 0.025]
    >>> ErrorSpending.parse("power:3").words
    'power family with ρ = 3'
    """

    family: SpendingFamily
    parameter: float = 0.0

    def __post_init__(self) -> None:
        if problem := self._problem():
            raise InputError([problem])

    @classmethod
    def parse(cls, text: "str | ErrorSpending", *, field: str = "spending") -> "ErrorSpending":
        """Read ``ldof``, ``hsd:-4`` or ``power:3``; a spending stays what it is."""
        if isinstance(text, ErrorSpending):
            return text
        name, colon, number = text.strip().lower().partition(":")
        try:
            value = float(number) if colon else 0.0
        except ValueError:
            value = float("nan")
        family = _FAMILIES.get(name)
        if family is None or (family in _WITH_PARAMETER) != bool(colon) or value != value:
            fix = "write one of of, pocock, ldof, ldpocock, hsd:γ (such as hsd:-4) or power:ρ"
            raise InputError([Problem(f"the spending '{text}' cannot be read", fix, field=field)])
        return cls(family, value)

    @property
    def shape(self) -> float | None:
        """Exponent of t in a boundary of one constant; None for a spending function."""
        return _SHAPES.get(self.family)

    @property
    def words(self) -> str:
        """The family in words."""
        return {
            "of": "O'Brien–Fleming",
            "pocock": "Pocock",
            "ldof": "Lan–DeMets spending of O'Brien–Fleming type",
            "ldpocock": "Lan–DeMets spending of Pocock type",
            "hsd": f"Hwang–Shih–DeCani spending with γ = {self.parameter:g}",
            "power": f"power family with ρ = {self.parameter:g}",
        }[self.family]

    def spent(self, error: float, times: Sequence[float]) -> Float[np.ndarray, " look"]:
        """Error spent up to each time; all of it from information 1 on.

        Raises ``InputError`` for ``of`` and ``pocock``, which are no functions of time.
        """
        from scipy.special import ndtr, ndtri

        t = np.minimum(np.asarray(times, float), 1.0)
        if self.family == "ldof":
            return np.asarray(2.0 * ndtr(ndtri(error / 2.0) / np.sqrt(t)))
        if self.family == "ldpocock":
            return np.asarray(error * np.log1p(np.expm1(1.0) * t))
        if self.family == "power":
            return np.asarray(error * t**self.parameter)
        if self.family == "hsd":
            gamma = self.parameter
            share = np.expm1(-gamma * t) / np.expm1(-gamma) if abs(gamma) > 1e-12 else t
            return np.asarray(error * share)
        raise InputError([Problem(f"{self.words} spends nothing by time", "choose ldof or hsd:γ")])

    def _problem(self) -> Problem | None:
        if self.family == "power" and not 0.0 < self.parameter <= _STEEP:
            return Problem(f"ρ is {self.parameter:g}", "give power:ρ with ρ above 0")
        if self.family == "hsd" and not abs(self.parameter) <= _STEEP:
            return Problem(f"γ is {self.parameter:g}", "give hsd:γ with γ between -500 and 500")
        return None
