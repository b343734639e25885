"""Trials of a product that queues draw the patients who came as early in their stream."""

import numpy as np
import pytest

from progenitor.study import FacilitySection
from progenitor.study.trials._dose_calendars import calendar_trials
from progenitor.study.trials._dose_designs import dose_design
from progenitor.study.trials._dose_finding import conduct_dose_findings
from progenitor.study.trials._dose_patients import dose_patients
from progenitor.study.trials._dose_runs import policy_runs
from progenitor.study.trials._survival_patients import SurvivalBank, draw_trials
from progenitor.testing import (
    MADE_UP_DOSES,
    MADE_UP_TRIALS,
    dose_tables,
    study_with_trial,
    survival_tables,
)

STREAM = 100
UNIT = FacilitySection.model_validate(
    {
        "title": "A unit",
        "per_year": 73.05,  # one every five days
        "patients": STREAM,
        "resources": [{"name": "clean room", "units": 2}],
    }
)
RATES = (0.05, 0.1, 0.2)


@pytest.mark.parametrize("analysis_set", ["itt", "infused"])
def test_the_day_of_entry_decides_who_may_be_drawn(analysis_set):
    tables = survival_tables({"a": 0.004, "b": 0.002})
    for table in tables.values():  # the time tells the patient
        came = np.tile(np.arange(200) % STREAM, 4)
        table.outcomes["pfs_time"][:] = table.outcomes["pfs_itt_time"][:] = came + 1.0
    bank = SurvivalBank.of(tables, ("a", "b"), analysis_set, facilities=(UNIT, None))
    trials = draw_trials(bank, patients=80, replicates=50, accrual=600.0, block=4, seed=3)
    came = trials.time - 1
    stratum = np.minimum(trials.entry / 5.0, STREAM - 1) // UNIT.stratum
    member = np.isfinite(came)
    assert member.mean() > 0.5
    np.testing.assert_array_equal(came[member] // UNIT.stratum, stratum[member])
    assert len(np.unique(came[member])) > 50


@pytest.mark.parametrize("design", ["boin", "boin12"])
def test_dose_finding_knows_early_patients_only(design):
    """Everybody after the fortieth of a stream has a toxicity; twenty patients never meet one."""
    keys = {"design": design} | ({"least_response": "20 %"} if design == "boin12" else {})
    file = study_with_trial({**MADE_UP_TRIALS["dose_finding"], **keys}, doses=True)
    trial = file.trials["trial"]
    tables = dose_tables(MADE_UP_DOSES, RATES)
    late = np.tile(np.arange(200) % STREAM >= 40, 4)
    for table in tables:
        table.outcomes["crs_grade_3_day"][:] = np.where(late, 3.0, np.nan)
        severe = late[:, np.newaxis] & (table.days >= 3.0)
        table.series["grade_of_crs"][:] = np.where(severe, 3.0, 0.0)
    asked = {"events": ["crs_grade_3"], "window": 28.0}
    for facility, toxic in ((UNIT, False), (None, True)):
        patients = dose_patients(tables, MADE_UP_DOSES, facility=facility, **asked)
        found = policy_runs(dose_design(trial, MADE_UP_DOSES), patients, trial, "ignore", seed=3)
        assert bool(found.toxic.sum() > 0) == toxic
        days = calendar_trials(dose_design(trial, MADE_UP_DOSES), patients, trial, trials=5, seed=3)
        first = [np.isfinite(one.days["toxic"][:10]).any() for one in days]  # ten in 140 days
        assert any(first) == toxic


def test_a_finding_with_a_facility_is_conducted_to_its_end():
    file = study_with_trial(MADE_UP_TRIALS["dose_finding"], doses=True)
    products = {
        name: product.model_copy(update={"facility": "unit"})
        for name, product in file.products.items()
    }
    file = file.model_copy(update={"products": products, "facilities": {"unit": UNIT}})
    (found,) = conduct_dose_findings(file, 7, {"tscm": dose_tables(MADE_UP_DOSES, RATES)})
    assert sum(level.selected.value for level in found.levels) + found.none.value == pytest.approx(
        1.0, rel=1e-9
    )
