"""Hazard ratios of two groups in many trials at once."""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float, Shaped

from progenitor.trial._ordered_trials import (
    OrderedTrials,
    by_blocks,
    check_two_groups,
    followed_rows,
)
from progenitor.trial._partial_likelihood import Ties

__all__ = ["LogHazardRatios", "hazard_ratios"]

_FAR: Final = 30.0
_ROUNDS: Final = 200
_CLOSE: Final = 1e-12


class LogHazardRatios(NamedTuple):
    """Logarithms of hazard ratios and their standard errors; each (trial,)."""

    value: Float[np.ndarray, "*trial"]
    standard_error: Float[np.ndarray, "*trial"]


def hazard_ratios(
    time: Float[np.ndarray, "*trial patient"],
    event: Shaped[np.ndarray, "*trial patient"],
    group: Shaped[np.ndarray, "*group patient"],
    *,
    ties: Ties = "efron",
    penalised: bool = False,
) -> LogHazardRatios:
    r"""Estimate :math:`\ln HR` of group 1 against group 0 in each trial, as `hazard_ratio` does.

    The score of one yes-or-no covariate falls with :math:`\beta`; its zero is found for all trials
    together by Newton's steps kept inside a bracket.

    Parameters
    ----------
    time
        Days to event or censoring; NaN for a patient who does not count (trial, patient).
    event
        1 for an event, 0 for censoring (trial, patient).
    group
        1 or 0, for each trial or shared by all.
    ties
        ``efron`` or ``breslow``.
    penalised
        Whether to use Firth's penalty, which gives a finite ratio where a group has no event.

    Returns
    -------
    LogHazardRatios
        NaN where no event finds both groups at risk; infinite where only the penalised solution
        exists.

    Raises
    ------
    InputError
        If a time, an event or a group is impossible.

    References
    ----------
    Cox 1972, JRSS B 34:187–220; Heinze, Schemper 2001, Biometrics 57:114–119,
    doi:10.1111/j.0006-341X.2001.00114.x.

    Examples
    --------
    >>> time, event = np.array([[1.0, 2.0, 3.0, 4.0]] * 2), np.array([[1, 1, 1, 1], [1, 0, 0, 1]])
    >>> found = hazard_ratios(time, event, np.array([0, 1, 1, 0]), penalised=True)
    >>> found.value.round(4).tolist()
    [0.3026, -1.0986]
    """
    check_two_groups(time, event, group)
    rows = [followed_rows(values, time.shape) for values in (time, event, group)]
    found = by_blocks(lambda *block: _roots(*block, ties=ties, penalised=penalised), *rows)
    return LogHazardRatios(*(column.reshape(time.shape[:-1]) for column in found))


def _roots(
    time: Float[np.ndarray, "replicate patient"],
    event: Shaped[np.ndarray, "replicate patient"],
    group: Shaped[np.ndarray, "replicate patient"],
    *,
    ties: Ties,
    penalised: bool,
) -> tuple[Float[np.ndarray, " replicate"], Float[np.ndarray, " replicate"]]:
    one, other, seen = _risk_sets(time, event, group, ties)
    compared = ((one > 0.0) & (other > 0.0)).any(axis=1)

    def score(
        beta: Float[np.ndarray, " replicate"],
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        ratio = np.exp(beta)[:, None]
        total = other + one * ratio
        p = one * ratio / np.where(total > 0.0, total, 1.0)
        spread = p * (1.0 - p)
        information = spread.sum(axis=1)
        value = seen - p.sum(axis=1)
        if not penalised:
            return value, information, information
        whole = np.where(information > 0.0, information, 1.0)
        skew = (spread * (1.0 - 2.0 * p)).sum(axis=1) / whole
        curve = (spread * (1.0 - 6.0 * spread)).sum(axis=1) / whole
        fall = information - 0.5 * (curve - skew**2)
        return value + 0.5 * skew, np.where(fall > 0.0, fall, information), information

    size = seen.shape
    low, high = np.full(size, -_FAR), np.full(size, _FAR)
    no_low, no_high = ~(score(low)[0] > 0.0), ~(score(high)[0] < 0.0)
    beta = np.zeros(size)
    for _ in range(_ROUNDS):
        value, fall, _ = score(beta)
        low, high = np.where(value > 0.0, beta, low), np.where(value < 0.0, beta, high)
        step = value / np.where(fall > 0.0, fall, np.nan)
        tried = beta + step
        inside = (tried > low) & (tried < high)
        following = np.where(inside, tried, (low + high) / 2.0)
        following = np.where(value == 0.0, beta, following)
        moved = np.abs(following - beta) > _CLOSE
        beta = np.where(moved, following, beta)  # a trial that has arrived stays as it is
        if not np.any(moved & compared & ~no_low & ~no_high):
            break
    information = score(beta)[2]
    endless = np.where(no_low, -np.inf, np.where(no_high, np.inf, beta))
    spread = 1.0 / np.sqrt(np.where(np.isfinite(endless), information, np.nan))
    return np.where(compared, endless, np.nan), np.where(compared, spread, np.nan)


def _risk_sets(
    time: Float[np.ndarray, "replicate patient"],
    event: Shaped[np.ndarray, "replicate patient"],
    group: Shaped[np.ndarray, "replicate patient"],
    ties: Ties,
) -> tuple[
    Float[np.ndarray, "replicate patient"],
    Float[np.ndarray, "replicate patient"],
    Float[np.ndarray, " replicate"],
]:
    """Return those at risk in group 1 and 0 at each event (0 elsewhere), and group 1's events."""
    trials = OrderedTrials.of(time, event)
    first = trials.sort(group).astype(float)
    happened = trials.event.astype(float)

    def shared(marked: Float[np.ndarray, "replicate patient"]) -> np.ndarray:
        return np.take_along_axis(trials.at_step(marked), trials.first, axis=1)

    tied, tied_one = shared(happened), shared(happened * first)
    before = np.cumsum(happened, axis=1) - happened
    passed = before - np.take_along_axis(before, trials.first, axis=1)
    share = passed / np.maximum(tied, 1.0) if ties == "efron" else np.zeros(tied.shape)
    at_risk_one = trials.still(first)
    one = at_risk_one - share * tied_one
    other = trials.at_risk - at_risk_one - share * (tied - tied_one)
    return one * happened, other * happened, (happened * first).sum(axis=1)
