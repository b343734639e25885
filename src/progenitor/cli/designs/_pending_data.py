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

    def state(self, lists: OptionLists) -> "DoseState":
        """Build the state of one trial."""
        from progenitor.trial import DoseState

        treated, toxic = lists.whole("--npts", self.npts), lists.whole("--ntox", self.ntox)
        doses = len(treated)
        pending = lists.whole("--npend", self.npend) or (0,) * doses
        days = lists.numbers("--followup", self.followup) or (0.0,) * doses
        closed = lists.flags("--eliminated", self.eliminated) or (False,) * doses
        lists.same_length(npts=treated, ntox=toxic, npend=pending, followup=days, eliminated=closed)
        if not self.window > 0.0:
            lists.add("--window", f"{self.window:g} days", "give more than 0")
        lists.done()
        level: Any = None if self.current is None else self.current - 1
        shares = [total / self.window for total in days]
        return DoseState.from_counts(
            treated, toxic, level=level, eliminated=closed, pending=pending, followed=shares
        )
