"""Each disease is judged by its own criteria, and each criterion at its edge."""

import numpy as np
import pytest

from progenitor.evidence import default_catalogue
from progenitor.study._criteria import CRITERIA, criteria_of
from progenitor.study._response import TumourCourse, assess, m_protein
from progenitor.trial import LeukaemiaCode, MyelomaResponse, Response, unidimensional_size

VISITS = np.array([28.0, 90.0, 180.0, 270.0])
DAYS = np.array([0.0, *VISITS])
NAN = float("nan")


def judged(criteria: str, cells: list[list[float]], **numbers: float):
    """Judge patients by tumour cells at baseline and at four visits."""
    course = TumourCourse(DAYS, np.array(cells), VISITS)
    known = {name: np.full(len(cells), value) for name, value in NUMBERS.items()}
    known |= {NAMES[name]: np.full(len(cells), value) for name, value in numbers.items()}
    return assess(criteria, default_catalogue(), known, course)


NUMBERS = {
    "assay/immunofixation_limit": 0.01,
    "assay/mrd_reference_cells": 1e12,
    "endpoint/measurable_size": 2.25,
    "endpoint/partial_response_decrease": 0.5,
    "endpoint/pet_detection_cells": 1.5e8,
    "endpoint/progression_increase": 0.5,
    "endpoint/recist_visible_size": 5.0,
    "endpoint/tumour_cell_density": 1e9,
    "multiple_myeloma/m_protein_at_enrolment": 3.0,
    "multiple_myeloma/m_protein_half_life": 21.0,
}
NAMES = {"m_protein": "multiple_myeloma/m_protein_at_enrolment"}


@pytest.mark.parametrize(
    ("disease", "criteria"),
    [
        ("dlbcl", "lugano"),
        ("b_all", "leukaemia"),
        ("multiple_myeloma", "imwg"),
        ("her2_solid", "recist"),
        ("pd_l1_solid", "recist"),
    ],
)
def test_diseases_declare_their_criteria(disease, criteria):
    assert criteria_of(default_catalogue(), disease) is CRITERIA[criteria]


def test_every_code_has_a_name():
    assert len(CRITERIA["lugano"].codes) == len(CRITERIA["recist"].codes) == len(Response)
    assert len(CRITERIA["leukaemia"].codes) == len(LeukaemiaCode)
    assert len(CRITERIA["imwg"].codes) == len(MyelomaResponse)


def test_remission_is_below_a_twentieth_of_the_marrow_and_must_be_seen_again():
    found = judged(
        "leukaemia",
        [
            [5e11, 4.9e10, 1e9, 1e9, 1e9],  # just below 5 %, and so at the next visit
            [5e11, 5e10, 5e10, 5e10, 5e10],  # 5 % is no remission
            [5e11, 1e9, 6e10, 6e10, 6e10],  # gone once, back at the next visit: relapse
            [5e11, 1e9, NAN, NAN, NAN],  # dead before it could be seen again
        ],
    )
    assert found.objective.tolist() == [True, False, False, False]
    assert found.response_day[0] == 28.0
    assert found.progression_day[2] == 90.0
    assert found.best[0] == LeukaemiaCode.INCOMPLETE_RECOVERY  # counts are not modelled


def cells_of(diameter: float) -> float:
    """Cells of one sphere of so many millimetres."""
    return float(np.pi / 6.0 * (diameter / 10.0) ** 3 * 1e9)


def test_solid_tumours_follow_the_sum_of_diameters():
    mm = [[100, 70, 70, 70, 85], [100, 70, 76, 76, 76], [100, 20, 20, 24.9, 24.9],
          [100, 4.9, 4.9, 4.9, 4.9], [100, 4.9, 4.9, 6.0, 6.0]]  # fmt: skip
    found = judged("recist", [[cells_of(size) for size in row] for row in mm])
    size = unidimensional_size(np.array([cells_of(70.0)]), cells_per_cm3=1e9)
    np.testing.assert_allclose(size, [70.0], rtol=1e-12, atol=0.0)
    assert found.best.tolist() == [3, 2, 3, 4, 4]  # the second is not confirmed at 76 mm
    assert found.progression_day[0] == 270.0  # 15 mm and 21 % above the nadir
    assert np.isnan(found.progression_day[2])  # 24.5 % above the nadir, but less than 5 mm
    assert np.isnan(found.progression_day[3])
    assert found.progression_day[4] == 180.0  # seen again after a complete response


def test_myeloma_lags_behind_its_cells():
    """A tumour gone at once leaves half of its protein after one half-life of 21 days."""
    gone = [1e11, 0.0, 0.0, 0.0, 0.0]
    stays = [1e11, 1e11, 1e11, 1e11, 1e11]
    found = judged("imwg", [gone, stays], m_protein=1.5)
    assert found.objective.tolist() == [True, False]
    assert found.very_good is not None
    assert found.very_good.tolist() == [True, False]
    assert found.complete.tolist() == [True, False]
    days = np.array([0.0, 21.0, 42.0])
    steady = m_protein(days, np.full((1, 3), 5e10), at_infusion=np.array([3.0]),
                       half_life=np.array([21.0]))  # fmt: skip
    np.testing.assert_allclose(steady, [[3.0, 3.0, 3.0]], rtol=1e-12, atol=0.0)


def test_complete_response_needs_a_marrow_without_myeloma():
    found = judged(
        "imwg",
        [[1e11, 1e6, 1e6, 1e6, 1e6], [9e11, 0.0, 0.0, 1e11, 1e11]],
        m_protein=1.5,
    )
    assert found.complete.tolist() == [True, False]


def test_a_patient_without_measurable_protein_is_not_evaluable():
    found = judged("imwg", [[1e11, 0.0, 0.0, 0.0, 0.0]], m_protein=0.5)
    assert not found.objective[0]
    assert np.isnan(found.last_visit_day[0])


def test_the_first_response_dates_duration():
    found = judged("lugano", [[1e11, 2e10, 1e8, 1e8, 1e11]])
    assert found.response_day.tolist() == [28.0]
    assert found.progression_day.tolist() == [270.0]
