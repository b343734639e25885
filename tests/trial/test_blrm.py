"""Logistic regression with overdose control: steps, achieved doses, stopping."""

import numpy as np
import pytest

from progenitor.errors import DesignError
from progenitor.trial import Blrm, DoseState, conduct_dose_finding, toxicity_outcomes
from progenitor.trial._logistic_posterior import LogisticPrior, logistic_posterior

DOSES = (1e5, 3e5, 1e6, 3e6)
PRIOR = {"reference": 1e6, "mean": (-1.386, 0.0), "sd": (1.5, 0.7)}
CALM = Blrm(doses=DOSES, **PRIOR)


def after(levels: list[int], toxic: list[int], achieved: list[float] | None = None) -> DoseState:
    return DoseState.from_sequence(levels, [bool(t) for t in toxic], doses=4, achieved=achieved)


def test_the_achieved_dose_counts() -> None:
    """A toxicity at half the dose speaks louder; none at half the dose says less."""
    full, half = [1e6] * 3, [5e5] * 3
    for toxic, louder in (([1, 1, 1], 1), ([0, 0, 0], 1)):
        given, less = (CALM.fit(after([2] * 3, toxic, dose)).mean[0, 2] for dose in (full, half))
        assert np.sign(less - given) == louder
    as_assigned = CALM.fit(after([2] * 3, [0, 1, 0]))
    the_same = CALM.fit(after([2] * 3, [0, 1, 0], full))
    assert as_assigned.mean == pytest.approx(the_same.mean, rel=1e-12)


def test_rises_no_more_than_half_a_log_above_what_was_achieved() -> None:
    quiet = [0, 0, 0, 0, 0, 0]
    reached = after([0] * 6, quiet)
    assert CALM.next_dose(reached).level.tolist() == [1]
    short = after([0] * 6, quiet, [6e4] * 6)
    assert CALM.next_dose(short).level.tolist() == [0]  # 3e5 is five times what anybody got
    bold = Blrm(doses=DOSES, largest_step=10.0, **PRIOR)
    assert bold.next_dose(short).level.tolist() == [1]


def test_overdose_control_stops_a_toxic_trial() -> None:
    state = after([0, 0, 0], [1, 1, 1])
    found = CALM.next_dose(state)
    assert CALM.fit(state).over[0, 0] > 0.25
    assert found.level.tolist() == [-1]
    assert found.label(0) == "stop: lowest dose too toxic"
    assert "over" in CALM.explain(state).message
    assert CALM.select(state).tolist() == [-1]


def test_recommends_the_most_probable_of_the_safe() -> None:
    state = after([0] * 3 + [1] * 3 + [2] * 3, [0] * 3 + [0] * 3 + [0, 0, 1])
    fit = CALM.fit(state)
    safe = np.flatnonzero(fit.over[0] < 0.25)
    best = safe[np.argmax(fit.target[0, safe])]
    assert CALM.next_dose(state).level.tolist() == [int(best)]


def test_probabilities_add_up_and_large_trials_are_exact() -> None:
    """600 patients: the answer is the one of a grid twice as wide and fine around the mode."""
    place = np.arange(600)
    log_dose = np.log(np.array([0.3, 1.0, 3.0]))[place % 3][None, :]
    toxic = (place % 7 < np.array([1, 2, 4])[place % 3])[None, :]
    prior = LogisticPrior((-1.0, 0.0), (2.0, 1.0), 0.0)
    grid = np.log(np.array([0.3, 1.0, 3.0]))
    found = logistic_posterior(
        log_dose, toxic, np.ones_like(toxic), grid, prior=prior, cuts=(0.2, 0.35)
    )
    assert found.under + found.target + found.over == pytest.approx(1.0, abs=1e-12)
    first = np.linspace(-2.5, 0.5, 1501)[:, None]
    second = np.linspace(-1.5, 1.0, 1251)[None, :]
    log = -0.5 * (((first + 1.0) / 2.0) ** 2 + second**2)
    for x in range(3):
        here = place % 3 == x
        score = first + np.exp(second) * grid[x]
        ill, well = toxic[0, here].sum(), (~toxic[0, here]).sum()
        log = log - ill * np.logaddexp(0, -score) - well * np.logaddexp(0, score)
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    for x in range(3):
        p = 1.0 / (1.0 + np.exp(-(first + np.exp(second) * grid[x])))
        mean = (weight * p).sum()
        assert found.mean[0, x] == pytest.approx(mean, abs=1e-6)  # trapezoidal sums of both
        assert found.sd[0, x] == pytest.approx((weight * (p - mean) ** 2).sum() ** 0.5, abs=1e-6)
        assert found.over[0, x] == pytest.approx(weight[p >= 0.35].sum(), abs=2e-3)  # counts points


def test_trials_on_counts_and_on_patients_agree() -> None:
    outcomes = toxicity_outcomes([0.1, 0.2, 0.3, 0.5], patients=9, replicates=6, seed=2)
    found = conduct_dose_finding(CALM, outcomes)
    state = found.state
    for row in range(6):
        counts = DoseState.from_counts(state.treated[row], state.toxic[row])
        assert CALM.fit(counts).mean[0] == pytest.approx(CALM.fit(state).mean[row], rel=1e-9)


def test_impossible_designs_are_refused_all_at_once() -> None:
    with pytest.raises(DesignError) as error:
        Blrm(doses=(3e5, 1e5), reference=0.0, mean=(0.0, 0.0), sd=(1.0, 0.0), correlation=1.0,
             cuts=(0.4, 0.3), overdose=1.0, largest_step=1.0, enough=0)  # fmt: skip
    for words in ("rising", "reference", "deviations", "correlation", "interval", "overdose",
                  "step", "enough"):  # fmt: skip
        assert words in str(error.value)
    with pytest.raises(DesignError, match="not above 0"):
        CALM.fit(after([0], [0], [0.0]))
