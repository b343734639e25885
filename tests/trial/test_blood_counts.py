"""B-cell aplasia, cytopenia and haematotoxicity by table.

Worked by hand: Maude et al. 2018, doi:10.1056/NEJMoa1709866 (aplasia); CTCAE 5.0, National Cancer
Institute 2017 (grades); Rejeski et al. 2023, doi:10.1182/blood.2023020578, Table 1 (ICAHT).
"""

import numpy as np
import pytest

from progenitor.errors import DesignError
from progenitor.evidence import default_catalogue
from progenitor.trial import BCellAplasia, Cytopenia, Haematotoxicity, published_endpoint

NAN = float("nan")
CATALOGUE = default_catalogue()
DAYS = np.array([14.0, 28.0, 90.0, 180.0, 365.0])


@pytest.mark.parametrize(
    ("level", "found"),
    [
        pytest.param([0, 0, 0, 20, 90], [14, 90, 180, 166, 1], id="recovered"),
        pytest.param([0, 0, 0, 0, 0], [14, 365, NAN, 351, 0], id="still aplastic"),
        pytest.param([50, 60, 70, 80, 90], [NAN, NAN, NAN, NAN, NAN], id="never aplastic"),
        pytest.param([50, 0, 0, 20, 90], [28, 90, 180, 152, 1], id="begins later"),
        pytest.param([0, 20, 0, 20, 90], [14, 90, 180, 166, 1], id="a rise not borne out"),
        pytest.param([0, 0, 0, 0, 90], [14, 180, NAN, 166, 0], id="a rise at the end"),
        pytest.param([0, 0, NAN, 20, 90], [14, 28, 180, 166, 1], id="a missing sample"),
        pytest.param([0, 0, 9.9, 10, 10], [14, 90, 180, 166, 1], id="at the level is recovery"),
        pytest.param([NAN] * 5, [NAN] * 5, id="no samples"),
    ],
)
def test_aplasia(level: list[float], found: list[float]) -> None:
    aplasia = published_endpoint(BCellAplasia, CATALOGUE)
    answer = aplasia.evaluate(DAYS, np.array([level], dtype=float))
    assert [float(values[0]) for values in answer] == pytest.approx(found, nan_ok=True, rel=0)


def test_aplasia_by_a_single_sample_and_refusals() -> None:
    once = published_endpoint(BCellAplasia, CATALOGUE, in_a_row=1)
    assert once.evaluate(DAYS, np.array([[0.0, 0.0, 0.0, 0.0, 90.0]])).recovered[0] == 1.0
    with pytest.raises(DesignError, match="recovery level 0; 0 samples in a row"):
        BCellAplasia(recovery_level=0.0, in_a_row=0)


@pytest.mark.parametrize(
    ("line", "values", "grades"),
    [
        ("neutrophils", [1500, 1499, 1000, 999, 500, 499, 0], [0, 2, 2, 3, 3, 4, 4]),
        ("platelets", [75e3, 74e3, 50e3, 49e3, 25e3, 24e3, 0], [0, 2, 2, 3, 3, 4, 4]),
        ("lymphocytes", [800, 799, 500, 499, 200, 199, 0], [0, 2, 2, 3, 3, 4, 4]),
        ("haemoglobin", [12, 10, 9.9, 8, 7.9, 5, NAN], [0, 0, 2, 2, 3, 3, NAN]),
    ],
)
def test_ctcae_grades(line: str, values: list[float], grades: list[float]) -> None:
    graded = published_endpoint(Cytopenia, CATALOGUE, line=line)
    found = graded.evaluate(np.arange(1.0, 8.0), np.array([values], dtype=float))
    assert found.grade[0].tolist() == pytest.approx(grades, nan_ok=True, rel=0)


def test_grade_1_needs_the_laboratory() -> None:
    graded = published_endpoint(
        Cytopenia, CATALOGUE, line="platelets", lower_limit_of_normal=150_000.0
    )
    found = graded.evaluate(np.array([1.0, 2.0]), np.array([[149_999.0, 150_000.0]]))
    assert found.grade[0].tolist() == [1.0, 0.0]
    with pytest.raises(DesignError, match="a normal limit of 10"):
        published_endpoint(Cytopenia, CATALOGUE, line="platelets", lower_limit_of_normal=10.0)


@pytest.mark.parametrize(
    ("level", "peak", "after", "prolonged", "recovery"),
    [
        pytest.param([100, 900, 2000, 2000, 2000], 4, 0, 1, 90, id="severe on day 28"),
        pytest.param([100, 1000, 2000, 2000, 2000], 4, 0, 0, 28, id="grade 2 on day 28"),
        pytest.param([900, 2000, 2000, 400, 2000], 4, 4, 0, 365, id="severe again later"),
        pytest.param([100, 100, 100, 100, 100], 4, 4, 1, NAN, id="never recovered"),
        pytest.param([900, NAN, 2000, 2000, 2000], 3, 0, NAN, 90, id="day 28 not known"),
        pytest.param([2000, 2000, 2000, 2000, 2000], 0, 0, 0, NAN, id="never severe"),
        pytest.param([NAN] * 5, NAN, NAN, NAN, NAN, id="no samples"),
    ],
)
def test_beyond_day_28(
    level: list[float], peak: float, after: float, prolonged: float, recovery: float
) -> None:
    graded = published_endpoint(Cytopenia, CATALOGUE, line="neutrophils")
    found = graded.evaluate(DAYS, np.array([level], dtype=float))
    assert [float(values[0]) for values in found[1:]] == pytest.approx(
        [peak, after, prolonged, recovery], nan_ok=True, rel=0
    )


ICAHT = published_endpoint(Haematotoxicity, CATALOGUE)


def daily(severe: int, profound: int = 0, recovers: bool = True) -> np.ndarray:
    """Counts of days 0 to 60: so many days at 100, so many more at 500, then 3,000."""
    counts = np.full(61, 3000.0)
    counts[1 : 1 + severe] = 500.0
    counts[1 : 1 + profound] = 100.0
    if not recovers:
        counts[:31] = np.minimum(counts[:31], 500.0)
    return counts[np.newaxis]


@pytest.mark.parametrize(
    ("counts", "grade", "severe", "profound"),
    [
        pytest.param(daily(0), 0, 0, 0, id="none"),
        pytest.param(daily(1), 1, 1, 0, id="one day"),
        pytest.param(daily(6), 1, 6, 0, id="6 days"),
        pytest.param(daily(7), 2, 7, 0, id="7 days"),
        pytest.param(daily(13), 2, 13, 0, id="13 days"),
        pytest.param(daily(14), 3, 14, 0, id="14 days"),
        pytest.param(daily(6, 6), 1, 6, 6, id="6 days profound"),
        pytest.param(daily(7, 7), 3, 7, 7, id="7 days profound"),
        pytest.param(daily(13, 13), 3, 13, 13, id="13 days profound"),
        pytest.param(daily(14, 14), 4, 14, 14, id="14 days profound"),
        pytest.param(daily(0, recovers=False), 4, 31, 0, id="never above 500"),
        pytest.param(np.full((1, 61), NAN), NAN, NAN, NAN, id="no samples"),
    ],
)
def test_early(counts: np.ndarray, grade: float, severe: float, profound: float) -> None:
    found = ICAHT.evaluate(np.arange(61.0), counts)
    answer = [float(value[0]) for value in (found.early, found.severe_days, found.profound_days)]
    assert answer == pytest.approx([grade, severe, profound], nan_ok=True, rel=0)


@pytest.mark.parametrize(
    ("late", "grade"),
    [
        ([1501, 1501, 1501], 0),
        ([1500, 1500, 3000], 1),
        ([1000, 1000, 3000], 2),
        ([500, 500, 3000], 3),
        ([100, 100, 3000], 4),
        ([100, 3000, 3000], 0),  # one low count is none
        ([100, 500, 3000], 3),  # both reach 500
        ([NAN, NAN, NAN], NAN),
    ],
)
def test_late(late: list[float], grade: float) -> None:
    days = np.array([10.0, 35.0, 45.0, 60.0])
    found = ICAHT.evaluate(days, np.array([[3000.0, *late]]))
    assert found.late[0] == pytest.approx(grade, nan_ok=True, rel=0)


def test_a_sample_speaks_until_the_next() -> None:
    days = np.array([0.0, 5.0, 8.0, 20.0])
    found = ICAHT.evaluate(days, np.array([[3000.0, 400.0, NAN, 3000.0]]))
    assert (found.severe_days[0], found.early[0]) == (15.0, 3.0)
