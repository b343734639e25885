"""CRS by ASTCT 2019: each grade, fever's role, attribution, who is graded at all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from progenitor.errors import DesignError
from progenitor.trial import CrsGrades, CytokineReleaseSyndrome

NAN = float("nan")
SIGNS = (
    "hypotension",
    "one_vasopressor",
    "several_vasopressors",
    "low_flow_oxygen",
    "high_flow_oxygen",
    "positive_pressure",
    "death",
)
GRADE_OF = dict(zip(SIGNS, (2, 3, 4, 2, 3, 4, 5), strict=True))


def grade(
    *, fever: float, window: float = np.inf, evaluable: bool = True, **days: float
) -> CrsGrades:
    signs = {name: np.array([day]) for name, day in days.items()}
    return CytokineReleaseSyndrome(onset_window=window).evaluate(
        fever=np.array([fever]), evaluable=np.array([evaluable]), **signs
    )


@pytest.mark.parametrize("sign", SIGNS)
def test_each_sign_after_fever_gives_its_grade(sign: str) -> None:
    found = grade(fever=3.0, **{sign: 5.0})
    assert found.grade[0] == GRADE_OF[sign]
    assert (found.onset_day[0], found.peak_day[0]) == (3.0, 5.0)


@pytest.mark.parametrize("sign", SIGNS)
def test_without_fever_there_is_no_syndrome(sign: str) -> None:
    found = grade(fever=NAN, **{sign: 5.0})
    assert found.grade[0] == 0.0
    assert np.isnan([found.onset_day[0], found.peak_day[0]]).all()


@pytest.mark.parametrize(
    ("days", "expected", "peak"),
    [
        pytest.param({"fever": 3.0}, 1.0, 3.0, id="fever alone"),
        pytest.param({"fever": 0.0}, 1.0, 0.0, id="fever on the day of infusion"),
        pytest.param({"fever": -1.0}, 0.0, NAN, id="fever before infusion has another cause"),
        pytest.param({"fever": NAN}, 0.0, NAN, id="nothing at all"),
        pytest.param({"fever": 3.0, "hypotension": 3.0}, 2.0, 3.0, id="on the same day"),
        pytest.param({"fever": 5.0, "hypotension": 2.0}, 2.0, 5.0, id="sign before fever"),
        pytest.param(
            {"fever": 2.0, "one_vasopressor": 4.0, "low_flow_oxygen": 3.0}, 3.0, 4.0, id="severer"
        ),
        pytest.param(
            {"fever": 2.0, "one_vasopressor": 4.0, "high_flow_oxygen": 3.0}, 3.0, 3.0, id="earlier"
        ),
        pytest.param(
            {"fever": 2.0, "several_vasopressors": 4.0}, 4.0, 4.0, id="the lower steps were skipped"
        ),
        pytest.param({"fever": 2.0, "death": 9.0}, 5.0, 9.0, id="death"),
    ],
)
def test_table(days: dict[str, float], expected: float, peak: float) -> None:
    found = grade(**days)
    assert found.grade[0] == expected
    assert found.peak_day[0] == pytest.approx(peak, nan_ok=True, rel=0)


@pytest.mark.parametrize(("fever", "expected"), [(14.0, 3.0), (14.1, 0.0)])
def test_onset_window(fever: float, expected: float) -> None:
    assert grade(fever=fever, window=14.0, one_vasopressor=20.0).grade[0] == expected


def test_a_patient_who_cannot_be_graded_is_not_grade_0() -> None:
    found = grade(fever=NAN, evaluable=False)
    assert np.isnan(found.grade[0])
    assert np.isnan(grade(fever=3.0, evaluable=False, death=4.0).grade[0])


DAY = st.one_of(st.just(NAN), st.floats(0.0, 30.0))


@given(
    fever=DAY, days=st.fixed_dictionaries(dict.fromkeys(SIGNS, DAY)), sign=st.sampled_from(SIGNS)
)
def test_more_treatment_never_lowers_the_grade(
    fever: float, days: dict[str, float], sign: str
) -> None:
    with_sign = grade(fever=fever, **(days | {sign: 10.0})).grade[0]
    without = grade(fever=fever, **(days | {sign: NAN})).grade[0]
    assert with_sign >= without
    assert np.isnan(fever) == (with_sign == 0.0)


def test_an_empty_window_is_refused() -> None:
    with pytest.raises(DesignError, match="onset window"):
        CytokineReleaseSyndrome(onset_window=0.0)
