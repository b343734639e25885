"""Exhaustion by antigen memory: closed form, and the difference to the rate form."""

import numpy as np
import pytest
from solid_bodies import HUMAN, body, course, medians, run

INTEGRATOR = {"exhaustion": "exhaustion_integrator"}
NO_CHANGE = {
    "effector_division_rate": 0.0,
    "effector_death_rate": 0.0,
    "memory_formation_rate": 0.0,
    "tumour_homing_rate": 0.0,
    "tumour_growth_rate": 0.0,
    "host_t_recruitment_rate": 0.0,
    "retained_dose_fraction": 1.0 - 1e-9,
    "lung_release_rate": 1e3,
}
"""Effectors that only exhaust, before an antigen that stays."""
CONSTANT_SIGNAL = {"antigen_half_signal": 1e-6}
"""The signal in blood is one."""
DAYS = np.array([0.5, 2.0, 7.0, 21.0, 60.0])


def test_memory_of_a_constant_signal_is_the_closed_form() -> None:
    """Z = aτ(1 - e^{-t/τ}) with a = 1."""
    found = run(
        body(HUMAN, **INTEGRATOR),
        [0.0, *DAYS],
        {"teff_infused": 1e9},
        integrator_exhaustion_rate=0.0,
        **NO_CHANGE,
        **CONSTANT_SIGNAL,
    )
    time = medians(body(HUMAN, **INTEGRATOR))["antigen_memory_time"]
    expected = time * (1 - np.exp(-DAYS / time))
    # effectors leave the lung within minutes
    assert course(found, "antigen_seen_in_blood")[1:] == pytest.approx(expected, rel=5e-3)


def test_antigen_before_the_infusion_does_not_count() -> None:
    found = run(body(HUMAN, **INTEGRATOR), [0.0, 30.0], {"teff_infused": {30.0: 1e9}})
    assert course(found, "antigen_seen_in_blood")[-1] < 1e-6


def test_short_encounters_cost_less_and_long_ones_more_than_at_a_constant_rate() -> None:
    """The ratio of cells not yet exhausted crosses one between three days and six weeks."""
    days = [0.0, 3.0, 42.0]
    left = []
    for alternatives in ({}, INTEGRATOR):
        found = run(
            body(HUMAN, **alternatives), days, {"teff_infused": 1e9},
            exhausted_death_rate=1e3, **NO_CHANGE, **CONSTANT_SIGNAL,
        )  # fmt: skip
        left.append(course(found, "car_t_in_blood")[1:])
    rate, memory = left
    assert memory[0] > rate[0]
    assert memory[1] < rate[1]
