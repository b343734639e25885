"""Limits the body must reach whatever its numbers: no cells, no antigen, closed forms."""

import numpy as np
import pytest
from bodies import INFUSION, level, medians, run


def test_without_a_dose_there_are_no_car_t_cells_and_no_reaction() -> None:
    found = run([0.0, 28.0, 90.0], cells=0.0)
    assert level(found, "car_t_in_blood").max() < 1e-12  # rounding of implicit steps, cells/µL
    assert np.isnan(found.event_time("fever")).all()


def test_without_antigen_car_t_cells_do_not_expand() -> None:
    """No tumour and no B cells: what circulates never exceeds the retained dose."""
    numbers = medians()
    cells = 1.5e8
    found = run(
        list(np.arange(0.0, 61.0)),
        cells=cells,
        tumour_at_enrolment=1e-9,
        b_cells_at_enrolment=1e-9,
        b_precursor_production=1e-9,
    )
    retained = cells * numbers["retained_dose_fraction"] / numbers["t_cell_distribution_volume"]
    surplus = np.exp(numbers["homeostatic_division_rate"] * 30)
    assert level(found, "car_t_in_blood").max() <= retained * surplus


def test_an_untreated_tumour_grows_logistically() -> None:
    """Closed form T = K / (1 + (K/T0 - 1) e^{-rt}) once bridging has stopped."""
    numbers = medians()
    days = [0.0, 10.0, 40.0]
    found = run(days, cells=0.0, conditioning=False, bridging_effect=1e-12)
    capacity, start = numbers["tumour_capacity"], numbers["tumour_at_enrolment"]
    elapsed = np.array(days) + INFUSION
    expected = capacity / (
        1 + (capacity / start - 1) * np.exp(-numbers["tumour_growth_rate"] * elapsed)
    )
    assert level(found, "tumour_cells_total") == pytest.approx(expected, rel=1e-4)


def test_lymphocytes_regrow_by_gompertz_competition() -> None:
    """Without CAR-T or drug ln(N/K) decays as e^{-rt} (closed form of the Gompertz law)."""
    numbers = medians()
    days = [0.0, 20.0, 60.0]
    found = run(days, cells=0.0, conditioning=False)
    start, capacity = numbers["lymphocytes_at_enrolment"], numbers["lymphocyte_capacity"]
    elapsed = np.array(days) + INFUSION
    shortfall = np.log(start / capacity)
    rate = numbers["lymphocyte_regrowth_rate"]
    expected = capacity * np.exp(shortfall * np.exp(-rate * elapsed))
    assert level(found, "lymphocytes_in_blood") * numbers[
        "t_cell_distribution_volume"
    ] == pytest.approx(expected, rel=1e-4)


def test_lymphodepletion_frees_interleukin_15() -> None:
    """Design notes: about 4 pg/mL at homeostasis, tens after conditioning."""
    full = level(run([0.0], cells=0.0, conditioning=False), "interleukin_15_level")[0]
    empty = level(run([0.0], cells=0.0), "interleukin_15_level")[0]
    assert 3.0 < full < 6.0
    assert 25.0 < empty < 40.0


def test_more_stem_memory_persists_longer_at_the_same_dose() -> None:
    conventional = level(run([180.0]), "car_t_in_blood")[0]
    stem = level(run([180.0], composition=(0.46, 0.40, 0.13, 0.01)), "car_t_in_blood")[0]
    assert stem > 2 * conventional


def test_a_stronger_kill_leaves_fewer_tumour_cells() -> None:
    nadirs = [
        level(run([28.0], kill_rate=rate), "tumour_cells_total")[0] for rate in (0.3, 1.0, 2.0)
    ]
    assert nadirs[0] > nadirs[1] > nadirs[2]
