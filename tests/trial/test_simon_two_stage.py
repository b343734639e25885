"""Simon's two-stage design: the search against brute force, the conduct against its own words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from progenitor.engine import stream
from progenitor.errors import DesignError, InputError
from progenitor.trial import SimonTwoStage

ROUNDING = 1e-12  # both sides sum at most a few dozen probabilities


def success(r1: int, n1: int, r: int, n: int, p: float) -> float:
    x1 = np.arange(r1 + 1, n1 + 1)
    return float(binom.pmf(x1, n1, p) @ binom.sf(r - x1, n - n1, p))


def brute_force(
    p0: float, p1: float, alpha: float, beta: float, n_max: int
) -> list[tuple[float, int, int, int, int]]:
    """Every admissible (EN, r1, n1, r, n), r the smallest that keeps the type I error."""
    found = []
    for n in range(2, n_max + 1):
        for n1 in range(1, n):
            for r1 in range(-1, n1):
                for r in range(max(r1, 0), n):
                    if success(r1, n1, r, n, p0) < alpha:
                        if success(r1, n1, r, n, p1) > 1.0 - beta:
                            go_on = 1.0 - binom.cdf(r1, n1, p0)
                            found.append((n1 + go_on * (n - n1), r1, n1, r, n))
                        break
    return found


@pytest.mark.parametrize(
    ("p0", "p1", "alpha", "beta"),
    [(0.05, 0.45, 0.1, 0.2), (0.2, 0.6, 0.05, 0.2), (0.5, 0.9, 0.05, 0.1), (0.3, 0.7, 0.2, 0.05)],
)
def test_search_equals_brute_force(p0: float, p1: float, alpha: float, beta: float) -> None:
    candidates = brute_force(p0, p1, alpha, beta, 18)
    assert candidates, "the comparison would be empty"
    smallest = min(c[4] for c in candidates)
    best = {
        "optimal": min(candidates),
        "minimax": min(c for c in candidates if c[4] == smallest),
    }
    for criterion, (expected, *boundaries) in best.items():
        limits = {"p0": p0, "p1": p1, "alpha": alpha, "beta": beta}
        design = SimonTwoStage.search(**limits, n_max=18, criterion=criterion)
        assert [design.r1, design.n1, design.r, design.n] == boundaries
        assert design.en0 == pytest.approx(expected, rel=ROUNDING)


def test_a_design_without_early_stop_is_found_where_none_other_fits() -> None:
    """0.5 against 0.9 in 10 patients: power allows no early stop, so r1 is −1."""
    limits = {"p0": 0.5, "p1": 0.9, "alpha": 0.06, "beta": 0.2}
    design = SimonTwoStage.search(**limits, n_max=8, criterion="minimax")
    everything = brute_force(0.5, 0.9, 0.06, 0.2, 8)
    assert design.r1 == min(c for c in everything if c[4] == design.n)[1]
    never = SimonTwoStage(p0=0.5, p1=0.9, r1=-1, n1=1, r=7, n=10)
    assert (never.pet0, never.en0) == (0.0, 10.0)
    assert never.power == pytest.approx(binom.sf(7, 10, 0.9), rel=ROUNDING)


@given(
    p0=st.floats(0.05, 0.5),
    gap=st.floats(0.2, 0.4),
    alpha=st.floats(0.02, 0.2),
    beta=st.floats(0.05, 0.3),
)
def test_found_designs_keep_their_promises(
    p0: float, gap: float, alpha: float, beta: float
) -> None:
    limits = {"p0": p0, "p1": p0 + gap, "alpha": alpha, "beta": beta}
    optimal = SimonTwoStage.search(**limits)
    minimax = SimonTwoStage.search(**limits, criterion="minimax")
    for design in (optimal, minimax):
        assert design.alpha < alpha
        assert 1.0 - design.power < beta
        boundaries = design.r1, design.n1, design.r, design.n
        assert design.alpha == pytest.approx(success(*boundaries, p0), rel=1e-9)
        assert design.n1 <= design.en0 <= design.n
    assert minimax.n <= optimal.n
    assert optimal.en0 <= minimax.en0


def test_the_type_i_error_is_strict() -> None:
    """Under a rate of one half every probability is a binary fraction, so equality is exact."""
    limits = {"p0": 0.5, "p1": 0.9, "beta": 0.2}
    design = SimonTwoStage.search(**limits, alpha=0.05)
    assert SimonTwoStage.search(**limits, alpha=design.alpha).alpha < design.alpha
    assert SimonTwoStage.search(**limits, alpha=np.nextafter(design.alpha, 1.0)) == design


def test_the_type_ii_error_is_strict() -> None:
    limits = {"p0": 0.125, "p1": 0.5, "alpha": 0.1}
    design = SimonTwoStage.search(**limits, beta=0.2)
    beta = 1.0 - design.power
    assert SimonTwoStage.search(**limits, beta=beta).power > design.power
    assert SimonTwoStage.search(**limits, beta=beta + 1e-12) == design


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"p0": 0.4, "p1": 0.2, "alpha": 0.05, "beta": 0.2}, "0 < p0 < p1 < 1"),
        ({"p0": 0.2, "p1": 0.2, "alpha": 0.05, "beta": 0.2}, "0 < p0 < p1 < 1"),
        ({"p0": 0.0, "p1": 0.2, "alpha": 0.05, "beta": 0.2}, "0 < p0 < p1 < 1"),
        ({"p0": 0.2, "p1": 0.4, "alpha": 0.0, "beta": 0.2}, "errors above 0"),
        ({"p0": 0.2, "p1": 0.4, "alpha": 0.5, "beta": 0.6}, "sum to less than 1"),
        ({"p0": 0.2, "p1": 0.4, "alpha": 0.05, "beta": 0.2, "n_max": 30}, "at most 30 patients"),
        ({"p0": 0.2, "p1": 0.4, "alpha": 0.05, "beta": 0.2, "n_max": 1}, "n_max of at least 2"),
    ],
)
def test_impossible_designs_are_refused(limits: dict[str, float], words: str) -> None:
    with pytest.raises(DesignError, match=words):
        SimonTwoStage.search(**limits)


@pytest.mark.parametrize(
    "boundaries",
    [(-2, 5, 3, 10), (5, 5, 7, 10), (1, 10, 3, 10), (3, 5, 2, 10), (-1, 5, -1, 10), (1, 5, 10, 10)],
)
def test_impossible_boundaries_are_refused(boundaries: tuple[int, int, int, int]) -> None:
    r1, n1, r, n = boundaries
    with pytest.raises(DesignError, match="not a two-stage design"):
        SimonTwoStage(p0=0.2, p1=0.4, r1=r1, n1=n1, r=r, n=n)


DESIGN = SimonTwoStage(p0=0.2, p1=0.4, r1=1, n1=4, r=3, n=6)


@pytest.mark.parametrize(
    ("responses", "success_", "label", "patients", "responders", "words"),
    [
        ("100011", False, "stopped early", 4, 1, "1 of the first 4 patients responded, not more"),
        ("110000", False, "no success", 6, 2, "2 of 6 patients responded, not more than 3"),
        ("110001", False, "no success", 6, 3, "a rate of 20 % or less is not rejected"),
        ("110011", True, "success", 6, 4, "4 of 6 patients responded, more than 3"),
        ("1111111", True, "success", 6, 6, "a rate of 20 % or less is rejected"),
    ],
)
def test_conduct_and_prose(
    responses: str, success_: bool, label: str, patients: int, responders: int, words: str
) -> None:
    row = np.array([letter == "1" for letter in responses])
    decision = DESIGN.decide(row)
    assert (decision.value, decision.label) == (success_, label)
    assert words in str(decision)
    decisions = DESIGN.conduct(row[None, :])
    assert decisions.success.tolist() == [success_]
    assert decisions.stopped_early.tolist() == [label == "stopped early"]
    assert decisions.patients.tolist() == [patients]
    assert decisions.responders.tolist() == [responders] == [decision.evidence["responders"]]
    assert decisions.explain(0) == decision


def test_every_sequence_of_responses_adds_up_to_the_exact_probability() -> None:
    sequences = np.array([[(i >> k) & 1 for k in range(6)] for i in range(64)], dtype=bool)
    x = sequences.sum(axis=1)
    weights = 0.4**x * 0.6 ** (6 - x)
    done = DESIGN.conduct(sequences)
    assert weights @ done.success == pytest.approx(DESIGN.power, rel=ROUNDING)
    x0 = 0.2**x * 0.8 ** (6 - x)
    assert x0 @ done.stopped_early == pytest.approx(DESIGN.pet0, rel=ROUNDING)
    assert x0 @ done.patients == pytest.approx(DESIGN.en0, rel=ROUNDING)


def test_conduct_agrees_with_decide() -> None:
    rows = stream(3, "test simon").random((200, 6)) < 0.4
    done = DESIGN.conduct(rows)
    assert done.success.tolist() == [DESIGN.decide(row).value for row in rows]
    assert len(set(done.patients.tolist())) == 2


def test_too_few_patients_are_refused() -> None:
    with pytest.raises(DesignError, match="can need 6 patients, got 5"):
        DESIGN.conduct(np.zeros((2, 5), dtype=bool))
    with pytest.raises(DesignError, match="can need 6 patients, got 5"):
        DESIGN.decide(np.zeros(5, dtype=bool))


def test_numbers_and_description_agree() -> None:
    numbers = DESIGN.numbers
    assert {"r1", "n1", "r", "n", "p0", "p1", "en0", "pet0", "alpha", "power"} == set(numbers)
    assert f"power {100 * DESIGN.power:.4g} % at 40 %" in DESIGN.description


def test_admissible_designs_are_the_hull_of_all() -> None:
    """For every weight of n against EN(p0), the best of all designs is among the admissible."""
    limits = {"p0": 0.3, "p1": 0.7, "alpha": 0.2, "beta": 0.05}
    everything = brute_force(*limits.values(), 18)
    found = SimonTwoStage.admissible(**limits, n_max=18)
    sizes = [(design.n, design.en0) for design, _, _ in found]
    assert sizes == sorted(sizes, key=lambda pair: pair[0])
    for q in np.linspace(0.0, 1.0, 41):
        best = min(q * n + (1.0 - q) * expected for expected, *_, n in everything)
        ours = min(q * n + (1.0 - q) * expected for n, expected in sizes)
        assert ours == pytest.approx(best, rel=ROUNDING)
    for design, low, high in found:
        middle = (low + high) / 2.0
        mine = middle * design.n + (1.0 - middle) * design.en0
        assert all(mine <= middle * n + (1.0 - middle) * en * (1.0 + ROUNDING) for n, en in sizes)


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.55])
def test_the_umvue_is_unbiased(rate: float) -> None:
    """Weighted over every result the trial can have; the naive share is too low."""
    design = SimonTwoStage(0.2, 0.5, 1, 6, 4, 14)
    unbiased = naive = 0.0
    for first in range(design.n1 + 1):
        for second in range(design.n - design.n1 + 1) if first > design.r1 else (0,):
            chance = binom.pmf(first, design.n1, rate)
            if first > design.r1:
                chance *= binom.pmf(second, design.n - design.n1, rate)
            found = design.inference(first + second)
            unbiased += chance * found.umvue
            naive += chance * found.naive
    assert unbiased == pytest.approx(rate, rel=1e-10, abs=0)  # sums of 500 terms
    assert naive < rate


def test_inference_reverses_its_p_value() -> None:
    design = SimonTwoStage(0.2, 0.4, 3, 13, 12, 43)
    found = design.inference(15, level=0.9)
    low = SimonTwoStage(found.lower, 0.99, 3, 13, 12, 43).inference(15)
    high = SimonTwoStage(found.upper, 0.99, 3, 13, 12, 43).inference(15)
    assert low.p_value == pytest.approx(0.1, rel=1e-8, abs=0)
    assert high.p_value == pytest.approx(0.9, rel=1e-8, abs=0)
    assert [found.stopped_early, design.inference(2).stopped_early] == [False, True]
    with pytest.raises(InputError) as refused:
        design.inference(44, level=0.3)
    assert len(refused.value.problems) == 2
