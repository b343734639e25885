"""Every committed cell is accounted for: yields in closed form, nothing lost on the way."""

import numpy as np
import pytest
from myeloid_bodies import body, course, medians, run
from scipy.linalg import expm

GRAFT = body("gmp/her2_xenograft/immunocompetent_mouse")
CELLS = 1e6
NO_LOSS = 1e-12


def committed_per_seed(numbers: dict[str, float]) -> float:
    """Committed cells one seeding progenitor leaves in its time."""
    p, renewal = numbers["gmp_division_rate"], numbers["gmp_renewal_probability"]
    fade = numbers["gmp_exit_rate"] + p * (1 - 2 * renewal)
    return (numbers["gmp_exit_rate"] + 2 * p * (1 - renewal)) / fade


def test_blood_cells_of_a_graft_are_its_yield_times_the_amplification() -> None:
    """With neutrophils that never die, all are still there after 200 days."""
    numbers = medians(GRAFT)
    found = run(GRAFT, [200.0], {"gmp_infused": CELLS}, neutrophil_loss_rate=NO_LOSS)
    seeds = CELLS * numbers["gmp_seeding_share"]
    wanted = seeds * committed_per_seed(numbers) * numbers["gmp_amplification"]
    neutrophils = course(found, "product_neutrophils_in_blood")[0] * numbers["blood_volume"]
    assert neutrophils == pytest.approx((1 - numbers["monocyte_share"]) * wanted, rel=1e-5)


def test_without_division_the_cells_given_are_the_cells_found() -> None:
    """Amplification 1 and a seeding share of 1: a dose is a dose, wherever its cells are."""
    found = run(
        GRAFT,
        [0.0, 1.0, 5.0, 200.0],
        {"gmp_infused": CELLS},
        gmp_seeding_share=1.0,
        gmp_division_rate=NO_LOSS,
        gmp_amplification=1.0,
        monocyte_share=0.0,
        neutrophil_loss_rate=NO_LOSS,
    )
    volume = medians(GRAFT)["blood_volume"]
    blood = course(found, "product_neutrophils_in_blood")[-1] * volume
    assert blood == pytest.approx(CELLS, rel=1e-6)


def test_monocytes_over_time_follow_the_linear_chain() -> None:
    """Six linear stages, by the matrix exponential (SciPy)."""
    numbers = medians(GRAFT)
    fold = numbers["gmp_amplification"] ** (1 / 3)
    step = 3 / numbers["committed_transit_time"]
    p, renewal = numbers["gmp_division_rate"], numbers["gmp_renewal_probability"]
    made = numbers["gmp_exit_rate"] + 2 * p * (1 - renewal)
    matrix = np.diag(
        [
            -numbers["gmp_release_rate"],
            p * (2 * renewal - 1) - numbers["gmp_exit_rate"],
            *(-step,) * 3,
            -numbers["monocyte_loss_rate"],
        ]
    )
    below = [
        numbers["gmp_seeding_share"] * numbers["gmp_release_rate"],
        made,
        fold * step,
        fold * step,
        numbers["monocyte_share"] * fold * step,
    ]
    matrix += np.diag(below, k=-1)
    days = [1.0, 3.0, 7.0, 14.0]
    wanted = [(expm(matrix * day) @ [CELLS, *(0.0,) * 5])[-1] for day in days]
    found = run(GRAFT, days, {"gmp_infused": CELLS})
    shown = course(found, "product_monocytes_in_blood") * numbers["blood_volume"]
    assert shown == pytest.approx(wanted, rel=1e-4)


def test_host_blood_is_what_host_progenitors_would_make() -> None:
    """Counts at rest are set from counted blood; the chain of a graft, given to the host's own
    progenitors, makes as many: 6,800 granulocytes per µL of mouse blood, published 6,000
    (1,950-12,010, HSPC-023). People: 1.4e11 neutrophils a day, published 5e10-1e11 (HEM-006).
    """
    numbers = medians(GRAFT)
    p, renewal = numbers["gmp_division_rate"], numbers["gmp_renewal_probability"]
    made = numbers["gmp_exit_rate"] + 2 * p * (1 - renewal)
    daily = numbers["host_gmp_count"] * made * numbers["gmp_amplification"]
    neutrophils = (1 - numbers["monocyte_share"]) * daily
    level = neutrophils / numbers["neutrophil_loss_rate"] / numbers["blood_volume"]
    assert 1_950 < level < 12_010
    human = medians(body("car_gmp/her2_solid/human_adult"))
    scale = human["host_gmp_count"] * human["gmp_amplification"]
    people = (1 - human["monocyte_share"]) * made * scale
    assert 0.5 < people / 7e10 < 3.0  # above the published range, by less than a factor of 1.5


def test_monocytes_that_leave_are_shared_out() -> None:
    """With macrophages that never die, each organ holds its share of all monocytes there were."""
    numbers = medians(GRAFT)
    found = run(GRAFT, [200.0], {"gmp_infused": CELLS}, macrophage_death_rate=NO_LOSS)
    seeds = CELLS * numbers["gmp_seeding_share"] * committed_per_seed(numbers)
    monocytes = seeds * numbers["gmp_amplification"] * numbers["monocyte_share"]
    for site in ("liver", "lung", "spleen", "marrow"):
        wanted = numbers[f"monocyte_share_{site}"] * monocytes
        assert course(found, f"product_macrophages_in_{site}")[0] == pytest.approx(wanted, rel=1e-4)
    caught = course(found, "product_macrophages_in_tumour")[0]
    assert 0.9 * numbers["tumour_share"] * monocytes < caught < numbers["tumour_share"] * monocytes
