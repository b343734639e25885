"""Weighted and stratified log-rank tests of two groups, over many trials at once."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Shaped

from progenitor.errors import InputError, Problem
from progenitor.trial._ordered_trials import (
    OrderedTrials,
    by_blocks,
    check_two_groups,
    followed_rows,
)

__all__ = ["LogRank", "ScoreSteps", "check_weights", "log_rank", "score_steps"]


class LogRank(NamedTuple):
    """A log-rank test of group 1 against group 0; each entry (trial,).

    ``observed`` and ``expected`` are weighted events in group 1, ``variance`` that of their
    difference; z below 0 means fewer events than expected. NaN where nothing can be compared.
    """

    observed: Float[np.ndarray, "*trial"]
    expected: Float[np.ndarray, "*trial"]
    variance: Float[np.ndarray, "*trial"]

    @property
    def z(self) -> Float[np.ndarray, "*trial"]:
        """Standardised difference of observed and expected events."""
        spread = np.sqrt(np.where(self.variance > 0.0, self.variance, np.nan))
        return np.asarray((self.observed - self.expected) / spread)

    @property
    def chi_square(self) -> Float[np.ndarray, "*trial"]:
        """Square of z: χ² with one degree of freedom."""
        return np.asarray(self.z**2)

    @property
    def p_value(self) -> Float[np.ndarray, "*trial"]:
        """Two-sided p-value."""
        from scipy.special import ndtr

        return np.asarray(2.0 * ndtr(-np.abs(self.z)))


def log_rank(
    time: Float[np.ndarray, "*trial patient"],
    event: Shaped[np.ndarray, "*trial patient"],
    group: Shaped[np.ndarray, "*group patient"],
    *,
    stratum: Shaped[np.ndarray, "*stratum patient"] | None = None,
    rho: float = 0.0,
    gamma: float = 0.0,
) -> LogRank:
    r"""Compare the hazards of two groups by a :math:`G^{\rho,\gamma}` test in each trial.

    With :math:`d_i` events among :math:`n_i` at risk at :math:`t_i`, of which :math:`d_{i1}` and
    :math:`n_{i1}` in group 1, and the pooled Kaplan–Meier curve :math:`\hat S`,

    .. math::

        w_i = \hat S(t_i^-)^\rho\,(1 - \hat S(t_i^-))^\gamma, \quad
        O - E = \sum_i w_i\Bigl(d_{i1} - d_i\frac{n_{i1}}{n_i}\Bigr), \quad
        V = \sum_i w_i^2\, d_i\, \frac{n_{i1} n_{i0}}{n_i^2}\,\frac{n_i - d_i}{n_i - 1}

    (0, 0) is the log-rank test; (1, 0) weighs early, (0, 1) late differences. With strata, risk
    sets and weights are those of each stratum, and sums go over all.

    Parameters
    ----------
    time
        Days to event or censoring; NaN for a patient who does not count (trial, patient).
    event
        1 for an event, 0 for censoring (trial, patient).
    group
        1 or 0, for each trial or shared by all.
    stratum
        Labels, for each trial or shared by all.
    rho, gamma
        Exponents of the weight, 0 or more.

    Raises
    ------
    InputError
        Listing times, events, groups and exponents that are impossible.

    References
    ----------
    Mantel 1966, Cancer Chemotherapy Reports 50:163–170; Harrington, Fleming 1982, Biometrika
    69:553–566, doi:10.1093/biomet/69.3.553; Fleming, Harrington 1991, Counting Processes and
    Survival Analysis, section 7.2.

    Examples
    --------
    >>> time, event = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1, 1, 1, 0])
    >>> test = log_rank(time, event, np.array([0, 0, 1, 1]))
    >>> float(test.observed), round(float(test.expected), 4), round(float(test.chi_square), 4)
    (1.0, 2.1667, 2.8824)
    """
    check_weights([(rho, gamma)])
    check_two_groups(time, event, group)
    rows = [followed_rows(values, time.shape) for values in (time, event, group)]
    parts = [rows[0]]
    if stratum is not None:
        labels = followed_rows(stratum, time.shape)
        parts = [np.where(labels == one, rows[0], np.nan) for one in np.unique(stratum)]

    def work(*block: np.ndarray) -> tuple[np.ndarray, ...]:
        score = score_steps(*block, exponents=((rho, gamma),))
        weight = score.weights[0]
        return tuple(
            (weight**power * term).sum(axis=1)
            for power, term in ((1, score.observed), (1, score.expected), (2, score.variance))
        )

    sums = [by_blocks(work, part, rows[1], rows[2]) for part in parts]
    added = (np.sum(column, axis=0) for column in zip(*sums, strict=True))
    return LogRank(*(column.reshape(time.shape[:-1]) for column in added))


class ScoreSteps(NamedTuple):
    """Terms of log-rank sums at each time with events, 0 elsewhere (replicate, patient)."""

    observed: Float[np.ndarray, "replicate patient"]
    expected: Float[np.ndarray, "replicate patient"]
    variance: Float[np.ndarray, "replicate patient"]
    weights: list[Float[np.ndarray, "replicate patient"]]


def score_steps(
    time: Float[np.ndarray, "replicate patient"],
    event: Shaped[np.ndarray, "replicate patient"],
    group: Shaped[np.ndarray, "replicate patient"],
    *,
    exponents: tuple[tuple[float, float], ...],
) -> ScoreSteps:
    """Find the terms of the unweighted sums, and the weights for pairs of ρ and γ.

    Examples
    --------
    >>> found = score_steps(
    ...     np.array([[1.0, 2.0]]), np.ones((1, 2)), np.array([[0, 1]]), exponents=((1, 0),)
    ... )
    >>> found.expected.tolist(), found.weights[0].tolist()
    ([[0.5, 1.0]], [[1.0, 0.5]])
    """
    trials = OrderedTrials.of(time, event)
    first = trials.sort(group).astype(float)
    events = trials.at_step(trials.event)
    risk = np.maximum(trials.at_risk, 1.0)
    share = trials.still(first) / risk
    spread = events * share * (1.0 - share) * (risk - events) / np.maximum(risk - 1.0, 1.0)
    after = np.cumprod(1.0 - events / risk, axis=1)
    before = np.concatenate([np.ones((after.shape[0], 1)), after[:, :-1]], axis=1)
    weights = [before**rho * np.maximum(1.0 - before, 0.0) ** gamma for rho, gamma in exponents]
    return ScoreSteps(trials.at_step(first * trials.event), events * share, spread, weights)


def check_weights(exponents: Sequence[tuple[float, float]]) -> None:
    """Refuse weights below 0 or infinite.

    Examples
    --------
    >>> check_weights([(0.0, -1.0)])
    Traceback (most recent call last):
    ...
    progenitor.errors.InputError: rho, gamma: the weight is (0, -1). Fix: give numbers of at least 0
    """
    wrong = [pair for pair in exponents if not all(0.0 <= value < np.inf for value in pair)]
    if wrong:
        fix = "give numbers of at least 0"
        raise InputError(
            [
                Problem(f"the weight is ({rho:g}, {gamma:g})", fix, field="rho, gamma")
                for rho, gamma in wrong
            ]
        )
