"""MaxCombo: the largest of several weighted log-rank tests, with its joint p-value."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float, Shaped

from progenitor.errors import InputError, Problem
from progenitor.trial._log_rank import check_weights, score_steps
from progenitor.trial._normal_box import largest_normal_tail
from progenitor.trial._ordered_trials import by_blocks, check_two_groups, followed_rows

__all__ = ["FOUR_WEIGHTS", "MaxCombo", "max_combo"]

FOUR_WEIGHTS: Final = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))
_MOST: Final = 12


class MaxCombo(NamedTuple):
    """A MaxCombo test of each trial.

    ``z`` holds the tests, negative where group 1 has fewer events (trial, test); ``correlation``
    theirs (trial, test, test); ``largest`` the one that decides and ``p_value`` its joint p-value
    (trial,).
    """

    z: Float[np.ndarray, "*trial test"]
    correlation: Float[np.ndarray, "*trial test test"]
    largest: Float[np.ndarray, "*trial"]
    p_value: Float[np.ndarray, "*trial"]


def max_combo(
    time: Float[np.ndarray, "*trial patient"],
    event: Shaped[np.ndarray, "*trial patient"],
    group: Shaped[np.ndarray, "*group patient"],
    *,
    weights: Sequence[tuple[float, float]] = FOUR_WEIGHTS,
    two_sided: bool = True,
    points: int = 576,
) -> MaxCombo:
    r"""Test two groups with the largest of several :math:`G^{\rho,\gamma}` statistics.

    With the hypergeometric variances :math:`v_i` of the log-rank test,

    .. math::

        Cov(U_a, U_b) = \sum_i w_{ai} w_{bi} v_i, \qquad
        p = P\bigl(\max_a |Z_a| \ge \max_a |z_a|\bigr), \quad Z \sim N(0, R)

    One-sided tests ask whether group 1 has *fewer* events, :math:`\max_a (-z_a)`.

    Parameters
    ----------
    time, event, group
        As in `log_rank`.
    weights
        Pairs of ρ and γ, at most twelve.
    two_sided
        Whether either direction counts.
    points
        Points of the integration; the default gives p-values below 0.05 to about 1e-8.

    Raises
    ------
    InputError
        Listing times, events, groups and exponents that are impossible.

    References
    ----------
    Lee 2007, Computational Statistics & Data Analysis 51:6557–6564,
    doi:10.1016/j.csda.2007.03.006; Karrison 2016, Stata Journal 16:678–690,
    doi:10.1177/1536867X1601600308; Roychoudhury et al. 2021, Statistics in Biopharmaceutical
    Research 15:300–314, doi:10.1080/19466315.2021.1874507.

    Examples
    --------
    >>> time, group = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), np.array([0, 0, 1, 0, 1, 1])
    >>> test = max_combo(time, np.ones(6), group)
    >>> test.z.round(3).tolist(), round(float(test.p_value), 4)
    ([-1.599, -1.214, -1.565, -1.167], 0.1963)
    """
    chosen = tuple((float(rho), float(gamma)) for rho, gamma in weights)
    _check(chosen)
    check_two_groups(time, event, group)
    rows = [followed_rows(values, time.shape) for values in (time, event, group)]

    def work(*block: np.ndarray) -> tuple[np.ndarray, ...]:
        score = score_steps(*block, exponents=chosen)
        excess = score.observed - score.expected
        stack = np.stack(score.weights)
        covariance = np.einsum("arp,brp,rp->rab", stack, stack, score.variance)
        return np.einsum("arp,rp->ra", stack, excess), covariance

    sums, covariance = by_blocks(work, *rows)
    spread = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    scale = np.where(spread > 0.0, spread, np.nan)
    z = sums / scale
    correlation = covariance / (scale[:, :, None] * scale[:, None, :])
    largest = np.abs(z).max(axis=1) if two_sided else (-z).max(axis=1)
    p = largest_normal_tail(correlation, largest, two_sided=two_sided, points=points)
    before, tests = time.shape[:-1], len(chosen)
    return MaxCombo(
        z.reshape(*before, tests),
        correlation.reshape(*before, tests, tests),
        largest.reshape(before),
        p.reshape(before),
    )


def _check(weights: tuple[tuple[float, float], ...]) -> None:
    if not 1 <= len(weights) <= _MOST or len(set(weights)) < len(weights):
        fix = f"give from 1 to {_MOST} different pairs of ρ and γ"
        raise InputError([Problem(f"the weights are {weights}", fix, field="weights")])
    check_weights(weights)
