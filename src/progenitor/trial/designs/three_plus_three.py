"""The 3+3 design, with and without de-escalation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.trial._dose_finding import DoseDecision, DoseDecisions, DoseMove
from progenitor.trial._dose_state import DoseState
from progenitor.trial._interval_rule import bounded_level
from progenitor.trial._three_plus_three_exact import (
    ThreePlusThreeOutcomes,
    enumerate_three_plus_three,
)

__all__ = ["ThreePlusThree"]

COHORT = 3
FULL = 6


@final
@dataclass(frozen=True, slots=True)
class ThreePlusThree:
    """Treat three patients at a dose, three more if one had a toxicity, and go up below two.

    A dose is passed with 0 of 3 or at most 1 of 6; with two toxicities it is too toxic and closed.
    The highest dose passed is selected. With ``deescalate``, the dose below a closed one must be
    passed on six patients: three more are treated where it had three.

    Parameters
    ----------
    deescalate
        Whether the dose below a closed one is filled up to six patients.

    References
    ----------
    Storer 1989, Biometrics 45:925–937, doi:10.2307/2531693.

    Examples
    --------
    >>> design = ThreePlusThree()
    >>> print(design.explain(DoseState.from_counts([3, 3], [0, 1])))
    1 of 3 patients had a toxicity at dose 2: treat three more there.
    >>> round(design.outcomes([0.1, 0.4]).expected_n, 2)
    7.62
    """

    deescalate: bool = False
    name: ClassVar[str] = "three_plus_three"

    @property
    def numbers(self) -> Mapping[str, float]:
        """The design's own numbers, for tables."""
        return {"cohort": float(COHORT), "deescalate": float(self.deescalate)}

    @property
    def description(self) -> str:
        """The design in one paragraph."""
        below = (
            "If the dose below was given to three patients only, three more are treated there, and "
            "the trial goes down until a dose has at most one toxicity in six"
            if self.deescalate
            else "The trial ends there"
        )
        return (
            "3+3: treat three patients at a dose. Without a toxicity go to the next dose; with "
            "one, treat three more and go up if none of them has one. Two or more toxicities "
            f"close the dose. {below}. The highest dose passed is selected; none if the lowest is "
            "closed."
        )

    def outcomes(
        self, p_tox: Sequence[float] | Float[np.ndarray, " dose"]
    ) -> ThreePlusThreeOutcomes:
        """Enumerate the trial at true probabilities of toxicity: exact, no simulation."""
        return enumerate_three_plus_three(p_tox, deescalate=self.deescalate)

    def next_dose(self, state: DoseState) -> DoseDecisions:
        """Decide where the next patients of every trial go."""
        n, y, level = state.at_level(state.treated), state.at_level(state.toxic), state.level
        rows = np.arange(level.size)
        failed = (y >= 2) | state.eliminated[rows, level]
        closed = state.eliminated | (failed[:, None] & (np.arange(state.doses) >= level[:, None]))
        passed = ~failed & (((n == COHORT) & (y == 0)) | (n >= FULL))
        above = np.minimum(level + 1, state.doses - 1)
        top = (level == state.doses - 1) | closed[rows, above]
        below = bounded_level(level - 1, closed)
        filled = state.treated[rows, below] >= FULL if self.deescalate else np.ones_like(failed)
        toxic = closed[:, 0]
        down = failed & ~toxic & ~filled
        complete = (passed & top) | (failed & filled)
        move = np.select(
            [toxic, complete, down, passed],
            [DoseMove.STOP_TOXIC, DoseMove.STOP_COMPLETE, DoseMove.DE_ESCALATE, DoseMove.ESCALATE],
            int(DoseMove.STAY),
        )
        after = np.select([toxic | complete, down, passed], [-1, below, above], level)
        return DoseDecisions(after, move, closed)

    def explain(self, state: DoseState, replicate: int = 0) -> DoseDecision:
        """Tell the decision of one trial in words."""
        found = self.next_dose(state)
        level, value = int(state.level[replicate]), int(found.level[replicate])
        n, y = int(state.treated[replicate, level]), int(state.toxic[replicate, level])
        move = DoseMove(int(found.move[replicate]))
        chosen = int(self.select(state)[replicate]) + 1
        ends = {
            DoseMove.STOP_TOXIC: "the lowest dose is too toxic and the trial stops without a dose.",
            DoseMove.STOP_COMPLETE: f"the trial is complete and selects dose {chosen}.",
            DoseMove.DE_ESCALATE: f"too many; treat three more at dose {value + 1}.",
            DoseMove.ESCALATE: f"go to dose {value + 1}.",
            DoseMove.STAY: "treat three more there.",
        }
        message = f"{y} of {n} patients had a toxicity at dose {level + 1}: {ends[move]}"
        evidence = {"dose": level + 1.0, "treated": float(n), "toxic": float(y)}
        return DoseDecision(value, message, move.label, evidence)

    def select(self, state: DoseState) -> Int[np.ndarray, " replicate"]:
        """Select the highest dose passed below every closed one, -1 for none."""
        n, y = state.treated, state.toxic
        closed = np.logical_or.accumulate((y >= 2) | state.eliminated, axis=1)
        passed: Bool[np.ndarray, "replicate dose"] = ((n >= COHORT) & (y == 0)) | (n >= FULL)
        highest: Int[np.ndarray, " replicate"] = np.max(
            np.where(passed & ~closed, np.arange(state.doses), -1), axis=1
        )
        return highest
