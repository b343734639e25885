"""Rejection against closed forms: constant rates when the host is full and the product is few."""

import numpy as np
import pytest
from myeloid_bodies import body, course, medians, run

EDITED = "edited_allogeneic_car_t/b_all/human_adult"
DAYS = [0.0, 1.0, 3.0, 7.0, 14.0, 21.0]
FEW = {"teff_infused": 1e6, "tcm_infused": 1e6}
"""So few cells that lymphocytes and interleukin-15 do not notice them."""
T_CELL_RATE, NK_RATE, KNOCKED_OUT = 0.3, 0.2, 0.8
FULL_HOST = {
    "lymphocytes_at_enrolment": 2.5e11,
    "lymphocyte_capacity": 2.5e11,
    "t_cell_rejection_at_recovery": T_CELL_RATE,
    "nk_rejection_at_rest": NK_RATE,
    "b2m_knockout_share": KNOCKED_OUT,
    "lung_release_rate": 500.0,
    "vector_copies_per_car_cell": 2.0,
}
"""Nothing to recover from, so that both rates of rejection stay what they are."""
MATCHED = {"mhc_mismatch": 0.0, "b2m_edited": 0.0}


def left_by_rejection(**switches: float) -> np.ndarray:
    """Product cells in blood relative to the same cells in a matched host, (time,)."""
    rejected, kept = (
        course(run(body(EDITED), DAYS, FEW, **{**FULL_HOST, **chosen}), "car_t_in_blood")
        for chosen in (switches, MATCHED)
    )
    return rejected[1:] / kept[1:]


@pytest.mark.parametrize("mismatch", [0.25, 0.5, 1.0])
def test_cells_with_class_i_fall_at_the_rate_of_host_t_cells(mismatch: float) -> None:
    """Closed form e^{-k m t} once the cells have left the lung, within minutes."""
    found = left_by_rejection(mhc_mismatch=mismatch, b2m_edited=0.0)
    expected = np.exp(-T_CELL_RATE * mismatch * np.array(DAYS[1:]))
    assert found == pytest.approx(expected, rel=5e-3)  # the time in the lung


def test_two_genotypes_fall_as_two_exponentials() -> None:
    r"""Closed form (1 - g) e^{-k_T t} + g e^{-k_NK t}, which the one equation for g must give."""
    found = left_by_rejection(mhc_mismatch=1.0, b2m_edited=1.0)
    day = np.array(DAYS[1:])
    expected = (1 - KNOCKED_OUT) * np.exp(-T_CELL_RATE * day) + KNOCKED_OUT * np.exp(-NK_RATE * day)
    assert found == pytest.approx(expected, rel=5e-3)


@pytest.mark.parametrize("mismatch", [0.1, 1.0])
def test_the_share_without_class_i_is_logistic(mismatch: float) -> None:
    """Closed form logit g = logit g0 + (k_T m - k_NK) t: natural killers select against it."""
    found = course(
        run(body(EDITED), DAYS, FEW, **{**FULL_HOST, "mhc_mismatch": mismatch}),
        "class_i_negative_share",
    )
    start = np.log(KNOCKED_OUT / (1 - KNOCKED_OUT))
    logit = start + (T_CELL_RATE * mismatch - NK_RATE) * np.array(DAYS)
    assert found == pytest.approx(1 / (1 + np.exp(-logit)), rel=1e-4)


def test_without_mismatch_and_edit_nothing_is_rejected() -> None:
    """The numbers of rejection do not matter then: the same course to the last digit."""
    doses = {**FEW, "lymphodepletion": 3.0}
    mild, fierce = (
        run(
            body(EDITED),
            DAYS,
            doses,
            **MATCHED,
            vector_copies_per_car_cell=2.0,
            t_cell_rejection_at_recovery=rate,
        )
        for rate in (0.0, 3.0)
    )
    assert np.array_equal(course(mild, "car_t_in_blood"), course(fierce, "car_t_in_blood"))
    assert course(fierce, "rejection_per_day").max() == 0.0


def test_alloreactivity_returns_behind_the_lymphocytes() -> None:
    """With lymphocytes held full it closes half of its gap in ln 2 / r_R days."""
    rate = 0.2
    nearly = {**FULL_HOST, "lymphocytes_at_enrolment": 2.5e11 * 0.999}
    found = run(
        body(EDITED), [0.0, np.log(2) / rate], {}, **nearly, alloreactivity_return_rate=rate
    )
    start, later = 1 - course(found, "alloreactivity_level")
    lymphocytes = 1 - course(found, "lymphocytes_in_blood")[-1] / 500.0
    assert start == pytest.approx(1e-3, rel=1e-6)
    # linear near rest: the gap a follows a' = r (b - a), the gap b of lymphocytes b' = -0.17 b
    regrowth = medians(body(EDITED))["lymphocyte_regrowth_rate"]
    half = np.log(2) / rate
    expected = start * (
        np.exp(-rate * half)
        + rate / (regrowth - rate) * (np.exp(-rate * half) - np.exp(-regrowth * half))
    )
    assert later == pytest.approx(expected, rel=1e-2)
    assert lymphocytes < later  # it is behind


def test_a_blind_natural_killer_spares_the_edited_cells() -> None:
    """The structural alternative: only the cells that kept class I are rejected."""
    cloaked = body(EDITED, ("nk_rejection", "nk_none"))
    numbers = {name: value for name, value in FULL_HOST.items() if name != "nk_rejection_at_rest"}
    rejected, kept = (
        course(run(cloaked, DAYS, FEW, **{**numbers, **chosen}), "car_t_in_blood")
        for chosen in ({}, MATCHED)
    )
    left = (1 - KNOCKED_OUT) * np.exp(-T_CELL_RATE * np.array(DAYS[1:])) + KNOCKED_OUT
    assert rejected[1:] / kept[1:] == pytest.approx(left, rel=5e-3)


def test_progenitors_and_macrophages_fall_alike() -> None:
    """Closed form e^{-k m t} for every myeloid product cell, whatever it turns into."""
    days = [0.0, 2.0, 5.0, 10.0]
    name = "car_gmp/cd19_leukaemia_mouse/immunocompetent_mouse"
    full = {"t_cell_rejection_at_recovery": 0.3}
    found = body(name)
    full |= dict.fromkeys(("lymphocytes_at_enrolment", "lymphocyte_capacity"), 8.333e7)
    fast = {"tumour_at_enrolment": 1e-9, "b_cells_at_enrolment": 1e-9}  # no signal from a kill
    rejected, kept = (
        run(found, days, {"gmp_infused": 1e3}, **full, **fast, mhc_mismatch=mismatch)
        for mismatch in (1.0, 0.0)
    )
    for place in ("gmp_in_marrow", "product_monocytes_in_blood", "product_macrophages_in_liver"):
        ratio = course(rejected, place)[1:] / course(kept, place)[1:]
        # cells still in the lung are spared, so the fall is a little late
        assert np.all(ratio < np.exp(-0.3 * (np.array(days[1:]) - 1.0))), place
        assert np.all(ratio >= np.exp(-0.3 * np.array(days[1:])) * 0.999), place
