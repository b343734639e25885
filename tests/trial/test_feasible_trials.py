"""Trials whose patients may get less than assigned: who counts where, and what is chosen."""

import numpy as np
import pytest

from progenitor.errors import DesignError
from progenitor.trial import (
    Blrm,
    Boin,
    Crm,
    DoseBank,
    OutcomeBank,
    compare_feasibility,
    conduct_dose_finding,
    conduct_feasible,
    dose_feasibility,
    true_doses,
)

DOSES = (1e6, 3e6, 1e7)
BOIN = Boin(target=0.3)
MANY = {"patients": 18, "replicates": 400, "seed": 5}


def bank(yields: list[float], *, toxic_above: list[float], tolerance: float = 0.2) -> DoseBank:
    """One patient for each yield; a toxicity where what is achieved exceeds the patient's limit."""
    achieved = np.minimum(np.array(yields)[:, None], np.array(DOSES))
    toxic = achieved > np.array(toxic_above)[:, None]
    return DoseBank(DOSES, achieved[None], toxic[None], tolerance)


PLENTY = bank([1e8] * 10, toxic_above=[5e6] * 3 + [1e9] * 7)
SCARCE = bank([2e6] * 6 + [1e8] * 4, toxic_above=[5e6] * 10)


def test_truth_of_a_bank() -> None:
    assert SCARCE.feasibility.tolist() == pytest.approx([1.0, 0.4, 0.4], rel=1e-12)
    assert SCARCE.toxicity_if_given.tolist() == [0.0, 0.0, 1.0]
    assert SCARCE.toxicity_as_assigned.tolist() == pytest.approx([0.0, 0.0, 0.4], rel=1e-12)
    found = true_doses(SCARCE, target=0.3, least=0.5)
    assert found._asdict() == {"tolerated": 1, "feasible": 0, "apparent": 2}


def test_without_shortage_every_policy_is_the_plain_trial() -> None:
    drawn = PLENTY.resample(patients=36, replicates=400, seed=5)
    plain = conduct_dose_finding(BOIN, drawn.toxic[:, :18])
    for policy in ("ignore", "exclude", "as_treated", "achieved"):
        found = conduct_feasible(BOIN, PLENTY, policy=policy, **MANY)
        assert np.array_equal(found.state.treated, plain.state.treated), policy
        assert np.array_equal(found.state.toxic, plain.state.toxic), policy
        assert np.array_equal(found.tolerated, plain.selected), policy
        assert found.replaced.sum() == 0
        assert np.array_equal(found.selected, found.tolerated)


def test_ignoring_shortage_chooses_a_dose_that_is_too_toxic_when_given() -> None:
    """Six in ten get 2e6 whatever they are assigned: dose 3 looks like 40 %, and is 100 %."""
    conducted = [
        conduct_feasible(BOIN, SCARCE, policy=policy, **MANY) for policy in ("ignore", "exclude")
    ]
    found = compare_feasibility(SCARCE, conducted, target=0.3)
    ignore, exclude = found.policies
    assert ignore.overdose > 0.2
    assert exclude.overdose == 0.0
    assert exclude.right > ignore.right + 0.3
    assert exclude.replaced > 0.0
    assert "Dose 2 is tolerated" in found.summary
    assert found.plain()["true_feasible"] == 1


def test_excluded_patients_count_nowhere_and_are_replaced() -> None:
    found = conduct_feasible(BOIN, SCARCE, policy="exclude", confidence=None, **MANY)
    counted = found.state.treated.sum(axis=1)
    assert np.array_equal(found.enrolled - found.replaced, counted)
    assert np.array_equal(found.delivered[:, 1:], found.state.treated[:, 1:])
    assert counted.max() <= 18
    assert found.enrolled.max() <= 36


def test_as_treated_counts_at_the_level_reached() -> None:
    found = conduct_feasible(BOIN, SCARCE, policy="as_treated", confidence=None, **MANY)
    assert found.replaced.sum() == 0
    short = found.attempted - found.delivered
    moved = found.state.treated[:, 0] - found.attempted[:, 0]
    assert np.array_equal(moved, short[:, 1:].sum(axis=1))


def test_an_infeasible_dose_is_closed_and_left() -> None:
    nobody = bank([1.1e6] * 10, toxic_above=[1e9] * 10)
    found = conduct_feasible(BOIN, nobody, policy="exclude", **MANY)
    assert set(found.selected.tolist()) == {0}
    tried = found.attempted[:, 1]
    assert tried.max() <= 3  # three failures of three: P(f < 0.5) = 1 − 0.5⁴ > 0.9
    assert found.attempted[:, 2].max() == 0


def test_no_product_at_all_ends_the_trial() -> None:
    nothing = DoseBank(DOSES, np.zeros((1, 4, 3)), np.zeros((1, 4, 3), dtype=bool))
    for policy in ("exclude", "as_treated", "achieved"):
        found = conduct_feasible(BOIN, nothing, policy=policy, **MANY)
        assert set(found.selected.tolist()) == {-1}
        assert found.state.treated.sum() == 0


@pytest.mark.parametrize(
    "design",
    [
        Crm(target=0.3, skeleton=(0.1, 0.3, 0.5), cohort=3),
        Blrm(doses=DOSES, reference=3e6, mean=(-1.0, 0.0), sd=(1.5, 0.7)),
    ],
    ids=lambda design: design.name,
)
def test_works_for_model_based_designs(design: Crm | Blrm) -> None:
    few = {**MANY, "replicates": 20}
    for policy in ("exclude", "achieved"):
        found = conduct_feasible(design, SCARCE, policy=policy, **few)
        assert found.selected.max() <= 2
        assert np.all(found.selected <= found.tolerated)


def test_a_trial_does_not_depend_on_how_many_are_drawn() -> None:
    whole = conduct_feasible(BOIN, SCARCE, policy="exclude", **MANY)
    part = conduct_feasible(
        BOIN, SCARCE, policy="exclude", patients=18, replicates=10, seed=5, first=30
    )
    assert np.array_equal(whole.state.treated[30:40], part.state.treated)
    assert np.array_equal(whole.selected[30:40], part.selected)


def test_feasibility_is_a_survival_function_over_doses() -> None:
    """Assignment censors: those never assigned to dose 3 say nothing about it."""
    assigned = np.array([[0, 0, 1, 1, 1, 1, 2, 2]])
    reached = np.array([[0, -1, 1, 1, 0, 1, 2, 1]])
    found = dose_feasibility(assigned, reached, doses=4)
    first, second, third = 7 / 8, 5 / 6, 1 / 2
    expected = [first, first * second, first * second * third]
    assert found[0, :3] == pytest.approx(expected, rel=1e-12)
    assert np.isnan(found[0, 3])


def test_is_taken_from_an_outcome_bank() -> None:
    columns = {
        "achieved_dose": np.array([[[[1e6, 9e5], [1e6, np.nan]]]]).reshape(1, 1, 2, 2),
        "dlt": np.array([[[[0.0, 1.0], [0.0, np.nan]]]]).reshape(1, 1, 2, 2),
    }
    bank_ = OutcomeBank(1, ("car",), ("low", "high"), 2, columns)
    found = DoseBank.from_bank(
        bank_, arm="car", doses=(1e6, 3e6), toxicity="dlt", achieved="achieved_dose"
    )
    assert found.achieved.tolist() == [[[1e6, 1e6], [9e5, 0.0]]]
    assert found.toxic.tolist() == [[[False, False], [True, False]]]


def test_impossible_trials_are_refused_all_at_once() -> None:
    with pytest.raises(DesignError, match=r"start at dose 9.*least feasible share 2"):
        conduct_feasible(BOIN, PLENTY, policy="exclude", start=8, least=2.0, **MANY)
    with pytest.raises(DesignError, match=r"rising.*tolerance 1"):
        DoseBank((3.0, 1.0), np.ones((1, 1, 2)), np.full((1, 1, 2), False), tolerance=1.0)
