"""The mouse study: blocked randomisation, Dunnett's test and the humane endpoint."""

import numpy as np
import pytest
from scipy.stats import dunnett

from progenitor.engine import stream
from progenitor.errors import InputError
from progenitor.trial import (
    RandomEffect,
    cox_regression,
    dunnett_test,
    mixed_model,
    randomise_in_blocks,
    remove_at_humane_endpoint,
)
from progenitor.trial._dunnett import dunnett_tail

ARMS, DONORS = 6, 4


def test_blocks_balance_number_and_burden() -> None:
    burden = stream(1, "burden").gamma(4.0, 25.0, 120)
    found = randomise_in_blocks(burden, arms=ARMS, donors=DONORS, seed=3)
    for block in range(5):
        members = found.block == block
        pairs = found.arm[members] * DONORS + found.donor[members]
        assert sorted(pairs.tolist()) == list(range(ARMS * DONORS))
    order = np.argsort(burden)
    assert np.all(np.diff(found.block[order]) >= 0)  # a block is of similar burden
    assert np.bincount(found.arm).tolist() == [20] * ARMS


@pytest.mark.parametrize("mice", [6, 7, 23, 25, 47, 121])
def test_a_block_that_is_not_full_keeps_arms_within_one(mice: int) -> None:
    found = randomise_in_blocks(np.arange(float(mice)), arms=ARMS, donors=DONORS, seed=5)
    counts = np.bincount(found.arm, minlength=ARMS)
    assert counts.max() - counts.min() <= 1


def test_each_study_is_randomised_anew_and_the_same_again() -> None:
    burden = np.full(24, 100.0)  # all the same: any arm for any mouse
    first, again = (randomise_in_blocks(burden, arms=6, seed=2, study=7) for _ in range(2))
    assert np.array_equal(first.arm, again.arm)
    trials = np.stack(
        [randomise_in_blocks(burden, arms=6, seed=2, study=k).arm for k in range(1200)]
    )
    # each mouse in each arm 200 of 1,200 times; 6 SE: one in 10⁶ for 144 comparisons
    counts = np.stack([(trials == arm).sum(axis=0) for arm in range(6)])
    assert np.abs(counts - 200).max() < 6.0 * np.sqrt(1200 * (1 / 6) * (5 / 6))


def test_randomisation_names_every_mistake() -> None:
    with pytest.raises(InputError) as caught:
        randomise_in_blocks(np.array([-1.0]), arms=1, donors=0, seed=1)
    assert len(caught.value.problems) == 3


def test_dunnett_equals_scipy() -> None:
    """Dunnett 1955's blood counts; scipy integrates by chance, to about 1e-4."""
    control = [7.40, 8.50, 7.20, 8.24, 9.84, 8.32]
    one, two = [9.76, 8.80, 7.68, 9.36], [12.80, 9.68, 12.16, 9.20, 10.55]
    arm = np.repeat(["0", "a", "b"], [6, 4, 5])
    found = dunnett_test(np.array([*control, *one, *two]), arm, control="0")
    theirs = dunnett(one, two, control=control, rng=stream(1, "dunnett"))
    assert found.statistic == pytest.approx(theirs.statistic, rel=1e-12)
    assert found.p_value == pytest.approx(theirs.pvalue, abs=5e-4)
    limits = theirs.confidence_interval()
    assert found.low == pytest.approx(limits.low, abs=5e-3)
    assert found.high == pytest.approx(limits.high, abs=5e-3)


@pytest.mark.parametrize(
    ("arms", "freedom", "critical"),
    [
        (2, 12, 2.50),
        (3, 20, 2.54),
        (5, 30, 2.66),
        (9, 60, 2.77),
        (2, np.inf, 2.21),
        (9, np.inf, 2.69),
    ],
)
def test_published_critical_values(arms: int, freedom: float, critical: float) -> None:
    """Dunnett 1964, Biometrics 20:482–491, table II: two-sided 5 %, equal groups."""
    shares = np.full(arms, 0.5**0.5)
    assert dunnett_tail(critical + 0.006, shares, float(freedom)) < 0.05
    assert dunnett_tail(critical - 0.006, shares, float(freedom)) > 0.05


def test_dunnett_names_every_mistake() -> None:
    with pytest.raises(InputError) as caught:
        dunnett_test(np.array([np.nan, 1.0]), np.array(["a", "b"]), control="c", level=2.0)
    assert len(caught.value.problems) == 4


def growth(mice: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Volumes of mice whose growth rates differ: fast ones are removed early."""
    noise = stream(seed, "growth")
    days = np.arange(0.0, 29.0, 4.0)
    rate = 0.1 + 0.04 * noise.standard_normal(mice)
    logs = np.log(100.0) + rate[:, None] * days
    return days, np.exp(logs + 0.1 * noise.standard_normal(logs.shape))


def test_removal_is_informative_for_means_and_not_for_the_mixed_model() -> None:
    days, volume = growth(400, 2)
    mice = remove_at_humane_endpoint(days, volume, limit=1500.0)
    assert 0.2 < mice.event.mean() < 0.8
    who, day, logs = mice.rows
    x = np.column_stack([np.ones(day.size), day])
    random = [RandomEffect("mouse", who), RandomEffect("growth", who, day)]
    # only the slope: noise in the volume that removed a mouse is part of the likelihood
    slope = mixed_model(logs, x, random).coefficients[1]
    left = np.log(mice.volume[mice.event == 0.0, -1])
    naive = (left.mean() - np.log(volume[:, 0]).mean()) / days[-1]
    assert abs(slope - 0.1) < 4.0 * 0.04 / 400**0.5  # four standard errors
    assert naive < 0.1 - 8.0 * 0.04 / 400**0.5


def test_what_is_known_of_removed_mice() -> None:
    days = np.array([0.0, 4.0, 8.0])
    volume = np.array([[100.0, 1600.0, 3000.0], [90.0, 95.0, 99.0], [80.0, 200.0, 1700.0]])
    signs = np.zeros((3, 3), bool)
    found = remove_at_humane_endpoint(days, volume, limit=1500.0, also=signs)
    assert found.time.tolist() == [4.0, 8.0, 8.0]
    assert found.event.tolist() == [1.0, 0.0, 1.0]
    assert found.last_value.tolist() == [1600.0, 99.0, 1700.0]
    assert found.worst_ranks.tolist() == [3.0, 1.0, 2.0]
    signs[1, 0] = True  # lost weight on the first day
    weak = remove_at_humane_endpoint(days, volume, limit=1500.0, also=signs)
    assert weak.worst_ranks.tolist() == [2.0, 3.0, 1.0]
    assert weak.measured.sum() == 2 + 1 + 3


def test_firth_finds_an_arm_in_which_no_mouse_is_removed() -> None:
    days, volume = growth(40, 3)
    treated = np.arange(40) >= 20
    volume[treated] = 50.0
    mice = remove_at_humane_endpoint(days, volume, limit=800.0)
    arm = treated[:, None].astype(float)
    plain = cox_regression(mice.time, mice.event, arm)
    firth = cox_regression(mice.time, mice.event, arm, penalised=True)
    assert not plain.converged
    assert np.isfinite(firth.coefficients[0])
    assert firth.coefficients[0] < -2.0
    held = cox_regression(mice.time, mice.event, arm, penalised=True, held=(0,))
    assert 2.0 * (firth.log_likelihood - held.log_likelihood) > 10.0


def test_humane_endpoint_names_every_mistake() -> None:
    with pytest.raises(InputError) as caught:
        remove_at_humane_endpoint(np.array([1.0, 0.0]), np.array([[np.nan, np.nan]]), limit=0.0)
    assert len(caught.value.problems) == 3
