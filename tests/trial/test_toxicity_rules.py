"""Toxicity stopping: exact crossing against enumeration, and the family of boundaries."""

from itertools import product

import numpy as np
import pytest

from progenitor.errors import DesignError, InputError
from progenitor.trial import (
    BayesianToxicityStopping,
    RepeatedToxicityTest,
    toxicity_characteristics,
)

ROUNDING = 1e-12


@pytest.mark.parametrize("rate", [0.0, 0.25, 0.6, 1.0])
def test_crossing_equals_enumeration(rate: float) -> None:
    looks, stops = (2, 4, 7), (2, 3, 4)
    cross = early = patients = 0.0
    for outcome in product((0, 1), repeat=7):
        weight = np.prod([rate if tox else 1.0 - rate for tox in outcome])
        hit = [n for n, k in zip(looks, stops, strict=True) if sum(outcome[:n]) >= k]
        cross += weight * bool(hit)
        early += weight * bool(hit and hit[0] < 7)
        patients += weight * (hit[0] if hit else 7)
    found = toxicity_characteristics(looks, stops, rate)
    assert found.crossing == pytest.approx(cross, rel=0, abs=ROUNDING)
    assert found.early_stop == pytest.approx(early, rel=0, abs=ROUNDING)
    assert found.expected_patients == pytest.approx(patients, rel=0, abs=7 * ROUNDING)


@pytest.mark.parametrize("delta", [0.0, 0.25, 0.5])
@pytest.mark.parametrize("looks", [(5, 10, 15, 20), tuple(range(1, 41)), (20, 40, 60, 75), (30,)])
def test_the_boundary_is_the_largest_that_keeps_its_error(
    looks: tuple[int, ...], delta: float
) -> None:
    rule = RepeatedToxicityTest(0.15, 0.35, looks, error=0.1, delta=delta)
    assert rule.characteristics(0.15).crossing <= 0.1
    assert rule.characteristics(0.15, looser=True).crossing > 0.1
    assert all(a >= b for a, b in zip(rule.stop_if_gt, rule.looser, strict=True))
    assert rule.stop_if_gt != rule.looser


def test_a_flatter_shape_stops_earlier() -> None:
    looks = (10, 20, 30, 40)
    pocock, fleming = (RepeatedToxicityTest(0.2, 0.4, looks, delta=d) for d in (0.0, 0.5))
    assert pocock.stop_if_gt[0] < fleming.stop_if_gt[0]
    assert pocock.stop_if_gt[-1] >= fleming.stop_if_gt[-1]


def test_an_error_that_no_boundary_keeps_never_stops() -> None:
    rule = RepeatedToxicityTest(0.3, 0.5, (3, 4), error=1e-6)
    assert rule.characteristics(0.3).crossing == 0.0


def test_bayesian_rule_explains_itself() -> None:
    rule = BayesianToxicityStopping(0.3, 0.9, (0.5, 0.5))
    stop, go = rule.decide(3, 5), rule.decide(2, 5)
    assert stop.value
    assert not go.value
    assert "3 of 5" in stop.message
    assert "goes on" in go.message
    found = rule.characteristics(tuple(range(1, 31)), 0.3)
    assert 0.0 < found.early_stop <= found.crossing < 1.0


def test_bad_rules_are_refused() -> None:
    with pytest.raises(InputError) as refused:
        BayesianToxicityStopping(1.3, 0.0)
    assert len(refused.value.problems) == 2
    with pytest.raises(DesignError):
        BayesianToxicityStopping(0.3, 0.9, (0.0, 1.0))
    with pytest.raises(InputError) as refused:
        RepeatedToxicityTest(0.5, 0.4, (5, 10), error=0.0, delta=0.7)
    assert len(refused.value.problems) == 3
