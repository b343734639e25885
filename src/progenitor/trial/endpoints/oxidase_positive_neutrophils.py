"""Oxidase-positive neutrophils after gene correction of chronic granulomatous disease."""

from dataclasses import dataclass, field
from typing import NamedTuple, final

import numpy as np
from jaxtyping import Float

from progenitor.trial._criteria import address
from progenitor.trial._grade_course import first_day
from progenitor.trial._thresholds import at_least, check_days, refuse

__all__ = ["OxidaseDays", "OxidasePositiveNeutrophils"]


class OxidaseDays(NamedTuple):
    """What the shares of each patient say, NaN where they do not.

    ``reached_day`` is the first sample at or above the share, ``lost_day`` the first below it
    afterwards, ``sustained`` 1 where every sample from ``by_day`` to ``until_day`` was at or above
    it, 0 where one was below, NaN where none tells or follow-up ends before ``until_day``;
    ``lowest`` is the lowest share in that time.
    """

    reached_day: Float[np.ndarray, " patient"]
    lost_day: Float[np.ndarray, " patient"]
    sustained: Float[np.ndarray, " patient"]
    lowest: Float[np.ndarray, " patient"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class OxidasePositiveNeutrophils:
    """Whether the share of DHR-positive neutrophils reaches a protective level and stays there.

    A sample of few neutrophils says little: the assay reads a share among ``neutrophils`` gated
    cells, and a positive result is only taken for at or above the share if its lower confidence
    limit by Wilson is asked for (``sure=True``); otherwise the share itself is compared.

    Parameters
    ----------
    share
        Protective share.
    by_day, until_day
        From when and until when it has to be kept, days since infusion.
    sure
        Whether the lower 95 % limit of the share is compared instead of the share.

    Raises
    ------
    DesignError
        If the share is not between 0 and 1, or the days do not rise.

    References
    ----------
    Marciano et al. 2018, Journal of Allergy and Clinical Immunology 141:365–371,
    doi:10.1016/j.jaci.2017.04.035 (carriers: infections below 10 and 20 %); Kohn et al. 2020,
    Nature Medicine 26:200, doi:10.1038/s41591-019-0735-5 (month 12). Wilson 1927, Journal of the
    American Statistical Association 22:209, doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> oxidase = OxidasePositiveNeutrophils(share=0.1, by_day=180.0, until_day=365.0)
    >>> days = np.array([30.0, 180.0, 270.0, 365.0])
    >>> found = oxidase.evaluate(days, np.array([[0.3, 0.2, 0.15, 0.12], [0.3, 0.2, 0.05, 0.12]]))
    >>> found.sustained.tolist(), found.lost_day.tolist()
    ([1.0, 0.0], [nan, 270.0])
    """

    share: float = field(metadata=address("endpoint/oxidase_protective_share"))
    by_day: float
    until_day: float
    sure: bool = False

    def __post_init__(self) -> None:
        window = f"days {self.by_day:g} to {self.until_day:g}"
        checks = [
            (not 0.0 < self.share < 1.0, f"a share of {self.share:g}"),
            (not 0.0 <= self.by_day <= self.until_day < np.inf, window),
        ]
        refuse(
            "oxidase-positive neutrophils", checks, "give a share between 0 and 1, days in order"
        )

    def evaluate(
        self,
        days: Float[np.ndarray, " time"],
        positive: Float[np.ndarray, "patient time"],
        neutrophils: Float[np.ndarray, "patient time"] | None = None,
    ) -> OxidaseDays:
        """Judge every patient.

        Parameters
        ----------
        days
            Days since infusion, increasing; samples before day 0 are ignored (time,).
        positive
            Share of oxidase-positive neutrophils, NaN where not measured (patient, time).
        neutrophils
            Neutrophils counted by the assay, needed where the lower limit is compared.

        Raises
        ------
        DesignError
            If days do not increase, a share is outside 0 to 1, or counts are needed and missing.
        """
        checks = [
            check_days(days),
            (np.any((positive < 0.0) | (positive > 1.0)), "a share is outside of 0 to 1"),
            (self.sure and neutrophils is None, "no counts of neutrophils for the lower limit"),
        ]
        refuse("oxidase-positive neutrophils", checks, "give days, shares and counts")
        value = np.where(days >= 0.0, positive, np.nan)
        if self.sure and neutrophils is not None:
            value = _lower_limit(value, neutrophils)
        enough = at_least(value, self.share)
        known = ~np.isnan(value)
        reached = first_day(days, enough)
        lost = first_day(days, known & ~enough & (days > reached[:, None]))
        asked = known & (days >= self.by_day) & (days <= self.until_day)
        below = np.any(asked & ~enough, axis=1)
        followed = asked.any(axis=1) & np.any(known & (days >= self.until_day), axis=1)
        sustained = np.where(below, 0.0, np.where(followed, 1.0, np.nan))
        lowest = np.where(asked, positive, np.inf).min(axis=1, initial=np.inf)
        return OxidaseDays(reached, lost, sustained, np.where(np.isinf(lowest), np.nan, lowest))


def _lower_limit(
    share: Float[np.ndarray, "patient time"], counted: Float[np.ndarray, "patient time"]
) -> Float[np.ndarray, "patient time"]:
    """Lower 95 % limit of a share by Wilson; 0 for no cells counted."""
    from scipy.special import ndtri

    square = float(ndtri(0.975)) ** 2
    cells = np.where(counted > 0.0, counted, 1.0)
    root = np.sqrt(square * (share * (1.0 - share) / cells + square / (4.0 * cells**2)))
    limit = (share + square / (2.0 * cells) - root) / (1.0 + square / cells)
    return np.where(counted > 0.0, limit, np.where(np.isnan(share), np.nan, 0.0))
