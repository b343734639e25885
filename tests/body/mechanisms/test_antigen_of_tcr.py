"""An engineered T-cell receptor: the right HLA or nothing."""

import numpy as np
from solid_bodies import CONDITIONING, body, course, run

from progenitor.cohort import sample_numbers
from progenitor.evidence import default_catalogue

TCR = "tscm_tcr_t/pd_l1_solid/human_adult"
GIVEN = {"tscm_infused": 2.5e9, "tcm_infused": 2.5e9}
DAYS = [float(day) for day in range(0, 43, 3)]


def test_without_the_allele_cells_see_nothing_and_kill_nothing() -> None:
    found = run(body(TCR), DAYS, GIVEN, conditioning=CONDITIONING,
                hla_selected=0.0, hla_liability=1.0)  # fmt: skip
    for name in ("hla_match", "signal_in_blood", "signal_in_tumour", "product_kill"):
        assert course(found, name).max() == 0.0, name


def test_carriers_are_helped_whether_selected_or_not() -> None:
    selected = run(body(TCR), DAYS, GIVEN, conditioning=CONDITIONING, hla_liability=1.0)
    carrier = run(body(TCR), DAYS, GIVEN, conditioning=CONDITIONING,
                  hla_selected=0.0, hla_liability=-1.0)  # fmt: skip
    for name in ("product_kill", "car_t_in_blood", "relative_tumour_size"):
        assert np.array_equal(course(selected, name), course(carrier, name)), name
    assert course(selected, "product_kill").max() > 0.0


def test_the_share_of_carriers_is_the_one_published() -> None:
    """2,959 of 6,606 screened; 20,000 people of one draw, whose share spreads by 0.7 %."""
    people = np.arange(20_000)
    ids = ("tcr/hla_liability", "tcr/hla_threshold")
    numbers = sample_numbers(
        default_catalogue(), ids, seed=1, draw=np.zeros(len(people), dtype=int), patient=people,
    )  # fmt: skip
    share = np.mean(numbers[ids[0]] < numbers[ids[1]])
    assert abs(share - 2959 / 6606) < 0.03  # false alarm below 1e-3


def test_a_tumour_that_stopped_presenting_escapes() -> None:
    kept, lost = (
        run(body(TCR), DAYS, GIVEN, conditioning=CONDITIONING, presentation_kept=share)
        for share in (0.9, 0.01)
    )
    assert course(lost, "product_kill").max() < 0.1 * course(kept, "product_kill").max()


def test_no_healthy_tissue_shows_a_cancer_testis_antigen() -> None:
    found = run(body(TCR), DAYS, {"tscm_infused": 1e12}, conditioning=CONDITIONING)
    assert course(found, "damaged_tissue").max() == 0.0
