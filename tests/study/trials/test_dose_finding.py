"""Dose finding on patients whose truth is known: what is chosen, and what manufacturing does."""

from collections.abc import Iterator

import numpy as np
import pytest

from progenitor.study._estimates import Table
from progenitor.study.results import DoseFindingResult
from progenitor.study.trials import _dose_finding
from progenitor.study.trials._averages import averaged, between_share
from progenitor.study.trials._dose_calendars import calendar_trials
from progenitor.study.trials._dose_designs import dose_design
from progenitor.study.trials._dose_finding import conduct_dose_findings
from progenitor.study.trials._dose_limiting import toxicity_day
from progenitor.study.trials._dose_patients import dose_patients
from progenitor.testing import MADE_UP_DOSES, MADE_UP_TRIALS, dose_tables, study_with_trial

DOSES = MADE_UP_DOSES
FINDING = MADE_UP_TRIALS["dose_finding"]

SAFE = (0.05, 0.06, 0.07)
STEEP = (0.05, 0.25, 0.6)


def conducted(rates, trial=FINDING, **made) -> DoseFindingResult:
    file = study_with_trial(trial, doses=True)
    tables = {"tscm": dose_tables(DOSES, rates, **made)}
    return conduct_dose_findings(file, 5, tables)[0]


@pytest.fixture(scope="module", autouse=True)
def few_calendars() -> Iterator[None]:
    """A trial day by day takes a hundred times as long as one of many at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_dose_finding, "_CALENDARS", 16)
        yield


@pytest.fixture(scope="module")
def bound_by_lots() -> DoseFindingResult:
    return conducted(SAFE)


def test_the_tolerated_and_feasible_dose_is_right_where_lots_bind(bound_by_lots):
    """Median 5e6: nearly all get 1e6, most get 80 % of 4e6, few 80 % of 1.6e7."""
    assert [level.best for level in bound_by_lots.levels] == [0.0, 0.0, 1.0]
    assert [level.best_feasible for level in bound_by_lots.levels] == [0.0, 1.0, 0.0]
    feasible = [level.feasibility.value for level in bound_by_lots.levels]
    from scipy.special import ndtr

    exact = ndtr(np.log(5e6 / (0.8 * np.array(DOSES))) / 0.8)
    np.testing.assert_allclose(feasible, exact, rtol=0.0, atol=0.07)  # 4 errors of 680 patients


def test_ignoring_manufacturing_chooses_what_few_can_get(bound_by_lots):
    found = {choice.policy: choice for choice in bound_by_lots.policies}
    assert found["ignore"].infeasible.value > 0.8
    assert found["exclude"].infeasible.value < 0.2
    assert found["exclude"].right.value > found["ignore"].right.value + 0.5
    assert "Had manufacturing been ignored" in bound_by_lots.summary


def test_toxicity_binds_where_lots_do_not():
    found = conducted(STEEP, yields=1e9, lost=0.0)
    assert [level.best_feasible for level in found.levels] == [0.0, 1.0, 0.0]
    np.testing.assert_allclose(
        [level.toxicity.value for level in found.levels],
        STEEP,
        rtol=0.0,
        atol=0.07,  # 4 errors of 760 patients
    )
    assert max(range(3), key=lambda place: found.levels[place].selected.value) == 1
    paper = [level.fixed.value for level in found.levels]
    chosen = [level.selected.value for level in found.levels]
    np.testing.assert_allclose(chosen, paper, rtol=0.0, atol=0.1)  # no doubt, no lots: the same


def test_shares_add_up_and_every_number_has_an_error(bound_by_lots):
    found = bound_by_lots
    total = found.none.value + sum(level.selected.value for level in found.levels)
    assert total == pytest.approx(1.0, rel=1e-12)
    on_paper = found.fixed_none.value + sum(level.fixed.value for level in found.levels)
    assert on_paper == pytest.approx(1.0, rel=1e-12)
    numbers = [found.right, found.none, found.toxicities, found.duration]
    numbers += [level.selected for level in found.levels]
    assert all(number.mcse > 0.0 for number in numbers)
    assert found.patients.value <= 20.0


def test_doubt_about_parameters_shows_between_draws():
    wide = conducted(STEEP, yields=1e9, spread=2.0, draws=8)
    narrow = conducted(STEEP, yields=1e9, spread=0.0, draws=8)
    assert wide.between_draw_share > narrow.between_draw_share + 0.1


def test_the_flow_adds_up(bound_by_lots):
    screened, enrolled, infused, evaluable = bound_by_lots.flow
    for before, after in ((screened, enrolled), (enrolled, infused), (infused, evaluable)):
        assert before.patients - sum(after.lost.values()) == after.patients
        assert all(count >= 0 for count in after.lost.values())


def test_the_example_is_told_in_order_and_in_words(bound_by_lots):
    days = [day for day, _ in bound_by_lots.example.decisions]
    assert days == sorted(days)
    assert all(words.endswith(".") for _, words in bound_by_lots.example.decisions)
    for patient in bound_by_lots.example.patients:
        assert np.isnan(patient.infused) or patient.screened < patient.infused <= patient.end


def test_the_sentinel_gap_is_kept():
    trial = study_with_trial(FINDING, doses=True).trials["trial"]
    patients = dose_patients(dose_tables(DOSES, SAFE), DOSES, events=["crs_grade_3"], window=28.0)
    for one in calendar_trials(dose_design(trial, DOSES), patients, trial, trials=5, seed=3):
        for cohort in range(int(one.cohort.max()) + 1):
            days = np.sort(one.days["infused"][one.cohort == cohort])
            days = days[~np.isnan(days)]
            assert np.all(days[1:] - days[0] >= 14.0 - 1e-9)


@pytest.mark.parametrize(
    "keys",
    [
        {"design": "keyboard"},
        {"design": "three_plus_three"},
        {"design": "crm", "skeleton": [0.05, 0.25, 0.5]},
        {"design": "tite_boin"},
        {"design": "tite_crm", "skeleton": [0.05, 0.25, 0.5]},
        {"design": "boin12", "least_response": "25 %"},
        {"design": "blrm", "reference_dose": "4e6 cell/kg", "feasibility": "achieved"},
    ],
    ids=lambda keys: keys["design"],
)
def test_every_design_is_conducted(keys):
    found = conducted(STEEP, FINDING | {"replicates": 12} | keys, yields=1e9)
    assert found.design == keys["design"]
    assert 0.0 <= found.right.value <= 1.0
    assert found.levels[0].treated.value > 0.0


def toxic_on(columns: dict[str, list[float]], events: list[str]) -> list[float]:
    """Days of toxicity of patients looked at daily for four weeks, grade 3 from a day to another.

    ``columns`` holds first and last day of a reaction and the day of death, NaN for none.
    """
    days = np.arange(0.0, 41.0)
    begun, ended, dead = (np.array(columns[name])[:, None] for name in ("from", "to", "death"))
    crs = np.where((days >= begun) & (days <= ended), 3.0, 0.0)
    rows = {"draw": np.zeros(len(crs), dtype=int), "death_day": dead[:, 0]}
    table = Table(rows, {"grade_of_crs": crs}, days, 1)
    return toxicity_day(table, events, window=28.0)[0].tolist()


NAN = float("nan")
REACTIONS = {
    "from": [5.0, NAN, 40.0, NAN, 27.0],
    "to": [8.0, NAN, 40.0, NAN, 40.0],
    "death": [3.0, 27.5, NAN, NAN, NAN],
}


def test_the_first_event_within_the_window_counts():
    found = toxic_on(REACTIONS, ["crs_grade_3", "death"])
    assert found == [3.0, 28.0, np.inf, np.inf, 27.0]


def test_a_reaction_that_resolves_in_time_is_no_toxicity():
    """Grade 3 for days 5 to 8 is gone on day 9, after more than three days; 5 to 7 in time."""
    longer = toxic_on(REACTIONS | {"death": [NAN] * 5}, ["crs_grade_3_over_3_days"])
    assert longer == [8.0, np.inf, np.inf, np.inf, 28.0]  # proven on day 30, counts on the last
    shorter = REACTIONS | {"to": [7.0] * 5, "death": [NAN] * 5}
    assert toxic_on(shorter, ["crs_grade_3_over_3_days"])[0] == np.inf


def test_the_share_between_draws_is_that_of_the_binomial():
    """Draws with success 0 and 1 differ in nothing but the draw; equal draws in nothing."""
    apart = np.tile([0.0, 1.0, 0.0, 1.0], 200)
    assert between_share(apart, 4) == pytest.approx(1.0, abs=0.05)
    same = np.repeat([0.0, 1.0], 400)
    assert between_share(same, 4) < 0.05
    assert averaged(apart, 4, label="x").value == 0.5
