"""Patients given gene-corrected stem cells: neutrophils that work, when they come, infections.

Kohn 2020: 16 to 46 % oxidase-positive neutrophils twelve months after a lentivirus (building), no
new infection in seven survivors. PM359 (one patient, press): 58 % on day 15, 66 % on day 30,
neutrophils on day 14. Kang 2010, an older vector: 26, 5 and 4 % early, 1.1 and 0.03 % late
(building: the two shares that stand for such a vector were set by hand to it).
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "body"))

import numpy as np
import pytest
from cgd_bodies import GRAFT_OF_PATIENTS, PATIENT, follow, follow_all, spread
from myeloid_bodies import course

from progenitor.evidence import default_catalogue

YEAR = 365.25


def published(name: str) -> float:
    return default_catalogue().parameter(f"observed/{name}").reported[0].value


def test_a_year_later_neutrophils_are_as_published() -> None:
    """Building: the middle is fitted; the spread covers the published range of six patients."""
    found = follow_all(PATIENT, spread(PATIENT, 200, seed=4), [YEAR], GRAFT_OF_PATIENTS)
    shares = found.observable("oxidase_positive_share")[:, 0]
    low, high = np.quantile(shares, [0.05, 0.95])
    assert low < 0.16 < np.median(shares) < 0.46 < high * 1.1


def test_the_share_is_there_within_a_month_and_stays() -> None:
    """Synopsis of Kohn 2020: above 15 % within one month, sustained at one year."""
    month, year, later = course(
        follow(PATIENT, [30.0, YEAR, 5 * YEAR], GRAFT_OF_PATIENTS), "oxidase_positive_share"
    )
    assert month > 0.15
    assert year == pytest.approx(month, rel=0.15)
    assert later == pytest.approx(year, rel=0.1)


def test_neutrophils_recover_some_days_earlier_than_published() -> None:
    """PM359: day 14. Ours cross 500 per microlitre at day 10: a miss by a third, kept."""
    days = np.arange(0.0, 30.0, 0.25)
    count = course(follow(PATIENT, list(days), GRAFT_OF_PATIENTS), "neutrophils_in_blood")
    recovered = days[np.flatnonzero(count < 500.0).max() + 1]
    assert 0.6 < recovered / published("pm359_neutrophil_engraftment") < 1.0


def test_one_patient_with_prime_edited_cells_did_better_than_lentivirus() -> None:
    """PM359's 58 and 66 % lie above what a lentivirus corrects; the timing is what is compared."""
    early, late = course(follow(PATIENT, [15.0, 30.0], GRAFT_OF_PATIENTS), "oxidase_positive_share")
    assert 0.3 < early / (published("pm359_oxidase_day_15") / 100) < 0.7
    assert 0.3 < late / (published("pm359_oxidase_day_30") / 100) < 0.7
    ratio = (late / early) / (published("pm359_oxidase_day_30") / published("pm359_oxidase_day_15"))
    assert ratio == pytest.approx(1.0, rel=0.2)


def test_an_older_vector_fades_as_published() -> None:
    """Building: 0.3 % of stem cells and 10 % of short-lived ones were set by hand to this."""
    numbers = {"stem_correction_share": 0.003, "progenitor_correction_share": 0.1}
    found = follow(PATIENT, [21.0, 3 * YEAR], GRAFT_OF_PATIENTS, **numbers)
    early, late = course(found, "oxidase_positive_share") * 100
    assert 0.5 < early / published("retroviral_oxidase_early") < 2.0
    assert 0.03 < late < 1.1


def test_corrected_patients_are_spared_most_infections() -> None:
    """Published none in seven over one to three years; ours 0.05 a patient and two years, so that
    none in seven is what three in four such groups see.
    """
    days = [90.0, 90.0 + 2 * YEAR]
    expected = {}
    for name, given in (("corrected", GRAFT_OF_PATIENTS), ("untreated", ())):
        found = follow_all(PATIENT, spread(PATIENT, 200, seed=4), days, given)
        hazard = found.observable("infections_expected")
        expected[name] = hazard[:, 1] - hazard[:, 0]
    assert np.median(expected["untreated"]) > 0.8
    none_in_seven = np.exp(-expected["corrected"]).mean() ** 7
    assert none_in_seven > 0.1
    assert np.median(expected["corrected"]) < 0.1 * np.median(expected["untreated"])
