"""Backfill: further patients at doses already passed while the current cohort is followed."""

from dataclasses import dataclass
from typing import final

from progenitor.errors import DesignError
from progenitor.trial._conduct_view import ConductView

__all__ = ["Backfill"]


@final
@dataclass(frozen=True, slots=True)
class Backfill:
    """Treat patients who would wait at the highest open dose below the current one.

    Parameters
    ----------
    most
        Patients treated at a dose up to which it is filled.
    lowest
        Lowest dose filled, from 0; doses without hope of activity are left out.

    Raises
    ------
    DesignError
        If the numbers make no sense.

    References
    ----------
    Dehbi, O'Quigley, Iasonos 2021, Contemporary Clinical Trials 111:106605,
    doi:10.1016/j.cct.2021.106605.

    Examples
    --------
    >>> view = ConductView(day=40.0, level=2, cohort=3, window=28.0, treated=())
    >>> Backfill(most=6).level(view, {})
    1
    >>> Backfill(most=6).level(view, {1: 6, 0: 3})
    0
    """

    most: int
    lowest: int = 0

    def __post_init__(self) -> None:
        if self.most < 1 or self.lowest < 0:
            raise DesignError(
                f"backfill up to {self.most} patients from dose {self.lowest + 1}. Fix: give at "
                "least 1 of each"
            )

    @property
    def description(self) -> str:
        """The rule as a protocol would say it."""
        return (
            f"While a cohort is full, patients may be treated at the highest lower dose from dose "
            f"{self.lowest + 1} up that has fewer than {self.most} patients; they count there."
        )

    def level(self, view: ConductView, enrolled: dict[int, int]) -> int | None:
        """Find the dose for one more patient, given how many were enrolled at each; None: wait."""
        for level in range(view.level - 1, self.lowest - 1, -1):
            if level not in view.closed and enrolled.get(level, 0) < self.most:
                return level
        return None
