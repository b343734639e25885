"""Follow-up that every patient of a cohort must have before the dose is decided."""

from dataclasses import dataclass
from typing import final

from progenitor.errors import DesignError
from progenitor.trial._conduct_view import ConductView, Hold, Moment

__all__ = ["MinimumFollowUp"]


@final
@dataclass(frozen=True, slots=True)
class MinimumFollowUp:
    """Decide no dose before each patient of the cohort was followed for some days.

    A patient with a toxicity need not be followed further. The whole window is right for designs
    that count complete patients; less lets designs that count follow-up in part go on.

    Parameters
    ----------
    days
        Days of follow-up.

    Raises
    ------
    DesignError
        If the days are negative.

    References
    ----------
    Cheung, Chappell 2000, Biometrics 56:1177–1182, doi:10.1111/j.0006-341X.2000.01177.x.

    Examples
    --------
    >>> from progenitor.trial._conduct_view import TreatedPatient
    >>> last = TreatedPatient(2, 0, 0, infused=30.0, done=False, toxic=False, counts=True)
    >>> view = ConductView(day=31.0, level=0, cohort=0, window=28.0, treated=(last,))
    >>> MinimumFollowUp(14.0).hold("decide", view).until
    44.0
    """

    days: float

    def __post_init__(self) -> None:
        if not self.days >= 0.0:
            raise DesignError(f"a follow-up of {self.days:g} days. Fix: give days from 0")

    @property
    def description(self) -> str:
        """The rule as a protocol would say it."""
        return (
            f"The next dose is decided when every patient of the cohort was followed for "
            f"{self.days:g} days or had a dose-limiting toxicity."
        )

    def hold(self, moment: Moment, view: ConductView) -> Hold | None:
        """Hold the decision until the last patient was followed long enough."""
        days = [one.infused + self.days for one in view.members if not one.done and one.counts]
        if moment != "decide" or max(days, default=view.day) <= view.day:
            return None
        return Hold(max(days), f"every patient of the cohort is followed for {self.days:g} days")
