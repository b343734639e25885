"""Early patients of a trial are drawn from early ones of the bank, and late from late."""

import numpy as np
import pytest

from progenitor.errors import DesignError
from progenitor.trial import (
    Arrivals,
    DoseBank,
    ExactBinomial,
    OutcomeBank,
    WaitingStrata,
    operating_characteristics,
)

STREAM, STREAMS, WIDTH = 40, 5, 4
PLACE = np.arange(STREAM * STREAMS) % STREAM
CHANCE = (np.arange(1000) + 0.5) / 1000


def test_everybody_of_a_stratum_and_nobody_else_is_drawn():
    strata = WaitingStrata.of(PLACE, np.full((2, PLACE.size), True), width=WIDTH)
    for came in (0, 3, 4, 22, 39):
        found = strata.choose(
            np.ones(CHANCE.size, dtype=int), np.full(CHANCE.size, float(came)), CHANCE
        )
        assert set(found) == set(np.flatnonzero(came // WIDTH == PLACE // WIDTH))


def test_who_comes_after_the_last_is_drawn_from_the_last_stratum():
    strata = WaitingStrata.of(PLACE, np.full((1, PLACE.size), True), width=WIDTH)
    found = strata.choose(np.zeros(CHANCE.size, dtype=int), np.full(CHANCE.size, 1e6), CHANCE)
    assert set(PLACE[found]) == {36, 37, 38, 39}


def test_only_members_are_drawn_and_an_empty_stratum_borrows_the_next():
    member = np.full((1, PLACE.size), True)
    member[0, (PLACE // WIDTH == 3) | (PLACE % 2 == 0)] = False
    strata = WaitingStrata.of(PLACE, member, width=WIDTH)
    for came in range(STREAM):
        found = strata.choose(
            np.zeros(CHANCE.size, dtype=int), np.full(CHANCE.size, float(came)), CHANCE
        )
        assert member[0, found].all()
        wanted = 4 if came // WIDTH == 3 else came // WIDTH
        assert set(PLACE[found] // WIDTH) == {wanted}


def test_the_nth_infused_came_after_more_arrivals_than_n():
    member = np.zeros((1, PLACE.size), dtype=bool)
    member[0, ::4] = True
    strata = WaitingStrata.of(PLACE, member, width=WIDTH)
    assert strata.came_before(np.zeros(3, dtype=int), np.array([0, 1, 9])).tolist() == [0, 4, 36]


def test_strata_without_width_or_patients_are_refused():
    with pytest.raises(DesignError, match="width from 1"):
        WaitingStrata.of(PLACE, np.full((1, PLACE.size), True), width=0)
    with pytest.raises(DesignError, match="width from 1"):
        WaitingStrata.of(PLACE[:0], np.zeros((1, 0), dtype=bool), width=2)


def only_early_respond(**when: Arrivals) -> OutcomeBank:
    """A bank in which the first half of every stream responds."""
    response = np.tile((PLACE < STREAM // 2).astype(float), (2, 1, 1, 1))
    columns = {"cr": response, "infused": response >= 0, "failed": response < 0}
    return OutcomeBank(2, ("a",), ("d",), PLACE.size, columns, when)


@pytest.mark.parametrize(("patients", "share"), [(20, 1.0), (40, 0.0)])
def test_a_trial_of_early_patients_sees_what_early_patients_show(patients, share):
    """30 of 40 must respond, or 15 of 20: the first twenty all do, the next twenty never."""
    design = ExactBinomial(p0=0.3, p1=0.6, n=patients, r=3 * patients // 4 - 1)
    asked = {"arm": "a", "endpoint": "cr", "analysis_set": "itt", "replicates": 50, "seed": 3}
    bank = only_early_respond(a=Arrivals(PLACE, WIDTH))
    found = operating_characteristics(design, bank, **asked)
    assert found.success.value == share
    mixed = operating_characteristics(design, only_early_respond(), **asked)
    assert mixed.success.value < 0.2


def test_dose_finding_draws_early_patients_first():
    achieved = np.broadcast_to((1.0 + PLACE)[None, :, None], (2, PLACE.size, 1)).copy()
    member = np.tile(PLACE % 2 == 1, (2, 1))
    strata = WaitingStrata.of(PLACE, member, width=WIDTH)
    bank = DoseBank((1.0,), achieved, np.zeros(achieved.shape, dtype=bool), strata=strata)
    came = bank.resample(patients=12, replicates=200, seed=1).achieved[..., 0] - 1
    assert (came % 2 == 1).all()
    assert (came // WIDTH == 2 * np.arange(12) // WIDTH).all()
