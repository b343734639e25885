"""Progression-free and overall survival: censoring tables, cut-offs, time zero."""

import numpy as np
import pytest

from progenitor.errors import DesignError
from progenitor.trial import EventTimes, OverallSurvival, ProgressionFreeSurvival

NAN = float("nan")
PFS = ProgressionFreeSurvival(analysis_set="infused", time_zero="infusion")


@pytest.mark.parametrize(
    ("progression", "death", "last", "time", "event"),
    [
        pytest.param(90.0, NAN, 90.0, 90.0, 1.0, id="progression"),
        pytest.param(NAN, 40.0, 28.0, 40.0, 1.0, id="death between visits"),
        pytest.param(90.0, 200.0, 90.0, 90.0, 1.0, id="progression before death"),
        pytest.param(200.0, 150.0, 90.0, 150.0, 1.0, id="death before a progression visit"),
        pytest.param(90.0, 90.0, 90.0, 90.0, 1.0, id="both on one day"),
        pytest.param(NAN, NAN, 365.0, 365.0, 0.0, id="censored at the last visit"),
        pytest.param(NAN, NAN, 0.0, 0.0, 0.0, id="never visited: censored at time zero"),
        pytest.param(NAN, 10.0, 0.0, 10.0, 1.0, id="died before the first visit"),
        pytest.param(NAN, 0.0, 0.0, 0.0, 1.0, id="died at time zero"),
        pytest.param(NAN, 600.0, 180.0, 600.0, 1.0, id="death after missed visits counts"),
        pytest.param(NAN, NAN, NAN, NAN, NAN, id="no data is never zero"),
        pytest.param(90.0, NAN, NAN, NAN, NAN, id="no data despite a progression day"),
    ],
)
def test_progression_free_survival(
    progression: float, death: float, last: float, time: float, event: float
) -> None:
    arrays = (np.array([value]) for value in (progression, death, last))
    found = PFS.evaluate(*arrays, days_from="infusion")
    assert (found.time[0], found.event[0]) == pytest.approx((time, event), nan_ok=True, rel=0)


@pytest.mark.parametrize(
    ("event_day", "last", "cutoff", "time", "event"),
    [
        (90.0, 90.0, 90.0, 90.0, 1.0),  # an event on the day of the cut-off is known
        (91.0, 91.0, 90.0, 90.0, 0.0),  # one day later it is not
        (NAN, 60.0, 90.0, 60.0, 0.0),
        (NAN, 365.0, 90.0, 90.0, 0.0),
    ],
)
def test_data_cut_off(
    event_day: float, last: float, cutoff: float, time: float, event: float
) -> None:
    seen, none = np.array([last]), np.array([NAN])
    pfs = PFS.evaluate(np.array([event_day]), none, seen, days_from="infusion", cutoff_day=cutoff)
    survival = OverallSurvival(analysis_set="itt", time_zero="enrolment").evaluate(
        np.array([event_day]), seen, days_from="enrolment", cutoff_day=cutoff
    )
    assert (pfs.time[0], pfs.event[0]) == (time, event)
    assert (survival.time[0], survival.event[0]) == (time, event)


@pytest.mark.parametrize("endpoint", [ProgressionFreeSurvival, OverallSurvival])
@pytest.mark.parametrize(
    ("analysis_set", "time_zero"), [("infused", "enrolment"), ("itt", "infusion")]
)
def test_the_wrong_time_zero_is_refused(
    endpoint: type[ProgressionFreeSurvival], analysis_set: str, time_zero: str
) -> None:
    with pytest.raises(DesignError, match="immortal-time bias"):
        endpoint(analysis_set=analysis_set, time_zero=time_zero)


def test_days_from_another_zero_are_refused() -> None:
    day = np.array([10.0])
    with pytest.raises(DesignError, match="immortal-time bias"):
        PFS.evaluate(day, day, day, days_from="enrolment")


def test_times_from_different_zeros_do_not_join() -> None:
    one = EventTimes(np.array([1.0]), np.array([1.0]), "infusion")
    other = EventTimes(np.array([2.0]), np.array([0.0]), "enrolment")
    assert one.join(one).time.tolist() == [1.0, 1.0]
    with pytest.raises(DesignError, match="immortal-time bias"):
        one.join(other)


def test_a_day_before_time_zero_is_refused() -> None:
    with pytest.raises(DesignError, match="1 of 2 times lie before infusion"):
        EventTimes(np.array([5.0, -3.0]), np.array([1.0, 1.0]), "infusion")


@pytest.mark.parametrize(
    ("time", "event", "free"),
    [
        (400.0, 0.0, 1.0),
        (400.0, 1.0, 1.0),
        (365.0, 0.0, 1.0),  # seen event-free on the day itself
        (365.0, 1.0, 0.0),
        (100.0, 1.0, 0.0),
        (100.0, 0.0, NAN),  # censored before: not known
        (NAN, NAN, NAN),
    ],
)
def test_event_free_at_a_day(time: float, event: float, free: float) -> None:
    times = EventTimes(np.array([time]), np.array([event]), "infusion")
    assert times.event_free_at(365.0)[0] == pytest.approx(free, nan_ok=True, rel=0)


def test_the_curve_leaves_out_patients_without_data() -> None:
    times = EventTimes(np.array([1.0, NAN, 3.0]), np.array([1.0, NAN, 0.0]), "infusion")
    assert times.curve().survival.tolist() == [0.5]
