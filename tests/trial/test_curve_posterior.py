"""The posterior of a one-parameter curve against a brute sum, for small and large trials."""

import numpy as np
import pytest

from progenitor.errors import DesignError
from progenitor.trial import indifference_skeleton
from progenitor.trial._curve_posterior import PendingPatients, curve_posterior
from progenitor.trial._dose_toxicity_models import curve, log_curve

SKELETON = np.array([0.05, 0.2, 0.4])
EXACT = 1e-9  # both are sums of smooth functions to rounding error; the room is for cancellation
CASES = {
    "nobody": ([0, 0, 0], [0, 0, 0], 1.16),
    "all toxic": ([3, 0, 0], [3, 0, 0], 1.16),
    "usual": ([4, 5, 1], [0, 2, 0], 1.16),
    "hundreds": ([300, 200, 0], [30, 50, 0], 1.16),
    "far from the prior": ([0, 0, 900], [0, 0, 900], 0.5),
    "never toxic": ([900, 0, 0], [0, 0, 0], 2.0),
}


def brute(
    model: str, n: np.ndarray, y: np.ndarray, scale: float, limit: float
) -> tuple[float, ...]:
    beta = np.linspace(-25.0, 25.0, 1_000_001)
    happen, spared = log_curve(SKELETON, beta, model)
    log = y @ happen + (n - y) @ spared - 0.5 * (beta / scale) ** 2
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    mean = float(weight @ beta)
    below = float(weight[beta < limit].sum())
    return mean, float(weight @ (beta - mean) ** 2), below


@pytest.mark.parametrize("model", ["power", "logistic"])
@pytest.mark.parametrize("case", CASES)
def test_is_the_brute_sum(case: str, model: str) -> None:
    n, y, scale = CASES[case]
    counts = np.array([n], dtype=float), np.array([y], dtype=float)
    limit = 0.3
    found = curve_posterior(SKELETON, *counts, model=model, scale=scale, limit=limit)
    mean, variance, below = brute(model, counts[0][0], counts[1][0], scale, limit)
    assert found.mean[0] == pytest.approx(mean, abs=EXACT, rel=0.0)
    assert found.variance[0] == pytest.approx(variance, abs=EXACT, rel=0.0)
    assert found.below[0] == pytest.approx(below, abs=5e-4, rel=0.0)  # the brute sum's own step


def test_trials_do_not_know_each_other() -> None:
    """The grid is shared: a trial of hundreds beside one of three must not change either."""
    n = np.array([[3.0, 0.0, 0.0], [300.0, 200.0, 0.0]])
    y = np.array([[1.0, 0.0, 0.0], [30.0, 50.0, 0.0]])
    both = curve_posterior(SKELETON, n, y, model="logistic", scale=1.0, limit=0.0)
    for row in range(2):
        part = slice(row, row + 1)
        alone = curve_posterior(SKELETON, n[part], y[part], model="logistic", scale=1.0, limit=0.0)
        for one, other in zip(alone, both, strict=True):
            assert one[0] == pytest.approx(other[row], abs=EXACT, rel=0.0)


def test_full_follow_up_is_a_complete_patient() -> None:
    pending = PendingPatients(np.zeros(2, dtype=int), np.array([0, 1]), np.array([1.0, 0.0]))
    zero = np.zeros((1, 3))
    found = curve_posterior(SKELETON, zero, zero, model="power", scale=1.0, pending=pending)
    one = np.array([[1.0, 0.0, 0.0]])  # the second has not been followed: nothing is known
    expected = curve_posterior(SKELETON, one, zero, model="power", scale=1.0)
    assert found.mean[0] == pytest.approx(expected.mean[0], abs=EXACT, rel=0.0)


def test_skeleton_is_indifferent_where_it_says() -> None:
    """Where dose 2 is at target − δ, dose 3 is at target + δ, for both curves."""
    for model in ("power", "logistic"):
        made = indifference_skeleton(target=0.3, halfwidth=0.06, nu=3, levels=6, model=model)
        assert made[2] == pytest.approx(0.3, rel=1e-12)
        beta = np.linspace(-4.0, 4.0, 800_001)
        p = curve(made, beta, model)
        for low in range(5):
            at = int(np.argmin(np.abs(p[:, low] - 0.24)))
            assert p[at, low + 1] == pytest.approx(0.36, abs=1e-4)  # the step of β


def test_impossible_skeletons_are_refused_all_at_once() -> None:
    with pytest.raises(DesignError, match=r"target 1\.2.*nu 7 is not among doses 1 to 3"):
        indifference_skeleton(target=1.2, halfwidth=0.05, nu=7, levels=3)
    with pytest.raises(DesignError, match=r"half-width 0\.4"):
        indifference_skeleton(target=0.3, halfwidth=0.4, nu=1, levels=3)
