"""Events of SBML models: delays, priorities, ties, withdrawal, and what they see."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from progenitor.engine import SolverOptions
from progenitor.errors import UnsupportedModelError
from progenitor.interop import read_sbml

Write = Any
Course = Callable[..., Mapping[str, np.ndarray]]


def test_delay_and_moment_of_values(sbml: Write, course: Course) -> None:
    """x = t; fired at 1, acting at 3: early values see 1, late ones 3."""
    text = sbml(
        sbml.parameters(x="0!", a="0!", b="0!", d="2")
        + sbml.rules(x_dot="1")
        + sbml.events(
            sbml.event("x >= 1", delay="d", a="x"),
            sbml.event("x >= 1", delay="d", early=False, b="x"),
        )
    )
    found = course(text, [0, 2.9, 3.1])
    assert found["a"] == pytest.approx([0, 0, 1], abs=1e-8)
    assert found["b"] == pytest.approx([0, 0, 3], abs=1e-8)


def test_priorities_persistence_and_start(sbml: Write, course: Course) -> None:
    """Three act at 1 in the order 3, 1, 2; 1 withdraws the fourth; one acts at the start."""
    digit = "10*o + {}"
    text = sbml(
        sbml.parameters(o="0!", stop="0!", s="0!", never="0!")
        + sbml.events(
            sbml.event("time >= 1", priority="2", early=False, o=digit.format(1), stop="1"),
            sbml.event("time >= 1", early=False, o=digit.format(2)),
            sbml.event("time >= 1", priority="3", early=False, o=digit.format(3)),
            sbml.event("time >= 1 && stop < 1", priority="1", persistent=False, never="1"),
            sbml.event("time >= 0", initial=False, s="s + 1"),
            sbml.event("time >= 0", s="s + 10"),
        )
    )
    found = course(text, [0, 2])
    assert found["o"][1] == 312
    assert found["never"][1] == 0
    assert found["s"].tolist() == [1, 1]


def test_an_event_fires_again(sbml: Write, course: Course) -> None:
    """x' = 1 is set back to 0 whenever it reaches 1/2."""
    text = sbml(
        sbml.parameters(x="0!", n="0!")
        + sbml.rules(x_dot="1")
        + sbml.events(sbml.event("x >= 0.5", x="0", n="n + 1"))
    )
    assert course(text, [0, 4.75])["n"][1] == 9


TIE_STEP = 0.01


def tied(sbml: Write, priority: str) -> str:
    """Two events whose triggers rise together every 0.01, and each withdraws the other."""
    return str(
        sbml(
            sbml.parameters(x="0!", q="0!", r="0!")
            + sbml.rules(x_dot="1")
            + sbml.events(
                sbml.event(
                    f"x >= {TIE_STEP}", persistent=False, priority=priority, x="0", q="q + 1"
                ),
                sbml.event(f"x >= {TIE_STEP}", persistent=False, priority="1", x="0", r="r + 1"),
            )
        )
    )


def test_equal_priorities_take_turns_as_if_drawn(sbml: Write, course: Course) -> None:
    """Of 2,000 draws the share of one lies within 5 standard deviations of a half.

    The longest run of 2,000 tosses is between 5 and 30 but for one draw in a million.
    """
    options = SolverOptions(engine="reference", max_firings=10_000)
    imported = read_sbml(tied(sbml, "1"))
    times = np.arange(0, 20, TIE_STEP) + TIE_STEP / 2
    found = course(imported, times, options=options)
    steps = np.diff(found["q"])
    assert abs(found["q"][-1] + found["r"][-1] - 1_999) <= 1
    assert abs(steps.mean() - 0.5) < 5 * 0.5 / np.sqrt(len(steps))
    changes = np.flatnonzero(np.diff(steps))
    assert 5 <= np.diff(changes).max() <= 30
    other = course(imported, times[:200], {"event_order": 1.0}, options=options)
    assert (other["q"] != found["q"][:200]).any()


def test_a_higher_priority_always_wins(sbml: Write, course: Course) -> None:
    found = course(tied(sbml, "1 + 1e-3"), [0, 1.005])
    assert (found["q"][1], found["r"][1]) == (100, 0)
    assert "event_order" not in read_sbml(tied(sbml, "2")).parameters


def test_values_of_the_trigger_meet_the_volume_of_the_action(sbml: Write, course: Course) -> None:
    """Fired at 1 with 3 + t = 4, acting at 2 in a volume that was set to 4 at 1.5: amount 16.

    Another sets the volume itself, from 4 to 8, at 2.5: both see what was before.
    """
    text = sbml(
        "<listOfCompartments><compartment id='C' size='2' constant='false'/></listOfCompartments>"
        + sbml.species("A initialAmount='1'")
        + sbml.events(
            sbml.event("time >= 1", delay="1", A="3 + time"),
            sbml.event("time >= 1.5", C="4"),
            sbml.event("time >= 2.5", A="5", C="2*C"),
        )
    )
    found = course(text, [0, 1.9, 2.1, 2.6])
    assert found["amount(A)"] == pytest.approx([1, 1, 16, 20], rel=1e-9)
    assert found["A"] == pytest.approx([0.5, 0.25, 4, 2.5], rel=1e-9)


def test_stoichiometries_and_compartments_are_set(sbml: Write, course: Course) -> None:
    text = sbml(
        "<listOfCompartments><compartment id='C' size='2' constant='false'/></listOfCompartments>"
        + sbml.species("A initialAmount='0'")
        + sbml.initially(n="1")
        + sbml.reactions(sbml.reaction("J", "1", "", "n A"))
        + sbml.events(sbml.event("time >= 1", n="3", C="10"))
    )
    found = course(text, [0, 1.5, 2])
    assert found["amount(A)"] == pytest.approx([0, 2.5, 4], rel=1e-9, abs=1e-12)
    assert found["A"][2] == pytest.approx(0.4, rel=1e-9)


# Values at an earlier time


def test_delayed_values_come_from_a_copy_that_runs_late(sbml: Write, course: Course) -> None:
    """x = 4·exp(−t/2); before the start x is 4 and its rate is 0."""
    text = sbml(
        sbml.parameters(x="4!", y="!", v="!", z="!", d="1")
        + sbml.rules(x_dot="-x/2", y="2*delay(x, d) + 1", v="delay(rateOf(x), d)", z="delay(y, d)")
    )
    times = np.array([0, 0.5, 1.5, 3, 5])
    past = np.where(times < 1, 4, 4 * np.exp(-(times - 1) / 2))
    older = np.where(times < 2, 4, 4 * np.exp(-(times - 2) / 2))
    found = course(text, times)
    assert found["y"] == pytest.approx(2 * past + 1, rel=1e-8)
    assert found["z"] == pytest.approx(2 * older + 1, rel=1e-8)
    assert found["v"] == pytest.approx(np.where(times < 1, 0, -past / 2), rel=1e-8)
    assert read_sbml(text).delayed >= {"x"}
    assert course(text, [3], {"d": 2.0})["y"][0] == pytest.approx(8 * np.exp(-0.5) + 1, rel=1e-8)


def test_a_delay_may_vary(sbml: Write, course: Course) -> None:
    """x = t² and the delay is t/2: y = t²/4."""
    text = sbml(sbml.parameters(x="0!", y="!") + sbml.rules(x_dot="2*time", y="delay(x, time/2)"))
    times = np.array([0.0, 1, 2, 4])
    assert course(text, times)["y"] == pytest.approx(times**2 / 4, rel=1e-8, abs=1e-12)


def test_formulas_of_time_reach_before_the_start(sbml: Write, course: Course) -> None:
    """So does an initial assignment, which says how it was until the start."""
    text = sbml(
        sbml.parameters(x="!", y="!", c="0!", z="!", k="1", w="!")
        + sbml.initially(c="sin(10*time)")
        + sbml.rules(x="sin(10*time)", y="delay(x, 0.2)", z="delay(c, 0.5)", w="delay(k, 9)")
    )
    times = np.array([0, 0.1, 0.4, 0.6])
    found = course(text, times)
    assert found["y"] == pytest.approx(np.sin(10 * times - 2), rel=1e-10)
    assert found["z"] == pytest.approx(np.where(times < 0.5, np.sin(10 * times - 5), 0), rel=1e-10)
    assert found["w"].tolist() == [1, 1, 1, 1]


def test_events_act_on_delayed_copies_later(sbml: Write, course: Course) -> None:
    """x grows by 1 from 1.5 and at 2 doubles to 7; as soon as it is above 7 it doubles again."""
    text = sbml(
        sbml.parameters(x="1!", y="!")
        + sbml.rules(x_dot="1", y="delay(x, 3)")
        + sbml.events(
            sbml.event("time >= 2", x="2*x"),
            sbml.event("x > 7", x="2*x"),
            sbml.event("x > 0", initial=False, x="x + 1/2"),
        )
    )
    times = np.array([0, 1, 1.9, 2.1, 2.9, 4, 4.9, 5.1, 5.9])
    found = course(text, times)
    now = course(text, np.maximum(times[times >= 3] - 3, 0))
    assert found["y"][times < 3] == pytest.approx([1] * 5, rel=1e-10)
    assert found["y"][times >= 3] == pytest.approx(now["x"], rel=1e-7)
    assert found["x"][3] == pytest.approx(2 * 7 + 0.1, rel=1e-7)


@pytest.mark.parametrize(
    "rules",
    [
        {"x_dot": "-delay(x, 1)"},
        {"x_dot": "y", "y_dot": "-delay(x, 1)"},
        {"x_dot": "-a", "a": "delay(b, 1)", "b": "2*x"},
        {"x_dot": "delay(y, 1)", "y_dot": "delay(x, 2)"},
    ],
)
def test_what_depends_on_its_own_past_is_refused(sbml: Write, rules: dict[str, str]) -> None:
    names = {name.removesuffix("_dot") for name in rules}
    text = sbml(sbml.parameters(**dict.fromkeys(sorted(names), "1!")) + sbml.rules(**rules))
    with pytest.raises(UnsupportedModelError, match="is a delay differential equation"):
        read_sbml(text)


def test_copies_and_rate_rules_go_on_all_the_time(sbml: Write) -> None:
    """An exact stochastic simulation must not take them for events between individuals."""
    text = sbml(
        "<listOfCompartments><compartment id='C' size='1' constant='true'/></listOfCompartments>"
        + sbml.species("A initialAmount='9'")
        + sbml.parameters(x="1!", y="!")
        + sbml.rules(x_dot="1", y="delay(A, 1)")
        + sbml.reactions(sbml.reaction("J", "A", "A"))
    )
    kinds = {reaction.name: reaction.continuous for reaction in read_sbml(text).model.reactions}
    assert kinds == {"J": False, "rate_of_x": True, "past_of_A": True}
