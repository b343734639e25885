"""Boundaries, safety and selection of BOIN."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from progenitor.errors import DesignError
from progenitor.trial import Boin, DoseMove, DoseState

TARGETS = st.floats(0.05, 0.6)


@given(TARGETS)
def test_boundaries_surround_the_target(target: float) -> None:
    design = Boin(target=target)
    assert design.p_saf < design.lambda_e < target < design.lambda_d < design.p_tox


@settings(max_examples=25)
@given(TARGETS, st.integers(1, 64))
def test_counts_are_the_rule_itself(target: float, n: int) -> None:
    design = Boin(target=target)
    row = design.boundaries(n)[-1]
    up, down, out = (row[k] for k in ("escalate_if_le", "deescalate_if_ge", "eliminate_if_ge"))
    assert up is not None
    assert down is not None
    assert up / n <= design.lambda_e < (up + 1) / n
    assert up < down <= math.floor(design.lambda_d * n) + 1
    if out is not None:
        assert n >= 3
        assert down <= out <= n


def test_a_rate_that_is_a_whole_count_asks_for_one_more() -> None:
    """With 0.4 and 0.6 around one half λ_d is 0.5 and 2 · 0.5 is whole."""
    design = Boin(target=0.4, p_saf=0.2, p_tox=0.6)
    assert math.isclose(design.lambda_d, 0.5, rel_tol=1e-12)
    assert [row["deescalate_if_ge"] for row in design.boundaries(4)] == [1, 2, 2, 3]


def test_a_closed_dose_closes_those_above() -> None:
    state = DoseState.from_counts([3, 6, 3], [0, 5, 1], level=1)
    found = Boin(target=0.3).next_dose(state)
    assert found.level.tolist() == [0]
    assert found.eliminated.tolist() == [[False, True, True]]


def test_no_escalation_into_a_closed_dose() -> None:
    state = DoseState.from_counts([3, 3], [0, 0], level=0, eliminated=[False, True])
    found = Boin(target=0.3).next_dose(state)
    assert found.level.tolist() == [0]
    assert "no higher open dose" in Boin(target=0.3).explain(state).message


def test_the_lowest_dose_too_toxic_stops() -> None:
    state = DoseState.from_counts([3, 0], [3, 0])
    found = Boin(target=0.3).next_dose(state)
    assert found.level.tolist() == [-1]
    assert found.move.tolist() == [DoseMove.STOP_TOXIC]
    assert Boin(target=0.3).select(state).tolist() == [-1]


def test_extra_safety_is_for_the_lowest_dose_only() -> None:
    strict = Boin(target=0.3, extra_safe=True, offset=0.3)
    low = DoseState.from_counts([3, 0], [2, 0])
    high = DoseState.from_counts([3, 3], [0, 2])
    assert strict.next_dose(low).stop.tolist() == [True]
    assert strict.next_dose(high).level.tolist() == [0]
    assert Boin(target=0.3).next_dose(low).stop.tolist() == [False]


def test_many_trials_are_each_alone() -> None:
    state = DoseState.from_counts([[3, 0], [3, 3], [3, 3]], [[0, 0], [0, 2], [0, 3]])
    assert Boin(target=0.3).next_dose(state).level.tolist() == [1, 0, 0]


def test_nothing_tried_selects_nothing() -> None:
    empty = DoseState.from_counts([0, 0], [0, 0])
    assert Boin(target=0.3).select(empty).tolist() == [-1]
    assert Boin(target=0.3).next_dose(empty).level.tolist() == [0]


def test_hundreds_of_patients() -> None:
    state = DoseState.from_counts([300, 300], [20, 80])
    assert Boin(target=0.3).next_dose(state).level.tolist() == [1]
    assert Boin(target=0.3).select(state).tolist() == [1]


@pytest.mark.parametrize(
    "numbers",
    [
        {"target": 0.0},
        {"target": 0.75},
        {"target": 0.3, "p_saf": 0.3},
        {"target": 0.3, "p_tox": 0.2},
        {"target": 0.3, "cutoff": 1.0},
        {"target": 0.3, "offset": 0.96},
        {"target": 0.3, "early_stop": 0},
    ],
)
def test_impossible_designs_are_refused(numbers: dict[str, float]) -> None:
    with pytest.raises(DesignError, match="Fix"):
        Boin(**numbers)


def test_selection_pools_rates_that_fall() -> None:
    """0.5 on three and 0.1 on nine patients are one rate together."""
    state = DoseState.from_counts([3, 9, 3], [1, 1, 2])
    assert Boin(target=0.2).select(state).tolist() == [1]
    assert np.array_equal(Boin(target=0.6).select(state), [2])
