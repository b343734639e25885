"""Cytokine release day by day: the fever rule, treatment that masks it, and signs brought along."""

import numpy as np

from progenitor.study._toxicity import _OXYGEN, _PRESSURE, _began, reaction_grades

DAYS = np.arange(0.0, 8.0)
NAN = float("nan")
LIMITS = {
    "vitals/fever_threshold": 38.0,
    "vitals/fluid_threshold": 90.0,
    "vitals/vasopressor_threshold": 75.0,
    "vitals/several_vasopressors_threshold": 60.0,
    "vitals/low_flow_threshold": 92.0,
    "vitals/high_flow_threshold": 88.0,
    "vitals/positive_pressure_threshold": 84.0,
}


class Course:
    """Vital signs of one patient at daily looks, with events where they are crossed."""

    def __init__(self, temperature, pressure, oxygen=None, **events):
        self.vitals = {
            "body_temperature": np.array([temperature]),
            "latent_arterial_pressure": np.array([pressure]),
            "latent_oxygen_saturation": np.array([oxygen or [98.0] * len(DAYS)]),
        }
        names = ("fever", *_PRESSURE, *_OXYGEN, "tocilizumab_given", "steroid_given")
        self.since = {name: np.array([events.get(name, NAN)]) for name in names}


def grades(course: Course) -> list[float]:
    own = {name: np.array([value]) for name, value in LIMITS.items()}
    return reaction_grades(DAYS, course.vitals, own, course.since)[0].tolist()


HOT = [37.0, 39.0, 39.0, 37.0, 37.0, 37.0, 37.0, 37.0]
LOW = [95.0, 95.0, 85.0, 70.0, 70.0, 95.0, 95.0, 95.0]


def test_after_tocilizumab_fever_is_no_longer_asked_for():
    treated = Course(HOT, LOW, fever=0.8, fluids=1.5, one_vasopressor=2.5, tocilizumab_given=2.0)
    assert grades(treated) == [0.0, 1.0, 2.0, 3.0, 3.0, 0.0, 0.0, 0.0]


def test_without_it_low_pressure_without_fever_has_another_cause():
    untreated = Course(HOT, LOW, fever=0.8, fluids=1.5, one_vasopressor=2.5)
    assert grades(untreated) == [0.0, 1.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0]


def test_a_crossing_between_two_looks_is_seen_at_the_next():
    brief = Course(HOT, [95.0] * 8, fever=0.8, fluids=1.2)
    assert grades(brief)[2] == 2.0


def test_a_pressure_that_never_crossed_is_no_reaction():
    always_low = Course([37.0, *[39.0] * 7], [70.0] * 8, fever=0.5)
    assert grades(always_low) == [0.0, *[1.0] * 7]


def test_fever_before_infusion_is_another_illness():
    assert grades(Course([39.0] * 8, [95.0] * 8, fever=-3.0)) == [0.0] * 8


def test_began_marks_one_look():
    marked = _began(DAYS, np.array([0.0, 2.5, NAN]))
    assert marked.argmax(axis=1).tolist() == [0, 3, 0]
    assert marked.any(axis=1).tolist() == [True, True, False]
