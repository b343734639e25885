"""What happened in a trial on a calendar: a log that reads as prose, and the flow of patients."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.trial._dose_finding import DoseDecision
from progenitor.trial._dose_state import DoseState

__all__ = ["CalendarTrial", "LogEntry"]


@final
class LogEntry(NamedTuple):
    """One thing that happened.

    Parameters
    ----------
    day
        When.
    event
        Short name to count by, such as ``"infused"``.
    message
        The same in words; patients and doses are counted from 1.
    patient
        Number of the patient, from 0; -1 where it is about the trial.

    Examples
    --------
    >>> print(LogEntry(31.0, "infused", "patient 3 receives dose 1 in full", 2))
    Day 31.0: patient 3 receives dose 1 in full.
    """

    day: float
    event: str
    message: str
    patient: int = -1

    def __str__(self) -> str:
        return f"Day {self.day:.1f}: {self.message}."


@final
@dataclass(frozen=True, slots=True, eq=False)
class CalendarTrial:
    """One trial from its first screening to the cut-off.

    Parameters
    ----------
    log
        Everything that happened, in order.
    decisions
        Every decision with its day.
    state
        Data at the end.
    selected
        Dose selected, from 0; -1 for none.
    days
        Day of each step by patient: screened, consented, apheresis, product, infused, toxic, done;
        NaN where it did not happen (patient,).
    level
        Assigned dose, from 0; -1 for patients who never consented (patient,).
    cohort
        Cohort of each patient; -1 for backfill and for those who never consented.
    achieved
        Dose really given; NaN where nothing was (patient,).
    counted
        Whether the patient counted for the dose (patient,).
    visits
        Visits that took place by the cut-off (patient,).
    fate
        How each patient ended, in words (patient,).
    flow
        Patients by step, as a flow chart counts them.
    cut_off
        Last day.
    """

    log: tuple[LogEntry, ...]
    decisions: tuple[tuple[float, DoseDecision], ...]
    state: DoseState
    selected: int
    days: Mapping[str, Float[np.ndarray, " patient"]]
    level: Int[np.ndarray, " patient"]
    cohort: Int[np.ndarray, " patient"]
    achieved: Float[np.ndarray, " patient"]
    counted: Bool[np.ndarray, " patient"]
    visits: Int[np.ndarray, " patient"]
    fate: tuple[str, ...]
    flow: Mapping[str, int]
    cut_off: float

    @property
    def prose(self) -> str:
        """The whole log, a line for each thing that happened."""
        return "\n".join(str(entry) for entry in self.log)
