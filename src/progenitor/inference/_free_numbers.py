"""Numbers that a fit moves: their prior, and their value at a score of the prior."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import final

import numpy as np
from jaxtyping import Float

from progenitor.evidence import Catalogue, Parameter, Used, widened_cv

__all__ = ["FreeNumber", "free_number", "held_catalogue"]


@final
@dataclass(frozen=True, slots=True)
class FreeNumber:
    r"""A catalogue number whose median is fitted; its prior is that of the catalogue.

    At score :math:`u \sim N(0, 1)` the median is :math:`g^{-1}(g(m) + \sigma_u u)` with
    :math:`g` the logarithm, the logit or the identity and :math:`\sigma_u` what is not known of
    the number, widened for indirect evidence.

    Parameters
    ----------
    record
        The record of the catalogue.
    sd
        :math:`\sigma_u`, on the scale of :math:`g`.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> number = free_number(default_catalogue().parameter("t_cell/kill_rate"))
    >>> float(number.median(np.array([0.0]))[0]) == number.used.median
    True
    """

    record: Parameter
    sd: float

    @property
    def used(self) -> Used:
        """The distribution of the catalogue, which a free number always has."""
        assert self.record.used is not None
        return self.record.used

    def median(self, score: Float[np.ndarray, " draw"]) -> Float[np.ndarray, " draw"]:
        """Return the typical patient's number at each score, within its bounds."""
        return self.moved(np.full(len(score), self.used.median), score)

    def moved(
        self, values: Float[np.ndarray, " patient"], score: Float[np.ndarray, " patient"]
    ) -> Float[np.ndarray, " patient"]:
        """Return patients' numbers around the catalogue's median, moved to a score."""
        used, away = self.used, self.sd * score
        if used.distribution == "lognormal":
            found = values * np.exp(away)
        elif used.distribution == "normal":
            found = values + away
        else:
            found = 1.0 / (1.0 + np.exp(-(np.log(values / (1.0 - values)) + away)))
        lower = -np.inf if used.lower is None else used.lower
        upper = np.inf if used.upper is None else used.upper
        return np.asarray(np.clip(found, lower, upper))


def free_number(record: Parameter) -> FreeNumber:
    """Return a number with what is not known of it on its own scale.

    Parameters
    ----------
    record
        With a distribution other than ``fixed``.
    """
    wide = widened_cv(record)
    lognormal = record.used is not None and record.used.distribution == "lognormal"
    return FreeNumber(record, float(np.sqrt(np.log1p(wide**2))) if lognormal else wide)


def held_catalogue(catalogue: Catalogue, known: Iterable[str], free: Iterable[str]) -> Catalogue:
    """Return a catalogue in which some numbers are known exactly; patients still differ.

    Parameters
    ----------
    catalogue
        To begin from; it is not changed.
    known
        Ids whose medians carry no doubt here.
    free
        Ids whose medians are set by the caller, so that their bounds apply afterwards.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> held = held_catalogue(default_catalogue(), ["t_cell/kill_rate"], [])
    >>> widened_cv(held.parameter("t_cell/kill_rate"))
    0.0
    """
    changed = {}
    loose = set(free)
    for name in {*known, *loose}:
        record = catalogue.parameter(name)
        if record.used is None or record.used.distribution == "fixed":
            continue
        used = replace(record.used, uncertainty_cv=0.0, uncertainty_sd=0.0)
        if name in loose:
            used = replace(used, lower=None, upper=None)
        changed[name] = replace(record, role="published", used=used)
    return replace(catalogue, parameters={**catalogue.parameters, **changed})
