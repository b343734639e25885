"""Sentinel patients: the first of a cohort is observed before others are infused."""

from dataclasses import dataclass
from typing import Literal, final

from progenitor.errors import DesignError
from progenitor.trial._conduct_view import ConductView, Hold, Moment

__all__ = ["SentinelGap"]


@final
@dataclass(frozen=True, slots=True)
class SentinelGap:
    """Wait some days after the first infusion of a cohort, or after every one.

    Parameters
    ----------
    days
        Days between the infusions.
    after
        ``"first"``: the others wait for the first only. ``"each"``: each waits for the last.

    Raises
    ------
    DesignError
        If the days are negative or ``after`` is unknown.

    References
    ----------
    FDA 2024, Considerations for the development of CAR T cell products, section on staggering.

    Examples
    --------
    >>> from progenitor.trial._conduct_view import TreatedPatient
    >>> first = TreatedPatient(0, 0, 0, infused=10.0, done=False, toxic=False, counts=True)
    >>> view = ConductView(day=12.0, level=0, cohort=0, window=28.0, treated=(first,))
    >>> SentinelGap(14.0).hold("infuse", view).until
    24.0
    """

    days: float
    after: Literal["first", "each"] = "first"

    def __post_init__(self) -> None:
        if not self.days >= 0.0 or self.after not in ("first", "each"):
            raise DesignError(
                f"a sentinel gap of {self.days:g} days after '{self.after}'. Fix: give days from 0 "
                "and first or each"
            )

    @property
    def description(self) -> str:
        """The rule as a protocol would say it."""
        others = "the other patients" if self.after == "first" else "each next patient"
        whom = "the first patient" if self.after == "first" else "the one before"
        return f"Within a cohort {others} are infused at least {self.days:g} days after {whom}."

    def hold(self, moment: Moment, view: ConductView) -> Hold | None:
        """Hold infusions until the gap is over."""
        days = [one.infused for one in view.members]
        if moment != "infuse" or not days:
            return None
        until = (min(days) if self.after == "first" else max(days)) + self.days
        if until <= view.day:
            return None
        whom = "the first" if self.after == "first" else "the last"
        return Hold(until, f"{whom} patient of the cohort is observed for {self.days:g} days")
