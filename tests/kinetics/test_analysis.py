"""Every metric at its edges: nothing sampled, nothing quantifiable, one sample, ragged rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from progenitor.errors import InputError
from progenitor.kinetics import (
    BLQ_RULES,
    Kinetics,
    KineticsRules,
    Profiles,
    Reason,
    analyse_kinetics,
    definitions,
    plain_patients,
    plain_summary,
)

NAN = float("nan")
DAYS = np.array([0.0, 3.0, 7.0, 14.0, 28.0, 90.0])


def reasons(found: Kinetics) -> dict[str, str]:
    return {name: metric.reason(0).name for name, metric in found.metrics.items()}


def test_a_patient_worked_by_hand(one) -> None:
    """Doubles daily to 128, then halves every 7 days; limit 1, one sample below it."""
    days = [0.0, 3.0, 7.0, 14.0, 21.0, 28.0, 35.0, 90.0]
    found = one(days, [1.0, 8.0, 128.0, 64.0, 32.0, 16.0, 8.0, 0.5], 1.0, partial=((7.0, 21.0),))
    expected = {
        "cmax": 128.0,
        "tmax": 7.0,
        "clast": 8.0,
        "tlast": 35.0,
        "quantifiable_at_end": 0.0,
        "auc_0_28": 13.5 + 272.0 + 672.0 + 336.0 + 168.0,
        "auc_0_last": 13.5 + 272.0 + 672.0 + 336.0 + 168.0 + 84.0,
        "auc_7_21": 672.0 + 336.0,
        "doubling_time": 1.0,
        "fold_expansion": 128.0,
        "contraction_half_life": 7.0,
        "terminal_half_life": 7.0,
        "time_below_limit": 27.5,
        "persistent_28": 1.0,
        "persistent_90": 0.0,
    }
    values = {name: float(found.metrics[name].values[0]) for name in expected}
    assert values == pytest.approx(expected, rel=1e-12)


def test_nothing_below_the_limit_and_nobody_sampled(one) -> None:
    found = one(DAYS, [NAN] * 6, 1.0)
    assert set(reasons(found).values()) == {"NOT_SAMPLED"}
    assert all(np.isnan(metric.values).all() for metric in found.metrics.values())


@pytest.mark.parametrize("rule", BLQ_RULES)
def test_a_patient_never_quantifiable_has_no_metric_but_a_time_below(one, rule: str) -> None:
    found = one(DAYS, [0.0, 0.5, 0.9, 0.1, 0.0, 0.2], 1.0, blq=BLQ_RULES[rule])
    own = {"quantifiable_at_end": 0.0, "time_below_limit": 90.0}
    own |= {f"persistent_{day}": 0.0 for day in (28, 90)}
    for name, metric in found.metrics.items():
        if name in own:
            assert metric.values[0] == own[name]
        elif name in {"persistent_180", "persistent_365"}:
            assert metric.reason(0) is Reason.ENDS_EARLY
        else:
            assert metric.reason(0) is Reason.NEVER_QUANTIFIABLE, name


def test_a_single_sample_gives_what_a_single_sample_can(one) -> None:
    found = one([9.0], [50.0], 1.0)
    values = {name: float(metric.values[0]) for name, metric in found.metrics.items()}
    assert [values[name] for name in ("cmax", "tmax", "clast", "tlast")] == [50.0, 9.0, 50.0, 9.0]
    assert values["auc_0_last"] == 225.0, "a straight line from 0 on day 0"
    assert values["quantifiable_at_end"] == 1.0
    told = reasons(found)
    assert told["auc_0_28"] == "ENDS_EARLY"
    assert told["doubling_time"] == told["fold_expansion"] == "NO_RISE"
    for name in ("contraction_half_life", "persistence_half_life", "terminal_half_life"):
        assert told[name] == "TOO_FEW_SAMPLES"
    assert told["time_below_limit"] == "TOO_FEW_SAMPLES"
    assert told["persistent_28"] == "ENDS_EARLY"


def test_persistence_where_the_limit_is_not_a_number(one) -> None:
    """Marked samples without a limit: what lies between unlike neighbours is not known."""
    below = [False, False, True]
    found = one([0.0, 20.0, 40.0], [9.0, 5.0, NAN], below=below, days=(10.0, 30.0, 40.0))
    told = reasons(found)
    assert found.metrics["persistent_10"].values[0] == 1.0
    assert told["persistent_30"] == "NO_LIMIT"
    assert found.metrics["persistent_40"].values[0] == 0.0


def test_a_level_at_the_limit_persists(one) -> None:
    found = one([0.0, 28.0, 90.0], [9.0, 2.0, 1.999], 2.0).metrics
    assert [found[name].values[0] for name in ("persistent_28", "persistent_90")] == [1.0, 0.0]


def test_time_below_a_limit_that_nobody_named_is_not_known(one) -> None:
    assert reasons(one([0.0, 7.0], [1.0, 2.0]))["time_below_limit"] == "NO_LIMIT"


def test_rows_may_be_ragged_with_times_of_their_own() -> None:
    time = np.array([[0.0, 7.0, 28.0], [1.0, NAN, NAN], [0.0, 30.0, NAN]])
    level = np.array([[1.0, 4.0, 1.0], [3.0, NAN, NAN], [2.0, 2.0, NAN]])
    found = analyse_kinetics(Profiles.of(time, level)).metrics["auc_0_28"]
    assert found.values[[0, 2]].tolist() == [17.5 + 52.5, 56.0]
    assert found.reason(1) is Reason.ENDS_EARLY


def test_wrong_choices_are_listed_together() -> None:
    with pytest.raises(InputError) as error:
        KineticsRules(
            area="log",
            auc_end=-1.0,
            partial=((7.0, 3.0),),
            days=(NAN,),
            start="first",
            contraction="x",
        )
    fields = [problem.field for problem in error.value.problems]
    assert fields == ["area", "start", "contraction", "auc_end", "partial", "days"]


def test_every_metric_has_a_definition_and_a_unit() -> None:
    profiles = Profiles.of(
        DAYS, np.ones((2, 6)), unit="copy/ug", dose_level=np.ones(2), lower_limit=0.1
    )
    rules = KineticsRules(partial=((0.0, 7.0),), days=(1.0,))
    found = analyse_kinetics(profiles, rules)
    assert set(found.metrics) == set(definitions(rules))
    units = {metric.kind: metric.unit for metric in found.metrics.values()}
    assert units == {
        "level": "copy/ug",
        "day": "day",
        "area": "copy/ug*day",
        "ratio": "1",
        "share": "1",
    }


def test_plain_data_say_the_same() -> None:
    found = analyse_kinetics(Profiles.of(DAYS, np.array([[1.0, 2.0, 9.0, 4.0, 2.0, 1.0]])))
    patient = plain_patients(found)[0]
    for name, metric in found.metrics.items():
        if metric.reasons[0]:
            assert np.isnan(patient["metrics"][name])
            assert patient["reasons"][name] == metric.reason(0).name
        else:
            assert patient["metrics"][name] == metric.values[0]
    assert plain_summary(found)["persistent_180"]["not_estimable"] == {"ENDS_EARLY": 1}


LEVELS = st.lists(
    st.one_of(st.just(NAN), st.floats(0.0, 1e6, allow_subnormal=False)), min_size=6, max_size=6
)


@given(LEVELS, st.floats(0.1, 100.0), st.sampled_from(sorted(BLQ_RULES)))
def test_invariants(levels: list[float], limit: float, rule: str) -> None:
    profiles = Profiles.of(DAYS, np.array([levels]), lower_limit=limit)
    found = analyse_kinetics(profiles, KineticsRules(blq=BLQ_RULES[rule])).metrics
    for metric in found.values():
        assert np.isnan(metric.values[0]) == (metric.reason(0) is not Reason.ESTIMATED)
        assert not metric.values[0] < 0.0
    value = {name: float(metric.values[0]) for name, metric in found.items()}
    if not np.isnan(value["cmax"]):
        assert value["cmax"] >= value["clast"] >= limit
        assert value["tmax"] <= value["tlast"] <= 90.0
        assert not value["fold_expansion"] < 1.0
        assert not value["auc_0_28"] > 28.0 * value["cmax"] * (1.0 + 1e-12)
    assert not value["time_below_limit"] > 90.0


@given(LEVELS, st.floats(1e-3, 1e3))
def test_levels_in_another_unit_change_levels_and_areas_alone(
    levels: list[float], factor: float
) -> None:
    """1e-6: slopes of nearly level courses lose figures to rounding of the logarithms."""
    once = analyse_kinetics(Profiles.of(DAYS, np.array([levels]), lower_limit=5.0)).metrics
    again = analyse_kinetics(
        Profiles.of(DAYS, factor * np.array([levels]), lower_limit=5.0 * factor)
    ).metrics
    for name in ("cmax", "clast", "auc_0_28", "auc_0_last"):
        right = once[name].values[0] * factor
        assert again[name].values[0] == pytest.approx(right, rel=1e-9, nan_ok=True)
    for name in ("tmax", "tlast", "time_below_limit", "persistent_28"):
        assert again[name].values[0] == pytest.approx(once[name].values[0], rel=0, nan_ok=True)
