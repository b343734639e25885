"""Limits in which a structural alternative must be the default form, and where they part."""

import numpy as np
import pytest
from myeloid_bodies import body, course, run

CAR_T = "conventional_car_t/b_all/human_adult"
DAYS = [0.0, 1.0, 3.0, 7.0, 14.0, 28.0]
GIVEN = {"tscm_infused": 6e6, "tcm_infused": 4e7, "teff_infused": 8e7}
COPIES = {"vector_copies_per_car_cell": 2.0}
FEW = {"antigen_half_signal": 1e-3}
"""Half of the signal with next to no antigen: it is full, whatever happens to the tumour."""


def levels(alternative: tuple[str, str] | None, cells: float = 1.0, **numbers: float) -> np.ndarray:
    doses = {name: amount * cells for name, amount in GIVEN.items()} | {"lymphodepletion": 3.0}
    found = run(body(CAR_T, alternative), DAYS, doses, **COPIES, **numbers)
    return course(found, "car_t_in_blood")


def test_a_switch_of_steepness_1_is_the_saturable_form() -> None:
    switch = ("expansion", "expansion_switch")
    assert levels(switch, switch_steepness=1.0) == pytest.approx(levels(None), rel=1e-6)


def test_a_steep_switch_is_shut_below_its_level_and_open_above() -> None:
    """Ten times less or more antigen than the half-signal, so antigen stays on one side of it."""
    switch = ("expansion", "expansion_switch")
    tumour = {"tumour_at_enrolment": 1e10, "kill_rate": 0.0, "b_cells_at_enrolment": 1e-3,
              "b_precursor_production": 1e-3, "blood_tumour_contact": 0.999}  # fmt: skip
    for half, open_ in ((1e11, False), (1e9, True)):
        soft = levels(None, antigen_half_signal=half, **tumour)
        steep = levels(switch, antigen_half_signal=half, switch_steepness=6.0, **tumour)
        assert bool(steep[3] > soft[3]) is open_, half


def test_a_burst_without_divisions_is_differentiation_alone() -> None:
    burst = ("expansion", "expansion_burst")
    still = levels(None, effector_division_rate=0.0)
    assert levels(burst, burst_divisions=0.0) == pytest.approx(still, rel=1e-6)


def test_a_burst_doubles_with_every_division() -> None:
    """Few cells at full antigen: effectors made on the first day double with N, closed form 2^N."""
    burst = ("expansion", "expansion_burst")
    quiet = {"effector_death_rate": 0.0, "exhaustion_rate": 0.0, "tumour_homing_rate": 0.0,
             "memory_formation_rate": 0.0}  # fmt: skip
    none, two, three = (
        levels(burst, cells=1e-3, burst_divisions=divisions, **quiet, **FEW)[1]
        for divisions in (0.0, 2.0, 3.0)
    )
    assert (three - none) / (two - none) == pytest.approx((2**3 - 1) / (2**2 - 1), rel=1e-3)


def test_competition_stops_at_the_capacity_and_has_full_rate_at_its_reference() -> None:
    """Host cells held at a number N: c = ln(K_C/N)/ln(K_C/N_0) is 1 at N_0, 0 from K_C on.

    The first days' growth, without antigen limits, against the default form with h = 1, which
    next to no consumption gives it.
    """
    competition = ("expansion", "expansion_competition")
    host = {"lymphocyte_regrowth_rate": 0.0, "lymphocyte_kill_rate": 0.0,
            "competition_capacity": 7e10, "t_cells_at_full_division": 1e10}  # fmt: skip
    free = {"interleukin_15_consumption": 1e-30, "homeostatic_division_rate": 0.0}
    default = levels(None, cells=1e-3, lymphocytes_at_enrolment=1e10, lymphocyte_capacity=2.5e40,
                     **{**free, "lymphocyte_regrowth_rate": 0.0, "lymphocyte_kill_rate": 0.0},
                     **FEW)  # fmt: skip
    full = levels(competition, cells=1e-3, lymphocytes_at_enrolment=1e10, **host, **free, **FEW)
    crowded = levels(competition, cells=1e-3, lymphocytes_at_enrolment=8e10, **host, **free, **FEW)
    assert full[2] == pytest.approx(default[2], rel=1e-3)
    assert crowded[2] < 2 * crowded[1]
    assert full[2] > 5 * crowded[2]


def test_mass_action_kills_alike_while_killers_are_few_and_more_when_many() -> None:
    found, other = body(CAR_T), body(CAR_T, ("killing", "killing_mass_action"))
    quiet = {"trogocytosis_per_kill": 0.0, "antigen_low_share": 0.0, "antigen_negative_share": 0.0,
             "tumour_growth_rate": 0.0, "bridging_effect": 0.0}  # fmt: skip
    for cells, alike in ((1e6, True), (1e11, False)):
        killed = [
            np.log(
                np.divide(
                    *course(
                        run(one, [0.0, 2.0], {"teff_infused": cells}, **COPIES, **quiet),
                        "tumour_cells_total",
                    )
                )
            )
            for one in (found, other)
        ]
        assert (
            killed[1] == pytest.approx(killed[0], rel=1e-2)
            if alike
            else (killed[1] > 2 * killed[0])
        )


def test_constant_interleukin_15_makes_conditioning_pointless_to_division() -> None:
    constant = ("interleukin_15", "interleukin_15_constant")
    plain = {"lymphocyte_kill_rate": 0.0}
    with_drug, without = levels(constant), levels(constant, **plain)
    assert with_drug == pytest.approx(without, rel=0.1)  # B cells, and with them antigen, differ
    assert levels(None)[3] > 3 * levels(None, **plain)[3]


def test_constant_interleukin_15_stays_within_the_room_there_is() -> None:
    found = run(body(CAR_T, ("interleukin_15", "interleukin_15_constant")), [400.0],
                {**GIVEN, "lymphodepletion": 3.0}, **COPIES, constant_drive=0.99,
                kill_rate=0.0, competition_capacity=7e10)  # fmt: skip
    assert course(found, "car_t_in_blood")[0] * 5e8 < 7e10
