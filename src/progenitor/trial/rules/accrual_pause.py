"""Accrual pauses while too many treated patients are still followed."""

from dataclasses import dataclass
from typing import final

from progenitor.errors import DesignError
from progenitor.trial._conduct_view import ConductView, Hold, Moment

__all__ = ["AccrualPause"]


@final
@dataclass(frozen=True, slots=True)
class AccrualPause:
    """Enrol nobody while more than a share of the patients at the current dose are pending.

    Parameters
    ----------
    share
        Greatest share of pending patients, one half by default.

    Raises
    ------
    DesignError
        If the share is not in [0, 1).

    References
    ----------
    Yuan, Lin, Li, Nie, Warren 2018, Clinical Cancer Research 24:4921–4930,
    doi:10.1158/1078-0432.CCR-18-0246 (suspension while more than half are pending).

    Examples
    --------
    >>> from progenitor.trial._conduct_view import TreatedPatient
    >>> one = TreatedPatient(0, 0, 0, infused=10.0, done=False, toxic=False, counts=True)
    >>> view = ConductView(day=12.0, level=0, cohort=1, window=28.0, treated=(one,))
    >>> AccrualPause().hold("enrol", view).reason
    '1 of 1 patients at dose 1 are still followed, more than 50 %'
    """

    share: float = 0.5

    def __post_init__(self) -> None:
        if not 0.0 <= self.share < 1.0:
            raise DesignError(f"a share of {self.share:g}. Fix: give one from 0 to below 1")

    @property
    def description(self) -> str:
        """The rule as a protocol would say it."""
        return (
            f"Accrual pauses while more than {100.0 * self.share:g} % of the patients treated at "
            "the current dose have incomplete follow-up without a toxicity."
        )

    def hold(self, moment: Moment, view: ConductView) -> Hold | None:
        """Hold enrolment in a new cohort; within a cohort nobody waits for this."""
        if moment != "enrol" or view.members:
            return None
        here = [one for one in view.treated if one.level == view.level and one.counts]
        pending = sum(not one.done for one in here)
        if pending <= self.share * len(here):
            return None
        return Hold(
            float("inf"),
            f"{pending} of {len(here)} patients at dose {view.level + 1} are still followed, more "
            f"than {100.0 * self.share:g} %",
        )
