"""Trapping, phagocytosis, signal and cytokines of product macrophages in their limits."""

import numpy as np
import pytest
from myeloid_bodies import body, course, medians, run

MOUSE = "her2_xenograft/immunocompetent_mouse"
MACROPHAGE = body(f"car_macrophage/{MOUSE}")
CAR_GMP = body(f"car_gmp/{MOUSE}")
CELLS = 1e6
NEVER = 1e-12


def test_every_infused_macrophage_is_trapped_homed_or_lost() -> None:
    numbers = medians(MACROPHAGE)
    found = run(MACROPHAGE, [10.0], {"macrophages_infused": CELLS}, macrophage_death_rate=NEVER)
    sites = ("lung", "liver", "spleen")
    shares = {site: numbers[f"infused_share_{site}"] for site in sites}
    for site, share in shares.items():
        kept = course(found, f"product_macrophages_in_{site}")[0]
        assert kept == pytest.approx(share * CELLS, rel=1e-6)
    passing = 1 - sum(shares.values())
    caught = course(found, "product_macrophages_in_tumour")[0]
    pull = numbers["tumour_at_enrolment"] / (
        numbers["tumour_at_enrolment"] + numbers["tumour_pull_half"]
    )
    # the tumour grows a little while the lung lets go within hours
    assert caught == pytest.approx(passing * numbers["tumour_share"] * pull * CELLS, rel=1e-3)
    assert caught < 0.1 * course(found, "product_macrophages_in_liver")[0]


def test_without_a_tumour_no_macrophage_goes_there() -> None:
    found = run(MACROPHAGE, [1.0, 30.0], {"macrophages_infused": CELLS}, tumour_at_enrolment=NEVER)
    assert course(found, "product_macrophages_in_tumour").max() < 1e-6 * CELLS


def test_macrophages_without_a_receptor_leave_the_tumour_alone() -> None:
    days = [0.0, 10.0, 30.0]
    without = run(MACROPHAGE, days, {"macrophages_infused": 1e9}, car=0.0)
    untreated = run(MACROPHAGE, days, {})
    tumour = [course(each, "tumour_cells_total") for each in (without, untreated)]
    assert tumour[0] == pytest.approx(tumour[1], rel=1e-6)
    assert course(without, "phagocytosis_per_day").max() == 0.0


def test_antigen_negative_cells_are_not_eaten() -> None:
    """A clone of a million is what it would be untreated, but for the room the other leaves."""
    days = [0.0, 2.0]
    treated, untreated = (
        course(
            run(MACROPHAGE, days, {"macrophages_infused": dose}, antigen_negative_share=0.01),
            "tumour_cells_negative",
        )
        for dose in (1e9, 0.0)
    )
    assert treated[1] == pytest.approx(untreated[1], rel=5e-3)


def test_many_macrophages_eat_at_the_largest_rate_and_few_are_sated() -> None:
    """κ → k_M where macrophages abound; k_M/η meals a day where tumour cells do."""
    numbers = medians(MACROPHAGE)
    many = run(MACROPHAGE, [0.5], {"macrophages_infused": 1e14}, tumour_at_enrolment=1e5)
    assert course(many, "phagocytosis_per_day")[0] == pytest.approx(
        numbers["engulfment_rate"], rel=1e-3
    )
    few = run(MACROPHAGE, [0.5], {"macrophages_infused": CELLS}, engulfment_half_saturation=NEVER)
    meals = course(few, "phagocytosis_per_day")[0] * course(few, "tumour_cells_total")[0]
    each = meals / course(few, "product_macrophages_in_tumour")[0]
    assert each == pytest.approx(
        numbers["engulfment_rate"] / numbers["engulfment_crowding"], rel=2e-3
    )


def test_organ_macrophages_reach_a_leukaemia_and_no_solid_tumour() -> None:
    """With the same macrophages, all in liver and spleen, only the leukaemia is eaten."""
    for disease, eaten in (("her2_xenograft", False), ("cd19_leukaemia_mouse", True)):
        given = body(f"car_macrophage/{disease}/nsg_mouse")
        found = run(given, [1.0], {"macrophages_infused": 1e8}, tumour_share=0.0)
        assert bool(course(found, "phagocytosis_per_day")[0] > 0.01) is eaten, disease


@pytest.mark.parametrize(("car", "signal"), [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)])
def test_receptor_and_signal_are_two_switches(car: float, signal: float) -> None:
    found = run(CAR_GMP, [14.0], {"gmp_infused": CELLS}, car=car, signal=signal)
    assert (course(found, "phagocytosis_per_day")[0] > 0) == bool(car)
    assert (course(found, "bystander_activation")[0] > 0) == bool(signal)


def test_the_signal_saturates_in_cells_and_in_tumour() -> None:
    """Φ = F/(F + K) · T/(T + K), read at the model's own cells."""
    numbers = medians(CAR_GMP)
    found = run(CAR_GMP, [3.0, 14.0, 40.0], {"gmp_infused": CELLS})
    cells, tumour = (
        course(found, name) for name in ("product_macrophages_in_tumour", "tumour_cells_total")
    )
    wanted = cells / (cells + numbers["signal_half_macrophages"])
    wanted *= tumour / (tumour + numbers["signal_half_tumour"])
    assert course(found, "bystander_activation") == pytest.approx(wanted, rel=1e-9)


def test_bystander_none_is_no_signal() -> None:
    silent = body(f"car_gmp/{MOUSE}", ("bystander_signal", "bystander_none"))
    assert "signal" not in silent.inputs
    days = [7.0, 28.0]
    ours, theirs = (
        course(found, "tumour_cells_total")
        for found in (
            run(silent, days, {"gmp_infused": CELLS}),
            run(CAR_GMP, days, {"gmp_infused": CELLS}, signal=0.0),
        )
    )
    assert ours == pytest.approx(theirs, rel=1e-6)


def test_interleukin_6_settles_where_release_and_loss_balance() -> None:
    """At a standing number of engaged macrophages I₆ = base + p F T/(T + K) / d."""
    numbers = medians(MACROPHAGE)
    found = run(
        MACROPHAGE,
        [20.0],
        {"macrophages_infused": 1e8},
        macrophage_death_rate=NEVER,
        engulfment_rate=NEVER,
        tumour_growth_rate=NEVER,
    )
    engaged = course(found, "product_macrophages_in_tumour")[0]
    start = numbers["tumour_at_enrolment"]
    engaged *= start / (start + numbers["engulfment_half_saturation"])
    rise = numbers["macrophage_interleukin_6"] * engaged / numbers["interleukin_6_loss_rate"]
    wanted = numbers["interleukin_6_baseline"] + rise
    assert course(found, "interleukin_6_level")[0] == pytest.approx(wanted, rel=1e-4)


def test_macrophages_fade_exponentially() -> None:
    rate = medians(MACROPHAGE)["macrophage_death_rate"]
    found = course(
        run(MACROPHAGE, [5.0, 45.0], {"macrophages_infused": CELLS}), "product_macrophages_in_liver"
    )
    assert np.log(found[0] / found[1]) == pytest.approx(40.0 * rate, rel=1e-5)
