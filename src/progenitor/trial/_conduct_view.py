"""What rules of conduct look at: who was treated, when, and what is known of them today."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol, final, runtime_checkable

__all__ = ["AbstractHold", "ConductView", "Hold", "Moment", "TreatedPatient"]

Moment = Literal["enrol", "infuse", "decide"]
"""What is about to happen: a patient enrols, is infused, or the next dose is decided."""


@final
class TreatedPatient(NamedTuple):
    """One infused patient as known today.

    Parameters
    ----------
    patient
        Number of the patient, from 0.
    level
        Assigned dose, from 0.
    cohort
        Number of the cohort; -1 for backfill.
    infused
        Day of infusion.
    done
        Whether the toxicity window is over or a toxicity was seen.
    toxic
        Whether a toxicity was seen.
    counts
        Whether the patient counts for the decision.
    """

    patient: int
    level: int
    cohort: int
    infused: float
    done: bool
    toxic: bool
    counts: bool


@final
@dataclass(frozen=True, slots=True)
class ConductView:
    """The trial on one day.

    Parameters
    ----------
    day
        Today.
    level
        Dose of the current cohort, from 0.
    cohort
        Number of the current cohort.
    window
        Days of follow-up for a toxicity.
    treated
        Everybody infused so far, in order.
    closed
        Doses closed for good, from 0.
    """

    day: float
    level: int
    cohort: int
    window: float
    treated: tuple[TreatedPatient, ...]
    closed: frozenset[int] = frozenset()

    @property
    def members(self) -> tuple[TreatedPatient, ...]:
        """Infused patients of the current cohort."""
        return tuple(one for one in self.treated if one.cohort == self.cohort)

    @property
    def pending(self) -> tuple[TreatedPatient, ...]:
        """Infused patients whose window is not over and who have had no toxicity."""
        return tuple(one for one in self.treated if not one.done)


@final
class Hold(NamedTuple):
    """Something has to wait.

    Parameters
    ----------
    until
        First day on which it may happen; infinite: ask again when something has happened.
    reason
        Why, in words.
    """

    until: float
    reason: str


@runtime_checkable
class AbstractHold(Protocol):
    """A rule that makes enrolment, infusion or a decision wait; rules compose, the latest wins."""

    @property
    def description(self) -> str:
        """The rule as a protocol would say it."""
        ...

    def hold(self, moment: Moment, view: ConductView) -> Hold | None:
        """Say until when this has to wait; None if it need not."""
        ...
