"""Readouts against closed forms: fading cells, constant hazards, a clone that may die out."""

import math

import numpy as np
import pytest

from progenitor.study import RunStore
from progenitor.study.experiment.results import ExperimentResult
from progenitor.study.results import Estimate

WEIGHT, LOSS, HAZARD, BIRTH, DEATH, CLONE = 0.02, 0.1, 0.01, 0.30, 0.25, 5.0
SOLVER = 2e-5
"""Error of the solver at its tolerance of 1e-6 a step."""


def value(result: ExperimentResult, arm: str, readout: str) -> Estimate:
    return result.arms[arm].readouts[readout]


def rows(result: ExperimentResult) -> dict[str, np.ndarray]:
    with RunStore.open(result.run_dir) as store:
        return dict(store.read_all().outcomes)


def test_a_dose_per_kilogram_fades_as_an_exponential(conduct, basis):
    basis["readouts"] |= {
        "area": {"title": "Area", "kind": "area", "observable": "cells_here", "until": "10 day"},
        "peak": {"title": "Peak", "kind": "maximum", "observable": "cells_here"},
        "peak_day": {"title": "Day", "kind": "time_of", "observable": "cells_here"},
        "lowest": {"title": "Least", "kind": "lowest", "observable": "cells_here"},
        "fold": {
            "title": "Fold",
            "kind": "fold_change",
            "observable": "cells_here",
            "since": "5 day",
            "at": "15 day",
        },
        "thousands": {
            "title": "In units of its own",
            "kind": "value_at",
            "observable": "cells_here",
            "over": "clone_size",
            "at": "0 day",
            "unit": "%",
        },
    }
    result = conduct(basis)
    dose = 1e6 * WEIGHT
    looks = np.arange(0.0, 10.25, 0.5)
    course = dose * np.exp(-LOSS * looks)
    expected = {
        "level": dose * math.exp(-LOSS * 10),
        "area": float(np.sum(0.25 * (course[1:] + course[:-1]))),
        "peak": dose,
        "peak_day": 0.0,
        "lowest": dose * math.exp(-LOSS * 20),
        "fold": math.exp(-LOSS * 10),
        "thousands": 100 * dose / CLONE,
    }
    for name, known in expected.items():
        found = value(result, "once", name).value
        assert found == pytest.approx(known, rel=SOLVER, abs=0.0), name
    assert value(result, "nothing", "level").value == 0.0
    units = {name: value(result, "once", name).unit for name in expected}
    assert units["area"] == "cell*day"
    assert units["fold"] == ""
    assert units["thousands"] == "%"


def test_doses_add_up_each_on_its_own_days(conduct, basis):
    basis["arms"]["weekly"] = {
        "title": "Weekly, with a dose per subject besides",
        "chassis": "fader",
        "given": {"fresh": {"dose": "1e6 cell/kg", "on": ["0 day", "7 day"]}, "cells": "500 cell"},
        "on": ["9 day"],
    }
    level = value(conduct(basis), "weekly", "level").value
    first = 1e6 * WEIGHT * (math.exp(-LOSS * 10) + math.exp(-LOSS * 3))
    assert level == pytest.approx(first + 500 * math.exp(-LOSS), rel=SOLVER, abs=0.0)


def test_what_ifs_replace_or_multiply_a_number(conduct, basis):
    basis["arms"] |= {
        "twice": {**basis["arms"]["once"], "numbers": {"cells/loss_rate": "2 times"}},
        "instead": {**basis["arms"]["once"], "numbers": {"cells/loss_rate": "0.05 1/day"}},
        "heavy": {**basis["arms"]["once"], "numbers": {"host/body_weight": "40 g"}},
    }
    result = conduct(basis)
    dose = 1e6 * WEIGHT
    for arm, known in {
        "twice": dose * math.exp(-2 * LOSS * 10),
        "instead": dose * math.exp(-0.5),
        "heavy": 2 * dose * math.exp(-LOSS * 10),
    }.items():
        assert value(result, arm, "level").value == pytest.approx(known, rel=SOLVER, abs=0.0), arm


def test_an_event_is_the_first_time_beyond_a_level(conduct, basis):
    basis["looks"]["every"] = "0.05 day"
    event = {"kind": "event", "observable": "cells_here"}
    basis["readouts"] |= {
        "gone": {
            "title": "Gone",
            "kind": "event",
            "observable": "cells_here",
            "below": "5000 cell",
        },
        "never": {
            "title": "Never",
            "kind": "event",
            "observable": "cells_here",
            "above": "1e9 cell",
        },
    }
    basis["arms"].pop("nothing")
    event = conduct(basis).arms["once"].events["gone"]
    known = math.log(1e6 * WEIGHT / 5000) / LOSS
    assert event.time == pytest.approx(np.full(8, known), rel=1e-4, abs=0.0)
    assert (event.event == 1.0).all()
    never = conduct(basis).arms["once"].events["never"]
    assert (never.time == 20.0).all()
    assert (never.event == 0.0).all()
    assert never.median.value == math.inf
    assert never.by_end.value == 0.0
    assert 0.0 < never.by_end.high < 0.5  # nobody of eight is no proof of nobody


def test_a_constant_hazard_strikes_as_often_as_it_should(conduct, basis):
    """2,000 subjects: |z| < 4 is missed by chance once in 16,000 runs."""
    basis["uncertainty"]["draws"], basis["subjects"]["per_draw"] = 4, 500
    basis["readouts"] = {
        "struck": {"title": "Struck", "kind": "chance_event", "observable": "cumulative_hazard"}
    }
    basis["arms"]["risky"] = {
        "title": "Twice the hazard",
        "chassis": "none",
        "numbers": {"host/hazard": "2 times"},
    }
    basis["comparisons"] = [{"arms": ["risky", "nothing"], "readout": "struck"}]
    result = conduct(basis)
    share = 1 - math.exp(-HAZARD * 20)
    z = (value(result, "nothing", "struck").value - share) / math.sqrt(share * (1 - share) / 2000)
    assert abs(z) < 4
    seen = rows(result)
    once, twice = (seen["readout_struck"][seen["arm"] == arm] for arm in (0, 2))
    both = ~np.isnan(once)
    assert twice[both] == pytest.approx(once[both] / 2, rel=1e-6, abs=0.0), "same chance, paired"
    ratio = result.pairs[0].estimate.value
    events = int(both.sum() + (~np.isnan(twice)).sum())
    assert abs(math.log(ratio / 2)) < 4 * 2 / math.sqrt(events)


def test_a_clone_dies_out_as_often_as_it_should(conduct, basis):
    r"""Birth-death process: :math:`p = \bigl(\frac{d(e^{(b-d)t}-1)}{b e^{(b-d)t}-d}\bigr)^{n}`.

    Kendall 1948; 4,000 subjects, |z| < 4 is missed by chance once in 16,000 runs.
    """
    basis["uncertainty"]["draws"], basis["subjects"]["per_draw"] = 4, 1000
    basis["looks"]["every"] = "1 day"
    basis["arms"].pop("nothing")
    basis["readouts"] = {
        "cured": {
            "title": "Cured",
            "kind": "share",
            "observable": "clone_size",
            "at": "20 day",
            "below": "0.5 cell",
        }
    }
    growth = math.exp((BIRTH - DEATH) * 20)
    known = (DEATH * (growth - 1) / (BIRTH * growth - DEATH)) ** CLONE
    found = value(conduct(basis), "once", "cured")
    assert found.n == 4000
    assert abs(found.value - known) / math.sqrt(known * (1 - known) / 4000) < 4


def test_the_dead_are_followed_no_more_and_counted_as_the_file_says(conduct, basis):
    basis["uncertainty"]["draws"], basis["subjects"]["per_draw"] = 2, 200
    share = {
        "title": "Here",
        "kind": "share",
        "observable": "time_so_far",
        "at": "20 day",
        "above": "19 day",
    }
    basis["readouts"] |= {
        "death": {"title": "Death", "kind": "chance_event", "observable": "cumulative_hazard"},
        "alive": share,
        "of_the_living": {**share, "after_end": "left_out"},
        "exposure": {"title": "Days lived", "kind": "area", "observable": "cumulative_hazard"},
    }
    basis["ends"] = ["death"]
    result = conduct(basis)
    seen = rows(result)
    dead = ~np.isnan(seen["readout_death"])
    assert 0.1 < dead.mean() < 0.3
    assert (seen["readout_alive"] == ~dead).all()
    assert np.isnan(seen["readout_of_the_living"][dead]).all()
    assert np.isnan(seen["readout_level"][dead & (seen["readout_death"] < 10)]).all()
    assert np.isfinite(seen["readout_level"][dead & (seen["readout_death"] > 10.01)]).all()
    assert value(result, "once", "alive").n == 400
    band = result.arms["once"].bands["cells_here"]
    assert np.isfinite(band.values[:, -1]).all()


def test_a_failed_simulation_is_counted_and_has_no_value(conduct, basis, monkeypatch):
    """Half of the subjects are given up after two steps."""
    from progenitor.study.experiment import _simulate

    real = _simulate.simulate

    def given_up(*words, **options):
        found = real(*words, **options)
        found.status[::2] = 1
        found.values[::2] = np.nan
        return found

    monkeypatch.setattr(_simulate, "simulate", given_up)
    result = conduct(basis)
    assert result.failed == 8
    assert result.status_counts == {"step_limit": 8}
    assert value(result, "once", "level").n == 4
    assert result.arms["once"].failed == 4
    assert any("8 of 16 simulations could not be solved" in words for words in result.weaknesses)
