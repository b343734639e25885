"""Adaptive importance sampling of what is not known, from a standard normal prior."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.engine import standard_normal_table, uniforms
from progenitor.errors import SimulationError

__all__ = ["Weighted", "effective_size", "importance_sample", "weighted_quantiles"]

_PRIOR_SHARE: Final = 0.2
"""Share of every later round that still comes from the prior, so that no weight is unbounded."""

_WIDER: Final = 1.3
"""Proposals are this many times as wide (in variance) as the draws they follow."""

_FLOOR: Final = 1e-3
"""Least variance of a proposal in any direction."""

_Scores = Float[np.ndarray, "draw free"]
_Likelihood = Callable[[_Scores, Int[np.ndarray, " draw"]], Float[np.ndarray, " draw"]]


@final
@dataclass(frozen=True, slots=True)
class Weighted:
    """Draws with the weights that make them a sample of the posterior.

    Parameters
    ----------
    scores
        Standard normal scores of each draw under the prior (draw, free).
    log_likelihood
        Of each draw; minus infinity where it could not be simulated (draw,).
    weight
        Sums to 1 (draw,).
    round
        The round each draw came from, counted from 0 (draw,).
    """

    scores: Float[np.ndarray, "draw free"]
    log_likelihood: Float[np.ndarray, " draw"]
    weight: Float[np.ndarray, " draw"]
    round: Int[np.ndarray, " draw"]

    @property
    def effective(self) -> float:
        """Effective sample size, see :func:`effective_size`."""
        return effective_size(self.weight)

    @property
    def failed(self) -> int:
        """How many draws could not be simulated."""
        return int(np.isneginf(self.log_likelihood).sum())


def effective_size(weight: Float[np.ndarray, " draw"]) -> float:
    r"""Return the size of an unweighted sample worth as much (Kish).

    .. math:: n_{eff} = \frac{\left(\sum_i w_i\right)^2}{\sum_i w_i^2}

    Parameters
    ----------
    weight
        Weights from 0 on, one of them above 0.

    Examples
    --------
    >>> effective_size(np.array([1.0, 1.0, 1.0, 1.0])), effective_size(np.array([3.0, 1.0]))
    (4.0, 1.6)
    """
    return float(weight.sum() ** 2 / (weight**2).sum())


def weighted_quantiles(
    values: Float[np.ndarray, " draw"],
    weight: Float[np.ndarray, " draw"],
    ranks: Sequence[float],
) -> tuple[float, ...]:
    r"""Return quantiles of weighted values, linear between the middles of their steps.

    Parameters
    ----------
    values
        NaN is left out.
    weight
        From 0 on.
    ranks
        Between 0 and 1.

    Returns
    -------
    tuple of float
        In the order of ``ranks``; NaN where no value has weight.

    Examples
    --------
    >>> weighted_quantiles(np.array([1.0, 2.0, 4.0]), np.array([1.0, 2.0, 1.0]), (0.5,))
    (2.0,)
    """
    known = np.isfinite(values) & (weight > 0)
    if not known.any():
        return tuple(float("nan") for _ in ranks)
    order = np.argsort(values[known], kind="stable")
    height = values[known][order]
    share = weight[known][order] / weight[known].sum()
    middle = np.cumsum(share) - share / 2.0
    return tuple(float(np.interp(rank, middle, height)) for rank in ranks)


def importance_sample(
    log_likelihood: _Likelihood,
    free: int,
    *,
    draws: int,
    rounds: int = 1,
    seed: int,
) -> Weighted:
    r"""Weight draws of a standard normal prior by a likelihood, adapting where they are drawn.

    The first round is drawn from the prior :math:`\pi`. Each later round is drawn from
    :math:`q_r = 0.2\,\pi + 0.8\,N(m_r, 1.3 S_r)` with the weighted mean and covariance of all
    draws before it. All rounds share one mixture in the denominator:

    .. math:: w_i \propto \frac{\pi(u_i) L(u_i)}{\sum_r \frac{N_r}{N} q_r(u_i)}

    so that a draw keeps its worth whichever round it came from. With one round this is the prior
    weighted by the likelihood.

    Parameters
    ----------
    log_likelihood
        Of scores (draw, free) and the numbers of the draws, which key whatever else is random.
    free
        How many scores there are.
    draws
        Draws in each round.
    rounds
        How many rounds.
    seed
        Same seed, same draws.

    Raises
    ------
    SimulationError
        When no draw could be simulated.

    References
    ----------
    Cornuet, Marin, Mira, Robert. Adaptive multiple importance sampling. Scand J Stat 2012;39:
    798-812, doi:10.1111/j.1467-9469.2011.00756.x. Owen, Zhou. Safe and effective importance
    sampling. J Am Stat Assoc 2000;95:135-143, doi:10.1080/01621459.2000.10473909.

    Examples
    --------
    >>> found = importance_sample(
    ...     lambda scores, draw: -0.5 * (scores[:, 0] - 1.0) ** 2, 1, draws=2_000, rounds=2, seed=1
    ... )
    >>> abs(float(found.weight @ found.scores[:, 0]) - 0.5) < 0.05
    True
    """
    scores, heights = np.zeros((0, free)), np.zeros(0)
    proposals: list[tuple[np.ndarray, np.ndarray] | None] = []
    weight = np.zeros(0)
    for turn in range(rounds):
        proposals.append(None if turn == 0 else _moments(scores, weight))
        numbers = np.arange(turn * draws, (turn + 1) * draws)
        fresh = _drawn(proposals[-1], free, numbers, seed)
        found = log_likelihood(fresh, numbers)
        scores = np.concatenate([scores, fresh])
        heights = np.concatenate([heights, np.where(np.isnan(found), -np.inf, found)])
        weight = _weights(scores, heights, proposals)
    return Weighted(scores, heights, weight, np.repeat(np.arange(rounds), draws))


def _moments(scores: _Scores, weight: Float[np.ndarray, " draw"]) -> tuple[np.ndarray, np.ndarray]:
    """Mean and Cholesky factor of the next proposal; shrunk to the diagonal when draws are few."""
    mean = weight @ scores
    apart = scores - mean
    spread = (apart * weight[:, np.newaxis]).T @ apart
    trust = effective_size(weight) / (effective_size(weight) + scores.shape[1])
    diagonal = np.diag(np.diag(spread))
    wide = _WIDER * (trust * spread + (1.0 - trust) * (diagonal + np.eye(len(mean))) / 2.0)
    return mean, np.linalg.cholesky(wide + _FLOOR * np.eye(len(mean)))


def _drawn(
    proposal: tuple[np.ndarray, np.ndarray] | None,
    free: int,
    numbers: Int[np.ndarray, " draw"],
    seed: int,
) -> _Scores:
    zero = np.zeros_like(numbers)
    normal = standard_normal_table(seed, [f"fit:{i}" for i in range(free)], numbers, zero).T
    if proposal is None:
        return np.ascontiguousarray(normal)
    mean, factor = proposal
    prior = uniforms(seed, "fit:prior", numbers, zero) < _PRIOR_SHARE
    return np.where(prior[:, np.newaxis], normal, mean + normal @ factor.T)


def _weights(
    scores: _Scores,
    heights: Float[np.ndarray, " draw"],
    proposals: Sequence[tuple[np.ndarray, np.ndarray] | None],
) -> Float[np.ndarray, " draw"]:
    """Weights of all draws so far, summing to 1."""
    if not np.isfinite(heights).any():
        raise SimulationError(
            f"none of {len(heights)} draws could be simulated or has a likelihood above 0: widen "
            "the discrepancy or look at the failures"
        )
    prior = _log_density(scores, np.zeros(scores.shape[1]), np.eye(scores.shape[1]))
    parts = []
    for proposal in proposals:
        if proposal is None:
            parts.append(prior)
        else:
            near = _log_density(scores, *proposal) + np.log1p(-_PRIOR_SHARE)
            parts.append(np.logaddexp(prior + np.log(_PRIOR_SHARE), near))
    mixture = np.logaddexp.reduce(np.stack(parts), axis=0) - np.log(len(parts))
    raw = heights + prior - mixture
    weight = np.exp(raw - raw.max())
    return np.asarray(weight / weight.sum())


def _log_density(
    scores: _Scores, mean: np.ndarray, factor: np.ndarray
) -> Float[np.ndarray, " draw"]:
    """Log density of a normal distribution with a lower Cholesky factor."""
    standard = np.linalg.solve(factor, (scores - mean).T)
    size = np.log(np.diag(factor)).sum() + 0.5 * len(mean) * np.log(2.0 * np.pi)
    return np.asarray(-0.5 * (standard**2).sum(axis=0) - size)
