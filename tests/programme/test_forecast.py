"""A forecast of a programme: limits that are known, dependence, and what refuses to be read."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from progenitor.errors import InputError
from progenitor.evidence import default_catalogue
from progenitor.programme import (
    ProgrammeFile,
    SimulatedSuccess,
    blend_odds,
    forecast,
    forecast_text,
    load_programme,
    plain_forecast,
    simulate_futures,
    years_between,
)

SHIPPED = Path(__file__).parents[2] / "forecasts" / "programmes" / "tscm_2030.yaml"
PHASES = {
    "one": {"success": "programme/haem_cancer_phase_1", "duration": "programme/phase_1_duration"},
    "two": {"success": "programme/haem_cancer_review", "duration": "programme/review_duration"},
}
BASE = {
    "success": ["programme/car_t_approval"],
    "time": "programme/car_t_development_time",
    "clock_starts": "2026-01-01",
}


def programme(**changes: object) -> ProgrammeFile:
    plain = {
        "programme": "test", "title": "A test", "question": "test", "as_of": "2026-01-01",
        "deadline": "2030-12-31", "seed": 3, "draws": 200, "replicates": 200, "phases": PHASES,
        "candidates": [{"name": "only", "route": ["one", "two"], "started": "2026-01-01"}],
        "shared_luck": "programme/shared_luck", "base_rate": BASE,
    }  # fmt: skip
    return ProgrammeFile.model_validate(plain | changes)


def test_without_a_deadline_the_chance_is_the_product_of_the_phases() -> None:
    """|z| < 4 against the draws' own probabilities; 40,000 worlds, seed 3."""
    file = programme(deadline="2200-01-01")
    futures = simulate_futures(file, default_catalogue())
    product = futures.phases["one"].success * futures.phases["two"].success
    happened = np.isfinite(futures.first).mean()
    error = np.sqrt((product * (1.0 - product)).mean() / futures.first.size)
    assert abs(happened - product.mean()) < 4.0 * error


def test_shared_luck_changes_no_single_chance_but_the_chance_of_any() -> None:
    """Eight programmes of one kind: dependence leaves each alone and makes all fail together."""
    route = ["one", "two"]
    candidates = [{"name": "many", "route": route, "count": 8, "started": "2026-01-01"}]
    catalogue = default_catalogue()
    file = programme(candidates=candidates, deadline="2200-01-01")
    futures = simulate_futures(file, catalogue)
    single = futures.phases["one"].success * futures.phases["two"].success
    independent = 1.0 - (1.0 - single) ** 8
    assert np.isfinite(futures.first).mean() < independent.mean() - 0.02
    assert np.isfinite(futures.first).mean() > single.mean()


def test_more_worlds_change_none_of_the_earlier_ones() -> None:
    catalogue = default_catalogue()
    few = simulate_futures(programme(draws=30, replicates=20), catalogue).first
    many = simulate_futures(programme(draws=60, replicates=50), catalogue).first
    assert np.array_equal(few, many[:30, :20])


def test_probability_grows_with_the_date() -> None:
    days = ["2027-12-31", "2028-12-31", "2035-12-31"]
    found = forecast(programme(also_by=days), default_catalogue())
    chances = [belief.probability for _, belief in found.by_date]
    assert chances == sorted(chances)
    assert [day for day, _ in found.by_date][2] == date(2030, 12, 31)
    assert found.by_date[2][1] == found.model


def test_the_base_rate_is_approval_times_time() -> None:
    """From a clock that starts today: P(approved) · P(T ≤ 5 years), over draws of both."""
    found = forecast(programme(draws=5_000, replicates=20), default_catalogue())
    middle = found.base_rates["programme/car_t_approval"]
    assert middle.probability == pytest.approx(0.136 * 0.53, rel=0.12, abs=0)  # medians, by hand
    assert middle.low < middle.probability < middle.high


def test_a_phase_that_has_lasted_leaves_less() -> None:
    catalogue = default_catalogue()
    fresh = simulate_futures(programme(), catalogue).first
    started = [{"name": "only", "route": ["one", "two"], "started": "2023-01-01"}]
    late = simulate_futures(programme(candidates=started), catalogue).first
    both = np.isfinite(fresh) & np.isfinite(late)
    assert np.median(late[both]) < np.median(fresh[both])
    assert np.array_equal(np.isfinite(fresh), np.isfinite(late))


def test_a_trial_succeeds_by_its_power_at_the_believed_rate() -> None:
    trial = {
        "p0": 0.2, "p1": 0.4, "alpha": 0.025, "beta": 0.1,
        "response": "observed/tscm_first_trial_complete_response",
    }  # fmt: skip
    catalogue = default_catalogue()
    chances = {}
    for design in ("simon_two_stage", "exact_binomial"):
        phases = {"one": {"success": trial | {"design": design}}}
        route = [{"name": "only", "route": ["one"]}]
        file = programme(phases=phases, candidates=route, draws=400)
        futures = simulate_futures(file, catalogue)
        rates = futures.numbers["observed/tscm_first_trial_complete_response"]
        assert np.mean(rates) == pytest.approx(5.5 / 12.0, rel=0.05, abs=0)  # 400 draws
        order = np.argsort(rates)
        assert np.all(np.diff(futures.phases["one"].success[order]) >= 0.0)
        chances[design] = futures.phases["one"].success.mean()
        assert np.all(futures.first[np.isfinite(futures.first)] == 0.0), "a condition takes no time"
    assert chances["simon_two_stage"] == pytest.approx(chances["exact_binomial"], rel=0.1, abs=0)


def test_blending() -> None:
    assert blend_odds(0.1, 0.1, weight=0.3) == pytest.approx(0.1, rel=1e-12, abs=0)
    assert blend_odds(0.1, 0.5, weight=1.0) == pytest.approx(0.5, rel=1e-12, abs=0)
    assert 0.0 < blend_odds(0.0, 0.5, weight=0.5) < 0.01


def test_the_shipped_programme_shows_its_parts() -> None:
    catalogue = default_catalogue()
    file = load_programme(SHIPPED, catalogue)
    small = ProgrammeFile.model_validate(file.model_dump() | {"draws": 60, "replicates": 60})
    found = forecast(small, catalogue)
    text, plain = forecast_text(found, catalogue), plain_forecast(found, catalogue)
    for words in ("base rate", "model", "blend", "no published source", "Research use only"):
        assert words in text
    assert set(plain["base_rates"]) == set(file.base_rate.success)
    assert plain["blend"]["probability"] == found.blend
    assert {row["id"] for row in plain["records"]} == set(found.records)
    assumed = {row["id"] for row in plain["records"] if row["state"] == "assumed"}
    assert assumed == set(found.assumed)
    low, high = sorted((found.base_rate.probability, found.model.probability))
    assert low <= found.blend <= high
    assert sum(share for _, share in found.leverage) > 0.1


def test_every_problem_is_told_with_its_line() -> None:
    text = SHIPPED.read_text("utf-8").replace("draws: 400", "draws: many").replace("seed:", "sed:")
    with pytest.raises(InputError) as refused:
        load_programme(text, default_catalogue(), name="p.yaml")
    assert len(refused.value.problems) == 2
    assert all(problem.line for problem in refused.value.problems)
    text = SHIPPED.read_text("utf-8").replace("deadline: 2030", "deadline: 2020", 1)
    text = text.replace("route: [phase_1, pivotal", "route: [phase_1, pivtal", 1)
    with pytest.raises(InputError, match="pivtal") as refused:
        load_programme(text, default_catalogue(), name="p.yaml")
    assert "2020-12-31 is not after" in str(refused.value)
    text = SHIPPED.read_text("utf-8").replace("programme/shared_luck", "programme/shared_lick")
    text = text.replace("haem_cancer_review", "haem_cancer_approval")
    with pytest.raises(InputError, match="shared_luck") as refused:
        load_programme(text, default_catalogue(), name="p.yaml")
    assert len(refused.value.problems) == 2


def test_years() -> None:
    assert years_between(date(2026, 1, 1), date(2026, 1, 1)) == 0.0


def test_a_phase_may_succeed_as_often_as_a_run_says() -> None:
    """The phase's mean is the run's assurance, whatever the record said; |z| < 4."""
    source = {"success": {"run": "runs/x", "trial": "t"}, "duration": "programme/review_duration"}
    file = programme(phases=PHASES | {"two": source}, deadline="2200-01-01")
    assert file.from_runs()["two"].run == "runs/x"
    rates = np.array([0.1, 0.2, 0.6])
    said = {"two": SimulatedSuccess("x/t/arm", "simulated by a run", rates, 0.01)}
    futures = simulate_futures(file, default_catalogue(), said)
    believed = futures.phases["two"].success
    assert set(np.unique(believed)) == set(rates)
    assert abs(believed.mean() - rates.mean()) < 4.0 * rates.std() / np.sqrt(believed.size)
    found = forecast(file, default_catalogue(), said)
    assert found.simulated == {"two": "simulated by a run"}
    assert "programme/haem_cancer_review" not in found.records
    assert "x/t/arm" in dict(found.leverage)
    assert "two: simulated by a run." in forecast_text(found, default_catalogue())
    with pytest.raises(InputError, match="comes from a run"):
        forecast(file, default_catalogue())


def test_what_else_must_go_well_is_kept_with_a_run() -> None:
    source = {"run": "runs/x", "and_then": "programme/carries_on_after_success"}
    file = programme(phases=PHASES | {"two": {"success": source}})
    said = {"two": SimulatedSuccess("x", "a run", np.array([0.5]), 0.01)}
    futures = simulate_futures(file, default_catalogue(), said)
    other = futures.numbers["programme/carries_on_after_success"]
    assert np.allclose(futures.phases["two"].success, 0.5 * other, rtol=1e-12, atol=0.0)
