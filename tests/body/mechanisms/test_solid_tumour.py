"""Suppression, killing from within, signals and naive cells against closed forms."""

import numpy as np
import pytest
from solid_bodies import CONDITIONING, HUMAN, body, course, medians, run

NSG = "hsc_t/pd_l1_xenograft/nsg_mouse"
RELEASED = {
    "retained_dose_fraction": 1.0 - 1e-9,
    "lung_release_rate": 1e3,
}
"""All cells reach the blood within minutes."""


def test_half_of_the_suppression_at_half_of_its_tumour() -> None:
    numbers = medians(body(HUMAN))
    half = numbers["suppression_half_tumour"] / (1 + numbers["antigen_negative_share"])
    for tumour, expected in ((half, 0.5), (1e-3, 0.0), (1e20, 1.0)):
        found = run(body(HUMAN), [0.0], {}, tumour_at_enrolment=tumour)
        lost = 1.0 - course(found, "permissiveness")[0]
        assert lost == pytest.approx(expected * numbers["suppression"], rel=1e-6, abs=1e-9)


def test_a_permissive_tumour_is_killed_faster() -> None:
    given, days = {"naive_infused": 7.5e9}, [0.0, 28.0]
    hostile, permissive = (
        course(
            run(body(HUMAN, **alternatives), days, given, conditioning=CONDITIONING),
            "relative_tumour_size",
        )[-1]
        for alternatives in ({}, {"hostile_microenvironment": "microenvironment_none"})
    )
    assert permissive < hostile


def test_only_cells_in_the_tumour_kill_it() -> None:
    found = run(
        body(HUMAN), [0.0, 5.0, 20.0], {"teff_infused": 1e12}, tumour_homing_rate=0.0, **RELEASED
    )
    assert course(found, "product_kill").max() == 0.0
    assert course(found, "damaged_tissue").max() > 0.0


def test_killing_from_within_is_the_closed_form() -> None:
    """κ = π (1-b) k_T F/(F + K_E) with the cells, brake and tumour that are observed."""
    numbers = medians(body(HUMAN))
    found = run(
        body(HUMAN),
        [10.0],
        {"teff_infused": 1e11},
        exhaustion_rate=0.0,
        memory_formation_rate=0.0,
        **RELEASED,
    )
    killers = course(found, "product_in_tumour")[-1]
    expected = (
        course(found, "permissiveness")[-1]
        * (1 - course(found, "product_brake")[-1])
        * numbers["kill_rate"]
        * killers
        / (killers + numbers["kill_half_saturation"])
    )
    assert course(found, "product_kill")[-1] == pytest.approx(expected, rel=1e-6)


def test_relative_size_begins_at_one() -> None:
    found = run(body(HUMAN), [0.0], {}, antigen_negative_share=2.0)
    assert course(found, "relative_tumour_size")[0] == pytest.approx(1.0, rel=1e-12)


def test_naive_cells_without_antigen_only_die() -> None:
    """n(t) = f D e^{-d t}."""
    days = np.array([1.0, 30.0, 365.0])
    numbers = medians(body(HUMAN))
    found = run(
        body(HUMAN),
        [0.0, *days],
        {"naive_infused": 1e9},
        tumour_at_enrolment=1e-9,
        off_tumour_antigen=0.0,
        **RELEASED,
    )
    expected = 1e9 * np.exp(-numbers["naive_death_rate"] * days)
    level = course(found, "product_naive_in_blood")[1:] * numbers["t_cell_distribution_volume"]
    assert level == pytest.approx(expected, rel=1e-4)


def test_naive_cells_with_antigen_become_stem_memory_cells_one_by_one() -> None:
    """Without divisions and deaths, naive and memory cells add up to the dose."""
    found = run(
        body(HUMAN),
        [5.0],
        {"naive_infused": 1e9},
        naive_death_rate=0.0,
        stem_division_rate=0.0,
        stem_decline_rate=0.0,
        homeostatic_division_rate=0.0,
        tumour_homing_rate=0.0,
        **RELEASED,
    )
    volume = medians(body(HUMAN))["t_cell_distribution_volume"]
    naive, memory = (
        course(found, name)[-1] * volume for name in ("product_naive_in_blood", "car_t_in_blood")
    )
    assert memory > 1e8
    assert naive + memory == pytest.approx(1e9, rel=1e-5)


def test_without_antigen_anywhere_nothing_happens() -> None:
    found = run(
        body(HUMAN),
        [float(day) for day in range(0, 61, 5)],
        {"naive_infused": 1e9, "tscm_infused": 1e9},
        conditioning=CONDITIONING,
        tumour_at_enrolment=1e-9,
        off_tumour_antigen=0.0,
    )
    for name in ("signal_in_blood", "signal_in_tumour", "damaged_tissue"):
        assert course(found, name).max() < 1e-15, name
    assert course(found, "severe_reaction_hazard").max() < 1e-9


def test_t_cells_use_up_interleukin_15_in_a_host_without_lymphocytes() -> None:
    """At rest y = k y_free / (k + q C): T cells stay finite; a fixed level lets them explode."""
    numbers = medians(body(NSG))
    days = [0.0, 20.0, 40.0]
    found = run(body(NSG), days, {"naive_infused": 5e6})
    cells = course(found, "car_t_in_blood") * numbers["t_cell_distribution_volume"]
    level = course(found, "interleukin_15_level")
    turnover, free = numbers["interleukin_15_turnover"], numbers["interleukin_15_free"]
    uptake = numbers["interleukin_15_consumption"] * cells[1:]
    assert level[1:] == pytest.approx(turnover * free / (turnover + uptake), rel=5e-2)
    fixed = run(
        body(NSG, interleukin_15_consumed="interleukin_15_fixed"), days, {"naive_infused": 5e6}
    )
    assert course(fixed, "car_t_in_blood")[-1] > 1e3 * course(found, "car_t_in_blood")[-1]
