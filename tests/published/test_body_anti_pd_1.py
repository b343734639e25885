"""An antibody against PD-1 alone, in people and mice, against published trials and tumours.

Building: KEYNOTE-001 response (Leighl 2019), MC38 under 5 mg/kg up to day 8 (Lindauer 2017, figure
2a). Verification: everything else here. Misses are asserted where we see them: late regrowth of
MC38 under middle and high doses, and occupancy after the smallest dose.
"""

import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "body"))

from solid_bodies import HUMAN, MOUSE, body, course, medians, population, run

from progenitor.engine import Trajectories
from progenitor.evidence import default_catalogue

PATIENTS = 300
VISITS = tuple(float(day) for day in (0, 28, 63, 126, 180, 240))
PARTIAL_RESPONSE = 0.7**3
"""Volume of a sphere whose diameter fell by 30 %."""
EVERY_FOUR_DAYS = (0.0, 5.0, 9.0, 13.0)
GRAMS = 20.0


def published(name: str) -> float:
    return default_catalogue().parameter(f"observed/{name}").reported[0].value


@cache
def treated() -> Trajectories:
    every_three_weeks = {float(day): 2e5 for day in range(0, 240, 21)}
    given = {"checkpoint_inhibitor": every_three_weeks}
    return population(body(HUMAN), VISITS, given, patients=PATIENTS)


@cache
def untreated() -> Trajectories:
    return population(body(HUMAN), VISITS, {}, patients=PATIENTS)


def response(found: Trajectories) -> float:
    """Percentage of patients whose tumour ever fell to a partial response."""
    size = found.observable("relative_tumour_size")
    return 100.0 * float(np.mean(size[:, 1:].min(axis=1) <= PARTIAL_RESPONSE))


def test_response_in_previously_treated_lung_cancer() -> None:
    """Building: 23 % (18.9-26.9); of 300 patients the standard error is 2.4 points."""
    low, high = 18.9, 26.9
    ours = response(treated())
    assert low - 2 * 2.4 < ours < high + 2 * 2.4, ours


def test_response_in_ligand_positive_tumours() -> None:
    """Verification: 9 of 25 (36 %); the exact 95 % interval is 18-57 %."""
    assert published("anti_pd_1_response_ligand_positive") == 36
    assert 18 < response(treated()) < 57


def test_untreated_tumours_do_not_respond() -> None:
    """Advanced tumours grow: at most one patient in fifty regresses by chance of the numbers."""
    assert response(untreated()) < 2
    size = untreated().observable("relative_tumour_size")
    assert np.median(size[:, -1]) > 1.5


def test_severe_reactions_within_half_a_year() -> None:
    """Verification: 14 % of 296 (Topalian 2012); ours rests on 12 % of another trial."""
    hazard = treated().observable("severe_reaction_hazard")[:, VISITS.index(180.0)]
    ours = 100.0 * float(np.mean(-np.expm1(-hazard)))
    assert ours / published("anti_pd_1_severe_reactions") == pytest.approx(0.87, abs=0.2)


def test_half_life_is_long_as_that_of_its_like() -> None:
    """Verification: 12-20 days for another antibody (Brahmer 2010); pembrolizumab stays longer."""
    reported = default_catalogue().parameter("observed/anti_pd_1_half_life").reported[0]
    found = run(body(HUMAN), [80.0, 100.0], {"checkpoint_inhibitor": 2e6})
    early, late = course(found, "inhibitor_in_plasma")
    half_life = 20.0 * np.log(2.0) / np.log(early / late)
    assert reported.high is not None
    assert half_life / reported.high == pytest.approx(1.27, abs=0.1)  # a miss by a quarter


@pytest.mark.parametrize(
    ("per_kilogram", "lowest", "highest"),
    [(0.3, 15.0, 30.0), (1.0, 60.0, 70.0), (3.0, 70.0, 100.0), (10.0, 70.0, 100.0)],
)
def test_receptors_stay_occupied_for_two_months(
    per_kilogram: float, lowest: float, highest: float
) -> None:
    """Verification: above 70 % whatever the dose; 0.3 and 1 mg/kg miss (21 and 68 %).

    The receptors of circulating cells kept their antibody when serum had lost it; our occupancy
    follows the level in serum.
    """
    dose = per_kilogram * 75.0 * 1e3
    found = run(body(HUMAN), [60.0], {"checkpoint_inhibitor": dose})
    occupied = 100.0 * course(found, "occupied_receptors")[0]
    assert published("anti_pd_1_occupancy") == 70
    assert lowest < occupied < highest


def test_mice_and_men_agree_on_the_level_that_occupies_half() -> None:
    """0.535 ug/mL in people (function in blood); 0.47 ug/mL fits 69 tumours of mice (figure 2b).

    The fit, 54 % c/(c + 0.47 ug/mL), was computed from the digitised points and is not used.
    """
    half = medians(body(HUMAN))["inhibitor_half_occupancy"]
    assert 0.5 < half / 0.47 < 2.0


def mc38(per_kilogram: float, start: float, days: list[float]) -> np.ndarray:
    """Volume of the typical tumour, mm3, from a volume on day 0."""
    amount = per_kilogram * GRAMS
    given = {"checkpoint_inhibitor": dict.fromkeys(EVERY_FOUR_DAYS, amount)} if amount else {}
    found = run(body(MOUSE), [0.0, *days], given, tumour_at_enrolment=start * 1e6)
    return course(found, "relative_tumour_size")[1:] * start


def test_untreated_mouse_tumours() -> None:
    """Verification: 401 and 1,250 mm3; ours within a factor of two of both."""
    eight, fifteen = mc38(0.0, 157.0, [8.1, 15.1])
    assert eight / published("mc38_untreated_day_8") == pytest.approx(0.93, abs=0.1)
    assert fifteen / published("mc38_untreated_day_15") == pytest.approx(0.58, abs=0.1)


def test_a_small_dose_slows_mouse_tumours() -> None:
    """Verification: 376 and 1,000 mm3 at 0.1 mg/kg; ours is too effective late (0.3)."""
    eight, fifteen = mc38(0.1, 157.0, [8.0, 15.0])
    assert 0.5 < eight / published("mc38_low_dose_day_8") < 1.0
    assert fifteen / published("mc38_low_dose_day_15") == pytest.approx(0.29, abs=0.1)


def test_a_large_dose_shrinks_mouse_tumours_at_first() -> None:
    """Building: 57 mm3 on day 4 and 61 on day 8 from 194 mm3."""
    four, eight = mc38(5.0, 194.0, [4.0, 7.9])
    assert four / 57.2 == pytest.approx(1.4, abs=0.2)
    assert eight / 61.4 == pytest.approx(0.45, abs=0.15)


def test_late_regrowth_under_the_antibody_is_missed() -> None:
    """Verification, missed: 1,151 and 119 mm3 on day 15; ours has no resistance and shrinks on.

    Antibodies against the antibody and exhaustion of the host's T cells are not modelled.
    """
    middle = mc38(1.4, 206.0, [15.0])[0] / published("mc38_middle_dose_day_15")
    high = mc38(5.0, 194.0, [14.9])[0] / published("mc38_high_dose_day_15")
    assert middle < 0.05
    assert high < 0.1
