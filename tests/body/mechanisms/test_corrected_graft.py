"""Corrected stem cells and short-lived progenitors in their closed-form limits."""

import numpy as np
import pytest
from cgd_bodies import GRAFT_OF_MICE, GRAFT_OF_PATIENTS, MOUSE, PATIENT, follow
from myeloid_bodies import course, medians

DOSE = 7.5e8
ABLATED = (("lymphodepletion", -15.0, 20.0), ("corrected_infused", 0.0, DOSE))
"""Two weeks before the graft, so much that no stem cell of one's own is left."""


def test_a_niche_without_a_graft_stays_as_it_is() -> None:
    found = follow(PATIENT, [0.0, 100.0, 1000.0])
    assert course(found, "corrected_hsc_in_marrow").max() == 0.0
    assert course(found, "neutrophils_in_blood")[-1] == pytest.approx(4000.0, rel=1e-4)


def test_after_myeloablation_the_corrected_share_of_the_product_stays_for_good() -> None:
    """All stem cells are the graft's, so neutrophils are corrected as the graft was, x_L."""
    found = follow(PATIENT, [0.0, 365.0, 3650.0], ABLATED)
    share = medians(PATIENT)["stem_correction_share"]
    assert course(found, "corrected_stem_cell_share")[1:] == pytest.approx([share] * 2, rel=1e-4)
    assert course(found, "oxidase_positive_share")[-1] == pytest.approx(share, rel=1e-3)


def test_without_conditioning_no_stem_cell_finds_a_place_to_speak_of() -> None:
    """A full niche is 1 % empty: a dose worth 70,000 stem cells takes less than that of 100,000."""
    found = follow(PATIENT, [365.0], [("corrected_infused", 0.0, DOSE)])
    assert course(found, "corrected_stem_cell_share")[0] < 0.02


def test_short_lived_progenitors_fade_exponentially() -> None:
    """Without corrected stem cells the corrected cells are S(t) = x_S ε_S I e^{-λ t}."""
    numbers = medians(MOUSE)
    days = np.array([2.0, 20.0, 60.0, 120.0])
    # released at once, so that the clock of every cell starts on day 0
    found = follow(
        MOUSE, list(days), GRAFT_OF_MICE, stem_correction_share=0.0, graft_release_rate=1e4
    )
    start = numbers["progenitor_correction_share"] * numbers["short_lived_share"] * 1e6
    expected = start * np.exp(-numbers["fading_rate"] * days)
    assert course(found, "corrected_hsc_in_marrow") == pytest.approx(expected, rel=2e-3)


def test_every_infused_cell_finds_a_place_lives_briefly_or_is_lost() -> None:
    """Twice the dose, twice the short-lived cells; stem cells compete for the same places."""
    one, two = (
        follow(MOUSE, [1.0], [GRAFT_OF_MICE[0], ("corrected_infused", 0.0, dose)], fading_rate=0.0)
        for dose in (1e6, 2e6)
    )
    ratio = course(two, "corrected_hsc_in_marrow")[0] / course(one, "corrected_hsc_in_marrow")[0]
    assert ratio == pytest.approx(2.0, rel=1e-3)


def test_the_share_does_not_depend_on_how_fast_the_niche_refills() -> None:
    """Own and corrected stem cells are alike: fourfold the rate moves the share by under 10 %."""
    shares = [
        course(
            follow(PATIENT, [730.0], GRAFT_OF_PATIENTS, refill_rate=rate), "oxidase_positive_share"
        )[0]
        for rate in (0.1, 0.2, 0.4)
    ]
    assert max(shares) / min(shares) < 1.1
