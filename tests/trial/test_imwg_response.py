"""Myeloma response by table: measurable marker, 25 % and absolute rise, confirmation.

Worked by hand from Kumar et al. 2016, doi:10.1016/S1470-2045(16)30206-6, Table 4.
"""

import numpy as np
import pytest

from progenitor.errors import DesignError
from progenitor.evidence import default_catalogue
from progenitor.trial import ConfirmedAssessment, ImwgResponse, published_endpoint

NAN = float("nan")
IMWG = published_endpoint(ImwgResponse, default_catalogue())
CODES = {"sCR": 7, "CR": 6, "VGPR": 5, "PR": 4, "MR": 3, "SD": 2, "PD": 1, "NE": 0}


def assess(**series: list[float] | str) -> ConfirmedAssessment:
    """One patient; flags are strings of + and -. Visits are 28 days apart, the first baseline."""
    length = len(next(iter(series.values())))
    arrays = {
        name: np.array([[sign == "+" for sign in values]])
        if isinstance(values, str)
        else np.array([values])
        for name, values in series.items()
    }
    arrays.setdefault("serum", np.zeros((1, length)))
    return IMWG.evaluate(28.0 * np.arange(length), **arrays)


@pytest.mark.parametrize(
    ("series", "codes"),
    [
        pytest.param({"serum": [4.0, 2.0]}, "PR", id="half the serum"),
        pytest.param({"serum": [4.0, 2.01]}, "MR", id="just short of half"),
        pytest.param({"serum": [4.0, 3.0]}, "MR", id="exactly 25 % less"),
        pytest.param({"serum": [4.0, 3.01]}, "SD", id="just short of 25 %"),
        pytest.param({"serum": [4.0, 0.4]}, "VGPR", id="90 % less"),
        pytest.param({"serum": [4.0, 0.4], "urine": [0.0, 100.0]}, "PR", id="urine 100 mg is none"),
        pytest.param({"serum": [4.0, 0.0], "urine": [0.0, 99.0]}, "VGPR", id="only in fixation"),
        pytest.param({"serum": [2.0, 2.5]}, "PD", id="25 % and 0.5 g/dL"),
        pytest.param({"serum": [1.6, 2.05]}, "SD", id="28 % but 0.45 g/dL"),
        pytest.param({"serum": [3.0, 3.6]}, "SD", id="0.6 g/dL but 20 %"),
        pytest.param({"serum": [6.0, 7.0]}, "PD", id="1 g/dL from 5 g/dL on, though 17 %"),
        pytest.param({"serum": [4.9, 5.9]}, "SD", id="1 g/dL below 5 g/dL, 20 %"),
        pytest.param({"serum": [4.0, 1.0, 1.5]}, "PR PD", id="from the lowest, below baseline"),
        pytest.param({"serum": [4.0, 0.0, 0.5]}, "VGPR PD", id="from nothing to 0.5 g/dL"),
        pytest.param({"serum": [4.0, 0.0, 0.4]}, "VGPR VGPR", id="from nothing to 0.4 g/dL"),
        pytest.param({"urine": [1000.0, 199.0]}, "PR", id="urine below 200 mg though 80 %"),
        pytest.param({"urine": [4000.0, 400.0]}, "PR", id="urine 90 % less though 400 mg"),
        pytest.param({"urine": [1000.0, 500.0]}, "MR", id="urine 50 % less"),
        pytest.param({"urine": [1000.0, 501.0]}, "SD", id="urine short of 50 %"),
        pytest.param({"urine": [1000.0, 99.0]}, "VGPR", id="urine below 100 mg"),
        pytest.param({"urine": [600.0, 800.0]}, "PD", id="urine 33 % and 200 mg"),
        pytest.param({"urine": [600.0, 790.0]}, "SD", id="urine 190 mg"),
        pytest.param(
            {"serum": [4.0, 1.0], "urine": [1000.0, 600.0]}, "SD", id="both must fall for MR"
        ),
        pytest.param(
            {"serum": [4.0, 1.0], "urine": [1000.0, NAN]}, "NE", id="urine in use is missing"
        ),
        pytest.param({"light_chain": [400.0, 200.0]}, "PR", id="light chains halved"),
        pytest.param({"light_chain": [400.0, 40.0]}, "VGPR", id="light chains 90 % less"),
        pytest.param({"light_chain": [400.0, 210.0]}, "SD", id="no MR by light chains"),
        pytest.param({"light_chain": [300.0, 400.0]}, "SD", id="33 % but exactly 100 mg/L"),
        pytest.param({"light_chain": [300.0, 401.0]}, "PD", id="more than 100 mg/L"),
        pytest.param(
            {"serum": [4.0, 2.0], "light_chain": [300.0, 900.0]}, "PR", id="serum counts, not FLC"
        ),
        pytest.param({"marrow": [0.6, 0.3]}, "PR", id="marrow halved, nothing else measurable"),
        pytest.param({"marrow": [0.4, 0.5]}, "PD", id="marrow 25 % and 10 points"),
        pytest.param({"marrow": [0.3, 0.39]}, "SD", id="marrow 9 points"),
        pytest.param({"marrow": [0.2, 0.05]}, "NE", id="nothing measurable"),
        pytest.param(
            {"serum": [4.0, 0.0], "marrow": [0.5, 0.04], "immunofixation_negative": "-+"},
            "CR",
            id="fixation negative, marrow below 5 %",
        ),
        pytest.param(
            {"serum": [4.0, 0.0], "marrow": [0.5, 0.05], "immunofixation_negative": "-+"},
            "VGPR",
            id="marrow at 5 %",
        ),
        pytest.param(
            {"serum": [4.0, 0.0], "marrow": [0.5, NAN], "immunofixation_negative": "-+"},
            "VGPR",
            id="marrow not repeated",
        ),
        pytest.param(
            {
                "serum": [4.0, 0.0],
                "marrow": [0.5, 0.01],
                "immunofixation_negative": "-+",
                "normal_ratio": "-+",
                "clone_free": "-+",
            },
            "sCR",
            id="normal ratio and no clone",
        ),
        pytest.param(
            {
                "light_chain": [400.0, 0.0],
                "marrow": [0.5, 0.01],
                "immunofixation_negative": "++",
            },
            "VGPR",
            id="light-chain disease needs the ratio for CR",
        ),
        pytest.param(
            {"serum": [4.0, 1.0], "plasmacytoma": [8.0, 5.0]}, "SD", id="plasmacytoma not halved"
        ),
        pytest.param(
            {"serum": [4.0, 1.0], "plasmacytoma": [8.0, 4.0]}, "PR", id="plasmacytoma halved"
        ),
        pytest.param(
            {"serum": [4.0, 1.0, 1.0], "plasmacytoma": [8.0, 4.0, 6.0]},
            "PR PD",
            id="plasmacytoma 50 % above nadir",
        ),
        pytest.param({"serum": [4.0, 1.0], "new_lesion": "-+"}, "PD", id="new lesion"),
    ],
)
def test_visits(series: dict[str, list[float] | str], codes: str) -> None:
    assert assess(**series).response[0].tolist() == [CODES[code] for code in codes.split()]


@pytest.mark.parametrize(
    ("serum", "best", "unconfirmed", "responded", "progressed"),
    [
        pytest.param([4.0, 2.0, 2.0], "PR", "PR", 28.0, NAN, id="confirmed"),
        pytest.param([4.0, 2.0], "SD", "PR", NAN, NAN, id="once only"),
        pytest.param([4.0, 0.4, 2.0], "SD", "VGPR", NAN, NAN, id="PD once (0.4 to 2.0)"),
        pytest.param([4.0, 2.0, 0.4], "PR", "VGPR", 28.0, NAN, id="the better is not confirmed"),
        pytest.param([4.0, 2.0, NAN, 2.0], "PR", "PR", 28.0, NAN, id="a gap does no harm"),
        pytest.param([4.0, 2.0, 2.0, 3.0, 3.0], "PR", "PR", 28.0, 84.0, id="PD twice"),
        pytest.param([4.0, 2.0, 2.0, 3.0, 2.0], "PR", "PR", 28.0, NAN, id="PD not borne out"),
        pytest.param([4.0, 2.0, 2.0, 3.0], "PR", "PR", 28.0, NAN, id="PD at the last visit"),
    ],
)
def test_confirmation(
    serum: list[float], best: str, unconfirmed: str, responded: float, progressed: float
) -> None:
    found = assess(serum=serum)
    assert (found.best[0], found.best_unconfirmed[0]) == (CODES[best], CODES[unconfirmed])
    assert found.response_day[0] == pytest.approx(responded, nan_ok=True, rel=0)
    assert found.progression_day[0] == pytest.approx(progressed, nan_ok=True, rel=0)


def test_a_new_lesion_needs_no_confirmation() -> None:
    found = assess(serum=[4.0, 2.0, 2.0, 2.0], new_lesion="--+-")
    assert found.progression_day[0] == 56.0
    assert found.response[0].tolist() == [4, 1, 0]


def test_a_last_marrow_speaks_for_later_visits() -> None:
    found = assess(serum=[4.0, 0.0, 0.0], marrow=[0.5, 0.01, NAN], immunofixation_negative="-++")
    assert found.best[0] == CODES["CR"]


def test_bad_data_are_refused_together() -> None:
    with pytest.raises(DesignError, match="days do not increase; urine, marrow below 0"):
        IMWG.evaluate(
            np.array([0.0, 0.0]),
            serum=np.ones((1, 2)),
            urine=np.array([[1.0, -1.0]]),
            marrow=np.array([[-0.1, 0.1]]),
        )
