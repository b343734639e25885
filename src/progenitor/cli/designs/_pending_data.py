"""Patients by dose of whom some are pending, as lists of the command line."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

from progenitor.cli.designs._lists import OptionLists

if TYPE_CHECKING:
    from progenitor.trial import DoseState

__all__ = ["PendingData"]


@final
@dataclass(frozen=True, slots=True)
class PendingData:
    """Lists of the command line, one entry for each dose."""

    npts: str
    ntox: str
    npend: str
    followup: str
    eliminated: str
    current: int | None
    window: float

    def state(self, lists: OptionLists) -> "DoseState | None":
        """Build the state of one trial; None where no data were given or they cannot be."""
        from progenitor.trial import DoseState

        if not self.window > 0.0:
            lists.add("--window", f"{self.window:g} days", "give more than 0")
        if not any((self.npts, self.ntox, self.npend, self.followup)):
            return None
        treated, toxic = lists.whole("--npts", self.npts), lists.whole("--ntox", self.ntox)
        pending, days = (
            lists.whole("--npend", self.npend),
            lists.numbers("--followup", self.followup),
        )
        closed = lists.flags("--eliminated", self.eliminated)
        more = {"npend": (self.npend, pending), "followup": (self.followup, days)}
        more["eliminated"] = (self.eliminated, closed)
        asked = {name: values for name, (text, values) in more.items() if text}
        lists.same_length(npts=treated, ntox=toxic, **asked)
        if not lists.good("--npts", "--ntox", "--npend", "--followup", "--eliminated", "--window"):
            return None
        pending, days = pending or (0,) * len(treated), days or (0.0,) * len(treated)
        longest = [number * self.window for number in pending]
        if any(total > most for total, most in zip(days, longest, strict=True)):
            fix = "sum the days of pending patients only, each at most the window"
            lists.add("--followup", f"{self.followup} days are more than pending windows", fix)
        level: Any = None if self.current is None else self.current - 1
        return lists.attempt(
            lambda: DoseState.from_counts(
                treated,
                toxic,
                level=level,
                eliminated=closed or None,
                pending=pending,
                followed=[total / self.window for total in days],
            )
        )
