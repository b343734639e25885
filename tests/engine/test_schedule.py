"""The flat schedule against a plain loop over patients, doses and repeats."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from progenitor.engine import Change, Dose, Model, ModelParameter, ReactionSet, Reset, Species
from progenitor.engine._schedule import BOLUS, CHANGE, INFUSION, RESET, Protocol, Schedule

MODEL = Model.build(
    "m",
    [
        ReactionSet(
            "p",
            species=(Species("depot", "1"), Species("centre", "1")),
            parameters=(ModelParameter("loss", "1/day"), ModelParameter("gain", "1/day")),
        )
    ],
)
DAYS = st.sampled_from([math.nan, -1.0, 0.0, 1.0, 1.5, 2.0, 3.0])
AMOUNTS = st.sampled_from([0.0, 0.1, 0.2, 0.3, 1.0, 7.0])


@st.composite
def protocols(draw: st.DrawFn) -> tuple[int, Protocol]:
    count = draw(st.integers(1, 4))

    def column(values: st.SearchStrategy[float]) -> np.ndarray:
        return np.array(draw(st.lists(values, min_size=count, max_size=count)))

    def item() -> Dose | Change | Reset:
        match draw(st.integers(0, 3)):
            case 0:
                return Reset(column(DAYS))
            case 1:
                name = draw(st.sampled_from(["loss", "gain"]))
                return Change(name, column(DAYS), column(AMOUNTS))
            case _:
                name = draw(st.sampled_from(["depot", "centre"]))
                lasting = column(st.sampled_from([math.nan, 0.0, 1e-14, 0.5, 1.0, 2.0]))
                repeats = draw(st.integers(0, 2))
                return Dose(name, column(DAYS), column(AMOUNTS), lasting, repeats, 0.5)

    return count, [item() for _ in range(draw(st.integers(0, 5)))]


Item = tuple[float, int, int, float]


def plainly(protocol: Protocol, row: int) -> list[Item]:
    """The items of one patient, before any reset takes away the ends of infusions."""
    items: list[Item] = []
    for one in protocol:
        if isinstance(one, Dose):
            place = [s.name for s in MODEL.species].index(one.species)
            for day, amount, lasting in one.given(row):
                if lasting > 1e-9 and amount > 0:
                    rate = amount / lasting
                    items.append((day, INFUSION, place, rate))
                    items.append((day + lasting, INFUSION, place, -rate))
                else:
                    items.append((day, BOLUS, place, amount))
        elif math.isnan(one.time[row]):
            continue
        elif isinstance(one, Change):
            place = [p.name for p in MODEL.parameters].index(one.parameter)
            items.append((float(one.time[row]), CHANGE, place, float(one.value[row])))
        else:
            items.append((float(one.time[row]), RESET, 0, 0.0))
    return sorted(items, key=lambda item: item[0])


def rows_of(schedule: Schedule, row: int) -> list[Item]:
    mine = slice(schedule.offsets[row], schedule.offsets[row + 1])
    columns = (schedule.times, schedule.kinds, schedule.targets, schedule.amounts)
    return list(zip(*(column[mine].tolist() for column in columns), strict=True))


@settings(max_examples=300, deadline=None)
@given(protocols())
def test_is_what_a_plain_loop_gives(drawn: tuple[int, Protocol]) -> None:
    count, protocol = drawn
    schedule = Schedule.build(MODEL, protocol, patients=count)
    assert schedule.offsets[0] == 0
    assert schedule.offsets[-1] == schedule.times.size
    for row in range(count):
        found, expected = rows_of(schedule, row), plainly(protocol, row)
        if not any(item[1] == RESET for item in expected):
            assert [item[:3] for item in found] == [item[:3] for item in expected]
            assert [item[3] for item in found] == pytest.approx(
                [item[3] for item in expected], rel=1e-12
            )
        else:
            apart = [item for item in expected if item[1] != INFUSION or item[3] > 0]
            assert [item for item in found if item[1] != INFUSION or item[3] > 0] == apart


@settings(max_examples=300, deadline=None)
@given(protocols())
def test_rates_are_exactly_zero_when_nothing_is_infused(drawn: tuple[int, Protocol]) -> None:
    count, protocol = drawn
    schedule = Schedule.build(MODEL, protocol, patients=count)
    for row in range(count):
        for place in range(2):
            rate, going = 0.0, 0
            for _, kind, target, amount in rows_of(schedule, row):
                if kind == RESET:
                    rate, going = 0.0, 0
                elif kind == INFUSION and target == place:
                    rate += amount
                    going += 1 if amount > 0 else -1
                    assert going >= 0
                assert rate == 0.0 if going == 0 else rate > 0
            assert going == 0


@settings(max_examples=200, deadline=None)
@given(protocols())
def test_what_is_infused_is_the_amount(drawn: tuple[int, Protocol]) -> None:
    """Without resets the area under the rates and the boluses together are the doses."""
    count, protocol = drawn
    kept = [item for item in protocol if not isinstance(item, Reset)]
    schedule = Schedule.build(MODEL, kept, patients=count)
    for row in range(count):
        doses = [item for item in kept if isinstance(item, Dose)]
        expected = math.fsum(amount for dose in doses for _, amount, _ in dose.given(row))
        area = sum(
            (-Fraction(time) * Fraction(amount) if kind == INFUSION else Fraction(amount))
            for time, kind, _, amount in rows_of(schedule, row)
            if kind in (BOLUS, INFUSION)
        )
        assert float(area) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@settings(max_examples=200, deadline=None)
@given(protocols(), st.data())
def test_a_patient_does_not_depend_on_the_others(
    drawn: tuple[int, Protocol], data: st.DataObject
) -> None:
    count, protocol = drawn
    chosen = np.array(data.draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=5)))
    every = Schedule.build(MODEL, protocol, patients=count)
    some = Schedule.build(MODEL, [item.of(chosen) for item in protocol], patients=chosen.size)
    for row, patient in enumerate(chosen):
        assert rows_of(some, row) == rows_of(every, int(patient))


def test_an_infusion_too_short_to_be_told_from_a_bolus_is_not_lost() -> None:
    dose = Dose("depot", np.array([100.0]), np.array([5.0]), np.array([1e-15]))
    assert rows_of(Schedule.build(MODEL, [dose], patients=1), 0) == [(100.0, BOLUS, 0, 5.0)]


def test_a_reset_takes_away_the_end_of_what_it_ended_only() -> None:
    long = Dose("depot", np.array([0.0]), np.array([8.0]), np.array([4.0]))
    later = Dose("depot", np.array([2.0]), np.array([3.0]), np.array([1.0]))
    found = rows_of(Schedule.build(MODEL, [long, Reset(np.array([2.0])), later], patients=1), 0)
    assert found == [
        (0.0, INFUSION, 0, 2.0),
        (2.0, RESET, 0, 0.0),
        (2.0, INFUSION, 0, 3.0),
        (3.0, INFUSION, 0, -3.0),
    ]


def test_nothing_is_done_to_nobody() -> None:
    assert Schedule.build(MODEL, [], patients=3).offsets.tolist() == [0, 0, 0, 0]
    none = Schedule.build(MODEL, [Reset(np.zeros(0))], patients=0)
    assert none.offsets.tolist() == [0]
    assert none.times.size == 0
