"""Areas against integrals that are known, at their limits and where samples do not reach."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from progenitor.errors import InputError
from progenitor.kinetics import area

NAN = float("nan")
SPARSE = np.array([0.0, 3.0, 7.0, 14.0, 28.0])


def single(days: np.ndarray, level: np.ndarray, *limits: float, method: str = "linear") -> float:
    return float(area(days[None, :], level[None, :], *limits, method=method)[0])


def test_an_exponential_fall_is_exact_by_log_down_however_sparse() -> None:
    """∫ 100 e^(−t/5) from 0 to 28 is 500 (1 − e^(−28/5)); the trapezoids are that integral."""
    level = 100.0 * np.exp(-SPARSE / 5.0)
    right = 500.0 * (1.0 - np.exp(-28.0 / 5.0))
    assert single(SPARSE, level, 0.0, 28.0, method="log-down") == pytest.approx(right, rel=1e-13)
    assert single(SPARSE, level, 0.0, 28.0) > 1.05 * right, "straight lines lie above the curve"


def test_a_part_of_an_exponential_fall_is_exact_too() -> None:
    level = 100.0 * np.exp(-SPARSE / 5.0)
    right = 500.0 * (np.exp(-1.0 / 5.0) - np.exp(-10.0 / 5.0))
    assert single(SPARSE, level, 1.0, 10.0, method="log-down") == pytest.approx(right, rel=1e-13)


@pytest.mark.parametrize("method", ["linear", "log-down"])
def test_dense_samples_give_the_integral_of_rise_and_biexponential_fall(method: str) -> None:
    """Growth e^(0.8 t) to day 10, then 0.9 e^(−α s) + 0.1 e^(−β s) of the peak, in closed form.

    Trapezoids of step h err by h²/12 of the jump of the slope: 1e-6 of the area at h = 0.001.
    """
    alpha, beta, peak = 0.3, 0.01, np.exp(8.0)
    days = np.arange(0, 60_001) / 1000.0
    fall = 0.9 * np.exp(-alpha * (days - 10.0)) + 0.1 * np.exp(-beta * (days - 10.0))
    level = np.where(days <= 10.0, np.exp(0.8 * days), peak * fall)
    right = (peak - 1.0) / 0.8 + peak * (
        0.9 * (1.0 - np.exp(-alpha * 50.0)) / alpha + 0.1 * (1.0 - np.exp(-beta * 50.0)) / beta
    )
    assert single(days, level, 0.0, 60.0, method=method) == pytest.approx(right, rel=1e-6)


def test_a_limit_between_two_samples_takes_the_level_there() -> None:
    days, level = np.array([0.0, 10.0, 20.0]), np.array([0.0, 10.0, 0.0])
    assert single(days, level, 0.0, 15.0) == 50.0 + 5.0 * (10.0 + 5.0) / 2.0
    assert single(days, level, 2.0, 3.0) == pytest.approx(2.5, rel=1e-15)
    falling = np.array([16.0, 4.0])  # halves every 5 days
    found = single(np.array([0.0, 10.0]), falling, 0.0, 5.0, method="log-down")
    assert found == pytest.approx(5.0 * 8.0 / np.log(2.0), rel=1e-14)


def test_equal_and_nearly_equal_levels_do_not_divide_by_nothing() -> None:
    """The logarithmic mean of C and C(1 + 1e-12) is C to 12 figures."""
    days = np.array([0.0, 1.0])
    for level in (np.array([3.0, 3.0]), np.array([3.0 * (1.0 + 1e-12), 3.0])):
        assert single(days, level, 0.0, 1.0, method="log-down") == pytest.approx(3.0, rel=1e-11)


def test_a_fall_to_zero_is_a_triangle_by_either_method() -> None:
    days, level = np.array([0.0, 8.0]), np.array([5.0, 0.0])
    assert single(days, level, 0.0, 8.0, method="log-down") == 20.0


@pytest.mark.parametrize(
    ("days", "level", "limits"),
    [
        ([1.0, 28.0], [1.0, 1.0], (0.0, 28.0)),
        ([0.0, 27.0], [1.0, 1.0], (0.0, 28.0)),
        ([0.0, 28.0], [NAN, 1.0], (0.0, 28.0)),
        ([NAN, NAN], [NAN, NAN], (0.0, 28.0)),
        ([], [], (0.0, 28.0)),
    ],
)
def test_samples_that_do_not_reach_give_no_area(
    days: list[float], level: list[float], limits: tuple[float, float]
) -> None:
    assert np.isnan(single(np.array(days, dtype=float), np.array(level, dtype=float), *limits))


def test_an_area_of_no_width_is_zero() -> None:
    assert single(np.array([0.0]), np.array([4.0]), 0.0, 0.0) == 0.0


def test_every_patient_may_have_an_own_end() -> None:
    time = np.array([[0.0, 2.0, 4.0], [0.0, 1.0, NAN]])
    level = np.array([[1.0, 1.0, 1.0], [2.0, 2.0, NAN]])
    assert area(time, level, 0.0, np.array([3.0, 1.0])).tolist() == [3.0, 2.0]


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(InputError, match="did you mean 'log-down'"):
        area(SPARSE[None, :], SPARSE[None, :], 0.0, 28.0, method="log_down")


@given(
    st.lists(st.floats(0.0, 1e6), min_size=5, max_size=5),
    st.floats(0.0, 28.0),
    st.sampled_from(["linear", "log-down"]),
)
def test_parts_add_up_to_the_whole(levels: list[float], cut: float, method: str) -> None:
    """1e-9: three roundings of sums of five numbers, and exponentials between them."""
    level = np.array(levels)
    parts = single(SPARSE, level, 0.0, cut, method=method) + single(
        SPARSE, level, cut, 28.0, method=method
    )
    whole = single(SPARSE, level, 0.0, 28.0, method=method)
    assert parts == pytest.approx(whole, rel=1e-9, abs=1e-300)
    assert whole <= single(SPARSE, level, 0.0, 28.0) * (1.0 + 1e-12)
