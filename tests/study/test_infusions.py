"""Who is infused, and with how much: the smaller of the assigned dose and the lot."""

from dataclasses import replace

import numpy as np

from progenitor.evidence import default_catalogue
from progenitor.manufacture import manufacture
from progenitor.study import Study, template_path
from progenitor.study._plan import Plan, setup_arms
from progenitor.study._simulate import patient_numbers
from progenitor.study._treat import Infusions, infusions

PATIENTS = np.arange(12)


def given(*, cells_per_kg: float, hazard: float = 0.0) -> tuple[Infusions, np.ndarray]:
    """Infusions when every lot is released with that many cells per kilogram of its patient."""
    file = Study.load(template_path("tscm_vs_cart_dlbcl")).file
    plan = Plan(file, file.seed, (0,), default_catalogue().path)
    arm = setup_arms(plan)[0]
    keys = {"draw": np.zeros_like(PATIENTS), "patient": PATIENTS}
    numbers = dict(patient_numbers(plan, **keys))
    numbers["waiting/attrition_hazard"] = np.full(len(PATIENTS), hazard)
    batch = manufacture(arm.recipe, numbers, seed=plan.seed, draw=keys["draw"], lot=PATIENTS)
    weight = numbers["host/body_weight"]
    product = replace(
        batch.product,
        released=np.full(len(PATIENTS), fill_value=True),
        failure=np.zeros_like(PATIENTS),
        cells=np.tile(cells_per_kg * weight[:, np.newaxis] / 4, (1, 4)),
        vein_to_vein=np.full(len(PATIENTS), 30.0),
    )
    return infusions(plan, arm, numbers, replace(batch, product=product), **keys), weight


def test_an_ample_lot_gives_the_assigned_dose() -> None:
    found, weight = given(cells_per_kg=1e8)
    assert found.infused.all()
    assert (found.dose / weight).round(3).tolist() == [2e6] * len(PATIENTS)


def test_a_short_lot_gives_all_it_holds() -> None:
    found, weight = given(cells_per_kg=1e6)
    assert found.infused.all()
    assert (found.dose / weight).round(3).tolist() == [1e6] * len(PATIENTS)


def test_a_lot_below_the_smallest_dose_is_not_given() -> None:
    found, _ = given(cells_per_kg=1e5)
    assert found.too_few.all()
    assert not found.infused.any()
    assert np.isnan(found.dose).all()


def test_nobody_waits_through_a_certain_hazard() -> None:
    found, _ = given(cells_per_kg=1e8, hazard=1e6)
    assert found.lost_waiting.all()
    assert (found.exit_day < 30.0).all()
