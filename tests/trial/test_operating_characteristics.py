"""Operating characteristics: exact answers, analysis sets, doubt apart from chance, errors."""

from typing import Any

import numpy as np
import pytest

from progenitor.engine import stream
from progenitor.errors import DesignError
from progenitor.trial import (
    ExactBinomial,
    OperatingCharacteristics,
    OutcomeBank,
    SimonTwoStage,
    operating_characteristics,
)

SIMON = SimonTwoStage(p0=0.2, p1=0.4, r1=3, n1=13, r=12, n=43)
EXACT = ExactBinomial(p0=0.2, p1=0.4, r=11, n=35)


def bank(response: np.ndarray, **columns: np.ndarray) -> OutcomeBank:
    """One arm, one dose; everybody infused and nobody failed unless said otherwise."""
    table = {"response": response, "infused": response == response, "failed": response != response}
    table |= columns
    shaped = {name: column[:, None, None, :] for name, column in table.items()}
    return OutcomeBank(response.shape[0], ("tscm",), ("one",), response.shape[1], shaped)


def share(rates: list[float], patients: int) -> np.ndarray:
    """Exactly that share of responders in each draw."""
    return (np.arange(patients) < np.round(np.array(rates) * patients)[:, None]).astype(float)


def conduct(outcomes: OutcomeBank, **changed: Any) -> OperatingCharacteristics:
    settings = {
        "arm": "tscm",
        "endpoint": "response",
        "analysis_set": "infused",
        "replicates": 4_000,
        "seed": 1,
    }
    design = changed.pop("design", SIMON)
    return operating_characteristics(design, outcomes, **(settings | changed))


@pytest.mark.parametrize("design", [SIMON, EXACT], ids=lambda design: design.name)
@pytest.mark.parametrize("rate", [0.2, 0.3, 0.4])
def test_a_known_rate_gives_the_exact_answer(design: SimonTwoStage, rate: float) -> None:
    """4 draws of 1,000 with exactly the rate, 20,000 trials, seed 1; |z| < 4, 1 in 16,000 each."""
    found = conduct(bank(share([rate] * 4, 1_000)), design=design, replicates=20_000)
    exact = design.success_probability(rate)
    assert abs(found.success.value - exact) < 4.0 * np.sqrt(exact * (1.0 - exact) / 20_000)
    if design is SIMON and rate == SIMON.p0:
        spread = SIMON.n - SIMON.n1
        error = np.sqrt(SIMON.pet0 * (1.0 - SIMON.pet0) / 20_000)
        assert abs(found.early_stop.value - SIMON.pet0) < 4.0 * error
        assert abs(found.expected_patients.value - SIMON.en0) < 4.0 * spread * error
    assert found.own_share == 1.0  # equal rates: nothing to separate


def test_draws_average_to_the_assurance_and_split_the_variance() -> None:
    """Rates 0.2 and 0.5, 1,000 patients each: P(success) 0.05 and 0.98, known exactly."""
    found = conduct(bank(share([0.2, 0.5], 1_000)), replicates=20_000)
    powers = np.array([SIMON.success_probability(rate) for rate in (0.2, 0.5)])
    assert found.per_draw["success"] == pytest.approx(powers, abs=0.01)
    mean = powers.mean()
    between = powers.var(ddof=1) / (mean * (1.0 - mean))
    assert found.between_draw_share == pytest.approx(min(1.0, between), abs=0.02)
    assert found.replicates == 20_000


def test_chance_among_few_patients_is_not_doubt() -> None:
    """A certain rate of 0.4 in 20 draws of 25 patients, seed 5.

    Resampled within draws, P(success) falls far below the exact 0.80; with chance separated it is
    within two of its own standard errors, and most of the variance is recognised as chance.
    """
    response = (stream(5, "test separate").random((20, 25)) < 0.4).astype(float)
    rate = response.mean()
    exact = SIMON.success_probability(rate)
    apart = conduct(bank(response))
    raw = conduct(bank(response), separate_chance=False)
    assert raw.own_share == 1.0
    assert apart.own_share < 0.7
    assert abs(apart.success.value - exact) < 2.0 * apart.success.mcse
    assert raw.success.value < apart.success.value - 0.03
    assert apart.between_draw_share < raw.between_draw_share
    assert apart.success.low < exact < apart.success.high
    assert apart.rate.value == pytest.approx(rate, rel=1e-12)


def test_limits_keep_the_doubt_that_data_cannot_exclude() -> None:
    """Rates closer together than chance makes them: no doubt is seen, yet the limits allow some."""
    found = conduct(bank(share([0.36, 0.4, 0.4, 0.4, 0.4, 0.44] * 3, 25)), replicates=9_000)
    assert found.own_share == 0.0
    assert np.ptp(found.per_draw["success"]) < 0.1  # replicates only
    assert found.success.high - found.success.low > 0.2


def test_analysis_sets() -> None:
    """Half of the patients were never infused; two of the infused have no response recorded."""
    response = np.full((3, 40), np.nan)
    response[:, :10] = 1.0
    response[:, 10:18] = 0.0
    infused = np.zeros((3, 40), dtype=bool)
    infused[:, :20] = True
    outcomes = bank(response, infused=infused, failed=np.zeros((3, 40), dtype=bool))
    assert conduct(outcomes, analysis_set="infused").rate.value == pytest.approx(0.5, rel=1e-12)
    assert conduct(outcomes, analysis_set="itt").rate.value == pytest.approx(0.25, rel=1e-12)


def test_trials_enrol_members_only() -> None:
    """The 60 patients never infused come first and have responses that must not be used."""
    response = np.concatenate([np.ones((2, 60)), share([0.4, 0.4], 40)], axis=1)
    infused = np.repeat([[False] * 60 + [True] * 40], 2, axis=0)
    found = conduct(bank(response, infused=infused), replicates=20_000)
    error = np.sqrt(SIMON.power * (1.0 - SIMON.power) / 20_000)
    assert abs(found.success.value - SIMON.power) < 4.0 * error  # one false alarm in 16,000


def test_failed_simulations_are_counted_and_left_out() -> None:
    response = np.array([[1.0, 1.0, 0.0, np.nan]] * 2)
    failed = np.isnan(response)
    for analysis_set in ("itt", "infused"):
        outcomes = bank(response, infused=~failed, failed=failed)
        found = conduct(outcomes, analysis_set=analysis_set)
        assert found.failed == 2
        assert found.rate.value == pytest.approx(2 / 3, rel=1e-12)


def test_a_draw_without_members_borrows_from_the_others() -> None:
    response = share([0.4, 0.4, 0.4], 50)
    infused = np.ones((3, 50), dtype=bool)
    infused[1] = False
    found = conduct(bank(response, infused=infused), replicates=6_000)
    assert np.isfinite(found.per_draw["success"]).all()
    assert found.per_draw["success"][1] == pytest.approx(SIMON.power, abs=0.04)


def test_the_same_seed_gives_the_same_trials_and_another_does_not() -> None:
    outcomes = bank(share([0.3, 0.4], 100))
    assert conduct(outcomes).success == conduct(outcomes).success
    assert conduct(outcomes, seed=2).success != conduct(outcomes).success


def test_arms_share_their_random_numbers() -> None:
    """The better arm's responders contain the worse arm's, so it succeeds wherever that does."""
    worse, better = share([0.3] * 2, 100), share([0.4] * 2, 100)
    response = np.stack([worse, better], axis=1)[:, :, None, :]
    columns = {"response": response, "infused": response >= 0, "failed": response < 0}
    outcomes = OutcomeBank(2, ("worse", "better"), ("one",), 100, columns)
    low, high = (conduct(outcomes, arm=arm).per_draw["success"] for arm in ("worse", "better"))
    assert (high >= low).all()


def test_one_draw_has_no_interval_over_draws() -> None:
    found = conduct(bank(share([0.4], 200)))
    assert np.isnan([found.success.low, found.success.high, found.between_draw_share]).all()
    assert found.success.value == pytest.approx(SIMON.power, abs=0.04)
    assert found.success.mcse > 0.0


def test_trials_that_all_end_alike_are_not_certain() -> None:
    found = conduct(bank(share([1.0, 1.0], 50)))
    assert found.success.value == 1.0
    assert 0.0 < found.success.mcse < 0.01
    assert np.isnan(found.between_draw_share)


def test_the_example_is_a_trial_in_words() -> None:
    found = conduct(bank(share([0.4, 0.4], 100)))
    assert "of the first 13 patients responded" in str(found.example)


@pytest.mark.parametrize(
    ("outcomes", "changed", "words"),
    [
        (bank(share([0.4] * 3, 10)), {"replicates": 5}, "at least two per draw"),
        (bank(np.full((2, 4), 0.5)), {}, "not binary: it holds 0.5"),
        (bank(share([0.4], 5)), {"endpoint": "cr"}, "no column 'cr'"),
        (
            bank(share([0.4], 5), infused=np.zeros((1, 5), dtype=bool)),
            {},
            "nobody in arm 'tscm' is in the infused set",
        ),
    ],
)
def test_bad_questions_are_refused(
    outcomes: OutcomeBank, changed: dict[str, Any], words: str
) -> None:
    with pytest.raises(DesignError, match=words):
        conduct(outcomes, **changed)


@pytest.mark.slow
@pytest.mark.parametrize("doubt", [0.0, 0.6])
def test_the_stated_error_is_the_error_made(doubt: float) -> None:
    """400 banks of 20 draws × 25 patients, seed 9: mean stated error within 15 % of the spread."""
    found = []
    for run in range(400):
        rng = stream(9, f"test stated error {doubt}", draw=run)
        rate = 1.0 / (1.0 + np.exp(0.4 - doubt * rng.standard_normal((20, 1))))
        response = (rng.random((20, 25)) < rate).astype(float)
        found.append(conduct(bank(response), replicates=2_000, seed=run).success)
    values, errors = np.array([(one.value, one.mcse) for one in found]).T
    assert errors.mean() == pytest.approx(values.std(), rel=0.15)
