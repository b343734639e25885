"""Dose-limiting toxicity by table: window, 72-hour exception, pending and unfollowed patients."""

import numpy as np
import pytest

from progenitor.errors import DesignError
from progenitor.trial import DoseLimitingToxicity, ToxicityCriterion

NAN = float("nan")
DAYS = np.array([1.0, 2.0, 4.0, 5.0, 6.0, 28.0, 30.0])
CRS = (ToxicityCriterion("CRS", 4), ToxicityCriterion("CRS", 3, resolves_within=3.0))


def judge(
    crs: list[float], followed: float, other: list[float] | None = None, window: float = 28.0
) -> list[float]:
    """Toxic, onset, proof and criterion of one patient; the other event limits from grade 3 on."""
    criteria = (*CRS, ToxicityCriterion("organ", 3)) if other else CRS
    grades = {"CRS": np.array([crs], dtype=float)}
    if other:
        grades["organ"] = np.array([other], dtype=float)
    found = DoseLimitingToxicity(criteria, window).evaluate(
        DAYS, grades, np.array([float(followed)])
    )
    return [float(values[0]) for values in found]


@pytest.mark.parametrize(
    ("crs", "followed", "expected"),
    [
        pytest.param([1, 2, 2, 0, 0, 0, 0], 30, [0, NAN, NAN, NAN], id="mild"),
        pytest.param([0, 4, 0, 0, 0, 0, 0], 30, [1, 2, 2, 0], id="grade 4 for a moment"),
        pytest.param([0, 3, 2, 0, 0, 0, 0], 30, [0, NAN, NAN, NAN], id="grade 3, gone in 2 days"),
        pytest.param([0, 3, 3, 2, 0, 0, 0], 30, [0, NAN, NAN, NAN], id="gone on day 3 exactly"),
        pytest.param([0, 3, 3, 3, 2, 0, 0], 30, [1, 2, 5, 1], id="first better on day 4"),
        pytest.param([0, 3, 3, 3, 3, 0, 0], 30, [1, 2, 5, 1], id="there after day 3"),
        pytest.param([0, 3, NAN, NAN, 2, 0, 0], 30, [1, 2, 5, 1], id="first known better on day 4"),
        pytest.param([0, 3, 2, 3, 2, 0, 0], 30, [0, NAN, NAN, NAN], id="twice, both brief"),
        pytest.param([0, 3, 3, 3, 4, 0, 0], 30, [1, 2, 5, 1], id="grade 3 proven before grade 4"),
        pytest.param([3, 3, 4, 0, 0, 0, 0], 30, [1, 4, 4, 0], id="grade 4 before 3 was proven"),
        pytest.param([0, 0, 0, 0, 0, 4, 0], 30, [1, 28, 28, 0], id="on the last day"),
        pytest.param([0, 0, 0, 0, 0, 0, 4], 30, [0, NAN, NAN, NAN], id="after the window"),
        pytest.param([0, 0, 0, 0, 0, 3, 3], 30, [NAN] * 4, id="may still resolve"),
        pytest.param([0, 0, 0, 0, 0, 3, 3], 40, [1, 28, 31, 1], id="did not resolve"),
        pytest.param([0, 0, 0, 0, 0, 0, 0], 27, [NAN] * 4, id="not followed"),
        pytest.param([0, 4, NAN, NAN, NAN, NAN, NAN], 2, [1, 2, 2, 0], id="died with it"),
        pytest.param([0, 0, 0, 0, 0, 0, 0], NAN, [NAN] * 4, id="not infused"),
    ],
)
def test_table(crs: list[float], followed: float, expected: list[float]) -> None:
    assert judge(crs, followed) == pytest.approx(expected, nan_ok=True, rel=0)


def test_first_proof_of_several_events_counts() -> None:
    found = judge([0, 3, 3, 3, 3, 0, 0], 30.0, other=[0, 0, 3, 0, 0, 0, 0])
    assert found == [1.0, 4.0, 4.0, 2.0]


@pytest.mark.parametrize(("window", "toxic"), [(28.0, 0.0), (29.0, 0.0), (42.0, 1.0)])
def test_the_window_is_the_protocols(window: float, toxic: float) -> None:
    assert judge([0, 0, 0, 0, 0, 0, 4], 60.0, window=window)[0] == toxic


def test_resolution_below_another_grade() -> None:
    line = ToxicityCriterion("CRS", 3, resolves_within=3.0, to_below=2)
    grade = np.array([[3.0, 2.0, 2.0, 2.0, 2.0, 0.0, 0.0], [3.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]])
    found = line.find(DAYS, grade, np.array([30.0, 30.0]), window=28.0)
    assert found.met.tolist() == [True, False]
    assert line.description.endswith("does not fall below grade 2 within 3 days")


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(DesignError, match="no event is named; grade 6"):
        ToxicityCriterion("", 6)
    with pytest.raises(DesignError, match="a death that resolves"):
        ToxicityCriterion("CRS", 5, resolves_within=3.0)
    with pytest.raises(DesignError, match="no criterion is listed; a window of 0 days"):
        DoseLimitingToxicity((), 0.0)
    with pytest.raises(DesignError, match="no grades of CRS"):
        DoseLimitingToxicity(CRS, 28.0).evaluate(DAYS, {}, np.array([28.0]))
