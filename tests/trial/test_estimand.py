"""Estimands: each strategy by table, and refusal of what the data do not have."""

import numpy as np
import pytest

from progenitor.errors import DesignError
from progenitor.trial import (
    Estimand,
    EstimandStrategy,
    IntercurrentData,
    IntercurrentEvent,
    WithoutEvent,
)

NAN = float("nan")
THERAPY = "new therapy"


def one(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


def estimand(strategy: EstimandStrategy) -> Estimand:
    return Estimand("infused", "infusion", (IntercurrentEvent(THERAPY, strategy),))


@pytest.mark.parametrize(
    ("strategy", "event", "seen", "therapy", "time", "cause"),
    [
        pytest.param("treatment policy", 200, 200, 90, 200, 1, id="policy ignores it"),
        pytest.param("treatment policy", NAN, 365, 90, 365, 0, id="policy, censored"),
        pytest.param("composite", 200, 200, 90, 90, 1, id="composite: it is an event"),
        pytest.param("composite", 60, 60, 90, 60, 1, id="composite: the first counts"),
        pytest.param("composite", NAN, 365, NAN, 365, 0, id="composite: neither"),
        pytest.param("while on treatment", 200, 200, 90, 90, 2, id="while: stops there"),
        pytest.param("while on treatment", 90, 90, 90, 90, 1, id="while: on the same day"),
        pytest.param("while on treatment", NAN, 365, NAN, 365, 0, id="while: never stopped"),
        pytest.param("composite", NAN, NAN, 90, 90, 1, id="no data"),
    ],
)
def test_times(
    strategy: EstimandStrategy,
    event: float,
    seen: float,
    therapy: float,
    time: float,
    cause: float,
) -> None:
    data = IntercurrentData({THERAPY: one(therapy)})
    found = estimand(strategy).times(one(event), one(seen), data, days_from="infusion")
    expected = [NAN, NAN] if np.isnan(seen) else [time, cause]
    assert [found.time[0], found.cause[0]] == pytest.approx(expected, nan_ok=True, rel=0)


def test_cut_off_comes_first() -> None:
    data = IntercurrentData({THERAPY: one(90.0)})
    for strategy in ("treatment policy", "composite", "while on treatment"):
        found = estimand(strategy).times(  # type: ignore[arg-type]
            one(200.0), one(200.0), data, days_from="infusion", cutoff_day=60.0
        )
        assert (found.time[0], found.cause[0]) == (60.0, 0.0)


def test_hypothetical_takes_the_outcome_without_the_event() -> None:
    without = {THERAPY: WithoutEvent(one(120.0, 50.0), one(120.0, 50.0))}
    data = IntercurrentData({THERAPY: one(90.0, NAN)}, without=without)
    found = estimand("hypothetical").times(
        one(200.0, 300.0), one(200.0, 300.0), data, days_from="infusion"
    )
    assert found.time.tolist() == [120.0, 300.0]  # the second patient had no event


def test_principal_stratum_keeps_those_without_the_event_under_any_arm() -> None:
    under = {THERAPY: np.array([[True, False, False], [False, False, True]])}
    data = IntercurrentData({THERAPY: one(90.0, NAN, NAN)}, under=under)
    times = one(200.0, 300.0, 400.0)
    found = estimand("principal stratum").times(times, times, data, days_from="infusion")
    assert found.time.tolist() == pytest.approx([NAN, 300.0, NAN], nan_ok=True, rel=0)


@pytest.mark.parametrize(
    ("strategy", "words"),
    [
        ("hypothetical", "what would have been without 'new therapy' is not known"),
        ("principal stratum", "whether 'new therapy' occurs under the other arms is not known"),
    ],
)
def test_what_cannot_be_had_is_refused(strategy: EstimandStrategy, words: str) -> None:
    data = IntercurrentData({THERAPY: one(90.0)})
    with pytest.raises(DesignError, match=words):
        estimand(strategy).times(one(200.0), one(200.0), data, days_from="infusion")
    with pytest.raises(DesignError, match=words):
        estimand(strategy).status(one(90.0), np.array([[1.0]]), data)


def test_an_event_without_days_is_refused() -> None:
    with pytest.raises(DesignError, match="no days of 'new therapy'"):
        estimand("composite").times(one(1.0), one(1.0), IntercurrentData({}), days_from="infusion")


def test_a_curve_of_stopped_times_is_refused() -> None:
    data = IntercurrentData({THERAPY: one(90.0)})
    stopped = estimand("while on treatment").times(
        one(200.0), one(200.0), data, days_from="infusion"
    )
    with pytest.raises(DesignError, match="uninformative censoring"):
        stopped.as_event_times()
    policy = estimand("treatment policy").times(one(200.0), one(200.0), data, days_from="infusion")
    assert policy.as_event_times().time.tolist() == [200.0]


@pytest.mark.parametrize(
    ("strategy", "status", "therapy", "expected"),
    [
        ("treatment policy", [1, 0], 60, 0),
        ("composite", [1, 1], 60, 0),
        ("composite", [1, 1], 90, 0),
        ("composite", [1, 1], 91, 1),
        ("while on treatment", [1, 0], 60, 1),
        ("while on treatment", [1, 0], 28, NAN),  # no visit before it
        ("while on treatment", [1, 0], NAN, 0),
    ],
)
def test_status(
    strategy: EstimandStrategy, status: list[float], therapy: float, expected: float
) -> None:
    data = IntercurrentData({THERAPY: one(therapy)})
    found = estimand(strategy).status(one(28.0, 90.0), np.array([status], dtype=float), data)
    assert found[0] == pytest.approx(expected, nan_ok=True, rel=0)


def test_estimands_that_cannot_be() -> None:
    with pytest.raises(DesignError, match="immortal-time bias"):
        Estimand("itt", "infusion")
    event = IntercurrentEvent(THERAPY, "composite")
    with pytest.raises(DesignError, match="there twice"):
        Estimand("infused", "infusion", (event, event))
    with pytest.raises(DesignError, match="do not mix"):
        Estimand("infused", "infusion").times(
            one(1.0), one(1.0), IntercurrentData({}), days_from="enrolment"
        )
    assert "new therapy: composite" in estimand("composite").description
