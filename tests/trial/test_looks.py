"""Monitored trials: exact paths against enumeration, conduct against its own words."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from progenitor.engine import stream
from progenitor.errors import DesignError, InputError
from progenitor.trial import Bop2, ExactBinomial, Looks, PredictiveProbability

ROUNDING = 1e-12  # sums of at most a few thousand positive terms


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.37, 0.9, 1.0])
@pytest.mark.parametrize("high", [(), (3, 5, 4)])
def test_paths_equal_enumeration(rate: float, high: tuple[int, ...]) -> None:
    """All 2^8 sequences of responses, each walked through the looks."""
    looks = Looks((3, 5, 8), (0, 1, 3), high)
    success = early = patients = 0.0
    for responses in product((False, True), repeat=8):
        row = np.array(responses)
        weight = np.prod(np.where(row, rate, 1.0 - rate))
        decided = looks.conduct(ExactBinomial(0.2, 0.4, 3, 8), row[None])
        success += weight * float(decided.success[0])
        patients += weight * int(decided.patients[0])
        early += weight * float(decided.stopped_early[0] and not decided.success[0])
    found = looks.characteristics(rate)
    assert found.success == pytest.approx(success, rel=0, abs=ROUNDING)
    assert found.early_stop == pytest.approx(early, rel=0, abs=ROUNDING)
    assert found.expected_patients == pytest.approx(patients, rel=0, abs=8 * ROUNDING)


@given(rate=st.floats(0.0, 1.0), low=st.integers(-1, 9))
def test_one_look_is_the_binomial_test(rate: float, low: int) -> None:
    one = Looks((10,), (low,)).success_probability(rate)
    want = ExactBinomial(0.2, 0.4, low, 10).success_probability(rate) if low >= 0 else 1.0
    assert one == pytest.approx(want, rel=0, abs=ROUNDING)


def test_words_of_an_early_end() -> None:
    looks = Looks((3, 5, 8), (0, 1, 3), (3, 5, 4))
    none, many = np.zeros(8, dtype=bool), np.ones(8, dtype=bool)
    assert looks.decide(none, 0.2).label == "stopped early"
    assert looks.decide(many, 0.2).label == "early success"
    middle = np.array([1, 0, 1, 0, 0, 0, 0, 0], dtype=bool)
    assert "not more than 3" in looks.decide(middle, 0.2).message


@pytest.mark.parametrize(
    ("sizes", "low"), [((), ()), ((5, 5), (0, 0)), ((0, 5), (0, 0)), ((5,), (0, 1)), ((5,), (6,))]
)
def test_looks_that_do_not_fit(sizes: tuple[int, ...], low: tuple[int, ...]) -> None:
    with pytest.raises(DesignError, match="Fix:"):
        Looks(sizes, low)


@pytest.mark.parametrize("looks", [(12, 24, 36), (10, 25), (30,)])
def test_bop2_is_the_best_of_its_grid(looks: tuple[int, ...]) -> None:
    """Each pair of a coarse grid, built one by one, never beats the search."""
    best = Bop2.search(p0=0.25, p1=0.45, looks=looks, alpha=0.1)
    assert best.alpha <= 0.1
    for threshold in np.arange(0.5, 1.0, 0.05).round(2):
        for exponent in np.arange(0.0, 1.01, 0.2).round(2):
            other = Bop2(0.25, 0.45, looks, float(threshold), float(exponent), best.prior)
            assert other.alpha > 0.1 or other.power <= best.power + ROUNDING


def test_bop2_that_cannot_be() -> None:
    with pytest.raises(DesignError, match="no BOP2 design"):
        Bop2.search(p0=0.25, p1=0.45, looks=(5,), alpha=1e-9)
    with pytest.raises(DesignError, match=r"lambda = 1\.5"):
        Bop2(0.2, 0.4, (10, 20), 1.5, 0.5, (1.0, 1.0))
    with pytest.raises(DesignError, match="do not increase"):
        Bop2.search(p0=0.2, p1=0.4, looks=(20, 10), alpha=0.1)


def test_predictive_probability_ends_with_success_when_it_is_certain() -> None:
    """With theta_u the trial also ends early with success; type I error and size fall or stay."""
    numbers = {"p0": 0.2, "nmax": 30, "theta_t": 0.95, "theta_l": 0.05, "nmin": 5}
    without = PredictiveProbability(**numbers).boundaries.characteristics(0.5)
    also = PredictiveProbability(**numbers, theta_u=0.999).boundaries.characteristics(0.5)
    assert also.expected_patients < without.expected_patients
    assert also.success >= without.success


def test_everything_wrong_with_predictive_monitoring_is_told() -> None:
    with pytest.raises(InputError) as refused:
        PredictiveProbability(p0=1.2, nmax=5, theta_t=0.0, theta_l=0.9, theta_u=0.5, nmin=6)
    assert len(refused.value.problems) == 4


def test_conduct_is_as_likely_as_stated() -> None:
    """20,000 trials, seed 2: |z| < 4 for success, early stop and size; false alarm 2 in 10,000."""
    design = Bop2.search(p0=0.2, p1=0.4, looks=(10, 20, 30, 40), alpha=0.1)
    responses = stream(2, "bop2 conduct").random((20_000, 40)) < 0.3
    found, want = design.conduct(responses), design.characteristics(0.3)
    for seen, expected in (
        (found.success, want.success),
        (found.stopped_early, want.early_stop),
    ):
        error = np.sqrt(expected * (1.0 - expected) / 20_000)
        assert abs(seen.mean() - expected) < 4.0 * error
    size = found.patients
    assert abs(size.mean() - want.expected_patients) < 4.0 * size.std() / np.sqrt(20_000)
