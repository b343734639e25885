"""What a simulation returns: observables over time, and how it went for each patient."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.errors import SimulationError

__all__ = ["Status", "Trajectories"]


@final
class Status(enum.IntEnum):
    """How the simulation of a patient ended.

    Examples
    --------
    >>> Status(1).name, Status.STEP_LIMIT.remedy[:24]
    ('STEP_LIMIT', 'The solver needed too ma')
    """

    OK = 0
    STEP_LIMIT = 1
    DEADLINE = 2
    NONFINITE = 3
    NEGATIVE = 4
    EVENT_STORM = 5

    @property
    def remedy(self) -> str:
        """What happened and what to try."""
        return _REMEDIES[self]


_REMEDIES: Final[Mapping[Status, str]] = {
    Status.OK: "Nothing to do.",
    Status.STEP_LIMIT: (
        "The solver needed too many or too small steps: look for a rate that jumps back and forth "
        "or grows without bound, or raise max_steps."
    ),
    Status.DEADLINE: (
        "The patient took longer than the deadline: look for rates many orders of magnitude apart, "
        "or raise deadline."
    ),
    Status.NONFINITE: (
        "A species or rate became infinite or undefined: look for division by zero, the logarithm "
        "or a power of a negative number, or unlimited growth."
    ),
    Status.NEGATIVE: (
        "A species that cannot be negative was taken below zero: its losses do not vanish when it "
        "does; make each loss rate proportional to the species. In exact simulation, or a rate "
        "became negative: write a reaction for each direction."
    ),
    Status.EVENT_STORM: (
        "Events fired without end: an event makes its own trigger true again; use once=True or "
        "move the threshold that arms it away from the one that fires it."
    ),
}


@final
@dataclass(frozen=True, slots=True)
class Trajectories:
    """Observables of simulated patients.

    Values are those just after anything that happens at an output time. A failed patient is NaN
    throughout and has a status other than ``OK``. Outputs after a stopping event are NaN while the
    status stays ``OK``; ``stopped_at`` says when.

    Parameters
    ----------
    model_hash
        Content hash of the model.
    times
        Output times in days.
    values
        Observables in their declared units.
    observables
        Names along the last axis of ``values``.
    event_times
        Day on which each event first fired (not its delayed action); NaN when it did not.
    events
        Names along the last axis of ``event_times``.
    status
        One :class:`Status` per patient.
    steps
        Accepted solver steps.
    stopped_at
        Day on which an event ended the simulation; NaN when none did.
    clipped
        How often a species below zero by more than its absolute tolerance was set back to zero.

    Examples
    --------
    >>> empty = Trajectories(
    ...     "0", np.zeros((0, 1)), np.zeros((0, 1, 1)), ("cells",), np.zeros((0, 0)), (),
    ...     np.zeros(0, np.int8), np.zeros(0, int), np.zeros(0), np.zeros(0, int),
    ... )
    >>> empty.observable("cells").shape, empty.failures
    ((0, 1), {})
    """

    model_hash: str
    times: Float[np.ndarray, "patient time"]
    values: Float[np.ndarray, "patient time observable"]
    observables: tuple[str, ...]
    event_times: Float[np.ndarray, "patient event"]
    events: tuple[str, ...]
    status: Int[np.ndarray, " patient"]
    steps: Int[np.ndarray, " patient"]
    stopped_at: Float[np.ndarray, " patient"]
    clipped: Int[np.ndarray, " patient"]

    def observable(self, name: str) -> Float[np.ndarray, "patient time"]:
        """Return one observable by name.

        Raises
        ------
        SimulationError
            When the model has no such observable.
        """
        if name not in self.observables:
            known = ", ".join(self.observables)
            raise SimulationError(f"no observable '{name}'; known: {known}")
        return self.values[:, :, self.observables.index(name)]

    def event_time(self, name: str) -> Float[np.ndarray, " patient"]:
        """Return the day on which an event first fired, NaN where it did not.

        Raises
        ------
        SimulationError
            When the model has no such event.
        """
        if name not in self.events:
            raise SimulationError(f"no event '{name}'; known: {', '.join(self.events)}")
        return self.event_times[:, self.events.index(name)]

    @property
    def failures(self) -> dict[Status, int]:
        """How many patients failed in each way."""
        found, counts = np.unique(self.status[self.status != Status.OK], return_counts=True)
        return {Status(int(code)): int(count) for code, count in zip(found, counts, strict=True)}
