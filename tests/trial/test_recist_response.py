"""RECIST 1.1 by table: nadir, 5 mm, new and other lesions, confirmation, short stable disease.

Worked by hand from Eisenhauer et al. 2009, doi:10.1016/j.ejca.2008.10.026: thresholds of section
4.3.1, time-point response of Tables 1 and 2, confirmation of Table 3 and section 4.6.
"""

import numpy as np
import pytest

from progenitor.errors import DesignError
from progenitor.evidence import default_catalogue
from progenitor.trial import ConfirmedAssessment, RecistResponse, published_endpoint

NAN = float("nan")
RECIST = published_endpoint(RecistResponse, default_catalogue())
CODES = {"CR": 4, "PR": 3, "SD": 2, "PD": 1, "NE": 0}


def assess(
    sizes: list[float], baseline: float, others: str = "", new: str = "", step: float = 42.0
) -> ConfirmedAssessment:
    """One patient; ``others`` has a code and ``new`` a + or - for each visit."""
    days = step * np.arange(1, len(sizes) + 1)
    codes = np.array([[int(code) for code in others]]) if others else None
    fresh = np.array([[sign == "+" for sign in new]]) if new else None
    return RECIST.evaluate(
        days, np.array([sizes]), np.array([baseline]), other_lesions=codes, new_lesion=fresh
    )


@pytest.mark.parametrize(
    ("sizes", "baseline", "others", "new", "codes"),
    [
        pytest.param([70.0], 100.0, "", "", "PR", id="exactly 30 % less"),
        pytest.param([63.0], 90.0, "", "", "PR", id="30 % less where 0.7 x 90 rounds down"),
        pytest.param([70.1], 100.0, "", "", "SD", id="just short of 30 %"),
        pytest.param([120.0], 100.0, "", "", "PD", id="exactly 20 % more than baseline"),
        pytest.param([119.9], 100.0, "", "", "SD", id="just short of 20 %"),
        pytest.param([60.0, 72.0], 100.0, "", "", "PR PD", id="20 % above nadir, below baseline"),
        pytest.param([60.0, 71.9], 100.0, "", "", "PR SD", id="not yet 20 % above nadir"),
        pytest.param([20.0, 24.9], 100.0, "", "", "PR PR", id="24.5 % but only 4.9 mm"),
        pytest.param([20.0, 25.0], 100.0, "", "", "PR PD", id="25 % and exactly 5 mm"),
        pytest.param([40.0, 45.0], 100.0, "", "", "PR PR", id="5 mm but only 12.5 %"),
        pytest.param([60.0, NAN, 72.0], 100.0, "", "", "PR NE PD", id="nadir survives a gap"),
        pytest.param([90.0, 100.0, 108.0], 100.0, "", "", "SD SD PD", id="slow growth adds up"),
        pytest.param([0.0], 100.0, "3", "", "CR", id="all gone"),
        pytest.param([0.0], 100.0, "2", "", "PR", id="targets gone, others remain"),
        pytest.param([0.0], 100.0, "0", "", "PR", id="targets gone, others not evaluated"),
        pytest.param([50.0], 100.0, "0", "", "PR", id="PR, others not evaluated"),
        pytest.param([50.0], 100.0, "1", "", "PD", id="others progress"),
        pytest.param([NAN], 100.0, "2", "", "NE", id="targets not measured"),
        pytest.param([NAN], 100.0, "1", "", "PD", id="targets not measured, others progress"),
        pytest.param([50.0], 100.0, "", "+", "PD", id="new lesion with shrinkage"),
        pytest.param([NAN], 100.0, "", "+", "PD", id="new lesion without the sum"),
        pytest.param([0.0, 3.0], 100.0, "", "", "CR PD", id="any return after CR"),
        pytest.param([0.0, 3.0], 100.0, "22", "", "PR PR", id="3 mm back without CR"),
        pytest.param([0.0, 5.0], 100.0, "22", "", "PR PD", id="5 mm back from nadir 0"),
        pytest.param([130.0, 20.0], 100.0, "", "", "PD NE", id="nothing after PD"),
        pytest.param([0.0, 0.0], 0.0, "23", "", "SD CR", id="no targets: non-CR/non-PD, CR"),
        pytest.param([0.0, 0.0], 0.0, "01", "", "NE PD", id="no targets: NE, PD"),
        pytest.param([50.0], NAN, "", "", "NE", id="no baseline"),
    ],
)
def test_time_points(
    sizes: list[float], baseline: float, others: str, new: str, codes: str
) -> None:
    found = assess(sizes, baseline, others, new)
    assert found.response[0].tolist() == [CODES[code] for code in codes.split()]
    progressed = [42.0 * (n + 1) for n, code in enumerate(codes.split()) if code == "PD"]
    expected = progressed[0] if progressed else NAN
    assert found.progression_day[0] == pytest.approx(expected, nan_ok=True, rel=0)


SIZE = {"CR": 0.0, "PR": 50.0, "SD": 90.0, "PD": 130.0, "NE": NAN}


@pytest.mark.parametrize(
    ("visits", "step", "best", "unconfirmed", "responded"),
    [
        ("CR CR", 42.0, "CR", "CR", 42.0),
        ("CR PD", 42.0, "SD", "CR", NAN),
        ("CR PD", 28.0, "PD", "CR", NAN),  # stable for 28 days only
        ("CR NE", 42.0, "SD", "CR", NAN),
        ("CR NE", 28.0, "NE", "CR", NAN),
        ("PR CR", 42.0, "PR", "CR", 42.0),
        ("PR PR", 42.0, "PR", "PR", 42.0),
        ("PR SD", 42.0, "SD", "PR", NAN),
        ("PR PD", 42.0, "SD", "PR", NAN),
        ("PR PD", 28.0, "PD", "PR", NAN),
        ("PR NE", 28.0, "NE", "PR", NAN),
        ("NE NE", 42.0, "NE", "NE", NAN),
        ("PR NE PR", 42.0, "PR", "PR", 42.0),
        ("PR PR", 20.0, "NE", "PR", NAN),  # 20 days do not confirm
        ("PR PR PR", 20.0, "PR", "PR", 20.0),  # 40 days do
        ("SD PD", 28.0, "PD", "PD", NAN),
        ("SD NE", 28.0, "NE", "NE", NAN),
        ("SD PD", 42.0, "SD", "SD", NAN),
        ("SD PR CR CR PD", 42.0, "CR", "CR", 84.0),
        ("PD", 42.0, "PD", "PD", NAN),
    ],
)
def test_confirmation(
    visits: str, step: float, best: str, unconfirmed: str, responded: float
) -> None:
    found = assess([SIZE[visit] for visit in visits.split()], 100.0, step=step)
    assert (found.best[0], found.best_unconfirmed[0]) == (CODES[best], CODES[unconfirmed])
    assert found.response_day[0] == pytest.approx(responded, nan_ok=True, rel=0)
    assert found.objective[0] == (not np.isnan(responded))


def test_nodes_below_10_mm_are_gone_although_the_sum_is_not_0() -> None:
    found = RECIST.evaluate(
        np.array([42.0]), np.array([[8.0]]), np.array([40.0]), targets_gone=np.array([[True]])
    )
    assert found.response.tolist() == [[CODES["CR"]]]


def test_best_change_and_last_visit() -> None:
    found = assess([60.0, 50.0, 90.0, 10.0], 100.0)
    assert (found.best_change[0], found.last_visit_day[0]) == (-50.0, 126.0)
    assert np.isnan(assess([60.0], NAN).last_visit_day[0])


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(DesignError, match=r"do not increase; a sum .* negative; a code of other"):
        RECIST.evaluate(
            np.array([2.0, 1.0]),
            np.array([[-1.0, 1.0]]),
            np.array([1.0]),
            other_lesions=np.array([[4, 0]]),
        )
    with pytest.raises(DesignError, match="absolute_increase is -1; partial_decrease is not"):
        published_endpoint(
            RecistResponse, default_catalogue(), partial_decrease=1.0, absolute_increase=-1.0
        )
