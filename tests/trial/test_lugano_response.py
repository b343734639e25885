"""Lugano response at visits: every rule and every order of events, by table."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from progenitor.errors import DesignError
from progenitor.trial import LuganoResponse, Response, ResponseAssessment

NAN = float("nan")
LUGANO = LuganoResponse(
    partial_decrease=0.5, progression_increase=0.5, complete_cells=1e7, measurable_size=2.0
)
CODES = {"CR": 4, "PR": 3, "SD": 2, "PD": 1, "NE": 0}


def assess(
    sizes: list[float], pet: str, baseline: float = 10.0, endpoint: LuganoResponse = LUGANO
) -> ResponseAssessment:
    """One patient seen every 30 days; ``pet`` has + or - for each visit."""
    days = 30.0 * np.arange(1, len(sizes) + 1)
    negative = np.array([[sign == "-" for sign in pet]], dtype=bool)
    return endpoint.evaluate(days, np.array([sizes]), negative, np.array([baseline]))


@pytest.mark.parametrize(
    ("sizes", "pet", "codes", "best", "progression", "change"),
    [
        pytest.param([4.0], "+", "PR", "PR", NAN, -60.0, id="single visit"),
        pytest.param([5.0], "+", "PR", "PR", NAN, -50.0, id="exactly half is PR"),
        pytest.param([5.01], "+", "SD", "SD", NAN, -49.9, id="just short of half is SD"),
        pytest.param([15.0], "+", "PD", "PD", 30.0, 50.0, id="exactly 50 % more is PD"),
        pytest.param([14.9], "+", "SD", "SD", NAN, 49.0, id="just short of 50 % more is SD"),
        pytest.param([8.0], "-", "CR", "CR", NAN, -20.0, id="PET negative with a residual mass"),
        pytest.param([16.0], "-", "CR", "CR", NAN, 60.0, id="PET comes first"),
        pytest.param(
            [4.0, 6.0], "++", "PR PD", "PR", 60.0, -60.0, id="PD from nadir, below baseline"
        ),
        pytest.param(
            [15.0, 1.0], "+-", "PD NE", "PD", 30.0, 50.0, id="shrinkage after PD does not count"
        ),
        pytest.param(
            [NAN, 4.0], "++", "NE PR", "PR", NAN, -60.0, id="missing visit, then response"
        ),
        pytest.param(
            [4.0, NAN, 6.0], "+++", "PR NE PD", "PR", 90.0, -60.0, id="nadir survives a gap"
        ),
        pytest.param([NAN, NAN], "+-", "NE NE", "NE", NAN, NAN, id="never assessed"),
        pytest.param(
            [0.0, 1.9], "++", "PR PR", "PR", NAN, -100.0, id="growth from 0 below measurable"
        ),
        pytest.param(
            [0.0, 2.0], "++", "PR PD", "PR", 60.0, -100.0, id="growth from 0 to measurable is PD"
        ),
        pytest.param([0.0, 0.0], "++", "PR PR", "PR", NAN, -100.0, id="nothing grows from 0 to 0"),
        pytest.param(
            [1.0, 0.1, 0.1], "+-+", "PR CR PD", "CR", 90.0, -99.0, id="PET positive again after CR"
        ),
        pytest.param([8.0, 4.0, 8.0], "+-+", "SD CR PD", "CR", 90.0, -60.0, id="relapse after CR"),
        pytest.param([9.0, 4.0], "++", "SD PR", "PR", NAN, -60.0, id="SD, then PR"),
        pytest.param([], "", "", "NE", NAN, NAN, id="no visits"),
    ],
)
def test_table(
    sizes: list[float], pet: str, codes: str, best: str, progression: float, change: float
) -> None:
    found = assess(sizes, pet)
    assert found.response[0].tolist() == [CODES[code] for code in codes.split()]
    assert found.best[0] == CODES[best]
    assert found.progression_day[0] == pytest.approx(progression, nan_ok=True, rel=0)
    assert found.best_change[0] == pytest.approx(change, nan_ok=True, rel=1e-12)
    assert found.complete[0] == (best == "CR")
    assert found.objective[0] == (best in {"CR", "PR"})


def test_metabolic_relapse_can_be_switched_off() -> None:
    by_size = LuganoResponse(
        partial_decrease=0.5,
        progression_increase=0.5,
        complete_cells=1e7,
        measurable_size=2.0,
        metabolic_relapse=False,
    )
    found = assess([1.0, 0.1, 0.1, 2.5], "+-++", endpoint=by_size)
    assert found.response[0].tolist() == [3, 4, 3, 1]


def test_last_visit_is_the_last_assessed_one() -> None:
    assert assess([4.0, NAN, NAN], "+++").last_visit_day[0] == 30.0
    assert assess([NAN], "+").last_visit_day[0] == 0.0
    assert assess([15.0, 3.0], "++").last_visit_day[0] == 30.0  # nothing after progression


def test_a_failed_patient_has_nothing() -> None:
    found = assess([NAN, NAN], "++", baseline=NAN)
    assert found.best[0] == Response.NOT_EVALUABLE
    assert np.isnan([found.last_visit_day[0], found.best_change[0], found.progression_day[0]]).all()


def test_a_baseline_known_only_by_its_absence_cannot_respond() -> None:
    assert assess([1.0], "-", baseline=NAN).best[0] == Response.NOT_EVALUABLE


def test_pet_negative_is_strictly_below_the_threshold() -> None:
    cells = np.array([0.0, 9.9e6, 1e7, NAN])
    assert LUGANO.pet_negative(cells).tolist() == [True, True, False, False]


SIZES = st.lists(st.one_of(st.just(NAN), st.floats(0.0, 50.0)), min_size=1, max_size=8)


@given(SIZES, st.data())
def test_invariants(sizes: list[float], data: st.DataObject) -> None:
    pet = data.draw(st.text("+-", min_size=len(sizes), max_size=len(sizes)))
    found = assess(sizes, pet)
    codes = found.response[0]
    progressed = np.flatnonzero(codes == Response.PROGRESSIVE)
    assert progressed.size <= 1
    if progressed.size:
        assert (codes[progressed[0] + 1 :] == Response.NOT_EVALUABLE).all()
        assert found.progression_day[0] == 30.0 * (progressed[0] + 1)
        assert found.last_visit_day[0] == found.progression_day[0]
    assert found.best[0] == codes.max()
    assert found.best_change[0] >= -100.0 or np.isnan(found.best_change[0])
    assert (codes[np.isnan(sizes)] == Response.NOT_EVALUABLE).all()


@given(SIZES, st.data(), st.floats(0.01, 100.0))
def test_the_unit_of_size_does_not_matter(
    sizes: list[float], data: st.DataObject, factor: float
) -> None:
    """Powers of two scale exactly, so that no threshold is crossed by rounding."""
    pet = data.draw(st.text("+-", min_size=len(sizes), max_size=len(sizes)))
    scale = 2.0 ** np.round(np.log2(factor))
    scaled = LuganoResponse(
        partial_decrease=0.5,
        progression_increase=0.5,
        complete_cells=1e7,
        measurable_size=2.0 * scale,
    )
    other = assess([size * scale for size in sizes], pet, 10.0 * scale, scaled)
    assert other.response.tolist() == assess(sizes, pet).response.tolist()


@pytest.mark.parametrize(
    ("days", "sizes", "baseline", "words"),
    [
        ([30.0, 30.0], [1.0, 1.0], 10.0, "visits do not increase"),
        ([60.0, 30.0], [1.0, 1.0], 10.0, "visits do not increase"),
        ([30.0, 60.0], [1.0, -1.0], 10.0, "a size is negative"),
        ([30.0, 60.0], [1.0, 1.0], 0.0, "a baseline is not above 0"),
    ],
)
def test_bad_data_are_refused(
    days: list[float], sizes: list[float], baseline: float, words: str
) -> None:
    pet = np.array([[False, False]])
    with pytest.raises(DesignError, match=words):
        LUGANO.evaluate(np.array(days), np.array([sizes]), pet, np.array([baseline]))


@pytest.mark.parametrize(
    "changed",
    [
        {"partial_decrease": 0.0},
        {"partial_decrease": 1.0},
        {"progression_increase": 0.0},
        {"complete_cells": 0.0},
        {"measurable_size": 0.0},
    ],
)
def test_bad_thresholds_are_refused(changed: dict[str, float]) -> None:
    good = {
        "partial_decrease": 0.5,
        "progression_increase": 0.5,
        "complete_cells": 1e7,
        "measurable_size": 2.0,
    }
    with pytest.raises(DesignError, match="thresholds out of range"):
        LuganoResponse(**(good | changed))
