"""Adaptive importance sampling against posteriors that are known in closed form."""

import numpy as np
import pytest
from scipy import stats

from progenitor.errors import SimulationError
from progenitor.inference import effective_size, importance_sample, weighted_quantiles

DESIGN = np.array([[1.0, 0.5], [0.3, -1.0], [0.8, 0.8]])
NOISE = np.array([0.4, 0.5, 0.6])


def exact(seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of the posterior of a linear-Gaussian problem with prior N(0, I)."""
    precision = np.eye(2) + DESIGN.T @ np.diag(NOISE**-2) @ DESIGN
    covariance = np.linalg.inv(precision)
    return covariance @ DESIGN.T @ (seen / NOISE**2), covariance


def likelihood(seen: np.ndarray):
    def log_likelihood(scores: np.ndarray, draw: np.ndarray) -> np.ndarray:
        return -0.5 * (((scores @ DESIGN.T - seen) / NOISE) ** 2).sum(axis=1)

    return log_likelihood


@pytest.mark.parametrize("rounds", [1, 4])
def test_moments_are_those_of_the_exact_posterior(rounds: int) -> None:
    """n = 16,000 draws, seed 3: within four Monte Carlo standard errors of the effective size."""
    seen = np.array([1.2, -0.9, 1.5])
    mean, covariance = exact(seen)
    found = importance_sample(likelihood(seen), 2, draws=16_000 // rounds, rounds=rounds, seed=3)
    near = 4 / np.sqrt(found.effective)
    assert np.abs(found.weight @ found.scores - mean).max() < near * np.sqrt(covariance.max())
    apart = found.scores - mean
    spread = (apart * found.weight[:, np.newaxis]).T @ apart
    assert np.abs(spread / covariance - 1).max() < 2 * near


def test_adapting_is_worth_more_draws() -> None:
    """Data far out in the prior: 4 rounds of 500 are worth over four times 2,000 of the prior."""
    seen = np.array([2.5, -2.0, 3.0])
    plain = importance_sample(likelihood(seen), 2, draws=2_000, rounds=1, seed=1)
    adaptive = importance_sample(likelihood(seen), 2, draws=500, rounds=4, seed=1)
    assert adaptive.effective > 4 * plain.effective


def test_ranks_of_the_truth_are_uniform() -> None:
    """Simulation-based calibration: 300 truths from the prior, their posterior ranks uniform.

    Kolmogorov and Smirnov on each coordinate, seed 20261121; a correct sampler fails at the level
    0.002 in one of 250 choices of seed. The second half says that the test can fail: with a
    likelihood that believes the data twice as much, ranks pile up at the ends.
    """
    random = np.random.Generator(np.random.Philox(key=20261121))
    ranks = {1.0: [], 4.0: []}
    for trial in range(300):
        truth = random.standard_normal(2)
        seen = DESIGN @ truth + NOISE * random.standard_normal(3)
        for power, found in ranks.items():
            sharp = likelihood(seen)

            def believed(scores, draw, sharp=sharp, power=power):
                return power * sharp(scores, draw)

            sample = importance_sample(believed, 2, draws=250, rounds=2, seed=trial)
            found.append(sample.weight @ (sample.scores < truth))
    for column in range(2):
        assert stats.kstest(np.array(ranks[1.0])[:, column], "uniform").pvalue > 0.002
    wrong = [stats.kstest(np.array(ranks[4.0])[:, column], "uniform").pvalue for column in (0, 1)]
    assert max(wrong) < 1e-3


def test_effective_size_by_hand() -> None:
    """(1 + 2 + 3)² / (1 + 4 + 9) = 36 / 14; equal weights are worth their number."""
    assert effective_size(np.array([1.0, 2.0, 3.0])) == pytest.approx(36 / 14, rel=1e-15)
    assert effective_size(np.full(7, 0.1)) == pytest.approx(7.0, rel=1e-14)
    assert effective_size(np.array([0.0, 5.0, 0.0])) == 1.0


def test_weighted_quantiles_are_those_of_repeated_values() -> None:
    values, times = np.array([3.0, 1.0, 2.0]), np.array([200, 100, 100])
    plain = np.quantile(np.repeat(values, times), [0.3, 0.9], method="hazen")
    found = weighted_quantiles(values, times / 400, (0.125, 0.375, 0.75))
    assert found == pytest.approx((1.0, 2.0, 3.0), rel=1e-12)
    assert plain.tolist() == [2.0, 3.0]  # the steps whose middles the weighted ones join
    assert np.isnan(weighted_quantiles(np.array([np.nan]), np.ones(1), (0.5,))[0])


def test_same_seed_same_draws_and_another_seed_others() -> None:
    seen = np.array([0.5, 0.0, 1.0])
    one, two, other = (
        importance_sample(likelihood(seen), 2, draws=200, rounds=3, seed=seed) for seed in (5, 5, 6)
    )
    assert (one.scores == two.scores).all()
    assert (one.weight == two.weight).all()
    assert (one.scores != other.scores).any()


def test_failed_draws_weigh_nothing_and_are_counted() -> None:
    def log_likelihood(scores: np.ndarray, draw: np.ndarray) -> np.ndarray:
        return np.where(scores[:, 0] > 0, np.nan, 0.0)

    found = importance_sample(log_likelihood, 1, draws=400, seed=1)
    assert found.failed == int((found.scores[:, 0] > 0).sum()) > 100
    assert found.weight[found.scores[:, 0] > 0].sum() == 0.0
    assert found.effective == pytest.approx(400 - found.failed, rel=1e-12)


def test_nothing_simulated_is_said() -> None:
    with pytest.raises(SimulationError, match="none of 20 draws could be simulated"):
        importance_sample(lambda scores, draw: np.full(20, np.nan), 1, draws=20, seed=1)
