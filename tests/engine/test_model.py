"""Building a model: everything wrong at once, and a hash of everything that matters."""

from dataclasses import replace

import pytest

from progenitor.engine import (
    Event,
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Rule,
    Species,
)
from progenitor.errors import ModelError

GOOD = ReactionSet(
    "good",
    species=(Species("x", "cell", initial="start"), Species("y", "cell")),
    parameters=(ModelParameter("rate", "1/day"), ModelParameter("start", "cell")),
    reactions=(Reaction("change", "speed*x", {"x": 1}, {"y": 2.0}),),
    rules=(Rule("speed", "2*rate", "1/day"),),
    events=(Event("end", "x < start/2", {"x": "0"}),),
    observables=(Observable("both", "x + y", "cell"),),
)


def problems(*parts: ReactionSet) -> str:
    with pytest.raises(ModelError) as told:
        Model.build("bad", parts)
    return str(told.value)


def test_every_problem_is_told_at_once() -> None:
    told = problems(
        ReactionSet(
            "bad",
            species=(Species("x", "cell"), Species("z", "cel"), Species("exp", "cell")),
            parameters=(ModelParameter("rate", "1/day"), ModelParameter("lambda", "1")),
            reactions=(
                Reaction("one", "rat*x", {"x": 1}),
                Reaction("two", "rate*x", {"w": 1}),
                Reaction("three", "rate*x", {"x": 1}, {"x": 1.0}),
                Reaction("four", "rate*x", {"x": 0}, {"x": -1.0}),
                Reaction("five", "rate*", {"x": 1}),
            ),
            events=(Event("boom", "x > 0", {"nothing": "0"}),),
        )
    )
    for piece in (
        "unknown unit 'cel'",
        "species 'exp': not a usable name",
        "parameter 'lambda': not a usable name",
        "unknown name 'rat'; did you mean 'rate'?",
        "reaction 'two': unknown species 'w'",
        "reaction 'three': changes no species",
        "reaction 'four': 0 of reactant 'x'",
        "reaction 'four': -1.0 of product 'x'",
        "reaction 'five': not an expression",
        "unknown species 'nothing'",
    ):
        assert piece in told


def test_rules_in_a_circle_are_refused() -> None:
    rules = tuple(Rule(a, f"{b} + 1", "1") for a, b in (("a", "b"), ("b", "c"), ("c", "a")))
    told = problems(ReactionSet("p", species=(Species("x", "1"),), rules=rules))
    assert "a → b → c → a" in told


def test_a_long_chain_of_rules_is_not_a_circle() -> None:
    rules = [Rule("r0", "x", "1")] + [Rule(f"r{i}", f"r{i - 1} + 1", "1") for i in range(1, 150)]
    shown = (Observable("last", "r149", "1"),)
    part = ReactionSet("p", species=(Species("x", "1"),), rules=tuple(rules), observables=shown)
    assert len(Model.build("m", [part]).rules) == 150


def test_initial_values_must_be_known_before_the_start() -> None:
    part = ReactionSet(
        "p",
        species=(
            Species("x", "1"),
            Species("y", "1", initial="x + now"),
            Species("z", "day", "time"),
        ),
        rules=(Rule("now", "x*2", "1"),),
    )
    told = problems(part)
    assert "species 'y', initial: now, x not known before the start" in told
    assert "species 'z', initial: time not known" in told


def test_initial_values_may_use_rules_of_parameters() -> None:
    part = replace(
        GOOD,
        species=(Species("x", "cell", initial="twice"), Species("y", "cell")),
        rules=(*GOOD.rules, Rule("twice", "2*start", "cell")),
    )
    assert Model.build("m", [part]).species[0].initial == "twice"


def test_identical_declarations_may_be_shared() -> None:
    other = ReactionSet("other", species=GOOD.species[:1], parameters=GOOD.parameters[:1])
    assert len(Model.build("m", [GOOD, other]).species) == 2


def test_different_declarations_may_not() -> None:
    other = ReactionSet("other", species=(Species("x", "cell", initial="3"),))
    assert "species 'x' is declared differently in 'good' and 'other'" in problems(GOOD, other)


@pytest.mark.parametrize("kind", ["reactions", "rules", "events", "observables"])
def test_other_declarations_may_not_repeat(kind: str) -> None:
    other = ReactionSet("other", **{kind: getattr(GOOD, kind)})
    assert "is declared twice in 'good' and 'other'" in problems(GOOD, other)


def test_one_name_means_one_thing() -> None:
    other = ReactionSet("other", parameters=(ModelParameter("x", "1"),))
    assert "'x' is both a species and a parameter" in problems(GOOD, other)


def test_a_model_needs_species() -> None:
    assert "at least one species" in problems(ReactionSet("empty"))


@pytest.mark.parametrize(
    ("species", "message"),
    [
        (Species("n", "pg/mL", countable=True), "countable needs whole individuals"),
        (Species("n", "cell", countable=True, nonnegative=False), "cannot be negative"),
        (Species("n", "cell", absolute_tolerance=0.0), "absolute_tolerance is 0.0"),
    ],
)
def test_species_that_cannot_be(species: Species, message: str) -> None:
    assert message in problems(ReactionSet("p", species=(species,)))


def test_countable_species_change_one_at_a_time() -> None:
    part = ReactionSet(
        "p",
        species=(Species("n", "cell", countable=True),),
        parameters=(ModelParameter("rate", "1/day"),),
        reactions=(Reaction("burst", "rate*n", {"n": 1}, {"n": 8.0}),),
    )
    assert "by 7 at once" in problems(part)


def test_the_hash_ignores_names_titles_and_spelling() -> None:
    titled = replace(GOOD, species=(replace(GOOD.species[0], title="X"), GOOD.species[1]))
    spaced = replace(GOOD, rules=(Rule("speed", " (2)*( rate ) ", "1/day"),))
    split = [replace(GOOD, events=()), ReactionSet("rest", events=GOOD.events)]
    expected = Model.build("a", [GOOD]).content_hash
    for parts in ([titled], [spaced], split):
        assert Model.build("b", parts).content_hash == expected


CHANGES = {
    "initial": {"species": (Species("x", "cell", initial="2*start"), GOOD.species[1])},
    "tolerance": {"species": (replace(GOOD.species[0], absolute_tolerance=0.5), GOOD.species[1])},
    "rate": {"reactions": (Reaction("change", "rate*x", {"x": 1}, {"y": 2.0}),)},
    "stoichiometry": {"reactions": (Reaction("change", "speed*x", {"x": 1}, {"y": 3.0}),)},
    "rule": {"rules": (Rule("speed", "3*rate", "1/day"),)},
    "trigger": {"events": (Event("end", "x < start/3", {"x": "0"}),)},
    "once": {"events": (Event("end", "x < start/2", {"x": "0"}, once=False),)},
    "delay": {"events": (Event("end", "x < start/2", {"x": "0"}, delay="1"),)},
    "observable": {"observables": (Observable("both", "x", "cell"),)},
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_hash_follows_what_matters(change: str) -> None:
    changed = replace(GOOD, **CHANGES[change])
    assert Model.build("a", [GOOD]).content_hash != Model.build("a", [changed]).content_hash
