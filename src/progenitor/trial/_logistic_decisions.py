"""Escalation with overdose control: which dose the logistic regression design gives next."""

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.trial._dose_exposure import exposures
from progenitor.trial._dose_finding import DoseDecisions, DoseMove
from progenitor.trial._dose_state import DoseState
from progenitor.trial._logistic_posterior import LogisticPosterior
from progenitor.trial._logistic_words import LogisticDesign

__all__ = ["decide_on_target", "most_on_target"]


def decide_on_target(
    design: LogisticDesign, state: DoseState, fit: LogisticPosterior
) -> DoseDecisions:
    """Recommend the safe dose most probably on target, in reach of what was given."""
    rows = np.arange(state.replicates)
    started = state.treated.sum(axis=1) > 0
    highest = exposures(state, design.doses).highest
    level = np.arange(state.doses)
    near = np.array(design.doses) <= (design.largest_step * (1.0 + 1e-9) * highest)[:, None]
    reach = (level <= state.level[:, None] + 1) & (level <= state.opened[:, None] + 1)
    reach &= near | (level <= state.level[:, None])
    safe = (fit.over < design.overdose) & ~state.eliminated
    best = most_on_target(fit.target, safe & reach)
    best = np.where(~started & safe[rows, state.level], state.level, best)
    move = np.sign(state.level - best) + int(DoseMove.STAY)
    if design.enough is not None:
        full = (best == state.level) & (state.at_level(state.treated) >= design.enough)
        move = np.where(full, DoseMove.STOP_ENOUGH, move)
    toxic = np.where(started, DoseMove.STOP_TOXIC, DoseMove.STOP_NONE_ADMISSIBLE)
    move = np.where(best < 0, toxic, move)
    return DoseDecisions(np.where(move >= DoseMove.STOP_TOXIC, -1, best), move, state.eliminated)


def most_on_target(
    target: Float[np.ndarray, "replicate dose"], allowed: Bool[np.ndarray, "replicate dose"]
) -> Int[np.ndarray, " replicate"]:
    """Find the allowed dose most probably on target; -1 without any.

    Examples
    --------
    >>> most_on_target(np.array([[0.2, 0.4]]), np.array([[True, False]])).tolist()
    [0]
    """
    best = np.argmax(np.where(allowed, target, -1.0), axis=1)
    return np.where(allowed.any(axis=1), best, -1)
