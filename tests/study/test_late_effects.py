"""Outcomes of a body that has the observables, and their absence where it has not."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from progenitor.evidence import default_catalogue
from progenitor.study._estimates import Table, endpoint_estimates
from progenitor.study._late_effects import late_effects, not_modelled
from progenitor.study._response import Assessed

DAYS = np.array([0.0, 7.0, 14.0, 21.0, 28.0, 60.0, 90.0, 180.0, 365.0, 730.0])
VISITS = [28.0, 90.0, 180.0, 365.0, 730.0]
NAN = float("nan")
CATALOGUE = default_catalogue()
NUMBERS = {
    "endpoint/b_cell_recovery_level": np.array([10.0]),
    "endpoint/efs_respond_by": np.array([90.0]),
    "assay/car_t_lower_limit": np.array([0.01]),
}


@dataclass(frozen=True)
class Seen:
    """Two patients as followed up."""

    days: np.ndarray = field(default_factory=lambda: DAYS)
    series: dict = field(default_factory=dict)
    death_day: np.ndarray = field(default_factory=lambda: np.array([NAN, 300.0]))
    evaluable: np.ndarray = field(default_factory=lambda: np.array([True, True]))
    grades: dict = field(default_factory=dict)
    observables: frozenset = frozenset({"b_cells_in_blood", "car_t_in_blood"})

    @property
    def level(self) -> str:
        return "car_t_in_blood" if "car_t_in_blood" in self.observables else ""

    def curve(self, name: str) -> np.ndarray:
        return self.series.get(name, np.full((len(self.evaluable), len(self.days)), NAN))


def curves(first: list[float], second: list[float]) -> np.ndarray:
    return np.array([first, second])


SEEN = Seen(
    series={
        "b_cells_in_blood": curves(
            [90, 0, 0, 0, 0, 0, 0, 20, 30, 60], [90, 0, 0, 0, 0, 0, 0, 0, NAN, NAN]
        ),
        "car_t_in_blood": curves(
            [0, 9, 9, 9, 9, 5, 3, 1, 0.5, 0.0], [0, 9, 9, 9, 9, 5, 3, 1, NAN, NAN]
        ),
    }
)
RESPONSE = Assessed(
    best=np.array([4, 1]),
    best_change=np.array([-100.0, NAN]),
    objective=np.array([True, False]),
    complete=np.array([True, False]),
    response_day=np.array([28.0, NAN]),
    progression_day=np.array([NAN, 180.0]),
    last_visit_day=np.array([730.0, 180.0]),
)


def test_duration_and_event_free_survival_count_from_their_own_day():
    found = late_effects(VISITS, CATALOGUE, NUMBERS, SEEN, RESPONSE)
    assert found["dor_time"][0] == 702.0
    assert found["dor_event"][0] == 0.0
    assert np.isnan(found["dor_time"][1])  # who did not respond has no duration
    assert found["efs_time"].tolist() == [730.0, 0.0]
    assert found["efs_event"].tolist() == [0.0, 1.0]  # no response by day 90: failed from day 0


def test_aplasia_that_goes_on_has_no_length():
    found = late_effects(VISITS, CATALOGUE, NUMBERS, SEEN, RESPONSE)
    assert found["aplasia"].tolist() == [1.0, 1.0]
    assert found["aplasia_ended"].tolist() == [1.0, 0.0]
    assert found["aplasia_days"][0] == 173.0
    assert np.isnan(found["aplasia_days"][1])


def test_cells_are_lost_between_two_visits_unless_progression_comes_first():
    found = late_effects(VISITS, CATALOGUE, NUMBERS, SEEN, RESPONSE)
    assert found["loss_after"].tolist() == [365.0, 180.0]
    assert found["loss_by"].tolist() == [730.0, 180.0]
    assert found["loss_cause"].tolist() == [1.0, 2.0]
    rows = {"draw": np.zeros(2, dtype=int), "failed": np.zeros(2, dtype=bool)} | found
    estimates = endpoint_estimates(Table(rows, {}, DAYS, 1))
    assert estimates["persisting_12_months"].value == pytest.approx(0.5, rel=1e-9)
    assert estimates["persisting_24_months"].value == pytest.approx(0.0, abs=1e-9)


def test_what_the_body_does_not_show_is_absent_and_never_zero():
    found = late_effects(VISITS, CATALOGUE, NUMBERS, SEEN, RESPONSE)
    assert not [name for name in found if name.startswith(("gvhd", "icaht", "neutropenia"))]
    assert "icans_any_grade" not in found
    assert np.isnan(found["icans_grade_3_day"]).all()
    rows = {"draw": np.zeros(2, dtype=int), "failed": np.zeros(2, dtype=bool)} | found
    estimates = endpoint_estimates(Table(rows, {}, DAYS, 1))
    assert not [name for name in estimates if name.startswith(("icans", "gvhd", "neutro"))]
    words = not_modelled(frozenset({"car_t_in_blood", "gvhd_grade"}))
    assert "neurotoxicity (ICANS)" in words
    assert not [word for word in words if "graft" in word]


def test_columns_depend_on_the_body_and_not_on_who_is_infused():
    """A chunk of the work may hold one patient who is never infused."""
    nothing = {name: np.full((2, len(DAYS)), NAN) for name in SEEN.series}
    nobody = replace(SEEN, series=nothing, evaluable=np.array([False, False]))
    some = late_effects(VISITS, CATALOGUE, NUMBERS, SEEN, RESPONSE)
    none = Assessed(*(np.full(2, value) for value in (0, NAN, False, False, NAN, NAN, NAN)))
    found = late_effects(VISITS, CATALOGUE, NUMBERS, nobody, none)
    assert list(found) == list(some)
    bare = replace(nobody, observables=frozenset())
    assert "aplasia" not in late_effects(VISITS, CATALOGUE, NUMBERS, bare, none)


def test_grades_are_read_at_looks():
    grade = curves([0, 1, 3, 2, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, NAN, NAN])
    found = late_effects(
        VISITS, CATALOGUE, NUMBERS, replace(SEEN, grades={"gvhd_grade": grade}), RESPONSE
    )
    assert found["gvhd_grade"].tolist() == [3.0, 0.0]
    assert found["gvhd_onset"][0] == 7.0
    assert np.isnan(found["gvhd_onset"][1])
    assert found["gvhd_grade_3_day"][0] == 14.0
    assert found["gvhd_grade_2"].tolist() == [1.0, 0.0]


def test_neutropenia_beyond_day_28():
    low = curves([3e3, 400, 90, 90, 300, 800, 2e3, 2e3, 2e3, 2e3], [3e3] * 8 + [NAN, NAN])
    grades = {"neutrophils_in_blood": low}
    found = late_effects(VISITS, CATALOGUE, NUMBERS, replace(SEEN, grades=grades), RESPONSE)
    assert found["neutropenia_beyond_28"].tolist() == [1.0, 0.0]
    assert found["icaht_early_3"].tolist() == [1.0, 0.0]
    assert found["icaht_late_3"].tolist() == [0.0, 0.0]


def test_who_was_not_infused_has_no_outcome():
    nobody = replace(SEEN, evaluable=np.array([False, True]),
                     grades={"icans_grade": np.full((2, len(DAYS)), NAN)})  # fmt: skip
    found = late_effects(VISITS, CATALOGUE, NUMBERS, nobody, RESPONSE)
    for name in ("dor_time", "efs_event", "aplasia", "loss_cause", "icans_any_grade"):
        assert np.isnan(found[name][0]), name
