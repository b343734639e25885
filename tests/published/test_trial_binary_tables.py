"""Phase II on binary outcomes and closed forms, every row of the reference tables."""

import csv
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from scipy.special import ndtr

from progenitor.trial import (
    BayesianToxicityStopping,
    Bop2,
    PredictiveProbability,
    RepeatedToxicityTest,
    SimonTwoStage,
    assurance,
    binomial_interval,
    binomial_p_value,
    compare_proportions,
    normal_assurance,
    posterior_exceeds,
    predictive_probability,
    probability_greater,
    two_stage_inference,
)
from progenitor.trial._two_proportions import _most_likely

DATA = Path(__file__).parent / "data"
CLOSED_FORM = 1e-6
FOUR_DIGITS = 5.01e-5  # limits and sizes printed with four decimals
SOLVED = 1.5e-4  # the reference prints four decimals and solves to about 1e-4
EPSILON = 2.0**-52
SCORE_SOLVED = EPSILON**0.25
"""Tolerance to which the reference solved the score interval: 1.2e-4."""

Row = dict[str, str]


def rows(table: str) -> list[Row]:
    text = (DATA / f"{table}_public.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def numbers(row: Row, *names: str) -> list[float]:
    return [float(row[name]) for name in names]


def whole(row: Row, *names: str) -> list[int]:
    return [int(row[name]) for name in names]


def listed(text: str, kind: type = int) -> tuple:
    return tuple(kind(word) for word in text.split(";"))


def close(value: float, absolute: float = CLOSED_FORM) -> object:
    return pytest.approx(value, rel=0, abs=absolute)


@pytest.mark.parametrize("row", rows("simon")[::2], ids=lambda r: f"{r['p0']}-{r['p1']}")
def test_simon_optimal_and_minimax_are_the_ends_of_the_admissible(row: Row) -> None:
    both = [r for r in rows("simon") if all(r[k] == row[k] for k in ("p0", "p1", "alpha", "beta"))]
    limits = {key: float(row[key]) for key in ("p0", "p1", "alpha", "beta")}
    found = SimonTwoStage.admissible(**limits)
    for kind, design in (("minimax", found[0][0]), ("optimal", found[-1][0])):
        want = next(r for r in both if r["type"] == kind)
        got = [design.r1, design.n1, design.r, design.n]
        assert got == whole(want, "r1", "n1", "r", "n")
        assert [design.en0, design.pet0, design.alpha, design.power] == close(
            numbers(want, "EN_p0", "PET_p0", "actual_alpha", "actual_power")
        )


@pytest.mark.parametrize("row", rows("simon_inference"), ids=lambda r: f"{r['n']}-{r['x']}")
def test_simon_inference(row: Row) -> None:
    r1, n1, r, n, x = whole(row, "r1", "n1", "r", "n", "x")
    found = two_stage_inference(r1=r1, n1=n1, r=r, n=n, x=x, p0=float(row["p0"]))
    assert [found.umvue, found.p_value] == close(numbers(row, "umvue", "pvalue"))
    limits = [found.lower, found.upper]
    if row["LCL95_onesided"] == "NA":
        assert all(limit != limit for limit in limits)
    else:
        want = numbers(row, "LCL95_onesided", "UCL95_onesided")
        assert limits == close(want, SOLVED)


@pytest.mark.parametrize("row", rows("predprob"), ids=lambda r: r["id"])
def test_predictive_probability(row: Row) -> None:
    y, n, nmax = whole(row, "y", "n", "nmax")
    a, b, p0, theta = numbers(row, "a", "b", "p0", "theta_T")
    pp = predictive_probability(y, n, nmax, a=a, b=b, p0=p0, theta_t=theta)
    assert float(pp[0]) == close(float(row["PP"]))
    assert float(posterior_exceeds(y, n, a=a, b=b, rate=p0)) == close(float(row["post_gt_p0"]))


def predictive_designs() -> dict[str, PredictiveProbability]:
    found = {}
    for row in rows("predprob_boundaries"):
        a, b, p0, theta_t, theta_l = numbers(row, "a", "b", "p0", "theta_T", "theta_L")
        nmax, nmin = whole(row, "nmax", "nmin")
        found[row["id"]] = PredictiveProbability(
            p0=p0, nmax=nmax, theta_t=theta_t, theta_l=theta_l, prior=(a, b), nmin=nmin
        )
    return found


def test_predictive_boundaries() -> None:
    designs, wanted = predictive_designs(), defaultdict(list)
    for row in rows("predprob_boundaries"):
        wanted[row["id"]].append(-1 if row["stop_if_le"] == "NA" else int(row["stop_if_le"]))
    assert {name: list(design.stop_if_le) for name, design in designs.items()} == dict(wanted)


def test_predictive_characteristics() -> None:
    designs = predictive_designs()
    for row in rows("predprob_oc"):
        found = designs[row["id"]].boundaries.characteristics(float(row["p"]))
        assert [found.success, found.early_stop] == close(numbers(row, "reject", "PET"))
        assert found.expected_patients == close(float(row["EN"]), FOUR_DIGITS)


@pytest.mark.parametrize("row", rows("bop2"), ids=lambda r: r["id"])
def test_bop2(row: Row) -> None:
    p0, p1, alpha, a, b = numbers(row, "p0", "p1", "alpha", "prior_a", "prior_b")
    design = Bop2.search(p0=p0, p1=p1, looks=listed(row["looks"]), alpha=alpha, prior=(a, b))
    assert [design.threshold, design.exponent] == numbers(row, "lambda", "gamma")
    assert design.stop_if_le == listed(row["stop_if_le"])
    shares = [design.alpha, design.power, design.pet0, design.pet1]
    assert shares == close(numbers(row, "typeI", "power", "PET_p0", "PET_p1"))
    assert [design.en0, design.en1] == close(numbers(row, "EN_p0", "EN_p1"), FOUR_DIGITS)


@pytest.mark.parametrize("row", rows("bayes_tox_stop"), ids=lambda r: f"{r['id']}-{r['n']}")
def test_bayesian_toxicity_stopping(row: Row) -> None:
    a, b, rate, cut = numbers(row, "a", "b", "pT", "cut")
    found = BayesianToxicityStopping(rate, cut, (a, b)).stop_if_ge(int(row["n"]))
    assert found == (None if row["stop_if_ge"] == "NA" else int(row["stop_if_ge"]))


@pytest.mark.parametrize("row", rows("toxbdry"), ids=lambda r: r["id"])
def test_repeated_toxicity_test(row: Row) -> None:
    low, high, error, delta = numbers(row, "pLo", "pHi", "cP0", "delta")
    rule = RepeatedToxicityTest(low, high, listed(row["looks"]), error=error, delta=delta)
    assert rule.stop_if_gt == listed(row["hi_bdry"])
    assert rule.looser == listed(row["lo_bdry"])
    columns = ("ptox", "pcross_hi", "pstop_hi", "ess_hi", "pcross_lo", "ess_lo")
    for share, (printed, *want) in zip(
        (0, 1 / 3, 2 / 3, 1), zip(*(listed(row[k], float) for k in columns), strict=True),
        strict=True,
    ):  # fmt: skip
        rate = low + share * (high - low)
        assert rate == close(printed)
        strict, loose = rule.characteristics(rate), rule.characteristics(rate, looser=True)
        found = [strict.crossing, strict.early_stop, loose.crossing]
        assert found == close([want[0], want[1], want[3]])
        assert strict.expected_patients == close(want[2], FOUR_DIGITS)
        assert loose.expected_patients == close(want[4], FOUR_DIGITS)


@pytest.mark.parametrize("row", rows("two_beta_postprob"), ids=lambda r: r["id"])
def test_probability_greater(row: Row) -> None:
    y, n, ae, be, a, b, delta = numbers(
        row, "y", "n", "alpha_e", "beta_e", "alpha_s", "beta_s", "delta"
    )
    found = probability_greater((ae + y, be + n - y), (a, b), delta)
    assert found == close(float(row["postprob"]), 1e-8)


@pytest.mark.parametrize("row", rows("binom_ci"), ids=lambda r: r["id"])
def test_binomial_intervals(row: Row) -> None:
    columns = {
        "clopper_pearson": "cp",
        "wilson": "wilson",
        "wilson_corrected": "wilsoncc",
        "jeffreys": "jeffreys",
        "agresti_coull": "agresticoull",
    }
    x, n = whole(row, "x", "n")
    for method, column in columns.items():
        found = binomial_interval(x, n, method=method, level=float(row["conf"]))
        assert list(found) == close(numbers(row, f"{column}_lo", f"{column}_hi")), method
    assert binomial_p_value(x, n, p0=0.2) == close(float(row["binomtest_p_vs_0.2_greater"]))


@pytest.mark.parametrize("row", rows("two_prop"), ids=lambda r: r["id"])
def test_two_proportions(row: Row) -> None:
    found = compare_proportions(*whole(row, "x1", "n1", "x2", "n2"))
    assert [found.fisher_p, found.z_pooled] == close(numbers(row, "fisher_p", "z_pooled"))
    limits = numbers(row, "diffMN_lo", "diffMN_hi")
    assert [found.lower, found.upper] == close(limits, SCORE_SOLVED / 2.0)


@pytest.mark.parametrize("row", rows("two_prop"), ids=lambda r: r["id"])
def test_the_score_limits_are_ours_solved_coarsely(row: Row) -> None:
    """The printed limits are where a root finder stops that is content with 1.2e-4.

    Brent's method on p(δ) − 0.05 of our statistic, from 1e-4 inside −1 and 1 to the difference,
    ends on the printed digits: the statistic is the same, and the exact limits are ours.
    """
    x1, n1, x2, n2 = whole(row, "x1", "n1", "x2", "n2")
    seen = x1 / n1 - x2 / n2

    def excess(delta: float) -> float:
        first = _most_likely(x1, n1, x2, n2, delta)
        second = first - delta
        variance = first * (1.0 - first) / n1 + second * (1.0 - second) / n2
        return float(2.0 * ndtr(-abs(seen - delta) / variance**0.5)) - 0.05

    low = brent(excess, -1.0 + 1e-4, seen - 1e-7, SCORE_SOLVED)
    high = brent(excess, seen + 1e-7, 1.0 - 1e-4, SCORE_SOLVED)
    assert [low, high] == close(numbers(row, "diffMN_lo", "diffMN_hi"), 1.1e-8)


def brent(f: Callable[[float], float], a: float, b: float, tolerance: float) -> float:
    """Find a root as Brent 1973 (Algorithms for Minimization without Derivatives, chapter 4)."""
    fa, fb = f(a), f(b)
    c, fc = a, fa
    while True:
        before = b - a
        if abs(fc) < abs(fb):
            a, b, c, fa, fb, fc = b, c, b, fb, fc, fb
        least, step = 2.0 * EPSILON * abs(b) + tolerance / 2.0, (c - b) / 2.0
        if abs(step) <= least or fb == 0.0:
            return b
        if abs(before) >= least and abs(fa) > abs(fb):
            step = interpolated(a, b, c, fa, fb, fc, before, least, step)
        if abs(step) < least:
            step = least if step > 0.0 else -least
        a, fa = b, fb
        b += step
        fb = f(b)
        if fb * fc > 0.0:
            c, fc = a, fa


def interpolated(
    a: float, b: float, c: float, fa: float, fb: float, fc: float,
    before: float, least: float, step: float,
) -> float:  # fmt: skip
    """Step by the secant or the inverse parabola, or the half interval where that is unsafe."""
    if a == c:
        p, q = (c - b) * fb / fa, 1.0 - fb / fa
    else:
        q, t, s = fa / fc, fb / fc, fb / fa
        p = s * ((c - b) * q * (q - t) - (b - a) * (t - 1.0))
        q = (q - 1.0) * (t - 1.0) * (s - 1.0)
    p, q = (p, -q) if p > 0.0 else (-p, q)
    safe = p < 0.75 * (c - b) * q - abs(least * q) / 2.0 and p < abs(before * q / 2.0)
    return p / q if safe else step


@pytest.mark.parametrize("row", rows("assurance_normal"), ids=lambda r: r["id"])
def test_normal_assurance(row: Row) -> None:
    sigma, mean, sd, alpha = numbers(row, "sigma", "prior_mean", "prior_sd", "alpha_onesided")
    found = normal_assurance(
        n_total=int(row["n_total"]), sigma=sigma, prior_mean=mean, prior_sd=sd, alpha=alpha
    )
    want = numbers(row, "assurance", "power_at_prior_mean")
    assert [found.assurance, found.power_at_prior_mean] == close(want)


@pytest.mark.parametrize("row", rows("assurance_simon"), ids=lambda r: r["id"])
def test_simon_assurance(row: Row) -> None:
    r1, n1, r, n = whole(row, "r1", "n1", "r", "n")
    design = SimonTwoStage(p0=0.1, p1=0.3, r1=r1, n1=n1, r=r, n=n)
    a, b = numbers(row, "prior_a", "prior_b")
    assert assurance(design, a=a, b=b) == close(float(row["assurance"]), 1e-8)
