"""Interval decisions while patients are pending: they count by the follow-up they have."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Float, Int

from progenitor.errors import DesignError
from progenitor.trial._dose_finding import DoseDecision, DoseDecisions, DoseMove
from progenitor.trial._dose_state import DoseState
from progenitor.trial._interval_rule import bounded_level, moves_between
from progenitor.trial._isotonic_selection import closed_by_toxicity

__all__ = ["PendingRule", "check_pending"]


@final
@dataclass(frozen=True, slots=True)
class PendingRule:
    """Boundaries on toxicities per effective patient, and when to wait.

    Parameters
    ----------
    target
        Target rate of toxicities.
    lambda_e, lambda_d
        Escalate at or below the first, de-escalate at or above the second.
    cutoff, cutoff_lowest
        Posterior probability of being above the target that closes a dose; at the lowest dose.
    max_pending
        Greatest share of patients at the current dose who may be pending.
    early_stop
        Stop when this many patients were treated at a dose that would be kept; None: never.

    Examples
    --------
    >>> rule = PendingRule(0.3, 0.236, 0.359, 0.95, 0.95, 0.5, None)
    >>> state = DoseState.from_counts([3, 0], [0, 0], pending=[2, 0], followed=[0.9, 0.0])
    >>> rule.decide(state).label(0)
    'wait for follow-up'
    """

    target: float
    lambda_e: float
    lambda_d: float
    cutoff: float
    cutoff_lowest: float
    max_pending: float
    early_stop: int | None

    def decide(self, state: DoseState) -> DoseDecisions:
        """Decide where the next patients of every trial go, or that they wait."""
        level, rows = state.level, np.arange(state.replicates)
        n, pending, effective = self._effective(state)
        y = state.at_level(state.toxic)
        closed = state.eliminated | closed_by_toxicity(
            state.treated, state.toxic, self.target, self.cutoff
        )
        strict = closed_by_toxicity(
            state.treated[:, :1], state.toxic[:, :1], self.target, self.cutoff_lowest
        )
        closed = closed | (strict & (level == 0)[:, None])
        out = closed[rows, level]
        rate = np.divide(y, effective, out=np.zeros(level.size), where=effective > 0.0)
        step = (rate <= self.lambda_e).astype(np.int64) - (rate >= self.lambda_d)
        after = bounded_level(np.where(out, level - 1, level + np.where(n > 0, step, 0)), closed)
        waits = (pending > n * self.max_pending) | ((n > 0) & (effective <= 0.0))
        waits |= (step < 0) & (level == 0) & (pending > 0)
        waits &= ~out
        toxic = closed[:, 0]
        enough = np.zeros(level.size, dtype=bool)
        if self.early_stop is not None:
            enough = (n >= self.early_stop) & (after == level) & ~out
        move = np.select(
            [toxic, waits, enough],
            [int(DoseMove.STOP_TOXIC), int(DoseMove.SUSPEND), int(DoseMove.STOP_ENOUGH)],
            moves_between(level, after),
        )
        after = np.where(waits, level, after)
        return DoseDecisions(np.where(toxic | (enough & ~waits), -1, after), move, closed)

    def explain(self, state: DoseState, replicate: int) -> DoseDecision:
        """Tell the decision of one trial in words."""
        found = self.decide(state)
        sizes, waiting, effective = self._effective(state)
        level, value = int(state.level[replicate]), int(found.level[replicate])
        n, pending, ess = int(sizes[replicate]), int(waiting[replicate]), effective[replicate]
        y = int(state.toxic[replicate, level])
        move = DoseMove(int(found.move[replicate]))
        closed = bool(found.eliminated[replicate, level])
        rate = y / ess if ess > 0.0 else float("nan")
        message = (
            f"{y} toxicities in {ess:.3g} effective patients at dose {level + 1} ({n} treated, "
            f"{pending} pending) are a rate of {rate:.3g}, {self._place(rate)}: "
            f"{self._what_follows(move, level, value, closed=closed)}"
        )
        evidence = {
            "dose": level + 1.0,
            "treated": float(n),
            "pending": float(pending),
            "toxic": float(y),
            "effective": float(ess),
            "lambda_e": self.lambda_e,
            "lambda_d": self.lambda_d,
        }
        return DoseDecision(value, message, move.label, evidence)

    def _effective(
        self, state: DoseState
    ) -> tuple[
        Int[np.ndarray, " replicate"],
        Int[np.ndarray, " replicate"],
        Float[np.ndarray, " replicate"],
    ]:
        """Patients, pending patients and effective sample size at each current dose."""
        n, rows = state.at_level(state.treated), np.arange(state.replicates)
        if state.pending is None:
            return n, np.zeros_like(n), n.astype(float)
        pending = state.at_level(state.pending)
        shares = np.zeros(n.size) if state.followed is None else state.followed[rows, state.level]
        return n, pending, n - pending + shares

    def _place(self, rate: float) -> str:
        if rate <= self.lambda_e:
            return f"at most {self.lambda_e:.3f}"
        if rate >= self.lambda_d:
            return f"at least {self.lambda_d:.3f}"
        return f"between {self.lambda_e:.3f} and {self.lambda_d:.3f}"

    def _what_follows(self, move: DoseMove, level: int, value: int, *, closed: bool) -> str:
        if move == DoseMove.STOP_TOXIC:
            return "the lowest dose is too toxic and the trial stops without a dose."
        if move == DoseMove.STOP_ENOUGH:
            return f"dose {level + 1} would be kept and has enough patients; the trial stops."
        if move == DoseMove.SUSPEND:
            return "too many are pending for a decision; wait for their follow-up."
        if move == DoseMove.STAY:
            return f"stay at dose {level + 1}."
        end = f"{move.label} to dose {value + 1}."
        return f"dose {level + 1} and all above are closed, {end}" if closed else end


def check_pending(design: str, max_pending: float) -> None:
    """Refuse a share of pending patients that is no share.

    Raises
    ------
    DesignError
        Unless 0 ≤ max_pending ≤ 1.

    Examples
    --------
    >>> check_pending("tite_boin", 0.5)
    """
    if not 0.0 <= max_pending <= 1.0:
        raise DesignError(
            f"{design}: max_pending = {max_pending:g} is no share. Fix: give one from 0 to 1, such "
            "as 0.5"
        )
