"""Selection of draws against a posterior known in closed form, and its edge cases."""

import numpy as np
import pytest

from progenitor.engine import standard_normals
from progenitor.errors import SimulationError
from progenitor.inference import select_draws


def test_kept_draws_follow_the_conjugate_posterior() -> None:
    """Prior N(0, 1) and one exact observation with noise N(0, 0.5²): posterior N(0.8 y, 0.2).

    n = 40,000 candidates, 1 % kept: seed 11, tolerances are four standard errors of 400 draws plus
    the smoothing that a finite share keeps.
    """
    n, keep, observed = 40_000, 400, 1.5
    index, zeros = np.arange(n), np.zeros(n, dtype=int)
    theta = standard_normals(11, "prior", draw=index, patient=zeros)
    noise = 0.5 * standard_normals(11, "noise", draw=index, patient=zeros)
    selection = select_draws(
        (theta + noise)[:, np.newaxis], np.array([observed]), np.array([0.5]), keep=keep
    )
    kept = theta[selection.kept]
    assert abs(kept.mean() - 0.8 * observed) < 4 * np.sqrt(0.2 / keep) + 0.01
    assert abs(kept.std() - np.sqrt(0.2)) < 4 * np.sqrt(0.2 / (2 * keep)) + 0.01


def test_failed_candidates_are_counted_and_never_kept() -> None:
    simulated = np.array([[np.nan, 1.0], [0.9, 1.2], [5.0, 5.0]])
    selection = select_draws(simulated, np.ones(2), np.ones(2), keep=2)
    assert selection.kept.tolist() == [1, 2]
    assert selection.failed == 1


def test_too_few_candidates_and_bad_spreads_are_refused() -> None:
    with pytest.raises(SimulationError, match="1 of 2 candidate draws failed"):
        select_draws(np.array([[np.nan], [1.0]]), np.ones(1), np.ones(1), keep=2)
    with pytest.raises(SimulationError, match="above 0"):
        select_draws(np.ones((3, 1)), np.ones(1), np.zeros(1), keep=1)
