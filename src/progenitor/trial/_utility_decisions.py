"""Where to go by toxicity first and utility second."""

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.trial._dose_finding import DoseDecision, DoseDecisions, DoseMove
from progenitor.trial._dose_state import DoseState
from progenitor.trial._interval_rule import moves_between
from progenitor.trial._utility_rule import UtilityRule

__all__ = ["EXPLORE_ABOVE", "decide_by_utility", "explain_by_utility"]

EXPLORE_ABOVE = 8
"""On more patients than this a dose above that was never tried is tried, toxicity permitting."""


def decide_by_utility(
    rule: UtilityRule, lambdas: tuple[float, float], n_star: int, state: DoseState
) -> DoseDecisions:
    """Decide where the next patients of every trial go.

    Equally desirable doses: of three the highest, of two the lowest is taken.

    Parameters
    ----------
    rule
        Admissibility and desirability.
    lambdas
        Rates of toxicity for escalation and de-escalation.
    n_star
        Patients from which doses above are left out when toxicity lies between the two.
    state
        The trials.

    Examples
    --------
    >>> rule = UtilityRule(0.3, 0.25, (100.0, 40.0, 60.0, 0.0), 0.95, 0.9)
    >>> state = DoseState.from_counts([3, 0], [0, 0], responded=[0, 0], toxic_and_responded=[0, 0])
    >>> decide_by_utility(rule, (0.236, 0.359), 6, state).level.tolist()
    [1]
    """
    level, rows = state.level, np.arange(state.replicates)
    n, y = state.at_level(state.treated), state.at_level(state.toxic)
    closed = rule.too_toxic(state) | state.eliminated
    rate = y / np.maximum(n, 1)
    above = np.minimum(level + 1, state.doses - 1)
    untried = (above > level) & (state.treated[rows, above] == 0) & ~closed[rows, above]
    explore = (n > EXPLORE_ABOVE) & (rate < lambdas[1]) & untried
    down = ~explore & (rate >= lambdas[1]) & (n > 0)
    near = ~explore & ~down & (rate > lambdas[0]) & (n >= n_star)
    usable = rule.admissible(state) & ~closed
    chance = rule.desirability(state)
    of_two = _best(chance, usable & _within(state, 1, 0), highest=False)
    of_three = _best(chance, usable & _within(state, 1, 1), highest=True)
    lowest = np.where(closed[:, 0], -1, 0)
    # Two candidates without an admissible one are both short of responses: the lowest dose is safe.
    after = np.select(
        [explore, down, near],
        [above, _highest_open_below(level, closed), np.where(of_two < 0, lowest, of_two)],
        np.where(n > 0, of_three, np.where(closed[rows, level], -1, level)),
    )
    move = np.select(
        [(after < 0) & (down | closed[:, 0]), after < 0],
        [int(DoseMove.STOP_TOXIC), int(DoseMove.STOP_NONE_ADMISSIBLE)],
        moves_between(level, after),
    )
    return DoseDecisions(after, move, closed)


def explain_by_utility(
    rule: UtilityRule,
    lambdas: tuple[float, float],
    n_star: int,
    state: DoseState,
    replicate: int,
) -> DoseDecision:
    """Tell the decision of one trial in words; arguments as :func:`decide_by_utility`."""
    found = decide_by_utility(rule, lambdas, n_star, state)
    level, value = int(state.level[replicate]), int(found.level[replicate])
    n, y = int(state.treated[replicate, level]), int(state.toxic[replicate, level])
    chance = rule.desirability(state)[replicate]
    near = (rule.admissible(state) & _within(state, 1, 1))[replicate]
    move = DoseMove(int(found.move[replicate]))
    local = ", ".join(f"dose {d + 1} {100.0 * chance[d]:.1f} %" for d in np.flatnonzero(near))
    ends = {
        DoseMove.STOP_TOXIC: "no dose at or below is tolerable and the trial stops.",
        DoseMove.STOP_NONE_ADMISSIBLE: "no dose is admissible and the trial stops.",
        DoseMove.STAY: f"stay at dose {level + 1}.",
    }
    end = ends.get(move, f"{move.label} to dose {value + 1}.")
    message = (
        f"{y} of {n} patients had a toxicity at dose {level + 1} (escalate at "
        f"{lambdas[0]:.3f}, de-escalate at {lambdas[1]:.3f}); chance of a utility above "
        f"{rule.benchmark:.1f} at admissible doses: {local or 'none'}; {end}"
    )
    evidence = {"dose": level + 1.0, "treated": float(n), "toxic": float(y)}
    evidence |= {f"desirability_{d + 1}": float(share) for d, share in enumerate(chance)}
    return DoseDecision(value, message, move.label, evidence)


def _highest_open_below(
    level: Int[np.ndarray, " replicate"], closed: Bool[np.ndarray, "replicate dose"]
) -> Int[np.ndarray, " replicate"]:
    """Highest open dose below the current one; at the lowest, that one; -1 if it is closed."""
    doses = np.arange(closed.shape[1])
    reachable = ~closed & (doses < np.maximum(level, 1)[:, None])
    found: Int[np.ndarray, " replicate"] = np.max(np.where(reachable, doses, -1), axis=1)
    return found


def _within(state: DoseState, below: int, above: int) -> Bool[np.ndarray, "replicate dose"]:
    """Doses at most so far below and above the current one."""
    distance = np.arange(state.doses) - state.level[:, None]
    found: Bool[np.ndarray, "replicate dose"] = (distance >= -below) & (distance <= above)
    return found


def _best(
    chance: Float[np.ndarray, "replicate dose"],
    usable: Bool[np.ndarray, "replicate dose"],
    *,
    highest: bool,
) -> Int[np.ndarray, " replicate"]:
    """Most desirable usable dose, the highest or lowest of equals; -1 for none."""
    score = np.where(usable, chance, -np.inf)
    last = score.shape[1] - 1
    best = last - np.argmax(score[:, ::-1], axis=1) if highest else np.argmax(score, axis=1)
    found: Int[np.ndarray, " replicate"] = np.where(usable.any(axis=1), best, -1)
    return found
