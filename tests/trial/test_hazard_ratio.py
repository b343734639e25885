"""Hazard ratios by hand, where there is none, and where only the penalised one is finite."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from progenitor.errors import DesignError
from progenitor.trial import hazard_ratio

ROUNDING = 1e-6
PATIENTS = st.lists(
    st.tuples(st.integers(0, 9), st.booleans(), st.booleans()), min_size=2, max_size=30
)


def test_by_hand() -> None:
    """Events at 1 (group 0), 2 and 3 (group 1), 4 (group 0): U = 2 − p(2,2) − p(2,1) − p(1,1)."""
    time, event = np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4)
    beta = hazard_ratio(time, event, np.array([0, 1, 1, 0])).value
    ratio = math.exp(beta)
    score = 2 - 2 * ratio / (2 + 2 * ratio) - 2 * ratio / (1 + 2 * ratio) - ratio / (1 + ratio)
    assert score == pytest.approx(0.0, abs=1e-9)


def test_equal_groups_have_a_ratio_of_one() -> None:
    time = np.array([1.0, 2.0, 3.0, 1.0, 2.0, 3.0])
    found = hazard_ratio(time, np.ones(6), np.array([0, 0, 0, 1, 1, 1]))
    assert found.value == pytest.approx(0.0, abs=1e-9)


def test_a_group_without_events_has_a_finite_ratio_only_when_penalised() -> None:
    time, event = np.array([1.0, 2.0, 3.0, 5.0, 5.0, 5.0]), np.array([1, 1, 1, 0, 0, 0])
    group = np.array([0, 0, 0, 1, 1, 1])
    plain = hazard_ratio(time, event, group)
    assert plain.value == -math.inf
    assert math.isnan(plain.variance)
    firth = hazard_ratio(time, event, group, penalised=True)
    assert -5.0 < firth.value < -0.5
    assert firth.variance > 0.0


@pytest.mark.parametrize(("event", "group"), [([0, 0], [0, 1]), ([1, 1], [1, 1]), ([1, 0], [0, 0])])
def test_nothing_to_compare(event: list[int], group: list[int]) -> None:
    found = hazard_ratio(np.array([1.0, 2.0]), np.array(event), np.array(group))
    assert math.isnan(found.value)


def test_what_makes_no_sense_is_refused_at_once() -> None:
    with pytest.raises(DesignError, match=r"time is missing.*event is neither.*group is neither"):
        hazard_ratio(np.array([-1.0, 2.0]), np.array([2, 0]), np.array([3, 0]))


def penalised_likelihood(
    beta: float, time: np.ndarray, event: np.ndarray, group: np.ndarray
) -> float:
    """Efron's partial likelihood with half the logarithm of the information, term by term."""
    total = information = 0.0
    for moment in np.unique(time[event == 1]):
        dying = (time == moment) & (event == 1)
        at_risk = time >= moment
        weight = np.exp(beta * group)
        total += float((beta * group)[dying].sum())
        for tie in range(int(dying.sum())):
            share = tie / dying.sum()
            left = weight[at_risk].sum() - share * weight[dying].sum()
            ones = (weight * group)[at_risk].sum() - share * (weight * group)[dying].sum()
            total -= math.log(left)
            information += ones / left * (1 - ones / left)
    return total + 0.5 * math.log(max(information, 1e-300))


@given(PATIENTS)
def test_the_penalised_one_is_the_highest_point_of_the_penalised_likelihood(
    patients: list[tuple[int, bool, bool]],
) -> None:
    time, event, group = (np.array(column, dtype=float) for column in zip(*patients, strict=True))
    found = hazard_ratio(time, event, group, penalised=True)
    if math.isnan(found.value) or math.isnan(found.variance):
        return
    best = minimize_scalar(
        lambda beta: -penalised_likelihood(beta, time, event, group),
        bounds=(-8.0, 8.0),
        method="bounded",
        options={"xatol": 1e-7},
    )
    assert found.value == pytest.approx(float(best.x), rel=1e-3, abs=1e-3)


@given(PATIENTS)
def test_exchanging_the_groups_turns_the_sign(patients: list[tuple[int, bool, bool]]) -> None:
    time, event, group = (np.array(column, dtype=float) for column in zip(*patients, strict=True))
    one = hazard_ratio(time, event, group, penalised=True)
    other = hazard_ratio(time, event, 1.0 - group, penalised=True)
    assert one.value == pytest.approx(-other.value, rel=ROUNDING, abs=1e-6, nan_ok=True)
