"""The exact 3+3."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from progenitor.errors import DesignError
from progenitor.trial import DoseState, ThreePlusThree

RATES = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=10)


@given(RATES, st.booleans())
def test_chances_add_up(rates: list[float], deescalate: bool) -> None:
    found = ThreePlusThree(deescalate=deescalate).outcomes(rates)
    assert math.isclose(found.prob_mtd.sum(), 1.0, rel_tol=1e-12)
    assert math.isclose(found.prob_sizes.sum(), 1.0, rel_tol=1e-12)
    mean = float(np.array(found.sizes) @ found.prob_sizes)
    assert math.isclose(mean, found.expected_n, rel_tol=1e-12)
    assert np.all(found.treated <= 6.0 + 1e-12)


@given(RATES)
def test_going_down_never_selects_a_higher_dose(rates: list[float]) -> None:
    plain = ThreePlusThree().outcomes(rates)
    down = ThreePlusThree(deescalate=True).outcomes(rates)
    assert np.all(np.cumsum(down.prob_mtd) >= np.cumsum(plain.prob_mtd) - 1e-12)
    assert down.expected_n >= plain.expected_n - 1e-12


@pytest.mark.parametrize("deescalate", [False, True])
def test_certain_outcomes(deescalate: bool) -> None:
    design = ThreePlusThree(deescalate=deescalate)
    safe, toxic = design.outcomes([0.0, 0.0]), design.outcomes([1.0, 1.0])
    assert safe.prob_mtd.tolist() == [0.0, 0.0, 1.0]
    assert safe.sizes == (6,)
    assert toxic.prob_mtd.tolist() == [1.0, 0.0, 0.0]
    assert toxic.sizes == (3,)
    step = design.outcomes([0.0, 1.0])
    assert step.prob_mtd.tolist() == [0.0, 1.0, 0.0]
    assert step.expected_n == (9.0 if deescalate else 6.0)


@pytest.mark.parametrize(
    ("treated", "toxic", "level", "deescalate", "label", "goes"),
    [
        ([3, 0], [0, 0], 0, False, "escalate", 1),
        ([3, 0], [1, 0], 0, False, "stay", 0),
        ([6, 0], [1, 0], 0, False, "escalate", 1),
        ([6, 0], [2, 0], 0, False, "stop: lowest dose too toxic", -1),
        ([3, 3], [0, 2], 1, False, "stop: dose found", -1),
        ([3, 3], [0, 2], 1, True, "de-escalate", 0),
        ([6, 3], [1, 2], 1, True, "stop: dose found", -1),
        ([3, 3], [0, 0], 1, True, "stop: dose found", -1),
        ([4, 0], [0, 0], 0, False, "stay", 0),
        ([2, 0], [0, 0], 0, False, "stay", 0),
    ],
)
def test_decisions(
    treated: list[int], toxic: list[int], level: int, deescalate: bool, label: str, goes: int
) -> None:
    design = ThreePlusThree(deescalate=deescalate)
    told = design.explain(DoseState.from_counts(treated, toxic, level=level))
    assert (told.label, told.value) == (label, goes)


@pytest.mark.parametrize("rates", [[], [0.1, 1.2], [float("nan")]])
def test_impossible_rates_are_refused(rates: list[float]) -> None:
    with pytest.raises(DesignError, match="0 to 1"):
        ThreePlusThree().outcomes(rates)
