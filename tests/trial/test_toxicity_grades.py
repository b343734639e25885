"""Grades of toxicity by table: CRS day by day, neurotoxicity, IEC-HS, graft-versus-host disease.

Worked by hand from Lee et al. 2019, doi:10.1016/j.bbmt.2018.12.758, Tables 2 and 6; Hines et al.
2023, doi:10.1016/j.jtct.2023.03.006; Harris et al. 2016, doi:10.1016/j.bbmt.2015.09.001.
"""

import itertools

import numpy as np
import pytest

from progenitor.errors import DesignError
from progenitor.evidence import default_catalogue
from progenitor.trial import (
    CytokineReleaseCourse,
    CytokineReleaseSyndrome,
    GradeCourse,
    GraftVersusHostDisease,
    HlhLikeSyndrome,
    NeurotoxicitySyndrome,
    OrganStages,
    grade_course,
    published_endpoint,
)

NAN = float("nan")
CATALOGUE = default_catalogue()


def crs(
    fever: str,
    pressure: list[float],
    oxygen: list[float] | None = None,
    treated: float = NAN,
    death: float = NAN,
    window: float = np.inf,
) -> GradeCourse:
    """One patient from day 1 on; ``fever`` has a + or - for each day."""
    days = np.arange(1.0, len(fever) + 1)
    return CytokineReleaseCourse(onset_window=window).evaluate(
        days,
        fever=np.array([[sign == "+" for sign in fever]]),
        pressure=np.array([pressure], dtype=float),
        oxygen=np.zeros((1, len(fever))) if oxygen is None else np.array([oxygen], dtype=float),
        treated_day=np.array([treated]),
        death_day=np.array([death]),
    )


@pytest.mark.parametrize(
    ("course", "grades"),
    [
        pytest.param(crs("-+-", [0, 0, 0]), [0, 1, 0], id="fever alone"),
        pytest.param(crs("-++", [0, 2, 3]), [0, 2, 3], id="fluids, then a vasopressor"),
        pytest.param(crs("+++", [0, 2, 0], [0, 4, 3]), [1, 4, 3], id="the worse of the two"),
        pytest.param(crs("+--", [0, 3, 0]), [1, 0, 0], id="no fever, nothing masks it"),
        pytest.param(
            crs("+--", [0, 3, 2], treated=1.0), [1, 3, 2], id="tocilizumab: fever not needed"
        ),
        pytest.param(
            crs("+---", [0, 3, 0, 2], treated=3.0), [1, 0, 0, 2], id="only from treatment on"
        ),
        pytest.param(crs("+--", [0, 0, 0], treated=1.0), [1, 0, 0], id="treated, all gone"),
        pytest.param(crs("--+", [3, 0, 0], treated=1.0), [0, 0, 1], id="before any fever"),
        pytest.param(crs("---", [3, 3, 3], treated=1.0), [0, 0, 0], id="never a fever"),
        pytest.param(crs("--++", [0, 0, 0, 3], window=2.0), [0, 0, 0, 0], id="fever too late"),
        pytest.param(crs("++-", [0, 3, 0], death=3.0), [1, 3, 5], id="death"),
        pytest.param(crs("++", [NAN, 3], [2, NAN]), [2, 3], id="the other one is known"),
        pytest.param(crs("+-", [0, NAN], [0, NAN], treated=1.0), [1, NAN], id="nothing known"),
    ],
)
def test_crs_by_day(course: GradeCourse, grades: list[float]) -> None:
    assert course.grade[0].tolist() == pytest.approx(grades, nan_ok=True, rel=0)


def test_crs_by_day_agrees_with_first_days_when_treated_at_onset() -> None:
    """Both endpoints give the same peak where fever is waived from the start."""
    for pressure, oxygen in itertools.product((0, 2, 3, 4), repeat=2):
        daily = crs("+--", [0, pressure, 0], [0, 0, oxygen], treated=1.0)
        names = {2: "hypotension", 3: "one_vasopressor", 4: "several_vasopressors"}
        airs = {2: "low_flow_oxygen", 3: "high_flow_oxygen", 4: "positive_pressure"}
        first = {names[pressure]: np.array([2.0])} if pressure else {}
        first |= {airs[oxygen]: np.array([3.0])} if oxygen else {}
        once = CytokineReleaseSyndrome().evaluate(
            fever=np.array([1.0]), evaluable=np.array([True]), **first
        )
        assert daily.peak[0] == once.grade[0] == max(1, pressure, oxygen)


@pytest.mark.parametrize(
    ("ice", "signs", "grade"),
    [
        *((float(score), {}, 0.0) for score in (10,)),
        *((float(score), {}, 1.0) for score in (9, 8, 7)),
        *((float(score), {}, 2.0) for score in (6, 5, 4, 3)),
        *((float(score), {}, 3.0) for score in (2, 1, 0)),
        (0.0, {"consciousness": 4}, 4.0),
        (0.0, {"consciousness": 3}, 3.0),
        (9.0, {"consciousness": 2}, 2.0),
        (10.0, {"consciousness": 1}, 0.0),
        (10.0, {"seizure": 3}, 3.0),
        (10.0, {"seizure": 4}, 4.0),
        (8.0, {"weakness": True}, 4.0),
        (8.0, {"oedema": 3}, 3.0),
        (8.0, {"oedema": 4}, 4.0),
        (NAN, {}, NAN),
        (NAN, {"consciousness": 4}, 4.0),
        (8.0, {"death_day": 1.0}, 5.0),
        (8.0, {"death_day": 2.0}, 1.0),
    ],
)
def test_neurotoxicity(ice: float, signs: dict[str, float], grade: float) -> None:
    syndrome = published_endpoint(NeurotoxicitySyndrome, CATALOGUE)
    given = {
        name: np.array([value]) if name == "death_day" else np.array([[value]])
        for name, value in signs.items()
    }
    found = syndrome.evaluate(np.array([1.0]), ice=np.array([[ice]]), **given)
    assert found.grade[0, 0] == pytest.approx(grade, nan_ok=True, rel=0)


@pytest.mark.parametrize(
    ("ferritin", "fibrinogen", "transaminases", "signs", "grade"),
    [
        (30.0, 149.0, 1.0, {}, 2.0),
        (30.0, 150.0, 1.0, {}, 0.0),
        (30.0, 300.0, 5.1, {}, 2.0),
        (30.0, 300.0, 5.0, {}, 0.0),
        (30.0, 300.0, 1.0, {"cytopenia": True}, 2.0),
        (30.0, 300.0, 1.0, {"haemophagocytosis": True}, 2.0),
        (2.0, 100.0, 9.0, {"cytopenia": True}, 0.0),  # ferritin not above twice the limit
        (30.0, 100.0, 9.0, {"attributable": False}, 0.0),
        (NAN, 100.0, 9.0, {}, NAN),
        (30.0, NAN, NAN, {}, 0.0),
        (30.0, 100.0, 1.0, {"death_day": 1.0}, 5.0),
    ],
)
def test_hlh_like_syndrome(
    ferritin: float, fibrinogen: float, transaminases: float, signs: dict[str, float], grade: float
) -> None:
    syndrome = published_endpoint(HlhLikeSyndrome, CATALOGUE)
    given = {
        name: np.array([value]) if name == "death_day" else np.array([[value]])
        for name, value in signs.items()
    }
    found = syndrome.evaluate(
        np.array([1.0]),
        ferritin=np.array([[ferritin]]),
        fibrinogen=np.array([[fibrinogen]]),
        transaminases=np.array([[transaminases]]),
        care=np.array([[2]]),
        **given,
    )
    assert found.grade[0, 0] == pytest.approx(grade, nan_ok=True, rel=0)


GVHD = published_endpoint(GraftVersusHostDisease, CATALOGUE)


@pytest.mark.parametrize(
    ("organ", "value", "stage"),
    [
        *(("rash", v, s) for v, s in ((0, 0), (0.01, 1), (0.249, 1), (0.25, 2), (0.5, 2))),
        *(("rash", v, s) for v, s in ((0.51, 3), (1.0, 3), (NAN, NAN))),
        *(("bilirubin", v, s) for v, s in ((1.9, 0), (2, 1), (3, 1), (3.1, 2), (6, 2))),
        *(("bilirubin", v, s) for v, s in ((6.1, 3), (15, 3), (15.1, 4))),
        *(("stool", v, s) for v, s in ((499, 0), (500, 1), (999, 1), (1000, 2), (1500, 2))),
        *(("stool", v, s) for v, s in ((1501, 3), (NAN, NAN))),
        *(("child", v, s) for v, s in ((9.9, 0), (10, 1), (19.9, 1), (20, 2), (30, 2), (30.1, 3))),
    ],
)
def test_organ_stages(organ: str, value: float, stage: float) -> None:
    disease, name = (GVHD, organ)
    if organ == "child":
        disease = published_endpoint(GraftVersusHostDisease, CATALOGUE, child=True)
        name = "stool"
    given = {"rash": np.zeros((1, 1)), name: np.array([[float(value)]])}
    found = disease.stages(**given)
    at = {"rash": found.skin, "bilirubin": found.liver, "stool": found.lower_gut}[name]
    assert at[0, 0] == pytest.approx(stage, nan_ok=True, rel=0)


def test_organ_stages_by_finding() -> None:
    yes, rash = np.array([[True]]), np.array([[0.6]])
    found = GVHD.stages(rash=rash, nausea=yes, blisters=yes, ileus=yes)
    assert [float(stage[0, 0]) for stage in found] == [4.0, 0.0, 1.0, 4.0]


def expected_grade(skin: int, liver: int, upper: int, lower: int) -> int:
    """The overall grade in the words of the consensus, organ by organ."""
    if 4 in (skin, liver, lower):
        return 4
    if liver in (2, 3) or lower in (2, 3):
        return 3
    if skin == 3 or liver == 1 or upper == 1 or lower == 1:
        return 2
    return 1 if skin else 0


def test_overall_grade_of_all_250_combinations() -> None:
    ranges = (range(5), range(5), range(2), range(5))
    table = np.array(list(itertools.product(*ranges)), dtype=float)
    stages = OrganStages(*(column[:, np.newaxis] for column in table.T))
    found = GVHD.evaluate(np.array([30.0]), stages).grade[:, 0]
    assert found.tolist() == [expected_grade(*map(int, row)) for row in table]


def test_organs_not_assessed() -> None:
    def grade(*stages: float) -> float:
        organs = OrganStages(*(np.array([[stage]]) for stage in stages))
        return float(GVHD.evaluate(np.array([30.0]), organs).grade[0, 0])

    assert grade(1.0, NAN, NAN, NAN) == 1.0
    assert np.isnan(grade(NAN, NAN, NAN, NAN))
    with pytest.raises(DesignError, match="a stage is not 0 to 4"):
        grade(1.5, 0.0, 0.0, 0.0)
    with pytest.raises(DesignError, match="upper gut 0 or 1"):
        grade(0.0, 0.0, 2.0, 0.0)


@pytest.mark.parametrize(
    ("grades", "peak", "onset", "peak_day", "resolved"),
    [
        ([0, 1, 3, 2, 0], 3, 2, 3, 5),
        ([0, 1, 0, 2, 0], 2, 2, 4, 5),
        ([0, 0, 0, 0, 0], 0, NAN, NAN, NAN),
        ([0, 0, 0, 0, 2], 2, 5, 5, NAN),
        ([0, 2, NAN, NAN, NAN], 2, 2, 2, NAN),
        ([NAN] * 5, NAN, NAN, NAN, NAN),
    ],
)
def test_course(
    grades: list[float], peak: float, onset: float, peak_day: float, resolved: float
) -> None:
    found = grade_course(np.arange(1.0, 6.0), np.array([grades], dtype=float))
    assert [float(value[0]) for value in found[1:]] == pytest.approx(
        [peak, onset, peak_day, resolved], nan_ok=True, rel=0
    )


def test_impossible_signs_are_refused_together() -> None:
    syndrome = published_endpoint(NeurotoxicitySyndrome, CATALOGUE)
    with pytest.raises(DesignError, match="a score is outside of 0 to 10; a code of consciousness"):
        syndrome.evaluate(np.array([1.0]), ice=np.array([[11.0]]), consciousness=np.array([[5]]))
    with pytest.raises(DesignError, match="a code is not 0, 2, 3 or 4"):
        crs("+", [1.0])
    with pytest.raises(DesignError, match=r"ferritin is 0; .*fibrinogen is -1"):
        HlhLikeSyndrome(ferritin=0.0, transaminases=5.0, fibrinogen=-1.0)
