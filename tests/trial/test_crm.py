"""Rules of the continual reassessment method: steps, coherence, stopping, follow-up."""

import numpy as np
import pytest

from progenitor.errors import DesignError
from progenitor.trial import (
    Crm,
    DoseState,
    TiteCrm,
    conduct_dose_finding,
    conduct_timed,
    toxicity_outcomes,
)

SKELETON = (0.05, 0.12, 0.25, 0.4, 0.55)


def after(levels: list[int], toxic: list[int], **changes: object) -> tuple[Crm, DoseState]:
    design = Crm(target=0.25, skeleton=SKELETON, **changes)  # type: ignore[arg-type]
    seen = [bool(one) for one in toxic]
    return design, DoseState.from_sequence(levels, seen, doses=5)


def test_no_dose_is_skipped() -> None:
    design, state = after([0], [0])
    assert design.fit(state).p_tox[0].argmax() == 4
    assert np.argmin(np.abs(design.fit(state).p_tox[0] - 0.25)) == 3  # the model would jump
    assert design.next_dose(state).level.tolist() == [1]
    assert "Dose 4 is not given yet: no dose is skipped." in design.explain(state).message


def test_nobody_yet_starts_where_it_stands() -> None:
    design, state = after([], [])
    assert design.next_dose(state).level.tolist() == [0]


def test_no_escalation_after_a_toxic_cohort() -> None:
    levels, toxic = [0] * 6 + [1] * 3, [0] * 6 + [0, 0, 1]
    wild, state = after(levels, toxic, coherent=False, cohort=3)
    calm, _ = after(levels, toxic, cohort=3)
    assert wild.next_dose(state).level.tolist() == [2]
    assert calm.next_dose(state).level.tolist() == [1]
    assert "the last cohort had toxicities" in calm.explain(state).message
    larger, _ = after(levels, toxic, cohort=6)  # 1 of the last 6 is below the target
    assert larger.next_dose(state).level.tolist() == [2]


def test_stops_when_the_lowest_dose_is_too_toxic() -> None:
    design, state = after([0, 0, 0], [1, 1, 1], safety=0.9)
    fit = design.fit(state)
    assert fit.too_toxic[0] > 0.9
    found = design.next_dose(state)
    assert found.level.tolist() == [-1]
    assert found.label(0) == "stop: lowest dose too toxic"
    assert found.eliminated.all()
    assert design.select(state).tolist() == [-1]
    careless, _ = after([0, 0, 0], [1, 1, 1])
    assert careless.next_dose(state).level.tolist() == [0]


def test_stops_with_enough_patients_at_the_dose() -> None:
    levels = [0, 1, 2] + [2] * 9
    toxic = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0]
    design, state = after(levels, toxic, enough=9)
    assert design.next_dose(state).label(0) == "stop: enough patients at the dose"
    assert design.select(state).tolist() == [2]


def test_pending_patients_count_only_in_the_timed_design() -> None:
    state = DoseState.from_sequence(
        [0, 0, 1, 1], [False] * 4, doses=5, followed=[1.0, 1.0, 0.5, 0.1]
    )
    complete = DoseState.from_sequence([0, 0], [False] * 2, doses=5)
    plain, timed = (
        kind(target=0.25, skeleton=SKELETON).fit(state).estimate[0] for kind in (Crm, TiteCrm)
    )
    alone = Crm(target=0.25, skeleton=SKELETON).fit(complete).estimate[0]
    assert plain == pytest.approx(alone, rel=1e-12)
    assert timed > plain  # follow-up without a toxicity lowers the curve


def test_counts_of_follow_up_stand_for_patients() -> None:
    """One pending patient at a dose: the sum of shares is that patient's share."""
    design = TiteCrm(target=0.25, skeleton=SKELETON)
    by_patient = DoseState.from_sequence([0, 1], [False] * 2, doses=5, followed=[1.0, 0.4])
    zero = [0] * 5
    by_count = DoseState.from_counts(
        [1, 1, 0, 0, 0], zero, pending=[0, 1, 0, 0, 0], followed=[0, 0.4, 0, 0, 0]
    )
    both = [design.fit(state).estimate[0] for state in (by_patient, by_count)]
    assert both[0] == pytest.approx(both[1], rel=1e-12)


def test_the_same_counts_give_the_same_fit() -> None:
    """Distinct tables are fitted once; every trial must get its own answer back."""
    design = Crm(target=0.25, skeleton=SKELETON)
    outcomes = toxicity_outcomes([0.1, 0.2, 0.3, 0.4, 0.5], patients=12, replicates=40, seed=3)
    state = conduct_dose_finding(design, outcomes, cohort=1).state
    together = design.fit(state)
    for row in (0, 7, 39):
        alone = design.fit(DoseState.from_counts(state.treated[row], state.toxic[row]))
        assert together.estimate[row] == pytest.approx(alone.estimate[0], abs=1e-9)


def test_complete_follow_up_makes_both_designs_one() -> None:
    """Patients who come one by one after the last window: the calendar changes nothing."""
    patients, trials = 12, 60
    outcomes = toxicity_outcomes([0.1, 0.2, 0.3, 0.4, 0.5], patients=patients, replicates=trials,
                                 seed=4)  # fmt: skip
    plain = conduct_dose_finding(Crm(target=0.25, skeleton=SKELETON), outcomes, cohort=1)
    arrivals = np.tile(np.arange(patients) * 40.0, (trials, 1))
    days = np.where(outcomes, 14.0, np.inf)
    timed = conduct_timed(TiteCrm(target=0.25, skeleton=SKELETON), arrivals, days, window=28.0)
    assert np.array_equal(plain.state.treated, timed.state.treated)
    assert np.array_equal(plain.selected, timed.selected)


def test_impossible_designs_are_refused_all_at_once() -> None:
    with pytest.raises(DesignError) as error:
        Crm(target=1.5, skeleton=(0.3, 0.2), scale=-1.0, cohort=0, safety=2.0, enough=0)
    for words in ("does not rise", "target 1.5", "scale -1", "cohort of 0", "limit 2", "enough at"):
        assert words in str(error.value)
    with pytest.raises(DesignError, match="falls with β"):
        Crm(target=0.25, skeleton=(0.1, 0.96), model="logistic")
    with pytest.raises(DesignError, match="5 doses, the trial 2"):
        Crm(target=0.25, skeleton=SKELETON).fit(DoseState.from_counts([1, 0], [0, 0]))


def test_a_free_design_skips_and_selects_what_nobody_was_given() -> None:
    free, state = after([0], [0], restricted=False)
    kept, _ = after([0], [0])
    assert free.next_dose(state).level.tolist() == [3]
    assert free.select(state).tolist() == free.nearest(state).tolist() == [3]
    assert kept.select(state).tolist() == [0]
    assert "may be skipped" in free.description


def test_nothing_is_selected_before_anybody_was_treated() -> None:
    design, state = after([], [])
    assert design.select(state).tolist() == [-1]
    assert "the trial starts here" in design.explain(state).message


def test_hardly_toxic_doses_are_told_apart() -> None:
    """Below 1e-17 all are as far from the target in floating point: the highest is the nearest."""
    design = Crm(target=0.25, skeleton=(1e-20, 1e-19, 1e-18), scale=2.0)
    state = DoseState.from_counts([0, 0, 60], [0, 0, 0])
    assert np.unique(np.abs(design.fit(state).p_tox[0] - 0.25)).size == 1
    assert design.nearest(state).tolist() == [2]
    assert design.next_dose(state).level.tolist() == [2]
