"""Healthy tissue: zero antigen, a steady state, and the window between benefit and harm."""

import numpy as np
import pytest
from solid_bodies import CONDITIONING, HUMAN, MOUSE, body, course, medians, run

DAYS = [float(day) for day in (0, 3, 7, 10, 14, 21, 28, 42, 60, 90)]
DOSES = (1e6, 1e7, 1e8, 1e9)  # cells per kilogram
WEIGHT = 75.0
CONSTANT = {
    "stem_division_rate": 0.0,
    "stem_decline_rate": 0.0,
    "homeostatic_division_rate": 0.0,
    "memory_division_rate": 0.0,
    "tumour_homing_rate": 0.0,
    "antigen_induction": 0.0,
}
"""Stem cells that stay as many as they are."""


def test_without_antigen_on_healthy_tissue_nothing_is_damaged() -> None:
    for name, cells in ((HUMAN, 1e9 * WEIGHT), (MOUSE, 1e8)):
        found = run(
            body(name),
            DAYS,
            {"naive_infused": cells, "tscm_infused": cells},
            conditioning=CONDITIONING,
            off_tumour_antigen=0.0,
        )
        assert course(found, "damaged_tissue").max() == 0.0
        assert course(found, "off_tumour_killing_rate").max() == 0.0
        assert course(found, "hazard_from_tissue").max() == 0.0


def test_damage_settles_where_killing_and_regrowth_balance() -> None:
    """With constant killers 1 - U = κ/(κ + r)."""
    found = run(body(HUMAN), [0.0, 2000.0], {"tscm_infused": 1e10}, **CONSTANT)
    regrowth = medians(body(HUMAN))["tissue_regrowth_rate"]
    killing = course(found, "off_tumour_killing_rate")[-1]
    assert killing > 0.1 * regrowth
    expected = killing / (killing + regrowth)
    assert course(found, "damaged_tissue")[-1] == pytest.approx(expected, rel=1e-3)


def test_tissue_heals_when_the_cells_are_gone() -> None:
    """Without killers the damage decays at the rate of regrowth."""
    no_heirs = {**CONSTANT, "effector_division_rate": 0.0, "memory_formation_rate": 0.0}
    found = run(
        body(HUMAN),
        [7.0, 107.0, 117.0],
        {"teff_infused": 1e10},
        exhaustion_rate=0.0,
        **no_heirs,
    )
    damage = course(found, "damaged_tissue")
    regrowth = medians(body(HUMAN))["tissue_regrowth_rate"]
    assert damage[2] / damage[1] == pytest.approx(np.exp(-10 * regrowth), rel=1e-3)


def test_a_dose_that_shrinks_the_tumour_also_injures_healthy_tissue() -> None:
    """No dose of the typical patient halves the tumour without losing a tenth of the tissue."""
    size, damage = [], []
    for dose in DOSES:
        found = run(body(HUMAN), DAYS, {"naive_infused": dose * WEIGHT}, conditioning=CONDITIONING)
        size.append(course(found, "relative_tumour_size").min())
        damage.append(course(found, "damaged_tissue").max())
    assert np.all(np.diff(damage) > 0)
    assert np.all(np.diff(size) <= 0)
    assert size[-1] < 0.5  # a large enough dose works
    for smallest, worst in zip(size, damage, strict=True):
        assert smallest > 0.5 or worst > 0.1


def test_a_receptor_blind_to_healthy_tissue_opens_the_window() -> None:
    """The same dose without off-tumour antigen: no damage; the tumour alone drives the cells."""
    given = {"naive_infused": 1e8 * WEIGHT}
    seeing, blind = (
        run(body(HUMAN), DAYS, given, conditioning=CONDITIONING, off_tumour_antigen=sees)
        for sees in (1.0, 0.0)
    )
    assert course(blind, "damaged_tissue").max() == 0.0
    assert course(seeing, "damaged_tissue").max() > 0.1
    for name in ("interleukin_6_level", "severe_reaction_hazard", "car_t_in_blood"):
        assert course(blind, name).max() < course(seeing, name).max(), name


def test_injury_inflames() -> None:
    """Interleukin-6 with tissue injury exceeds that of the same cells where injury wakes nobody."""
    given = {"teff_infused": 1e9}
    found = [
        run(body(HUMAN), DAYS, given, conditioning=CONDITIONING, injury_half_activation=half)
        for half in (0.05, 1e9)
    ]
    peaks = [course(one, "interleukin_6_level").max() for one in found]
    assert peaks[0] > peaks[1]


def test_the_inhibitor_alone_gives_the_hazard_of_its_occupancy() -> None:
    """Without cells Λ = λ_o ∫ o dt, here with a level that does not fall."""
    numbers = medians(body(HUMAN))
    found = run(
        body(HUMAN),
        [0.0, 100.0],
        {"checkpoint_inhibitor": 1e6},
        inhibitor_clearance=0.0,
        inhibitor_exchange=0.0,
        inhibitor_receptor_loss=0.0,
    )
    occupied = course(found, "occupied_receptors")[-1]
    expected = numbers["inhibitor_reaction_hazard"] * occupied * 100.0
    assert course(found, "severe_reaction_hazard")[-1] == pytest.approx(expected, rel=1e-4)
