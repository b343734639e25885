"""Trust falls and uncertainty widens with every step away from people, product and place."""

import itertools
import math
from dataclasses import replace

import pytest

from progenitor.evidence import (
    GRADES,
    Directness,
    Parameter,
    Reported,
    Used,
    trust_grade,
    widened_cv,
)

READ = Reported("a_2019", "Q", 1.0, "1/day", second_reading="confirmed")
USED = Used("lognormal", 1.0, between_patient_cv=0.3, uncertainty_cv=0.2)
NUMBER = Parameter(
    "a/b", "B", "b", "1/day", "building", (READ,), USED, grade="human-trial", state="provisional"
)
LEVELS = ("direct", "partial", "indirect")


@pytest.mark.parametrize(
    ("changes", "state", "letter"),
    [
        ({}, "checked", "A"),
        ({}, "provisional", "A"),
        ({"calibrated": True}, "provisional", "B"),
        ({"reported": (replace(READ, second_reading="not read"),)}, "provisional", "B"),
        ({"grade": "human-observational"}, "checked", "A"),
        ({"grade": "human-observational"}, "provisional", "B"),
        ({"grade": "mouse"}, "checked", "B"),
        ({"grade": "mouse", "directness": Directness("indirect")}, "provisional", "C"),
        ({"grade": "press", "directness": Directness(product="indirect")}, "provisional", "D"),
        ({}, "assumed", "D"),
        ({}, "disputed", "D"),
        ({}, "stale", "D"),
        ({"role": "definition"}, "provisional", "B"),
        ({"role": "setting"}, "assumed", "C"),
        ({"role": "setting"}, "stale", "D"),
    ],
)
def test_letters(changes, state, letter):
    assert trust_grade(replace(NUMBER, **changes), state) == letter


def test_no_step_away_raises_trust_or_narrows():
    for levels in itertools.product(LEVELS, repeat=4):
        here = replace(NUMBER, directness=Directness(*levels))
        for position, level in enumerate(levels):
            if level == "indirect":
                continue
            farther = list(levels)
            farther[position] = LEVELS[LEVELS.index(level) + 1]
            there = replace(NUMBER, directness=Directness(*farther))
            assert trust_grade(there, "provisional") >= trust_grade(here, "provisional")
            assert widened_cv(there) > widened_cv(here)


def test_every_grade_is_known_to_both_functions():
    for grade in GRADES:
        number = replace(NUMBER, grade=grade)
        assert trust_grade(number, "provisional") in "ABCD"
        assert widened_cv(number) >= USED.uncertainty_cv * (1 - 1e-12)


def test_direct_human_evidence_is_not_widened():
    # rel 1e-12: log1p and expm1 undo each other to a few roundings; atol 0 as values are ~0.1.
    assert widened_cv(NUMBER) == pytest.approx(0.2, rel=1e-12, abs=0.0)


def test_log_variances_add():
    """Independent lognormal factors multiply: 1 + CV² = Π(1 + CVᵢ²) (Aitchison and Brown 1957)."""
    number = replace(NUMBER, directness=Directness(product="partial", indication="indirect"))
    factors = [1 + 0.2**2, math.exp(0.10**2), math.exp(0.25**2)]
    expected = math.sqrt(math.prod(factors) - 1)
    assert widened_cv(number) == pytest.approx(expected, rel=1e-12, abs=0.0)


def test_other_scales():
    far = Directness(species="indirect")
    logit = Used("logitnormal", 0.3, between_patient_sd=0.4, uncertainty_sd=0.6)
    # 3-4-5-like triangles: 0.6² + 0.25² = 0.65²; atol 0 as values are of order one.
    assert widened_cv(replace(NUMBER, used=logit, directness=far)) == pytest.approx(
        0.65, rel=1e-12, abs=0.0
    )
    normal = Used("normal", -10.0, between_patient_sd=1.0, uncertainty_sd=6.0)
    assert widened_cv(replace(NUMBER, used=normal, directness=far)) == pytest.approx(
        6.5, rel=1e-12, abs=0.0
    )
    centred = Used("normal", 0.0, uncertainty_sd=0.1)
    assert widened_cv(replace(NUMBER, used=centred, directness=far)) == 0.1
    assert widened_cv(replace(NUMBER, used=Used("fixed", 38.0), directness=far)) == 0.0
    assert widened_cv(replace(NUMBER, used=None)) == 0.0


def test_an_assumed_number_is_never_surer_than_thirty_percent():
    guess = replace(NUMBER, state="assumed", reported=(), grade="")
    assert widened_cv(guess) == pytest.approx(0.3, rel=1e-12, abs=0.0)
    wide = replace(guess, used=replace(USED, uncertainty_cv=0.8))
    assert widened_cv(wide) == pytest.approx(0.8, rel=1e-12, abs=0.0)
