"""Neurotoxicity: the consensus grades, what drives it, and that it follows the fever."""

import numpy as np
import pytest
from myeloid_bodies import body, course, medians, run

from progenitor.evidence import default_catalogue

CAR_T = "conventional_car_t/b_all/human_adult"
DAYS = list(np.arange(0.0, 40.0, 0.25))
GIVEN = {"tcm_infused": 6e7, "teff_infused": 8e7, "lymphodepletion": 3.0}
INFLAMED = {"interleukin_6_production": 1e4, "vector_copies_per_car_cell": 2.0}
CALM = {"vector_copies_per_car_cell": 2.0}


@pytest.mark.parametrize(
    ("score", "grade"),
    [(10, 0), (9, 1), (8, 1), (7, 1), (6, 2), (5, 2), (4, 2), (3, 2), (2, 3), (1, 3), (0, 3)],
)
def test_whole_scores_have_the_grades_of_the_consensus(score: int, grade: int) -> None:
    """Lee 2019, Table 4: 7-9 is grade 1, 3-6 grade 2, 0-2 grade 3; beyond the scale is grade 4."""
    catalogue = default_catalogue()
    limits = []
    for number in (1, 2, 3, 4):
        used = catalogue.parameter(f"neurotoxicity/icans_{number}_score").used
        assert used is not None
        limits.append(used.median)
    assert sum(score < limit for limit in limits) == grade


def test_without_cells_the_brain_stays_clear() -> None:
    found = run(body(CAR_T), [0.0, 30.0, 300.0], {}, **CALM)
    assert course(found, "icans_grade").max() == 0.0


def test_it_follows_the_fever_and_passes() -> None:
    """Published onsets: cytokine release on day 3-5, neurotoxicity on day 6-7."""
    found = run(body(CAR_T), DAYS, GIVEN, **INFLAMED)
    grade, fever = course(found, "icans_grade"), course(found, "body_temperature")
    onset, feverish = DAYS[int((grade >= 1).argmax())], DAYS[int((fever >= 38.0).argmax())]
    assert grade.max() >= 2
    assert feverish < onset < feverish + 5.0
    assert grade[-1] < grade.max()


def test_grades_rise_with_interleukin_6_and_fall_with_the_endothelium_spared() -> None:
    def worst(**numbers: float) -> float:
        found = run(body(CAR_T), DAYS, GIVEN, **{**INFLAMED, **numbers})
        return float(10.0 - course(found, "latent_ice_score").min())

    assert worst(interleukin_6_production=3e3) < worst() < worst(interleukin_6_production=4e4)
    assert worst(endothelial_half_signal=1e5) < worst()


def test_tocilizumab_does_not_reach_the_brain() -> None:
    """It lowers fever; interleukin-6 itself, which drives the brain's part, stays."""
    numbers = {**INFLAMED, "endothelial_half_signal": 1e-6}  # the endothelium is fully involved
    blocked, free = (
        run(body(CAR_T), DAYS, GIVEN, **numbers, tocilizumab_half_block=half)
        for half in (1e-3, 1e9)
    )
    assert course(blocked, "body_temperature").max() < course(free, "body_temperature").max()
    worst = [course(found, "latent_ice_score").min() for found in (blocked, free)]
    assert worst[0] == pytest.approx(worst[1], abs=0.3)


def test_a_steroid_is_given_at_grade_2() -> None:
    found = run(body(CAR_T), DAYS, GIVEN, **INFLAMED)
    given = float(found.event_time("steroid_for_neurotoxicity")[0])
    second = DAYS[int((course(found, "icans_grade") >= 2).argmax())]
    delay = medians(body(CAR_T))["steroid_delay"]
    assert given == pytest.approx(second, abs=0.25 + delay)
    mild = run(body(CAR_T), DAYS, GIVEN, **{**INFLAMED, "interleukin_6_production": 50.0})
    assert np.isnan(mild.event_time("steroid_for_neurotoxicity")).all()
