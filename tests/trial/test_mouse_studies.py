"""Planned mouse studies: who is the unit, what is measured, what does not depend on the number."""

from dataclasses import replace

import numpy as np
import pytest

from progenitor.engine import stream
from progenitor.errors import InputError
from progenitor.trial import (
    MouseBank,
    MouseDesign,
    MouseStudies,
    compare_hazards,
    compare_measurements,
    compare_units,
    conduct_mouse_studies,
    dunnett_test,
    fit_batches,
    growth_rates,
    log_rank,
)

DAYS = np.arange(0.0, 43.0, 3.0)
DESIGN = MouseDesign(control=0, donors=4, per_donor=5, limit=1500.0, error=0.15, cage_effect=0.005)


def make_bank(*, donors: float, effect: float = 0.0, draws: int = 2) -> MouseBank:
    """Three arms: no cells, and two products whose effect differs between donors."""
    generator = stream(7, "bank")
    mouse = 0.07 + 0.012 * generator.standard_normal((draws, 1, 1, 60))
    donor = donors * generator.standard_normal((draws, 1, 60, 1))
    cells = np.array([0.0, 1.0, 1.0])[None, :, None, None]
    growth = mouse - cells * (effect + donor)
    start = 100.0 * np.exp(0.4 * generator.standard_normal((draws, 1, 1, 60)))
    volume = start[..., None] * np.exp(growth[..., None] * DAYS)
    return MouseBank(("control", "one", "other"), DAYS, volume)


@pytest.fixture(scope="module")
def studies() -> MouseStudies:
    return conduct_mouse_studies(make_bank(donors=0.02, effect=0.03), DESIGN, replicates=60, seed=5)


def rate(different: np.ndarray) -> tuple[float, float]:
    share = float(different.mean())
    return share, float(np.sqrt(0.05 * 0.95 / different.size))


def test_each_batch_has_its_mice_and_each_cage_its_size(studies):
    for batch, cage in zip(studies.batch, studies.cage, strict=True):
        assert np.bincount(batch).tolist() == [5] * 12
        assert np.bincount(cage).tolist() == [5] * 12


def test_donors_are_shared_by_arms_or_are_the_arms_own(studies):
    def donors(found: MouseStudies) -> np.ndarray:
        return found.bank_donor.reshape(-1, 3, 4, 5)[..., 0]

    shared = donors(studies)
    assert np.array_equal(shared[:, 0], shared[:, 1])
    own = replace(DESIGN, own_donors=True)
    apart = donors(conduct_mouse_studies(studies.bank, own, replicates=5, seed=5))
    assert not np.array_equal(apart[:, 0], apart[:, 1])


def test_a_study_does_not_depend_on_how_many_are_conducted(studies):
    few = conduct_mouse_studies(studies.bank, DESIGN, replicates=3, seed=5)
    assert np.array_equal(few.volume, studies.volume[:6], equal_nan=True)
    assert np.array_equal(few.growth, studies.growth[:6], equal_nan=True)


def test_measured_volume_errs_by_the_stated_error():
    bank = make_bank(donors=0.0)
    found = conduct_mouse_studies(
        bank, replace(DESIGN, cage_effect=0.0, limit=1e9), replicates=40, seed=2
    )
    arm = found.arm[None, :]
    true = bank.volume[found.draw[:, None], arm, found.bank_donor, found.bank_mouse]
    error = np.log(found.volume / true)
    assert abs(float(error.std()) - DESIGN.error) < 0.002
    assert abs(float(error.mean())) < 0.002


def test_mice_end_at_the_limit_and_keep_their_rate(studies):
    gone = studies.event == 1.0
    assert gone.any()
    last = np.nanmax(np.where(np.isfinite(studies.volume), DAYS, np.nan), axis=2)
    assert np.array_equal(last, studies.time)
    early = studies.volume[:, :, :-1]
    assert np.all((np.nan_to_num(early) < DESIGN.limit).sum(axis=2)[~gone] == DAYS.size - 1)


def test_rates_are_the_slopes_of_least_squares(studies):
    volume = studies.volume[3, 7]
    seen = np.isfinite(volume)
    slope = np.polyfit(DAYS[seen], np.log(volume[seen]), 1)[0]
    assert studies.growth[3, 7] == pytest.approx(slope, rel=1e-9)
    alone = growth_rates(DAYS[:1], np.ones((1, 1)), np.ones((1, 1), bool))
    assert np.isnan(alone).all()


@pytest.mark.parametrize("unit", ["batch", "mouse"])
def test_units_are_compared_as_dunnett_does(studies, unit):
    found = compare_units(studies, unit=unit)
    values, arm = studies.growth[4], np.repeat(["control", "one", "other"], 20)
    if unit == "batch":
        values, arm = values.reshape(12, 5).mean(axis=1), arm[::5]
    test = dunnett_test(values, arm, control="control")
    assert found.difference[4, 1:] == pytest.approx(test.difference, rel=1e-9)
    assert found.low[4, 1:] == pytest.approx(test.low, rel=1e-6)
    assert found.high[4, 1:] == pytest.approx(test.high, rel=1e-6)


def test_mice_as_units_find_what_is_not_there_when_arms_have_donors_of_their_own():
    bank, own = make_bank(donors=0.02, draws=4), replace(DESIGN, own_donors=True)
    equal = conduct_mouse_studies(bank, own, replicates=200, seed=9, lived=(1, 1, 1))
    batches, error = rate(compare_units(equal, unit="batch").different.any(axis=1))
    mice, _ = rate(compare_units(equal, unit="mouse").different.any(axis=1))
    assert abs(batches - 0.05) < 4.0 * error
    assert mice > 0.2


def test_without_cells_error_rates_are_as_planned():
    bank = make_bank(donors=0.02, draws=4)
    equal = conduct_mouse_studies(bank, DESIGN, replicates=200, seed=9, lived=(0, 0, 0))
    for unit in ("batch", "mouse"):
        share, error = rate(compare_units(equal, unit=unit).different.any(axis=1))
        assert share < 0.05 + 4.0 * error


def test_power_grows_with_donors_more_than_with_mice(studies):
    def power(donors: int, mice: int) -> float:
        design = replace(DESIGN, donors=donors, per_donor=mice)
        found = conduct_mouse_studies(studies.bank, design, replicates=60, seed=5)
        return float(compare_units(found, unit="batch").slower[:, 1:].mean())

    assert power(8, 5) > power(4, 10) > power(2, 20)


def test_a_mixed_model_agrees_with_batches_as_units(studies):
    fitted, means = fit_batches(studies, most=20), compare_units(studies, unit="batch")
    assert fitted.difference[:, 1:] == pytest.approx(means.difference[:20, 1:], abs=0.01)
    assert abs(fitted.slower[:, 1:].mean() - means.slower[:20, 1:].mean()) < 0.25


def test_every_measurement_gives_the_same_effect_with_limits_about_it(studies):
    found, rates = compare_measurements(studies, 2), compare_units(studies, unit="batch")
    assert found.difference[0, 1:] == pytest.approx(rates.difference[2, 1:], abs=0.01)
    assert np.all((found.low < found.difference)[0, 1:] & (found.difference < found.high)[0, 1:])
    assert np.isnan(found.difference[0, 0])


def test_hazards_are_those_of_the_two_arms_alone(studies):
    found = compare_hazards(studies)
    pair = np.isin(studies.arm, (0, 2))
    test = log_rank(studies.time[0, pair], studies.event[0, pair], (studies.arm[pair] == 2) * 1)
    assert found.z[0, 2] == pytest.approx(float(test.z), rel=1e-9)
    assert np.isfinite(found.log_ratio[:, 1:]).mean() > 0.9


def test_joint_limits_hold_the_truth_as_often_as_they_say(studies):
    growth = studies.bank.true_growth(DESIGN.limit).mean(axis=(2, 3))
    truth = (growth - growth[:, [0]])[studies.draw]
    assert compare_units(studies, unit="batch").holds(truth).mean() > 0.85


def test_impossible_plans_are_refused_with_every_problem():
    with pytest.raises(InputError) as caught:
        MouseDesign(control=0, donors=1, per_donor=0, limit=0.5, error=-1.0, alpha=2.0)
    fields = [problem.field for problem in caught.value.problems]
    assert fields == ["donors", "per_donor", "limit", "error", "alpha"]
    with pytest.raises(InputError, match="missing or negative"):
        MouseBank(("a", "b"), DAYS[:2], np.full((1, 2, 1, 1, 2), np.nan))
    with pytest.raises(InputError, match="shape"):
        MouseBank(("a", "b"), DAYS[:2], np.ones((1, 3, 1, 1, 2)))
