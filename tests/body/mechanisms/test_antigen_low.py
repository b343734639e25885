"""Escape by low antigen, and the marker of myeloma, against closed forms."""

import numpy as np
import pytest
from myeloid_bodies import body, course, medians, run

LEUKAEMIA = "conventional_car_t/b_all/human_adult"
MYELOMA = "conventional_car_t/multiple_myeloma/human_adult"
COPIES = {"vector_copies_per_car_cell": 2.0}
DAYS = [0.0, 2.0, 7.0, 20.0]


def test_left_alone_the_antigen_returns() -> None:
    """Without killers low cells fall as e^{-ρ t} against the tumour, and none is lost."""
    found = body(LEUKAEMIA)
    numbers = medians(found)
    few = {"tumour_at_enrolment": 1e9, "antigen_low_share": 0.2, "antigen_negative_share": 0.0,
           "antigen_loss_probability": 0.0}  # fmt: skip
    seen = run(found, DAYS, {}, **COPIES, **few)
    low, total = course(seen, "tumour_cells_low"), course(seen, "tumour_cells_total")
    share = 0.2 / 1.2 * np.exp(-numbers["antigen_recovery_rate"] * np.array(DAYS))
    assert low / total == pytest.approx(share, rel=1e-4)
    start, capacity = 1.2e9, numbers["tumour_capacity"]
    growth = np.exp(-numbers["tumour_growth_rate"] * np.array(DAYS))
    assert total == pytest.approx(capacity / (1 + (capacity / start - 1) * growth), rel=1e-4)


def test_stripping_and_recovery_shield_the_tumour() -> None:
    """A clone that cannot be killed as fast is what is left; without stripping it is smaller."""
    given = {"tcm_infused": 6e7, "teff_infused": 8e7, "lymphodepletion": 3.0}
    left = [
        course(
            run(body(LEUKAEMIA), [0.0, 21.0], given, **COPIES, trogocytosis_per_kill=strip),
            "tumour_cells_total",
        )[1]
        for strip in (0.0, 0.03, 0.3)
    ]
    assert left[0] < left[1] < left[2]


@pytest.mark.parametrize(("molecules", "weight"), [(20_000.0, 1.0), (2_000.0, 0.505), (0.0, 0.0)])
def test_a_cell_counts_by_its_density(molecules: float, weight: float) -> None:
    """w = H(σ_low)/H(20,000), H = σ²/(σ² + 2000²): 0.5/0.990 at the threshold.

    Read from the first kill: with equal clones and no exchange their ratio moves by (1 - w) κ.
    """
    found = body(LEUKAEMIA)
    fixed = {
        "antigen_density": 20_000.0, "antigen_density_threshold": 2_000.0,
        "antigen_density_steepness": 2.0, "antigen_density_low": molecules,
        "trogocytosis_per_kill": 0.0, "antigen_recovery_rate": 0.0, "antigen_low_share": 1.0,
        "antigen_negative_share": 0.0, "antigen_loss_probability": 0.0,
        "tumour_growth_rate": 0.0, "bridging_effect": 0.0,
    }  # fmt: skip
    seen = run(found, [0.0, 4.0], {"teff_infused": 1e9}, **COPIES, **fixed)
    low = course(seen, "tumour_cells_low")
    positive = course(seen, "tumour_cells_total") - low - course(seen, "tumour_cells_negative")
    killed_low, killed = np.log(low[0] / low[1]), np.log(positive[0] / positive[1])
    assert killed > 0.1
    assert killed_low / killed == pytest.approx(weight, rel=2e-3, abs=2e-3)


def test_myeloma_cells_are_the_only_antigen_of_a_bcma_receptor() -> None:
    """Normal B cells stay, and without myeloma nothing expands."""
    given = {"tcm_infused": 6e7, "teff_infused": 8e7}
    seen = run(body(MYELOMA), [0.0, 5.0, 14.0, 28.0], given, **COPIES)
    untouched = run(body(MYELOMA), [0.0, 5.0, 14.0, 28.0], {}, **COPIES)
    assert course(seen, "b_cells_in_blood") == pytest.approx(
        course(untouched, "b_cells_in_blood"), rel=1e-6
    )
    none = run(body(MYELOMA), [1.0, 28.0], {**given, "lymphodepletion": 3.0}, **COPIES,
               tumour_at_enrolment=1e-9)  # fmt: skip
    assert course(none, "car_t_in_blood")[1] < course(none, "car_t_in_blood")[0]


def test_soluble_bcma_is_what_its_paper_has_it_be() -> None:
    """Singh 2021: 2.5e9 cells per litre shed 0.175 pg a day each, lost at 0.7 /day: 625 ng/mL."""
    found = body(MYELOMA)
    sheds = {"tumour_at_enrolment": 2.5e9 * 3.65, "tumour_growth_rate": 0.0}
    seen = run(
        found, [0.0, 30.0], {}, **COPIES, **sheds, antigen_low_share=0.0, antigen_negative_share=0.0
    )
    assert course(seen, "soluble_bcma_level") == pytest.approx(6.25e5, rel=1e-3)  # pg/mL
