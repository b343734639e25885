"""Host T cells at rest, under release and without lymphocytes."""

import numpy as np
import pytest
from solid_bodies import HUMAN, MOUSE, body, course, medians, run

DAYS = [0.0, 30.0, 90.0, 180.0]
# The host is full from the start and the tumour seen in full, so that nothing drifts.
STILL = {"lymphocytes_at_enrolment": 2.5e11, "antigen_half_signal": 1e-3}


def test_an_untreated_tumour_grows_as_it_was_measured() -> None:
    """At rest the hidden growth balances the killing: the logistic law of the measured rate."""
    numbers = medians(body(HUMAN)) | STILL
    found = run(body(HUMAN), DAYS, {}, antigen_loss_probability=0.0, **STILL)
    start = numbers["tumour_at_enrolment"] * (1 + numbers["antigen_negative_share"])
    capacity, rate = numbers["tumour_capacity"], numbers["tumour_growth_rate"]
    grown = capacity / (1 + (capacity / start - 1) * np.exp(-rate * np.array(DAYS)))
    # the hidden growth slows as the tumour nears its capacity, the killing does not
    assert course(found, "relative_tumour_size") * start == pytest.approx(grown, rel=5e-2)


def test_the_pool_rests_where_it_begins() -> None:
    found = run(body(HUMAN), DAYS, {}, interferon_gamma_production=0.0, **STILL)
    cells = course(found, "host_t_cells_in_tumour")
    assert cells == pytest.approx([cells[0]] * len(DAYS), rel=1e-3)


def test_killing_is_half_at_half_saturation() -> None:
    numbers = medians(body(HUMAN))
    found = run(body(HUMAN), [0.0], {})
    cells = course(found, "host_t_cells_in_tumour")[0]
    half = run(body(HUMAN), [0.0], {}, host_t_kill_half_saturation=cells)
    brake = course(half, "host_t_cell_brake")[0]
    expected = numbers["host_t_kill_rate"] * (1 - brake) / 2
    assert course(half, "host_kill")[0] == pytest.approx(expected, rel=1e-9)


def test_a_host_without_lymphocytes_has_none() -> None:
    found = run(
        body("hsc_t/pd_l1_xenograft/nsg_mouse"), [0.0, 40.0], {"checkpoint_inhibitor": 100.0}
    )
    assert course(found, "host_t_cells_in_tumour").max() == 0.0
    assert course(found, "host_kill").max() == 0.0


def test_conditioning_takes_the_host_s_own_defence() -> None:
    """What the host's T cells held back grows once they are gone."""
    days = [0.0, 10.0, 20.0]
    spared = course(run(body(MOUSE), days, {}), "relative_tumour_size")
    emptied = course(run(body(MOUSE), days, {}, conditioning=(0.0,)), "relative_tumour_size")
    assert np.all(emptied[1:] > spared[1:])


def test_a_bystander_signal_wakes_them() -> None:
    """The rule a myeloid product gives; here as more activation at rest, which adds to it."""
    days = [0.0, 30.0]
    quiet = run(body(HUMAN), days, {})
    # the resting point itself is computed without the signal, so compare what follows
    awake = run(body(HUMAN), days, {}, host_t_activation_at_rest=0.6)
    growth = [course(found, "host_t_cells_in_tumour")[-1] for found in (quiet, awake)]
    assert growth[1] > growth[0]
