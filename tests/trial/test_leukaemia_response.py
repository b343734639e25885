"""Remission of leukaemia by table: blasts, counts, other sites, relapse, 28 days.

Worked by hand from Gökbuget et al. 2024, doi:10.1182/blood.2023020794 (CR, CRi) and Maude et al.
2018, doi:10.1056/NEJMoa1709866 (remission maintained for 28 days).
"""

import numpy as np
import pytest

from progenitor.errors import DesignError
from progenitor.evidence import default_catalogue
from progenitor.trial import ConfirmedAssessment, LeukaemiaResponse, published_endpoint

NAN = float("nan")
RESPONSE = published_endpoint(LeukaemiaResponse, default_catalogue())
CODES = {"CR": 4, "CRi": 3, "NR": 2, "RL": 1, "NE": 0}


def assess(
    marrow: list[float],
    neutrophils: float | list[float] = 3000.0,
    platelets: float | list[float] = 2e5,
    blood: list[float] | None = None,
    elsewhere: str = "",
) -> ConfirmedAssessment:
    shape = (1, len(marrow))
    return RESPONSE.evaluate(
        28.0 * np.arange(1, len(marrow) + 1),
        marrow=np.array([marrow]),
        neutrophils=np.broadcast_to(np.array(neutrophils, dtype=float), shape).copy(),
        platelets=np.broadcast_to(np.array(platelets, dtype=float), shape).copy(),
        blood_blasts=None if blood is None else np.array([blood]),
        extramedullary=np.array([[sign == "+" for sign in elsewhere]]) if elsewhere else None,
    )


@pytest.mark.parametrize(
    ("found", "codes"),
    [
        pytest.param(assess([0.049]), "CR", id="below 5 %"),
        pytest.param(assess([0.05]), "NR", id="exactly 5 %"),
        pytest.param(assess([0.0], neutrophils=1000.0), "CRi", id="neutrophils at the limit"),
        pytest.param(assess([0.0], neutrophils=1001.0), "CR", id="neutrophils above it"),
        pytest.param(assess([0.0], platelets=1e5), "CRi", id="platelets at the limit"),
        pytest.param(assess([0.0], platelets=NAN), "CRi", id="platelets not counted"),
        pytest.param(assess([0.0], blood=[1.0]), "NR", id="blasts in blood"),
        pytest.param(assess([0.0], elsewhere="+"), "NR", id="in the nervous system"),
        pytest.param(assess([NAN]), "NE", id="no marrow before remission"),
        pytest.param(assess([NAN], blood=[5.0]), "NR", id="no marrow but blasts in blood"),
        pytest.param(assess([0.01, NAN]), "CR CR", id="remission stands without a marrow"),
        pytest.param(assess([0.01, NAN], blood=[0.0, 1.0]), "CR RL", id="relapse in blood"),
        pytest.param(assess([0.01, 0.05]), "CR RL", id="relapse at 5 %"),
        pytest.param(assess([0.01, 0.01], elsewhere="-+"), "CR RL", id="relapse elsewhere alone"),
        pytest.param(assess([0.3, 0.6]), "NR NR", id="never in remission is no relapse"),
        pytest.param(assess([0.01, 0.2, 0.01]), "CR RL NE", id="nothing after relapse"),
        pytest.param(assess([0.01, NAN], [2000.0, NAN], [2e5, NAN]), "CR NE", id="not seen at all"),
    ],
)
def test_visits(found: ConfirmedAssessment, codes: str) -> None:
    assert found.response[0].tolist() == [CODES[code] for code in codes.split()]


@pytest.mark.parametrize(
    ("found", "best", "unconfirmed", "progressed"),
    [
        pytest.param(assess([0.01, 0.01]), "CR", "CR", NAN, id="held 28 days"),
        pytest.param(assess([0.01, 0.2]), "NR", "CR", 56.0, id="lost within 28 days"),
        pytest.param(assess([0.01]), "NR", "CR", NAN, id="seen once"),
        pytest.param(
            assess([0.01, 0.01], neutrophils=[500.0, 3000.0]), "CRi", "CR", NAN, id="CRi, then CR"
        ),
        pytest.param(
            assess([0.01, 0.01, 0.01], neutrophils=[500.0, 3000.0, 3000.0]),
            "CR",
            "CR",
            NAN,
            id="CRi, then CR held",
        ),
    ],
)
def test_best(found: ConfirmedAssessment, best: str, unconfirmed: str, progressed: float) -> None:
    assert (found.best[0], found.best_unconfirmed[0]) == (CODES[best], CODES[unconfirmed])
    assert found.progression_day[0] == pytest.approx(progressed, nan_ok=True, rel=0)


def test_bad_data_are_refused() -> None:
    with pytest.raises(DesignError, match="a value is below 0; a share of blasts exceeds 1"):
        assess([1.5], platelets=-1.0)
