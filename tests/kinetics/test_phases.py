"""Half-lives on courses whose half-lives are known, dense and sparse, and when there are none."""

import numpy as np
import pytest

from progenitor.engine import stream
from progenitor.errors import InputError
from progenitor.kinetics import Profiles, Reason, analyse_kinetics, phases_of
from progenitor.kinetics._landmarks import landmarks

VISITS = np.array(
    [0.0, 2.0, 4.0, 7.0, 10.0, 14.0, 21.0, 28.0, 42.0, 60.0, 90.0, 180.0, 270.0, 360.0]
)
ALPHA, BETA, SHARE, PEAK = 0.16, 0.0032, 0.0079, 10.0
"""Rates per day, share of the slow part (Stein 2019, doi:10.1002/psp4.12388), day of the peak."""


def two_exponentials(days: np.ndarray) -> np.ndarray:
    """Growth e^(0.8 t) to day 10, then the sum of two exponentials from 20,000."""
    after = days - PEAK
    fall = (1.0 - SHARE) * np.exp(-ALPHA * after) + SHARE * np.exp(-BETA * after)
    return 2e4 * np.where(days < PEAK, np.exp(0.8 * after), fall)


def two_lines(days: np.ndarray, change: float) -> np.ndarray:
    """Peak of 4096 on day 10, halving every 3 days until ``change``, then every 60."""
    fast = np.minimum(days, change) - PEAK
    slow = np.maximum(days - change, 0.0)
    return 4096.0 * np.where(days < PEAK, 2.0 ** (days - PEAK), 2.0 ** (-fast / 3.0 - slow / 60.0))


def values(found, *names: str) -> list[float]:
    return [float(found.metrics[name].values[0]) for name in names]


HALVES = ("contraction_half_life", "persistence_half_life", "phase_change")


@pytest.mark.parametrize("change", [28.0, 33.0, 41.0])
def test_two_lines_are_found_exactly_wherever_they_meet(one, change: float) -> None:
    """The change lies on a sample or between two: both half-lives and the day are exact."""
    found = one(VISITS, two_lines(VISITS, change))
    assert values(found, *HALVES) == pytest.approx([3.0, 60.0, change], rel=1e-9)
    assert values(found, "doubling_time") == pytest.approx([1.0], rel=1e-12)


def test_one_exponential_is_one_phase_however_many_samples(one) -> None:
    for days in (VISITS, np.arange(0.0, 361.0)):
        found = one(days, 1e6 * 2.0 ** (-np.abs(days - PEAK) / 20.0))
        assert values(found, "contraction_half_life", "terminal_half_life") == pytest.approx(
            [20.0, 20.0], rel=1e-9
        )
        for name in HALVES[1:]:
            assert found.metrics[name].reason(0) is Reason.ONE_PHASE


@pytest.mark.parametrize("days", [VISITS, np.arange(0.0, 361.0)], ids=["visits", "daily"])
def test_two_exponentials_give_their_rates_when_stripped(one, days: np.ndarray) -> None:
    """ln 2 over both rates: 4.33 and 216.6 days.

    Until day 60 the fast part is still 4 % of the slow one or more, so the persistence line is
    steeper than its rate: 5 %. Stripping leaves 2 % of the contraction; a line through the bend
    alone is 17 to 20 % slow.
    """
    truth = [np.log(2.0) / ALPHA, np.log(2.0) / BETA]
    stripped = values(one(days, two_exponentials(days), contraction="stripped"), *HALVES[:2])
    assert stripped == pytest.approx(truth, rel=0.05)
    assert stripped[0] == pytest.approx(truth[0], rel=0.02)
    line = values(one(days, two_exponentials(days)), *HALVES[:2])
    assert 1.1 < line[0] / truth[0] < 1.25
    assert line[1] == stripped[1]


def test_two_exponentials_far_apart_are_stripped_exactly(one) -> None:
    """The fast part is 1e-10 of the slow one when the second phase begins: five figures."""
    days = np.array([0.0, 0.5, 1.0, 1.5, 2.0, 30.0, 60.0, 90.0, 120.0])
    level = 1e4 * (0.9 * 2.0 ** (-days / 0.8) + 0.1 * 2.0 ** (-days / 100.0))
    found = one(days, level, contraction="stripped")
    assert values(found, *HALVES[:2]) == pytest.approx([0.8, 100.0], rel=1e-5)


@pytest.mark.parametrize(
    ("levels", "reasons"),
    [
        ([1.0, 8.0], ("TOO_FEW_SAMPLES",) * 3),
        ([1.0, 8.0, 4.0], ("TOO_FEW_SAMPLES",) * 3),
        ([1.0, 8.0, 4.0, 2.0], ("ESTIMATED", "TOO_FEW_SAMPLES", "TOO_FEW_SAMPLES")),
        ([1.0, 8.0, 4.0, 2.0, 1.0], ("ESTIMATED", "TOO_FEW_SAMPLES", "ESTIMATED")),
        ([8.0, 8.0, 8.0, 8.0], ("NOT_DECLINING", "TOO_FEW_SAMPLES", "NOT_DECLINING")),
        ([8.0, 1.0, 2.0, 7.9], ("NOT_DECLINING", "TOO_FEW_SAMPLES", "NOT_DECLINING")),
        ([64.0, 32.0, 16.0, 8.0, 8.0, 8.0, 8.0], ("ESTIMATED", "NOT_DECLINING", "ESTIMATED")),
    ],
)
def test_what_cannot_be_estimated_says_why(one, levels, reasons) -> None:
    found = one(7.0 * np.arange(len(levels)), levels)
    names = ("contraction_half_life", "persistence_half_life", "terminal_half_life")
    assert tuple(found.metrics[name].reason(0).name for name in names) == reasons


def test_a_plateau_is_a_second_phase_that_has_no_half_life(one) -> None:
    found = one(7.0 * np.arange(8), [64.0, 32.0, 16.0, 8.0, 8.0, 8.0, 8.0, 8.0])
    assert found.phases.two.tolist() == [True]
    assert values(found, "contraction_half_life", "phase_change") == pytest.approx(
        [7.0, 21.0], rel=1e-9
    )


def test_samples_below_the_limit_take_no_part(one) -> None:
    level = two_lines(VISITS, 33.0)
    whole = values(one(VISITS, level), *HALVES)
    hidden = level.copy()
    hidden[[6, 11]] = 1.0
    assert values(one(VISITS, hidden, 2.0), *HALVES) == pytest.approx(whole, rel=1e-9)


def test_how_often_noise_makes_a_second_phase() -> None:
    """3,000 courses with a log-normal error of 0.3, sampled nine times from about the peak on:
    of single exponentials 6 to 15 % are called two phases, of the tisagenlecleucel course 97 % or
    more (stream 3; a standard error is 0.6 %, so that 11 % leaves the range by chance in 1e-15)."""
    days = np.array([10.0, 14.0, 21.0, 28.0, 42.0, 60.0, 90.0, 180.0, 270.0])
    noise = np.exp(0.3 * stream(3, "phases of noise").standard_normal((3000, days.size)))
    single = 1e9 * np.exp(-0.1 * days) * noise
    for level, low, high in ((single, 0.06, 0.15), (two_exponentials(days) * noise, 0.97, 1.0)):
        marks = landmarks(level, level > 0.0)
        two = phases_of(np.broadcast_to(days, level.shape), level, marks).two
        assert low <= two.mean() <= high


def test_a_patient_is_judged_alone() -> None:
    noise = np.exp(0.4 * stream(4, "alone").standard_normal((40, VISITS.size)))
    level = two_exponentials(VISITS) * noise
    level[level < 40.0] = np.nan
    together = analyse_kinetics(Profiles.of(VISITS, level)).metrics
    for row in range(40):
        alone = analyse_kinetics(Profiles.of(VISITS, level[row : row + 1])).metrics
        for name, metric in together.items():
            np.testing.assert_array_equal(alone[name].values[0], metric.values[row], name)


def test_an_unknown_way_to_measure_is_refused() -> None:
    level = np.ones((1, 3))
    with pytest.raises(InputError, match="did you mean 'stripped'"):
        phases_of(level, level, landmarks(level, level > 0.0), contraction="striped")
