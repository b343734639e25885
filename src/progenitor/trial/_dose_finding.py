"""What every dose-finding design is: many trials' data in, a dose for the next patients out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol, final, runtime_checkable

import numpy as np
from jaxtyping import Bool, Int

from progenitor.trial._dose_state import DoseState

__all__ = ["AbstractDoseFinding", "DoseDecision", "DoseDecisions", "DoseMove"]


class DoseMove(IntEnum):
    """What a design does next, by which decisions are counted.

    Examples
    --------
    >>> DoseMove.DE_ESCALATE.label, DoseMove.STOP_TOXIC.stops, DoseMove.STAY.stops
    ('de-escalate', True, False)
    """

    ESCALATE = 0
    STAY = 1
    DE_ESCALATE = 2
    SUSPEND = 3
    STOP_TOXIC = 4
    STOP_ENOUGH = 5
    STOP_COMPLETE = 6
    STOP_NONE_ADMISSIBLE = 7

    @property
    def label(self) -> str:
        """The move in words."""
        return _LABELS[self]

    @property
    def stops(self) -> bool:
        """Whether the trial ends."""
        return self >= DoseMove.STOP_TOXIC


_LABELS = {
    DoseMove.ESCALATE: "escalate",
    DoseMove.STAY: "stay",
    DoseMove.DE_ESCALATE: "de-escalate",
    DoseMove.SUSPEND: "wait for follow-up",
    DoseMove.STOP_TOXIC: "stop: lowest dose too toxic",
    DoseMove.STOP_ENOUGH: "stop: enough patients at the dose",
    DoseMove.STOP_COMPLETE: "stop: dose found",
    DoseMove.STOP_NONE_ADMISSIBLE: "stop: no dose is admissible",
}


@final
@dataclass(frozen=True, slots=True)
class DoseDecision:
    """Where the next patients of one trial go and why; printing it reads as prose.

    Parameters
    ----------
    value
        Dose of the next patients, counted from 0; -1 when the trial stops.
    message
        The reason in words, with every number that was compared; doses are counted from 1 there.
    label
        Short name to count by, such as ``"escalate"``.
    evidence
        The numbers behind the message.

    Examples
    --------
    >>> print(DoseDecision(1, "0 of 3 had a toxicity at dose 1: go to dose 2.", "escalate"))
    0 of 3 had a toxicity at dose 1: go to dose 2.
    """

    value: int
    message: str
    label: str
    evidence: Mapping[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message


@final
@dataclass(frozen=True, slots=True, eq=False)
class DoseDecisions:
    """Where the next patients of each of many trials go.

    Parameters
    ----------
    level
        Dose of the next patients, from 0; -1 where the trial stops. Where it waits for follow-up
        (``DoseMove.SUSPEND``), the dose that would be given now.
    move
        A ``DoseMove`` for each trial.
    eliminated
        Doses closed for good, those of the state included.

    Examples
    --------
    >>> closed = np.array([[False, False], [True, True]])
    >>> found = DoseDecisions(np.array([1, -1]), np.array([0, 4]), closed)
    >>> found.label(0), found.stop.tolist()
    ('escalate', [False, True])
    """

    level: Int[np.ndarray, " replicate"]
    move: Int[np.ndarray, " replicate"]
    eliminated: Bool[np.ndarray, "replicate dose"]

    @property
    def stop(self) -> Bool[np.ndarray, " replicate"]:
        """Where the trial ends."""
        ends: Bool[np.ndarray, " replicate"] = self.level < 0
        return ends

    @property
    def suspend(self) -> Bool[np.ndarray, " replicate"]:
        """Where the trial waits for pending patients before it treats anyone."""
        waits: Bool[np.ndarray, " replicate"] = self.move == DoseMove.SUSPEND
        return waits

    def label(self, replicate: int) -> str:
        """Name the move of one trial."""
        return DoseMove(int(self.move[replicate])).label


@runtime_checkable
class AbstractDoseFinding(Protocol):
    """A Phase I design: it says where the next patients go and which dose is selected.

    All designs are vectorised over replicates and look at nothing but the state, so that the order
    of patients within a cohort cannot matter.
    """

    @property
    def name(self) -> str:
        """Catalogue name of the design."""
        ...

    @property
    def numbers(self) -> Mapping[str, float]:
        """The design's own numbers, for tables."""
        ...

    @property
    def description(self) -> str:
        """The design in one paragraph, as a protocol would say it."""
        ...

    def next_dose(self, state: DoseState) -> DoseDecisions:
        """Decide where the next patients of every trial go."""
        ...

    def explain(self, state: DoseState, replicate: int = 0) -> DoseDecision:
        """Tell in words what :meth:`next_dose` decides for one trial, and why."""
        ...

    def select(self, state: DoseState) -> Int[np.ndarray, " replicate"]:
        """Select the dose at the end of every trial (maximum tolerated or optimal), -1 for none."""
        ...
