"""Factorials, maps, expectations, structures, published values and movers, against hand values."""

import math

import numpy as np
import pytest
import scipy.stats

from progenitor.study.experiment._factorial import contrasts
from progenitor.study.experiment._movers import chance_floor, rank_correlation

WEIGHT, LOSS = 0.02, 0.1
DOSE = 1e6 * WEIGHT
SOLVER = 2e-5
ARM = {"chassis": "fader", "given": {"fresh": "1e6 cell/kg"}, "on": ["0 day"]}


def factorial_arms() -> dict:
    settings = {"neither": (0, 0), "first": (1, 0), "second": (0, 1), "both": (1, 1)}
    return {
        name: {"title": name, **ARM, "set": {"drug_a": a, "drug_b": b}}
        for name, (a, b) in settings.items()
    }


def test_effects_of_two_factors_by_hand():
    """Box, Hunter and Hunter's arithmetic on four numbers."""
    cells = {(0, 0): 20.0, (1, 0): 30.0, (0, 1): 40.0, (1, 1): 52.0}
    found = contrasts(["a", "b"], {place: np.asarray(value) for place, value in cells.items()})
    assert {name: float(value) for name, value in found.items()} == {
        "a": (30 + 52 - 20 - 40) / 2,
        "b": (40 + 52 - 20 - 30) / 2,
        "a × b": (52 - 40) - (30 - 20),
    }


def test_effects_of_three_factors_recover_what_they_were_made_of():
    truth = {"a": 4.0, "b": -2.0, "c": 1.0, "a × b": 3.0, "a × c": 0.5, "b × c": 0.0}
    cells = {}
    for place in np.ndindex(2, 2, 2):
        half = [2 * at - 1 for at in place]
        value = sum(truth[name] * half[at] / 2 for at, name in enumerate("abc"))
        pairs = {"a × b": (0, 1), "a × c": (0, 2), "b × c": (1, 2)}
        value += sum(truth[name] * half[i] * half[j] / 4 for name, (i, j) in pairs.items())
        cells[place] = np.asarray(value + 10.0)
    found = contrasts(["a", "b", "c"], cells)
    for name, known in truth.items():
        assert float(found[name]) == pytest.approx(known, rel=1e-12, abs=1e-12), name
    assert float(found["a × b × c"]) == pytest.approx(0.0, abs=1e-12)


def test_a_factorial_of_fading_cells(conduct, basis):
    """ln level = −k (1 + A + 2 B + A B) t: A does −1.5 k t, B −2.5 k t, together −k t more."""
    basis["arms"] = factorial_arms()
    basis["factorials"] = [
        {
            "title": "Drugs",
            "factors": ["drug_a", "drug_b"],
            "readout": "level",
            "scale": "ratio",
        }
    ]
    (found,) = conduct(basis).factorials
    unit = LOSS * 10
    known = {"drug_a": -1.5 * unit, "drug_b": -2.5 * unit, "drug_a × drug_b": -unit}
    for name, logarithm in known.items():
        value = found.effects[name].value
        assert math.log(value) == pytest.approx(logarithm, rel=1e-4, abs=0.0), name
    assert found.cells[(1, 0)] == "first"
    assert found.values[(1, 1)].value == pytest.approx(DOSE * math.exp(-5 * unit), rel=1e-4, abs=0)
    assert found.levels["drug_a"] == (0.0, 1.0)


def test_a_map_holds_the_exact_level_at_every_point(conduct, basis):
    basis["maps"] = {
        "loss_by_dose": {
            "title": "Loss and dose",
            "arm": "once",
            "against": "nothing",
            "readout": "level",
            "measure": "difference",
            "axes": [
                {"title": "Dose", "given": "fresh", "values": ["1e5 cell/kg", "1e6 cell/kg"]},
                {
                    "title": "Loss",
                    "number": "cells/loss_rate",
                    "values": ["0.05 1/day", "0.1 1/day", "0.2 1/day"],
                },
                {"title": "Drug", "set": "drug_a", "values": [0, 1]},
            ],
            "above": "1000 cell",
            "answers": True,
            "draws": 1,
            "per_draw": 2,
        }
    }
    result = conduct(basis)
    (grid,) = result.maps
    assert grid.values.shape == (2, 3, 2)
    for i, dose in enumerate((1e5, 1e6)):
        for j, loss in enumerate((0.05, 0.1, 0.2)):
            for k in range(2):
                known = dose * WEIGHT * math.exp(-loss * (1 + k) * 10)
                assert grid.values[i, j, k] == pytest.approx(known, rel=1e-4, abs=0.0)
                assert grid.benefit[i, j, k] == float(known >= 1000)
    assert grid.needed == (
        ("any", "10⁶ cells/kg or more"),
        ("10⁶ cells/kg or more", "10⁶ cells/kg or more"),
        ("10⁶ cells/kg or more", ""),
    )
    assert (grid.draws, grid.subjects) == (1, 2)
    assert result.headline.startswith(
        "Benefit, that is level on day 10 minus that of “Nothing” at least 1000 cells in at least "
        "half of the draws, needs dose, by loss and drug: where it is 0, any amount on the map at "
        "0.05 per day and 10⁶ cells/kg or more at 0.1 per day to 0.2 per day; where it is 1, 10⁶ "
        "cells/kg or more at 0.05 per day to 0.1 per day and no amount on the map at 0.2 per day."
    )
    assert result.simulations == 2 * 8 + 2 * (12 + 3)  # the arm at 12 points, nothing in 3 worlds


def test_expectations_are_met_or_missed_and_never_hidden(conduct, basis):
    numbers = {
        "cells/loss_rate": {
            "distribution": "lognormal",
            "median": 0.1,
            "between_patient_cv": 0,
            "uncertainty_cv": 0.5,
        }
    }
    basis["uncertainty"]["draws"] = 40
    middle = DOSE * math.exp(-LOSS * 10)
    basis["expectations"] = [
        {"statement": "Null", "readout": "level", "arm": "nothing", "below": "1 cell"},
        {"statement": "Not true", "readout": "level", "arm": "once", "below": "1 cell"},
        {
            "statement": "Half true",
            "readout": "level",
            "arm": "once",
            "against": "nothing",
            "above": f"{middle} cell",
        },
    ]
    result = conduct(basis, numbers=numbers)
    null, missed, half = result.expectations
    assert (null.met, null.share) == (True, 1.0)
    assert (missed.met, missed.share) == (False, 0.0)
    assert 0.2 < half.share < 0.8
    assert any("Expectation missed: Not true" in words for words in result.weaknesses)
    assert "Not true" in result.headline


def test_a_structure_repeats_everything_on_the_same_subjects(conduct, basis):
    basis["structures"] = {
        "double": {"title": "Twice as fast", "alternatives": {"fading": "fading_twice"}}
    }
    basis["comparisons"] = [{"arms": ["once", "nothing"], "readout": "level"}]
    result = conduct(basis)
    (found,) = result.structures
    level = found.readouts["once"]["level"].value
    assert level == pytest.approx(DOSE * math.exp(-2 * LOSS * 10), rel=SOLVER, abs=0.0)
    assert found.pairs[0].estimate.value == pytest.approx(level, rel=SOLVER, abs=0.0)
    assert found.words == "fading → fading twice"


def test_the_number_that_decides_the_answer_is_found(conduct, basis):
    """40 draws; the other uncertain number plays no part in the level."""
    spread = {"distribution": "lognormal", "between_patient_cv": 0, "uncertainty_cv": 0.5}
    numbers = {
        "cells/loss_rate": {**spread, "median": 0.1},
        "host/hazard": {**spread, "median": 0.01},
    }
    basis["uncertainty"]["draws"], basis["subjects"]["per_draw"] = 40, 2
    basis["comparisons"] = [{"arms": ["once", "nothing"], "readout": "level"}]
    result = conduct(basis, numbers=numbers)
    (mover,) = result.movers
    assert mover.id == "cells/loss_rate"
    assert mover.correlation == pytest.approx(-1.0, rel=1e-12, abs=0.0)
    assert mover.state == "assumed"
    assert 0.3 < result.movers_floor < 0.5


def test_rank_correlation_is_spearmans():
    one = np.array([3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0])
    other = np.array([2.0, 7.0, 1.0, 8.0, 2.0, 8.0, 1.0, 8.0])
    known = scipy.stats.spearmanr(one, other).statistic
    assert rank_correlation(one, other) == pytest.approx(known, rel=1e-10, abs=0.0)
    assert math.isnan(rank_correlation(one, np.ones(8)))


def test_chance_exceeds_the_floor_about_once_in_twenty_searches():
    """400 searches through 20 numbers in 30 draws; 8 to 34 alarms hold in all but 1 in 1,000."""
    from progenitor.engine import stream

    floor, alarms = chance_floor(30, 20), 0
    for search in range(400):
        table = stream(11, "movers", draw=search).standard_normal((21, 30))
        found = [abs(rank_correlation(row, table[0])) for row in table[1:]]
        alarms += max(found) > floor
    assert 6 <= alarms <= 34
