"""Designs that compare toxicities at the current dose with boundaries tabulated beforehand."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Int

from progenitor.trial._decision import percent
from progenitor.trial._dose_finding import DoseDecision, DoseDecisions, DoseMove
from progenitor.trial._dose_state import DoseState
from progenitor.trial._toxicity_limit import FEWEST_FOR_SAFETY

__all__ = ["IntervalRule", "bounded_level", "moves_between", "safety_words", "table_size"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class IntervalRule:
    """Boundaries for n = 0, 1, … patients at the current dose, and what follows from them.

    Parameters
    ----------
    escalate
        Escalate if at most this many had a toxicity; -1: never.
    deescalate
        De-escalate if at least this many had one; n + 1: never.
    eliminate
        Close the dose and all above if at least this many had one; n + 1: never.
    stop_lowest
        The same at the lowest dose, where a design is stricter there.
    target
        Target rate of toxicities, for the words.
    early_stop
        Stop when this many patients were treated at a dose that would be kept; None: never.

    Examples
    --------
    >>> zero = np.zeros(4, dtype=np.int64)
    >>> rule = IntervalRule(zero, zero + 1, zero + 3, zero + 3, 0.3, None)
    >>> state = DoseState.from_counts([[3, 0], [3, 0]], [[0, 0], [3, 0]])
    >>> rule.decide(state).level.tolist()
    [1, -1]
    """

    escalate: Int[np.ndarray, " size"]
    deescalate: Int[np.ndarray, " size"]
    eliminate: Int[np.ndarray, " size"]
    stop_lowest: Int[np.ndarray, " size"]
    target: float
    early_stop: int | None

    def decide(self, state: DoseState) -> DoseDecisions:
        """Decide where the next patients of every trial go."""
        n, y, level = state.at_level(state.treated), state.at_level(state.toxic), state.level
        doses = np.arange(state.doses)
        closed = state.eliminated | ((y >= self.eliminate[n])[:, None] & (doses >= level[:, None]))
        toxic = closed[:, 0] | ((level == 0) & (y >= self.stop_lowest[n]))
        step = (y <= self.escalate[n]).astype(np.int64) - (y >= self.deescalate[n])
        after = bounded_level(level + np.where(n > 0, step, 0), closed)
        enough = np.zeros(level.size, dtype=bool)
        if self.early_stop is not None:
            enough = (n >= self.early_stop) & (after == level)
        move = moves_between(level, after)
        move = np.where(enough, int(DoseMove.STOP_ENOUGH), move)
        move = np.where(toxic, int(DoseMove.STOP_TOXIC), move)
        return DoseDecisions(np.where(toxic | enough, -1, after), move, closed)

    def explain(self, state: DoseState, replicate: int) -> DoseDecision:
        """Tell the decision of one trial in words."""
        found = self.decide(state)
        level, value = int(state.level[replicate]), int(found.level[replicate])
        n, y = int(state.treated[replicate, level]), int(state.toxic[replicate, level])
        up, down, out = int(self.escalate[n]), int(self.deescalate[n]), int(self.eliminate[n])
        move = DoseMove(int(found.move[replicate]))
        compared = f"escalate at {up} or fewer" if up >= 0 else "never escalate"
        if down <= n:
            compared += f", de-escalate at {down} or more"
        if out <= n:
            compared += f", close the dose at {out} or more"
        follows = _what_follows(
            move, level, value, state, found, replicate, wants_up=n > 0 and y <= up
        )
        message = (
            f"{y} of {n} patients had a toxicity at dose {level + 1} (for {n}: {compared}; target "
            f"{percent(self.target)}): {follows}"
        )
        evidence = {
            "dose": level + 1.0,
            "treated": float(n),
            "toxic": float(y),
            "escalate_if_le": float(up),
            "deescalate_if_ge": float(down),
            "eliminate_if_ge": float(out),
            "target": self.target,
        }
        return DoseDecision(value, message, move.label, evidence)

    def rows(self, largest: int) -> list[dict[str, int | None]]:
        """List the boundaries for 1 … ``largest`` patients; what never happens is None."""
        return [
            {
                "n": n,
                "escalate_if_le": _or_none(self.escalate[n], 0, n),
                "deescalate_if_ge": _or_none(self.deescalate[n], 0, n),
                "eliminate_if_ge": _or_none(self.eliminate[n], 0, n),
                "stop_lowest_if_ge": _or_none(self.stop_lowest[n], 0, n),
            }
            for n in range(1, largest + 1)
        ]


def table_size(state_or_patients: DoseState | int) -> int:
    """Patients up to which to tabulate: a power of two, so that few tables are ever made.

    Examples
    --------
    >>> table_size(30), table_size(DoseState.from_counts([70, 3], [0, 0]))
    (64, 128)
    """
    largest = (
        state_or_patients
        if isinstance(state_or_patients, int)
        else int(state_or_patients.treated.max(initial=0))
    )
    return max(64, 1 << max(largest - 1, 0).bit_length())


def safety_words(cutoff: float, cutoff_lowest: float, early_stop: int | None) -> str:
    """Say in a protocol when doses are closed and when a trial stops early.

    Examples
    --------
    >>> safety_words(0.95, 0.95, 12).split("; ")[1]
    'if dose 1 is closed, the trial stops without a dose. It also stops when 12 patients were ...
    """
    strict = f" ({percent(cutoff_lowest)} at dose 1)" if cutoff_lowest < cutoff else ""
    enough = (
        ""
        if early_stop is None
        else f" It also stops when {early_stop} patients were treated at a dose that would be kept."
    )
    return (
        "A dose and all above are closed if the posterior probability of exceeding the target is "
        f"above {percent(cutoff)}{strict} on at least {FEWEST_FOR_SAFETY} patients; if dose 1 is "
        f"closed, the trial stops without a dose.{enough}"
    )


def bounded_level(
    wanted: Int[np.ndarray, " replicate"], closed: Bool[np.ndarray, "replicate dose"]
) -> Int[np.ndarray, " replicate"]:
    """Keep a dose among those that exist and lie below every closed one; 0 if all are closed.

    Examples
    --------
    >>> bounded_level(np.array([2, 3, -1]), np.array([[False, False, True]] * 3)).tolist()
    [1, 1, 0]
    """
    doses = closed.shape[1]
    lowest = np.where(closed.any(axis=1), closed.argmax(axis=1), doses)
    bounded: Int[np.ndarray, " replicate"] = np.maximum(np.minimum(wanted, lowest - 1), 0)
    return bounded


def moves_between(
    before: Int[np.ndarray, " replicate"], after: Int[np.ndarray, " replicate"]
) -> Int[np.ndarray, " replicate"]:
    """Name the move from one dose to the next: a ``DoseMove`` for each trial.

    Examples
    --------
    >>> moves_between(np.array([0, 1, 1]), np.array([1, 1, 0])).tolist()
    [0, 1, 2]
    """
    moves: Int[np.ndarray, " replicate"] = np.select(
        [after > before, after == before],
        [int(DoseMove.ESCALATE), int(DoseMove.STAY)],
        int(DoseMove.DE_ESCALATE),
    )
    return moves


def _what_follows(
    move: DoseMove,
    level: int,
    value: int,
    state: DoseState,
    found: DoseDecisions,
    replicate: int,
    *,
    wants_up: bool,
) -> str:
    """End of the sentence: what is done, and what is closed."""
    if move == DoseMove.STOP_TOXIC:
        return "the lowest dose is too toxic and the trial stops without a dose."
    if move == DoseMove.STOP_ENOUGH:
        return f"dose {level + 1} would be kept and has enough patients; the trial stops."
    fresh = found.eliminated[replicate] & ~state.eliminated[replicate]
    closed = f"dose {int(fresh.argmax()) + 1} and all above are closed, " if fresh.any() else ""
    if move == DoseMove.STAY:
        top = "" if not wants_up else "there is no higher open dose, "
        return f"{closed}{top}stay at dose {level + 1}."
    return f"{closed}{move.label} to dose {value + 1}."


def _or_none(value: np.integer, low: int, high: int) -> int | None:
    return int(value) if low <= value <= high else None
