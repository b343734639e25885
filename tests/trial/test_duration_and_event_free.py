"""Duration of response and event-free survival by table: origin, failure, censoring, therapy.

Worked by hand from FDA 2018, Clinical Trial Endpoints for the Approval of Cancer Drugs and
Biologics, and FDA 2022, Acute Myeloid Leukemia: Developing Drugs (dating of failure).
"""

from typing import Any

import numpy as np
import pytest

from progenitor.errors import DesignError
from progenitor.trial import DurationOfResponse, EventFreeSurvival, EventTimes

NAN = float("nan")


def duration(policy: Any, *days: float, cutoff: float = np.inf) -> tuple[float, float]:
    """Response, progression, death, last visit, new therapy."""
    response, progression, death, last, therapy = (np.array([day]) for day in days)
    found = DurationOfResponse(new_therapy=policy).evaluate(
        response,
        progression_day=progression,
        death_day=death,
        last_visit_day=last,
        new_therapy_day=therapy,
        cutoff_day=cutoff,
    )
    assert found.time_zero == "response"
    return float(found.time[0]), float(found.event[0])


@pytest.mark.parametrize(
    ("policy", "days", "cutoff", "time", "event"),
    [
        pytest.param("ignore", (28, 118, NAN, 118, NAN), np.inf, 90, 1, id="progression"),
        pytest.param("ignore", (28, NAN, 128, 118, NAN), np.inf, 100, 1, id="death later on"),
        pytest.param("ignore", (28, 118, 98, 98, NAN), np.inf, 70, 1, id="the first of both"),
        pytest.param("ignore", (28, NAN, NAN, 365, NAN), np.inf, 337, 0, id="censored"),
        pytest.param("ignore", (28, 118, NAN, 118, NAN), 100, 72, 0, id="after the cut-off"),
        pytest.param("ignore", (28, 118, NAN, 118, NAN), 20, NAN, NAN, id="response after it"),
        pytest.param("ignore", (NAN, 60, NAN, 60, NAN), np.inf, NAN, NAN, id="no response"),
        pytest.param("ignore", (28, 118, NAN, NAN, NAN), np.inf, NAN, NAN, id="no data"),
        pytest.param("ignore", (28, NAN, NAN, 28, NAN), np.inf, 0, 0, id="never seen again"),
        pytest.param("ignore", (28, 118, NAN, 118, 60), np.inf, 90, 1, id="therapy ignored"),
        pytest.param("event", (28, 118, NAN, 118, 60), np.inf, 32, 1, id="therapy an event"),
        pytest.param("censor", (28, 118, NAN, 118, 60), np.inf, 32, 0, id="therapy censors"),
        pytest.param("censor", (28, 118, NAN, 118, 130), np.inf, 90, 1, id="therapy after"),
        pytest.param("event", (28, NAN, NAN, 118, 10), np.inf, 90, 0, id="therapy before response"),
    ],
)
def test_duration(
    policy: str, days: tuple[float, ...], cutoff: float, time: float, event: float
) -> None:
    found = duration(policy, *map(float, days), cutoff=cutoff)
    assert found == pytest.approx((time, event), nan_ok=True, rel=0)


def test_duration_does_not_join_survival() -> None:
    since_response = EventTimes(np.array([90.0]), np.array([1.0]), "response")
    with pytest.raises(DesignError, match="do not mix"):
        since_response.join(EventTimes(np.array([90.0]), np.array([1.0]), "infusion"))


def test_duration_refuses_what_came_before_the_response() -> None:
    with pytest.raises(DesignError, match="death before the response; a last visit before"):
        duration("ignore", 28.0, 20.0, NAN, 20.0, NAN)


def event_free(dated: Any, *days: float, cutoff: float = np.inf) -> tuple[float, float]:
    """Response, relapse, death, last visit; response is asked for by day 90."""
    endpoint = EventFreeSurvival(
        analysis_set="infused", time_zero="infusion", respond_by=90.0, failure_dated=dated
    )
    response, relapse, death, last = (np.array([day]) for day in days)
    found = endpoint.evaluate(
        response,
        relapse_day=relapse,
        death_day=death,
        last_visit_day=last,
        days_from="infusion",
        cutoff_day=cutoff,
    )
    return float(found.time[0]), float(found.event[0])


@pytest.mark.parametrize(
    ("dated", "days", "cutoff", "time", "event"),
    [
        pytest.param("time zero", (28, 200, NAN, 200), np.inf, 200, 1, id="relapse"),
        pytest.param("time zero", (28, NAN, 150, 120), np.inf, 150, 1, id="death in remission"),
        pytest.param("time zero", (28, NAN, NAN, 400), np.inf, 400, 0, id="censored"),
        pytest.param("time zero", (90, NAN, NAN, 400), np.inf, 400, 0, id="response on day 90"),
        pytest.param("time zero", (91, NAN, NAN, 400), np.inf, 0, 1, id="response a day late"),
        pytest.param("time zero", (NAN, NAN, NAN, 90), np.inf, 0, 1, id="no response, day zero"),
        pytest.param("assessment", (NAN, NAN, NAN, 90), np.inf, 90, 1, id="no response, day 90"),
        pytest.param("assessment", (NAN, 40, NAN, 120), np.inf, 40, 1, id="progressed before 90"),
        pytest.param("time zero", (NAN, NAN, NAN, 60), np.inf, 60, 0, id="lost before day 90"),
        pytest.param("time zero", (NAN, NAN, 60, 60), np.inf, 60, 1, id="died before day 90"),
        pytest.param("time zero", (NAN, NAN, NAN, 120), 80, 80, 0, id="cut-off before day 90"),
        pytest.param("time zero", (NAN, NAN, NAN, NAN), np.inf, NAN, NAN, id="no data"),
    ],
)
def test_event_free(
    dated: str, days: tuple[float, ...], cutoff: float, time: float, event: float
) -> None:
    found = event_free(dated, *map(float, days), cutoff=cutoff)
    assert found == pytest.approx((time, event), nan_ok=True, rel=0)


def test_event_free_survival_says_what_is_wrong() -> None:
    with pytest.raises(DesignError, match="response by day 0"):
        EventFreeSurvival(
            analysis_set="infused",
            time_zero="infusion",
            respond_by=0.0,
            failure_dated="assessment",
        )
    with pytest.raises(DesignError, match="immortal-time bias"):
        EventFreeSurvival(
            analysis_set="itt", time_zero="infusion", respond_by=90.0, failure_dated="time zero"
        )
