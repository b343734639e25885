"""The marrow chain against the published model it comes from, and in its limits."""

import numpy as np
import pytest
from cgd_bodies import BUSULFAN, PATIENT, follow
from myeloid_bodies import course, medians

from progenitor.evidence import default_catalogue
from progenitor.library import simulate_population

DAYS = np.arange(0.0, 41.0, 1.0)
DRUG = 1.0


def test_it_rests_where_it_starts() -> None:
    found = follow(PATIENT, [0.0, 30.0, 365.0])
    assert course(found, "neutrophils_in_blood") == pytest.approx(
        [medians(PATIENT)["neutrophil_count"]] * 3, rel=1e-5
    )
    assert course(found, "gcsf_level") == pytest.approx([24.3] * 3, rel=1e-5)


def test_without_input_from_above_it_is_the_model_of_quartino_2014() -> None:
    """The library's own transcription, its drug reduced to one compartment that decays as ours.

    Both halve division at the same time and recover through the same G-CSF; solver tolerances
    differ, hence 0.2 %.
    """
    slope, decay = 1.5, 0.9
    table = default_catalogue().table("quartino_2014")
    published = {
        symbol: record.used.median for symbol, record in table.parameters.items() if record.used
    }
    # one umol/L at first: dose = molar mass x volume
    dose = published["molar_mass"] * published["central_volume"] * DRUG
    theirs = simulate_population(
        "quartino_2014",
        patients=1,
        seed=0,
        typical=True,
        changes={
            "dose": dose,
            "drug_slope": slope,
            "elimination_rate": decay,
            "shallow_uptake_rate": 0.0,
            "deep_uptake_rate": 0.0,
        },
        times=DAYS[np.newaxis],
    )
    ours = follow(
        PATIENT,
        list(DAYS),
        [("lymphodepletion", 0.0, DRUG)],
        precursor_input_share=0.0,
        conditioning_slope=slope,
        decay_rate=decay,
        marrow_transit_time=published["transit_time"],
        neutrophil_loss_rate=np.log(2) / published["blood_half_life"],
        neutrophil_count=published["baseline"],
        gcsf_baseline=published["gcsf_baseline"],
        gcsf_elimination_rate=published["gcsf_elimination_rate"],
        gcsf_uptake_rate=published["gcsf_uptake_rate"],
        gcsf_division_power=published["division_power"],
        gcsf_transit_power=published["transit_power"],
    )
    neutrophils = theirs.of("neutrophils")[0]
    assert neutrophils.min() < 0.6 * neutrophils[0]
    assert course(ours, "neutrophils_in_blood") == pytest.approx(neutrophils, rel=2e-3)
    assert course(ours, "gcsf_level") == pytest.approx(theirs.of("cytokine")[0], rel=2e-3)


def test_conditioning_brings_neutropenia_and_gcsf_rises_against_it() -> None:
    days = np.arange(-6.0, 40.0, 0.5)
    found = follow(PATIENT, list(days), BUSULFAN)
    neutrophils, gcsf = (course(found, name) for name in ("neutrophils_in_blood", "gcsf_level"))
    assert neutrophils.min() < 500.0
    assert np.corrcoef(np.log(neutrophils), np.log(gcsf))[0, 1] < -0.99
    assert neutrophils.argmin() == pytest.approx(gcsf.argmax(), abs=1)


def test_gcsf_given_as_a_drug_raises_neutrophils() -> None:
    """A thousand pg/mL every hour: neutrophils clear it within ten minutes."""
    doses = [("gcsf", hour / 24, 1e3) for hour in range(5 * 24)]
    found = follow(PATIENT, [0.0, 6.0], doses)
    before, after = course(found, "neutrophils_in_blood")
    assert after > 1.1 * before


def test_marrow_without_stem_cells_stays_empty_though_gcsf_is_at_its_highest() -> None:
    """Ten times the busulfan leaves no stem cell; no chain that sustains itself would do this."""
    found = follow(
        PATIENT, [0.0, 60.0, 120.0], [(name, day, 10 * dose) for name, day, dose in BUSULFAN]
    )
    assert course(found, "neutrophils_in_blood")[1:].max() < 5.0
    numbers = medians(PATIENT)
    highest = 24.3 * (
        1
        + numbers["gcsf_uptake_rate"]
        * numbers["neutrophil_count"]
        / numbers["gcsf_elimination_rate"]
    )
    assert course(found, "gcsf_level")[-1] == pytest.approx(highest, rel=0.05)
