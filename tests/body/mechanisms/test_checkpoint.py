"""The checkpoint inhibitor against closed forms, and what it does to every kind of T cell."""

import numpy as np
import pytest
from scipy.linalg import expm
from solid_bodies import CONDITIONING, HUMAN, MOUSE, body, course, medians, run

DAYS = [0.0, 1.0, 7.0, 21.0, 60.0, 120.0]
DOSE = 2e5  # ug
EVERY_THREE_WEEKS = {float(day): DOSE for day in range(0, 180, 21)}
CELLS = {"naive_infused": 7.5e8}


def test_two_compartments_follow_the_matrix_exponential() -> None:
    """Without loss to the receptor the course is linear: A(t) = e^{Mt} A(0)."""
    numbers = medians(body(HUMAN))
    out = numbers["inhibitor_clearance"] / numbers["inhibitor_central_volume"]
    there = numbers["inhibitor_exchange"] / numbers["inhibitor_central_volume"]
    back = numbers["inhibitor_exchange"] / numbers["inhibitor_peripheral_volume"]
    flow = np.array([[-out - there, back], [there, -back]])
    expected = [(expm(flow * day) @ [DOSE, 0.0])[0] for day in DAYS]
    found = run(body(HUMAN), DAYS, {"checkpoint_inhibitor": DOSE}, inhibitor_receptor_loss=0.0)
    level = course(found, "inhibitor_in_plasma")
    assert level == pytest.approx(
        np.array(expected) / numbers["inhibitor_central_volume"], rel=1e-4
    )


def test_a_small_dose_is_lost_through_the_receptor() -> None:
    """Far below K_m the loss through the receptor is first order, V_max/(K_m V)."""
    numbers = medians(body(HUMAN))
    rate = (
        numbers["inhibitor_clearance"]
        + numbers["inhibitor_receptor_loss"] / numbers["inhibitor_receptor_half_level"]
    ) / numbers["inhibitor_central_volume"]
    found = run(body(HUMAN), [0.0, 1.0, 3.0], {"checkpoint_inhibitor": 1.0}, inhibitor_exchange=0.0)
    level = course(found, "inhibitor_in_plasma")
    # at 3e-4 ug/mL the receptor is 0.4 % full
    assert level[1:] / level[0] == pytest.approx(np.exp(-rate * np.array([1.0, 3.0])), rel=1e-2)


def test_half_of_the_receptors_are_taken_at_the_half_level() -> None:
    numbers = medians(body(HUMAN))
    half = numbers["inhibitor_half_occupancy"] * numbers["inhibitor_central_volume"]
    found = run(body(HUMAN), [0.0], {"checkpoint_inhibitor": half})
    occupied = course(found, "occupied_receptors")[0]
    assert occupied == pytest.approx(numbers["inhibitor_largest_occupancy"] / 2, rel=1e-6)


def test_without_the_drug_no_receptor_is_taken() -> None:
    found = run(body(HUMAN), DAYS, CELLS, conditioning=CONDITIONING)
    assert course(found, "occupied_receptors").max() == 0.0


def test_product_cells_without_the_receptor_feel_no_brake() -> None:
    edited = run(body(HUMAN), DAYS, CELLS, checkpoint_knockout=1.0)
    assert course(edited, "product_brake").max() == 0.0
    assert course(edited, "host_t_cell_brake").min() > 0.0


def test_more_interferon_means_more_ligand() -> None:
    """Adaptive resistance: during the attack the brake is stronger than before."""
    found = run(body(MOUSE), [0.0, 5.0], {"naive_infused": 2e7}, conditioning=(-1.0,))
    brake = course(found, "host_t_cell_brake")
    assert brake[-1] > brake[0]


def test_the_inhibitor_raises_host_t_cells_the_product_and_inflammation() -> None:
    """The brake holds back division, killing and cytokines of all of them, so releasing it adds."""
    days = [float(day) for day in range(0, 91, 3)]
    without = run(body(HUMAN), days, CELLS)
    with_it = run(body(HUMAN), days, {**CELLS, "checkpoint_inhibitor": EVERY_THREE_WEEKS})
    last = {"host_t_cells_in_tumour", "host_kill", "severe_reaction_hazard"}
    for name in (*sorted(last), "product_kill", "interferon_gamma_level", "interleukin_6_level"):
        less, more = (
            course(found, name)[-1] if name in last else course(found, name).max()
            for found in (without, with_it)
        )
        assert more > less, name
    assert course(with_it, "relative_tumour_size")[-1] < course(without, "relative_tumour_size")[-1]


def test_an_antibody_against_the_target_hides_it_from_the_receptor() -> None:
    """Anti-PD-L1 with a receptor against PD-L1: less killing on and off the tumour."""
    given = {**CELLS, "checkpoint_inhibitor": EVERY_THREE_WEEKS}
    days = [float(day) for day in range(0, 61, 3)]
    against_pd_1, against_pd_l1 = (
        run(body(HUMAN), days, given, conditioning=CONDITIONING, antigen_masking=masking)
        for masking in (0.0, 1.0)
    )
    for name in ("product_kill", "damaged_tissue", "car_t_in_blood"):
        assert course(against_pd_l1, name).max() < course(against_pd_1, name).max(), name


def test_without_a_brake_the_inhibitor_changes_nothing_in_the_tumour() -> None:
    found = body(HUMAN, checkpoint_brake="checkpoint_brake_none")
    days = [0.0, 30.0, 90.0]
    without, with_it = (run(found, days, given) for given in ({}, {"checkpoint_inhibitor": DOSE}))
    for name in ("relative_tumour_size", "host_t_cells_in_tumour"):
        # both are solved with steps of their own, to 1e-6
        assert course(with_it, name) == pytest.approx(course(without, name), rel=1e-5), name
