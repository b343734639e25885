"""Predictive checks against exact distributions and against another program."""

import csv
from pathlib import Path

import numpy as np
import pytest
from predictive_witness import LIMIT, witness
from scipy import stats

from progenitor.engine import stream
from progenitor.errors import InputError, SimulationError
from progenitor.inference import ByCount, Measurements, measurements, predictive_check

DATA = Path(__file__).parents[1] / "data" / "predictive_check"
ROUNDING = 1e-10  # the tables hold 15 digits; sums are taken in another order


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def of_witness(*, limit: float = np.nan, arms: bool = False) -> tuple[Measurements, np.ndarray]:
    data = witness()
    seen = measurements(
        data.subject,
        data.time,
        data.value,
        limit=limit,
        stratum=1 - data.subject % 2 if arms else None,
        strata=("high", "low") if arms else ("",),
    )
    return seen, data.simulated


def test_percentiles_and_intervals_are_those_of_another_program() -> None:
    """Two arms, six visits found by their gaps, three percentiles, values below 12 censored."""
    check = predictive_check(*of_witness(limit=LIMIT, arms=True))
    rows = table("vpc.csv")
    shape = (2, 6, 3)  # arm (high, low), visit, percentile

    def column(name: str) -> np.ndarray:
        values = [float(row[name]) if row[name] else np.nan for row in rows]
        return np.array(values).reshape(shape)

    for name, found in (
        ("y", check.percentile),
        ("lo", check.low),
        ("md", check.middle),
        ("hi", check.high),
    ):
        ours = np.moveaxis(found.reshape(3, 2, 6), 0, -1)
        np.testing.assert_allclose(ours, column(name), rtol=ROUNDING, atol=0)
    np.testing.assert_allclose(
        check.centre.reshape(2, 6), column("xbin")[:, :, 0], rtol=1e-12, atol=0
    )


def test_fractions_below_the_limit_are_those_of_another_program() -> None:
    check = predictive_check(*of_witness(limit=LIMIT, arms=True))
    rows = table("blq.csv")
    for name, found in (
        ("y", check.below),
        ("lo", check.below_low),
        ("md", check.below_middle),
        ("hi", check.below_high),
    ):
        exact = [float(row[name]) for row in rows]
        np.testing.assert_allclose(100.0 * found, exact, rtol=1e-12, atol=1e-12)  # zeros are exact


def test_corrected_percentiles_are_those_of_another_program() -> None:
    seen, simulated = of_witness()
    prediction = witness().prediction
    for name, logarithms in (("pcvpc.csv", False), ("pcvpc_log.csv", True)):
        change = np.log if logarithms else np.asarray
        given = measurements(seen.subject, seen.time, change(seen.value))
        check = predictive_check(
            given,
            change(simulated),
            prediction=change(prediction),
            logarithms=logarithms,
            level=0.9,
        )
        rows = table(name)
        for column, found in (
            ("y", check.percentile),
            ("lo", check.low),
            ("md", check.middle),
            ("hi", check.high),
        ):
            exact = np.array([float(row[column]) for row in rows]).reshape(6, 3).T
            np.testing.assert_allclose(found, exact, rtol=ROUNDING, atol=0)


def test_intervals_of_a_normal_model_are_those_of_its_order_statistics() -> None:
    """101 normal values in a bin: each percentile is an order statistic, exactly distributed.

    4000 replicates, seed 5. The standard error of an interval's end at tail probability 0.025 is
    sqrt(0.025 x 0.975 / 4000) / density; 4.5 of them for 9 numbers: false alarm below 1e-4.
    """
    copies = stream(5, "normal model").normal(size=(4001, 101))
    seen = measurements(np.arange(101), np.ones(101), copies[0])
    check = predictive_check(seen, copies[1:], binning=ByCount(1))
    for row, percentile in enumerate((5, 50, 95)):
        rank = stats.beta(1 + percentile, 101 - percentile)
        for tail, found in ((0.025, check.low), (0.5, check.middle), (0.975, check.high)):
            exact = stats.norm.ppf(rank.ppf(tail))
            density = rank.pdf(rank.ppf(tail)) * stats.norm.pdf(exact)
            error = np.sqrt(tail * (1 - tail) / 4000) / density
            assert abs(found[row, 0] - exact) < 4.5 * error


def test_under_the_model_percentiles_lie_inside_as_often_as_stated() -> None:
    """400 data sets of 60 patients, 400 replicates, seed 6, level 0.9: Binomial(400, 0.9).

    Intervals of 400 replicates hold 0.9 but for 1/400 on either side. Four standard deviations
    (6) and that bias (2): false alarm 1e-4 for each of three percentiles.
    """
    inside = np.zeros(3)
    for number in range(400):
        copies = stream(6, "coverage", draw=number).lognormal(size=(401, 60))
        seen = measurements(np.arange(60), np.ones(60), copies[0])
        check = predictive_check(seen, copies[1:], binning=ByCount(1), level=0.9)
        inside += check.inside[:, 0]
    assert (np.abs(inside - 360) < 4 * 6 + 2).all(), inside


def test_a_wrong_model_lies_outside() -> None:
    """Data of twice the variance and a mean shifted by half a standard deviation; seed 7."""
    copies = stream(7, "model").normal(size=(500, 200))
    wide = stream(8, "data").normal(scale=np.sqrt(2.0), size=200)
    moved = stream(9, "data").normal(loc=0.5, size=200)
    one = np.ones(200)
    check = predictive_check(measurements(np.arange(200), one, wide), copies)
    assert check.inside[:, 0].tolist() == [False, True, False]
    check = predictive_check(measurements(np.arange(200), one, moved), copies)
    assert not check.inside[1, 0]


def test_a_percentile_below_the_limit_is_inside_when_the_interval_reaches_there() -> None:
    copies = stream(10, "limit").lognormal(size=(200, 50))
    seen = measurements(np.arange(50), np.ones(50), np.sort(copies[0]), limit=0.5)
    check = predictive_check(seen, copies)
    assert np.isnan(check.percentile[0, 0])
    assert check.inside[0, 0]
    far = predictive_check(seen, 100.0 * copies)
    assert not far.inside.any()
    assert far.below_high[0] == 0.0


def test_failed_simulations_are_counted_and_left_out() -> None:
    copies = stream(11, "failures").lognormal(size=(300, 80))
    time = np.repeat([1.0, 7.0], 40)
    seen = measurements(np.arange(80), time, copies[0])
    whole = predictive_check(seen, copies[1:])
    holes = copies[1:].copy()
    holes[::50, ::7] = np.nan
    check = predictive_check(seen, holes)
    assert check.failed == int(np.isnan(holes).sum()) > 0
    np.testing.assert_allclose(check.middle, whole.middle, rtol=0.05, atol=0)  # 0.3 % left out
    holes[:, 3] = np.nan
    with pytest.raises(SimulationError, match="most of them of observation 4"):
        predictive_check(seen, holes)


def test_every_problem_is_told_at_once() -> None:
    nan = float("nan")
    with pytest.raises(InputError) as caught:
        measurements(
            np.array([0, 0, 0]),
            np.array([nan, 1.0, 2.0]),
            np.array([1.0, nan, nan]),
            censored=np.array([False, False, True]),
        )
    assert [problem.message.split(" (")[0] for problem in caught.value.problems] == [
        "a time is not a finite number",
        "a value is not a finite number",
        "a censored observation has no limit",
    ]
    seen, simulated = of_witness()
    with pytest.raises(InputError, match=r"percentiles are 0, 50\..*\n.*the level is 1"):
        predictive_check(seen, simulated, percentiles=(0.0, 50.0), level=1.0)
    with pytest.raises(InputError, match="give at least 20 replicates of all 240 observations"):
        predictive_check(seen, simulated[:5])
