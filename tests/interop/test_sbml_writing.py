"""Models written as SBML: valid for libSBML, and the same course when they are read again.

libRoadRunner is a second witness in the slow tests where it is installed.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from progenitor.body import Body, body_names, named_body
from progenitor.engine import (
    Dose,
    Event,
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Rule,
    SolverOptions,
    Species,
    Status,
    Trajectories,
    simulate,
)
from progenitor.errors import InputError, UnsupportedModelError
from progenitor.evidence import default_catalogue
from progenitor.interop import read_sbml, write_sbml

libsbml = pytest.importorskip("libsbml", reason="reading SBML needs the extra: progenitor[sbml]")

CAREFUL = SolverOptions(rtol=1e-9, atol_scale=1e-4)
BODIES = tuple(
    {
        named_body(default_catalogue(), name).model.content_hash: name
        for name in body_names(default_catalogue())
    }.values()
)
"""One body of each model: those that differ in their numbers alone are written alike."""
INPUTS = {"bridging_stop_day": 28.0, "vector_copies_per_car_cell": 5.0}
"""What a protocol supplies, where the body asks for it."""

EVERYTHING = ReactionSet(
    "everything",
    species=(
        Species("prey", "1", initial="2*start", title="Eaten"),
        Species("hunter", "1", initial="1"),
        Species("seen", "1", nonnegative=False),
    ),
    parameters=(
        ModelParameter("start", "1", "At the start"),
        ModelParameter("birth", "1/day"),
        ModelParameter("month", "day"),
    ),
    rules=(
        Rule("appetite", "hill(prey, start, 1.5)*max(0.5, min(hunter, 3))", "1"),
        Rule("season", "1 + 0.5*sin(6*time/month)", "1"),
        Rule("shade", "piecewise(0.2, time > month/3 and not prey < 1e-3, floor(1.7))", "1"),
    ),
    reactions=(
        Reaction("prey", "birth*prey*season", products={"prey": 1}),
        Reaction("hunt", "birth*appetite*hunter", {"prey": 1}, {"hunter": 0.25}),
        Reaction("fade", "birth*hunter*shade*exp(-prey)", {"hunter": 1}),
        Reaction("pair", "1e-3*birth*hunter**2*sqrt(abs(seen) + 2.5e-7)", {"hunter": 2}),
    ),
    events=(
        Event("cull", "prey > 2.2*start", {"prey": "prey/2", "seen": "seen + prey"}, once=False),
        Event("late", "time > month/4", {"hunter": "hunter + 1"}, delay="month/10"),
        Event("first", "time > month/2", {"seen": "seen + 1"}, priority="1"),
        Event("second", "time > month/2", {"seen": "seen*10 + 2"}, priority="2"),
        Event("begin", "start > 1", {"hunter": "hunter*2"}, fires_at_start=True),
        Event(
            "glance",
            "time > 0.8*month",
            {"seen": "prey"},
            delay="month/10",
            values_from_trigger=True,
            once=False,
        ),
        Event(
            "vanish",
            "hunter < 2.5",
            {"seen": "-1"},
            delay="month/5",
            persistent=False,
            once=False,
        ),
    ),
    observables=(
        Observable("prey", "prey", "1"),
        Observable("hunter", "hunter", "1"),
        Observable("seen", "seen", "1"),
        Observable("appetite", "appetite + 1", "1", "Not the rule of that name"),
        Observable("total", "prey + log(1 + hunter)", "1"),
    ),
)
VALUES = {"start": 2.0, "birth": 0.3, "month": 30.0}
IDS = {"appetite": "observable_appetite"}


def everything() -> Model:
    return Model.build("everything", [EVERYTHING])


def run(model: Model, values: Mapping[str, float], times: np.ndarray, **more: Any) -> Trajectories:
    one = np.zeros(1, dtype=int)
    found = simulate(
        model,
        {name: np.array([value]) for name, value in values.items()},
        times=times[np.newaxis],
        seed=0,
        draw=one,
        patient=one,
        options=more.pop("options", CAREFUL),
        **more,
    )
    assert Status(found.status[0]) is Status.OK
    return found


def complaints(text: str) -> list[str]:
    """Errors libSBML finds, best-practice warnings left out."""
    document = libsbml.readSBMLFromString(text)
    document.checkConsistency()
    found = [document.getError(i) for i in range(document.getNumErrors())]
    return [e.getMessage() for e in found if e.getSeverity() >= libsbml.LIBSBML_SEV_ERROR]


def medians(body: Body) -> dict[str, float]:
    catalogue = default_catalogue()
    used = {symbol: catalogue.parameter(at).used for symbol, at in body.symbols.items()}
    values = {symbol: record.median for symbol, record in used.items() if record is not None}
    supplied = {**INPUTS, **body.switches}
    return {**values, **{name: supplied[name] for name in body.inputs}}


def treatment(body: Body) -> list[Dose]:
    one, drug = np.ones(1), body.conditioning_species
    cells = [Dose(name, 33.0 * one, 4e7 * one) for name in body.dose_species.values()]
    days = (28.0, 29.0, 30.0) if drug else ()
    return [*cells, *(Dose(drug, day * one, one) for day in days)]


def apart(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Largest difference relative to the largest value of the course, or to a millionth."""
    return float(np.abs(ours - theirs).max() / max(np.abs(ours).max(), 1e-6))


@pytest.mark.parametrize("name", BODIES)
def test_a_shipped_body_is_valid_and_runs_the_same_when_read_again(name: str) -> None:
    body = named_body(default_catalogue(), name)
    model, values, doses = body.model, medians(body), treatment(body)
    text = write_sbml(model, values, doses=doses)
    assert complaints(text) == []
    times = np.linspace(0.0, 120.0, 25)
    uncounted = replace(CAREFUL, countable_threshold=0.0)
    ours = run(model, values, times, doses=doses, options=uncounted)
    again = read_sbml(text)
    theirs = run(again.model, again.parameters, times, options=uncounted)
    for shown in ours.observables:
        symbol = f"observable_{shown}" if f"observable_{shown}" in again.symbols else shown
        course = theirs.observable(again.symbols[symbol])
        assert apart(ours.observable(shown), course) < 1e-5, shown


def test_every_kind_of_thing_survives() -> None:
    text = write_sbml(everything(), VALUES)
    assert complaints(text) == []
    times = np.linspace(0.0, 30.0, 61)
    ours, again = run(everything(), VALUES, times), read_sbml(text)
    theirs = run(again.model, again.parameters, times)
    happened = ours.event_times[0]
    assert np.isfinite(happened).all(), "an event that never fires shows nothing"
    for shown in ours.observables:
        course = theirs.observable(again.symbols[IDS.get(shown, shown)])
        assert apart(ours.observable(shown), course) < 1e-6, shown


@pytest.mark.slow
def test_libroadrunner_runs_what_was_written_as_we_do() -> None:
    roadrunner = pytest.importorskip("roadrunner", reason="needs the package libroadrunner")
    bodies = [named_body(default_catalogue(), name) for name in BODIES]
    for model, values, doses, end in (
        (everything(), VALUES, [], 29.9),
        *((body.model, medians(body), treatment(body), 119.9) for body in bodies),
    ):
        runner = roadrunner.RoadRunner(write_sbml(model, values, doses=doses))
        runner.integrator.relative_tolerance = 1e-10
        runner.integrator.absolute_tolerance = 1e-12
        names = [s.name for s in model.species]
        runner.timeCourseSelections = ["time", *names]
        theirs = np.array(runner.simulate(0.0, end, 24))
        shown = tuple(Observable(f"of_{s.name}", s.name, s.unit) for s in model.species)
        part = ReactionSet("species", observables=shown)
        whole = ReactionSet(
            "whole",
            model.species,
            model.parameters,
            model.reactions,
            model.rules,
            model.events,
        )
        bare = Model.build("bare", [whole, part])
        uncounted = replace(CAREFUL, countable_threshold=0.0)
        ours = run(bare, values, theirs[:, 0], doses=doses, options=uncounted)
        for column, name in enumerate(names, start=1):
            assert apart(ours.observable(f"of_{name}")[0], theirs[:, column]) < 1e-4, name


def test_numbers_are_written_in_full() -> None:
    numbers = [0.1, 1 / 3, 1.1e-5, 2.0**31 - 1, 2.0**31, 1e12 + 0.25, 2.5e-7, 1e22, 6.02214076e23]
    numbers += [1.7976931348623157e308, 2.2250738585072014e-308]
    rules = tuple(Rule(f"r{i}", f"1.0*{value!r}", "1") for i, value in enumerate(numbers))
    part = ReactionSet("numbers", species=(Species("x", "1", initial="0.1"),), rules=rules)
    document = libsbml.readSBMLFromString(write_sbml(Model.build("numbers", [part]), {}))
    read = [
        document.getModel().getRule(i).getMath().getRightChild().getValue()
        for i in range(len(numbers))
    ]
    assert read[:6] == numbers[:6]
    assert read == pytest.approx(numbers, rel=1e-15, abs=0.0)


def test_names_that_would_collide_get_a_prefix() -> None:
    model = libsbml.readSBMLFromString(write_sbml(everything(), VALUES)).getModel()
    assert model.getReaction("reaction_prey") is not None
    assert model.getParameter("observable_appetite").getName() == "Not the rule of that name"
    assert model.getParameter("observable_prey") is None


def test_the_unit_of_time_is_written() -> None:
    model = libsbml.readSBMLFromString(write_sbml(everything(), VALUES)).getModel()
    unit = model.getUnitDefinition(model.getTimeUnits()).getUnit(0)
    assert (unit.getKind(), unit.getMultiplier()) == (libsbml.UNIT_KIND_SECOND, 86_400.0)


def test_an_infusion_adds_its_amount_over_its_time() -> None:
    part = ReactionSet(
        "drip",
        species=(Species("drug", "1"),),
        observables=(Observable("drug", "drug", "1"),),
        reactions=(Reaction("leak", "loss*drug", {"drug": 1}),),
        parameters=(ModelParameter("loss", "1/day"),),
    )
    dose = Dose(
        "drug", np.array([1.0]), np.array([6.0]), np.array([2.0]), additional=1, interval=4.0
    )
    again = read_sbml(write_sbml(Model.build("drip", [part]), {"loss": 0.0}, doses=[dose]))
    times = np.array([0.0, 1.0, 2.0, 3.0, 5.0, 6.0, 8.0])
    found = run(again.model, again.parameters, times).observable(again.symbols["drug"])[0]
    assert found == pytest.approx([0.0, 0.0, 3.0, 6.0, 6.0, 9.0, 12.0], rel=1e-7, abs=1e-7)


def test_every_missing_value_is_named() -> None:
    with pytest.raises(InputError) as caught:
        write_sbml(everything(), {"start": float("nan"), "month": 30.0})
    assert [problem.field for problem in caught.value.problems] == ["start", "birth"]


def test_an_event_that_sbml_cannot_express_is_refused() -> None:
    part = ReactionSet(
        "p",
        species=(Species("x", "1"),),
        events=(Event("e", "x > 1", {"x": "0"}, delay="2", persistent=False),),
    )
    with pytest.raises(UnsupportedModelError, match="'e' happens once, waits and may be withdrawn"):
        write_sbml(Model.build("m", [part]), {})
