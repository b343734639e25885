"""Utility of toxicity and response."""

import numpy as np
import pytest

from progenitor.errors import DesignError
from progenitor.trial import Boin12, DoseState, conduct_dose_finding, toxicity_outcomes

DESIGN = Boin12(phi_t=0.35, phi_e=0.25, utility_neither=40.0, utility_both=60.0)


def state(n: list[int], y: list[int], e: list[int], both: list[int], level: int) -> DoseState:
    return DoseState.from_counts(n, y, responded=e, toxic_and_responded=both, level=level)


def test_equal_neighbours_go_to_the_higher_dose() -> None:
    told = DESIGN.explain(state([3, 3, 3], [0] * 3, [1] * 3, [0] * 3, 1))
    assert told.value == 2


def test_a_dose_never_tried_is_tried_after_nine_patients() -> None:
    good = state([9, 0], [0, 0], [9, 0], [0, 0], 0)
    fewer = state([8, 0], [0, 0], [8, 0], [0, 0], 0)
    assert DESIGN.explain(good).value == 1
    assert DESIGN.explain(fewer).value == 0


def test_toxicity_goes_before_utility() -> None:
    told = DESIGN.explain(state([3, 3], [0, 2], [0, 3], [0, 2], 1))
    assert (told.label, told.value) == ("de-escalate", 0)


def test_an_intolerable_lowest_dose_stops() -> None:
    assert DESIGN.next_dose(state([6, 0], [6, 0], [0, 0], [0, 0], 0)).stop.tolist() == [True]


def test_no_dose_with_enough_responses_stops() -> None:
    told = DESIGN.explain(state([30, 30], [0, 0], [0, 0], [0, 0], 1))
    assert told.label == "stop: no dose is admissible"


def test_selection_prefers_utility_among_tolerated_doses() -> None:
    best = state([9, 9, 9], [0, 1, 6], [1, 7, 9], [0, 1, 6], 1)
    assert DESIGN.select(best).tolist() == [1]
    assert DESIGN.select(state([0, 0], [0, 0], [0, 0], [0, 0], 0)).tolist() == [-1]


def test_it_finds_the_plateau() -> None:
    """Responses level off at dose 2, toxicity does not: dose 2 is best."""
    toxic = toxicity_outcomes([0.05, 0.1, 0.3, 0.5], patients=36, replicates=500, seed=1)
    answers = toxicity_outcomes(
        [0.1, 0.5, 0.5, 0.5], patients=36, replicates=500, seed=1, purpose="response"
    )
    trials = conduct_dose_finding(DESIGN, toxic, responses=answers)
    assert np.mean(trials.selected == 1) > 0.7


def test_responses_are_needed() -> None:
    with pytest.raises(DesignError, match="who responded"):
        DESIGN.next_dose(DoseState.from_counts([3], [0]))


def test_impossible_numbers_are_told_at_once() -> None:
    with pytest.raises(DesignError) as told:
        Boin12(0.8, 0.25, 120.0, 60.0, cutoff_t=1.5, n_star=0)
    for word in ("limits 0.8", "120", "1.5", "n_star = 0"):
        assert word in str(told.value)
