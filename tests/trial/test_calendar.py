"""The calendar: days of every step, what holds, who is replaced, and a log that reads as prose."""

from typing import Any

import numpy as np
import pytest

from progenitor.errors import DesignError
from progenitor.trial import (
    AccrualPause,
    Backfill,
    Boin,
    CalendarPatients,
    CalendarTrial,
    ConductRules,
    DoseBank,
    ExpansionCohort,
    MinimumFollowUp,
    ProductResult,
    Replacement,
    SentinelGap,
    TiteCrm,
    conduct_calendar,
    sample_calendar_patients,
)

DOSES = (1e6, 3e6)
BOIN = Boin(target=0.3)


def patients(count: int = 12, gap: float = 1.0, **changes: np.ndarray) -> CalendarPatients:
    """Patients who come one a ``gap``, whose product takes 20 days and who have no toxicity."""
    usual = CalendarPatients.uneventful(
        arrival=np.arange(count) * gap, doses=2, achieved=list(DOSES), waiting=20.0
    )
    named = {name: getattr(usual, name) for name in usual.__dataclass_fields__}
    fields = {name: values.copy() for name, values in named.items() if values is not None}
    return CalendarPatients(**fields | changes)


def conduct(who: CalendarPatients, cut_off: float | None = None, **rules: object) -> CalendarTrial:
    sizes = {"cohort": 3, "patients": 6, "window": 28.0}
    return conduct_calendar(BOIN, who, ConductRules(DOSES, **sizes | rules), cut_off=cut_off)


def events(trial: CalendarTrial, name: str) -> list[tuple[float, int]]:
    return [(entry.day, entry.patient) for entry in trial.log if entry.event == name]


def test_days_of_every_step() -> None:
    trial = conduct(patients())
    assert trial.days["infused"][:3].tolist() == [20.0, 21.0, 22.0]
    day, decision = trial.decisions[0]
    assert day == 50.0  # the last of the cohort was infused on day 22
    assert decision.label == "escalate"
    assert trial.days["consented"][3:6].tolist() == [50.0] * 3  # they waited for a place
    assert trial.days["infused"][3:6].tolist() == [70.0] * 3
    assert trial.cut_off == 98.0
    assert trial.selected == 1
    assert trial.state.treated.tolist() == [[3, 3]]
    assert trial.flow["infused"] == trial.flow["evaluable"] == 6


def test_the_sentinel_is_observed_first() -> None:
    trial = conduct(patients(), holds=(SentinelGap(14.0),))
    assert trial.days["infused"][:3].tolist() == [20.0, 34.0, 34.0]
    each = conduct(patients(), holds=(SentinelGap(14.0, after="each"),))
    assert each.days["infused"][:3].tolist() == [20.0, 34.0, 48.0]
    held = [entry.message for entry in trial.log if entry.event == "held"]
    assert held[0] == (
        "infusion waits until day 34.0: the first patient of the cohort is observed for 14 days"
    )


def test_a_toxicity_ends_follow_up_and_is_told() -> None:
    days = np.full((12, 2), np.inf)
    days[2] = 5.0
    trial = conduct(patients(toxicity=days))
    assert events(trial, "toxicity") == [(27.0, 2)]
    assert trial.decisions[0][0] == 49.0  # patients 1 and 2 still have to complete
    assert trial.state.toxic.tolist() == [[1, 0]]
    assert trial.decisions[0][1].value == 0


def test_a_trial_too_toxic_stops_and_selects_nothing() -> None:
    trial = conduct(patients(toxicity=np.full((12, 2), 3.0)), expansion=ExpansionCohort(3))
    assert trial.selected == -1
    assert trial.flow["infused"] == 3
    assert "no dose is selected" in trial.log[-2].message


def test_failed_products_are_made_again_and_then_the_patient_is_replaced() -> None:
    result = np.zeros((12, 2), dtype=int)
    result[0] = [ProductResult.FAILURE, ProductResult.SUCCESS]
    result[1] = ProductResult.FAILURE
    trial = conduct(patients(result=result, making=np.full((12, 2), 20.0)))
    assert trial.days["infused"][0] == 40.0
    assert trial.fate[1] == "not manufactured"
    assert np.isnan(trial.days["infused"][1])
    assert trial.days["consented"][3] == 41.0  # the fourth takes the place of the second
    stays = conduct(
        patients(result=result, making=np.full((12, 2), 20.0)),
        replacement=Replacement(replaced=frozenset()),
    )
    assert stays.state.treated[0, 0] == 2  # the cohort is smaller


def test_products_outside_their_specification() -> None:
    result = np.zeros((12, 1), dtype=int)
    result[0] = ProductResult.OUT_OF_SPECIFICATION
    assert conduct(patients(result=result)).fate[0] == "out of specification"
    trial = conduct(patients(result=result), out_of_specification=True)
    assert trial.days["infused"][0] == 20.0


def test_losses_while_waiting_are_replaced() -> None:
    loss = np.full(12, np.inf)
    loss[[0, 4]] = 10.0
    trial = conduct(patients(loss=loss))
    assert [patient for _, patient in events(trial, "lost")] == [0, 4]
    assert trial.flow["lost"] == 2
    assert trial.flow["infused"] == 6


def test_who_gets_too_little_is_replaced_or_counts() -> None:
    achieved = np.tile(DOSES, (12, 1))
    achieved[0, 0] = 5e5
    trial = conduct(patients(achieved=achieved))
    assert "50 % of it and will be replaced" in trial.prose
    assert not trial.counted[0]
    assert trial.state.treated.tolist() == [[3, 3]]
    assert trial.flow["infused"] == 7
    kept = conduct(patients(achieved=achieved), replacement=Replacement(frozenset()))
    assert kept.counted[0]
    assert kept.state.patients is not None
    assert kept.state.patients.achieved is not None
    assert kept.state.patients.achieved[0, 0] == 5e5


def test_who_dies_before_the_end_of_the_window_is_not_evaluable() -> None:
    end = np.full(12, np.inf)
    end[1] = 7.0
    trial = conduct(patients(end=end))
    assert trial.fate[1] == "not followed"
    assert trial.state.treated.tolist() == [[3, 3]]
    assert trial.days["consented"][3] == 28.0


def test_accrual_pauses_while_too_many_are_followed() -> None:
    """With two weeks of follow-up the next cohort could start, but two of three are pending."""
    design = TiteCrm(target=0.3, skeleton=(0.3, 0.5), cohort=3)
    days = np.full((12, 2), np.inf)
    days[0] = 5.0
    who = patients(gap=5.0, toxicity=days)
    sizes = {"cohort": 3, "patients": 6, "window": 28.0}
    followed = MinimumFollowUp(14.0)
    free = conduct_calendar(design, who, ConductRules(DOSES, **sizes, holds=(followed,)))
    pause = ConductRules(DOSES, **sizes, holds=(followed, AccrualPause()))
    paused = conduct_calendar(design, who, pause)
    assert free.decisions[0][0] == paused.decisions[0][0] == 44.0
    assert free.days["consented"][3] == 44.0
    assert paused.days["consented"][3] == 53.0  # the second patient completes: one of three left
    assert (
        "enrolment waits: 2 of 3 patients at dose 1 are still followed, more than 50 %"
        in paused.prose
    )


def test_backfill_fills_lower_doses_while_the_cohort_is_full() -> None:
    trial = conduct(patients(count=30), backfill=Backfill(most=6))
    filled = np.flatnonzero((trial.cohort == -1) & (trial.level >= 0))
    assert filled.size == 3  # three of six places at dose 1 were left
    assert trial.level[filled].tolist() == [0] * 3
    assert trial.state.treated.tolist() == [[6, 3]]


def test_the_expansion_follows_the_selection() -> None:
    trial = conduct(patients(count=30), expansion=ExpansionCohort(4))
    assert trial.state.treated.tolist() == [[3, 7]]
    assert trial.flow["infused"] == 10
    chosen = next(entry.day for entry in trial.log if entry.event == "selected")
    assert trial.days["consented"][6:10].min() == chosen


def test_the_cut_off_hides_what_comes_later() -> None:
    trial = conduct(patients(), cut_off=30.0)
    assert trial.cut_off == 30.0
    assert trial.decisions == ()
    assert trial.state.pending is not None
    assert trial.state.pending.tolist() == [[3, 0]]
    assert all(entry.day <= 30.0 for entry in trial.log)


def test_visits_take_place_while_patients_are_followed() -> None:
    end = np.full(12, np.inf)
    end[0] = 60.0
    trial = conduct(patients(end=end), visits=(28.0, 90.0))
    assert trial.visits[:7].tolist() == [1, 2, 2, 2, 2, 2, 0]
    assert trial.cut_off == 160.0  # the last infusion on day 70 and 90 days
    seen = conduct(patients(end=end), visits=(28.0, 90.0), cut_off=100.0)
    assert seen.visits[:7].tolist() == [1, 1, 1, 1, 1, 1, 0]


def test_screen_failures_do_not_enrol() -> None:
    eligible = np.ones(12, dtype=bool)
    eligible[:4] = False
    trial = conduct(patients(eligible=eligible))
    assert trial.flow["screen failure"] == 4
    assert np.isnan(trial.days["consented"][:4]).all()


def test_the_log_is_in_order_and_every_sentence_has_a_day() -> None:
    trial = conduct(patients(), holds=(SentinelGap(14.0),))
    days = [entry.day for entry in trial.log]
    assert days == sorted(days)
    lines = trial.prose.splitlines()
    assert len(lines) == len(trial.log)
    assert all(line.startswith("Day ") and line.endswith(".") for line in lines)
    decision = next(entry for entry in trial.log if entry.event == "decision")
    assert "cohort 1 is complete. 0 of 3 patients had a toxicity at dose 1" in decision.message


def test_rules_say_what_they_are_and_refuse_nonsense() -> None:
    rules = ConductRules(
        DOSES, cohort=3, patients=6, window=28.0, holds=(SentinelGap(7.0), AccrualPause(0.4)),
        backfill=Backfill(6), expansion=ExpansionCohort(10),
    )  # fmt: skip
    for words in ("7 days", "40 %", "fewer than 6", "10 more", "28 days"):
        assert words in rules.description
    with pytest.raises(DesignError, match=r"rising.*start at dose 3"):
        ConductRules((3.0, 1.0), cohort=3, patients=6, window=28.0, start=2)
    with pytest.raises(DesignError, match="2 doses, the rules 1"):
        conduct_calendar(BOIN, patients(), ConductRules((1e6,), cohort=3, patients=6, window=28.0))
    with pytest.raises(DesignError, match=r"arrivals fall.*making is negative"):
        patients(arrival=np.arange(12.0)[::-1].copy(), making=np.full((12, 1), -1.0))
    for wrong in (
        lambda: SentinelGap(-1.0),
        lambda: MinimumFollowUp(-1.0),
        lambda: AccrualPause(1.0),
        lambda: Replacement(tolerance=1.0),
        lambda: Backfill(0),
        lambda: ExpansionCohort(0),
    ):
        with pytest.raises(DesignError, match="Fix"):
            wrong()


def test_patients_are_drawn_from_a_bank_whatever_the_design() -> None:
    bank = DoseBank.from_yields(DOSES, (0.1, 0.4), median=2e6, log_sd=0.8, patients=500)
    given: dict[str, Any] = {"patients": 200, "seed": 3, "gap": 7.0, "making": (14.0, 21.0),
                             "window": 28.0, "failure": 0.2, "out_of_specification": 0.1,
                             "attempts": 2, "hazard": 0.01, "screen_failure": 0.25}  # fmt: skip
    who = sample_calendar_patients(bank, replicate=4, **given)
    again = sample_calendar_patients(bank, replicate=4, **given)
    other = sample_calendar_patients(bank, replicate=5, **given)
    assert np.array_equal(who.toxicity, again.toxicity)
    assert not np.array_equal(who.arrival, other.arrival)
    assert np.all((who.making >= 14.0) & (who.making <= 21.0))
    assert set(np.unique(who.result)) == set(ProductResult)
    assert abs(who.eligible.mean() - 0.75) < 0.15  # 200 patients: 4.9 standard errors
    assert abs(who.loss.mean() - 100.0) < 35.0  # 4.9 standard errors
    ill = np.isfinite(who.toxicity)
    assert np.all(who.toxicity[ill] <= 28.0)
    trial = conduct(who)
    assert trial.flow["screened"] > trial.flow["consented"] >= trial.flow["infused"]
    with pytest.raises(DesignError, match=r"failure 2.*gap -1"):
        sample_calendar_patients(bank, replicate=0, **given | {"failure": 2.0, "gap": -1.0})


@pytest.mark.parametrize("seed", range(6))
def test_no_rule_is_ever_broken(seed: int) -> None:
    """Many random trials: sizes, gaps, closed doses and order hold in every one."""
    bank = DoseBank.from_yields(
        (1e6, 3e6, 1e7), (0.1, 0.3, 0.6), median=6e6, log_sd=0.8, failure=0.1, patients=400
    )
    rules = ConductRules(
        bank.doses, cohort=3, patients=12, window=28.0, visits=(28.0,),
        holds=(SentinelGap(10.0), AccrualPause()), backfill=Backfill(5),
        expansion=ExpansionCohort(4),
    )  # fmt: skip
    designs = (BOIN, TiteCrm(target=0.3, skeleton=(0.1, 0.3, 0.5), cohort=3))
    for replicate in range(4):
        who = sample_calendar_patients(
            bank, patients=60, replicate=replicate, seed=seed, gap=6.0, making=(10.0, 30.0),
            window=28.0, failure=0.15, out_of_specification=0.1, attempts=2, hazard=0.01,
            to_infusion=5.0, screen_failure=0.2,
        )  # fmt: skip
        for design in designs:
            trial = conduct_calendar(design, who, rules)
            infused = trial.days["infused"]
            assert np.all(np.diff([entry.day for entry in trial.log]) >= 0.0)
            for number in range(int(trial.cohort.max()) + 1):
                days = np.sort(infused[(trial.cohort == number) & ~np.isnan(infused)])
                assert days.size < 2 or days[1] - days[0] >= 10.0 - 1e-9
            counted = trial.counted & (trial.cohort >= 0)
            assert counted.sum() <= 12 + 4
            assert np.all(infused[trial.counted] >= trial.days["consented"][trial.counted])
            for day, decision in trial.decisions:
                known = trial.cohort[(infused <= day) & trial.counted]
                assert known.size
                assert decision.value <= 2
            levels = [decision.value for _, decision in trial.decisions if decision.value >= 0]
            assert all(later <= max([*levels[:k], 0]) + 1 for k, later in enumerate(levels))
