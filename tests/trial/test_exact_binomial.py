"""The exact single-stage design: smallest size, saw-tooth, conduct."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from progenitor.errors import DesignError
from progenitor.trial import ExactBinomial

N = np.arange(1, 201)


def reaches(p0: float, p1: float, alpha: float, power: float) -> np.ndarray:
    """Whether each n reaches the power, by scipy."""
    r = binom.isf(alpha, N, p0)
    return (binom.sf(r, N, p0) <= alpha) & (binom.sf(r, N, p1) >= power)


@given(
    p0=st.floats(0.05, 0.5),
    gap=st.floats(0.2, 0.4),
    alpha=st.floats(0.02, 0.2),
    power=st.floats(0.7, 0.95),
)
def test_smallest_size_equals_scipy(p0: float, gap: float, alpha: float, power: float) -> None:
    limits = {"p0": p0, "p1": p0 + gap, "alpha": alpha, "power": power}
    enough = reaches(**limits)
    assert ExactBinomial.search(**limits, n_max=200).n == N[enough][0]
    steady = ExactBinomial.search(**limits, n_max=200, steady=True).n
    assert enough[steady - 1 :].all()
    assert steady == 1 or not enough[steady - 2]


def test_power_is_a_saw_tooth() -> None:
    limits = {"p0": 0.1, "p1": 0.2, "alpha": 0.05, "power": 0.8}
    enough = reaches(**limits)
    first = ExactBinomial.search(**limits)
    steady = ExactBinomial.search(**limits, steady=True)
    assert (first.n, steady.n) == (78, 89)
    assert not enough[first.n : steady.n - 1].all()  # some larger trials miss the power


def test_both_errors_may_be_met_exactly() -> None:
    """Under a rate of one half every probability is a binary fraction, so equality is exact."""
    design = ExactBinomial.search(p0=0.5, p1=0.75, alpha=0.05, power=0.8)
    again = ExactBinomial.search(p0=0.5, p1=0.75, alpha=design.alpha, power=design.power)
    assert again == design


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"p0": 0.4, "p1": 0.2, "alpha": 0.05, "power": 0.8}, "0 < p0 < p1 < 1"),
        ({"p0": 0.2, "p1": 0.4, "alpha": 0.8, "power": 0.5}, "0 < alpha < power < 1"),
        ({"p0": 0.2, "p1": 0.4, "alpha": 0.05, "power": 0.8, "n_max": 34}, "at most 34 patients"),
    ],
)
def test_impossible_designs_are_refused(limits: dict[str, float], words: str) -> None:
    with pytest.raises(DesignError, match=words):
        ExactBinomial.search(**limits)


@pytest.mark.parametrize(("r", "n"), [(-1, 5), (5, 5)])
def test_impossible_boundaries_are_refused(r: int, n: int) -> None:
    with pytest.raises(DesignError, match="is not a design"):
        ExactBinomial(p0=0.2, p1=0.4, r=r, n=n)


def test_conduct_and_prose() -> None:
    design = ExactBinomial(p0=0.125, p1=0.4, r=2, n=4)
    rows = np.array([[1, 1, 1, 0, 0], [1, 1, 0, 0, 1]], dtype=bool)
    done = design.conduct(rows)
    assert done.success.tolist() == [True, False]
    assert done.patients.tolist() == [4, 4]
    assert done.responders.tolist() == [3, 2]
    assert not done.stopped_early.any()
    assert str(done.explain(0)) == (
        "3 of 4 patients responded, more than 2: a rate of 12.5 % or less is rejected."
    )
    assert done.explain(1).label == "no success"


def test_every_sequence_of_responses_adds_up_to_the_exact_probability() -> None:
    design = ExactBinomial(p0=0.2, p1=0.4, r=2, n=5)
    sequences = np.array([[(i >> k) & 1 for k in range(5)] for i in range(32)], dtype=bool)
    x = sequences.sum(axis=1)
    weights = 0.4**x * 0.6 ** (5 - x)
    done = design.conduct(sequences)
    assert weights @ done.success == pytest.approx(design.power, rel=1e-12)


def test_too_few_patients_are_refused() -> None:
    with pytest.raises(DesignError, match="can need 4 patients, got 3"):
        ExactBinomial(p0=0.2, p1=0.4, r=2, n=4).conduct(np.zeros((1, 3), dtype=bool))
