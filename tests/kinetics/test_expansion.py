"""The rise to the peak: doubling time and fold, from samples and from the dose."""

import numpy as np
import pytest

from progenitor.kinetics import Profiles, Reason, analyse_kinetics


def values(found, *names: str) -> list[float]:
    return [float(found.metrics[name].values[0]) for name in names]


@pytest.mark.parametrize(
    "days", [[0.0, 10.0], [0.0, 1.0, 4.5, 10.0], list(np.linspace(0, 10, 500))]
)
def test_exponential_growth_gives_its_doubling_time(one, days: list[float]) -> None:
    """2^(t/0.75) from 3 over 10 days, however it is sampled: fold 2^(10/0.75)."""
    found = one(days, 3.0 * 2.0 ** (np.array(days) / 0.75))
    right = [0.75, 2.0 ** (10.0 / 0.75)]
    assert values(found, "doubling_time", "fold_expansion") == pytest.approx(right, rel=1e-10)


def test_distribution_before_the_rise_does_not_count(one) -> None:
    """Cells fall from 15 to 2 before they grow: the rise begins at the last lowest level."""
    found = one([0.0, 1.0, 2.0, 3.0, 5.0, 20.0], [15.0, 2.0, 2.0, 4.0, 16.0, 1.0])
    assert values(found, "doubling_time", "fold_expansion") == pytest.approx([1.0, 8.0], rel=1e-12)


def test_a_rise_that_was_not_seen_has_no_doubling_time(one) -> None:
    found = one([0.0, 3.0, 7.0, 14.0], [1.0, 2.0, 90.0, 10.0], 5.0)
    for name in ("doubling_time", "fold_expansion"):
        assert found.metrics[name].reason(0) is Reason.NO_RISE


def test_fold_from_the_dose_where_it_is_known() -> None:
    days, level = np.array([1.0, 9.0]), np.array([[5.0, 400.0], [5.0, 400.0], [np.nan, np.nan]])
    dose = np.array([20.0, np.nan, 20.0])
    found = analyse_kinetics(Profiles.of(days, level, dose_level=dose)).metrics["fold_from_dose"]
    assert found.values.tolist()[0] == 20.0
    assert [found.reason(row).name for row in range(3)] == ["ESTIMATED", "NO_DOSE", "NOT_SAMPLED"]


def test_without_any_dose_there_is_no_such_metric(one) -> None:
    assert "fold_from_dose" not in one([0.0, 1.0], [1.0, 2.0]).metrics
