"""The C that is shown computes what the oracle computes, and its Jacobian is the derivative."""

import ctypes
import functools
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from progenitor.body import body_names, named_body
from progenitor.engine import (
    Event,
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Rule,
    Species,
    c_source,
    stream,
)
from progenitor.engine._compile import compile_model, tolerance_of
from progenitor.engine._kernel_needs import steep_states
from progenitor.engine._kernels import compile_kernels
from progenitor.engine._model_graph import model_graph
from progenitor.evidence import default_catalogue
from progenitor.manufacture._culture import culture_model

CATALOGUE = default_catalogue()
COMPILER = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
TIME = 2.75
"""Between the switch times of every model here."""

EVERYTHING = ReactionSet(
    "every */ kind /* of ??/ thing",
    species=(
        Species("x", "cell", initial="2*a", countable=True, absolute_tolerance=1e-3),
        Species("y", "cell", "a*(1 + n)", "what is */ left", absolute_tolerance=1e-3),
        Species("z", "1", nonnegative=False, initial="0.25"),
        Species("int", "1", initial="0.5"),
    ),
    parameters=(
        ModelParameter("a", "cell"),
        ModelParameter("n", "1"),
        ModelParameter("rate", "1/day"),
        ModelParameter("double", "day"),
    ),
    rules=(
        Rule("share", "hill(y, a, n)", "1"),
        Rule("waves", "sin(z) + cos(z)*tan(z/4) + asin(z/9) - acos(z/8) + atan(z)", "1"),
        Rule("steps", "floor(3*z) + ceil(z/2)", "1"),
        Rule("still", "exp(-n) + log(n + 2)*sqrt(n)", "1"),
        Rule("corner", "max(z, 0.1)*min(z, n) + abs(z - 3)", "1"),
        Rule("powers", "(y/a)**n + (y/a)**3 + (y/a)**-2 + (x/a)**0.5 + (x/a)**(n/3)", "1"),
        Rule("pulse", "piecewise(2, time > double and not time >= 3*double, 1)", "1"),
        Rule("one_of", "piecewise(1, z > 1 or z < -1, 0.5)", "1"),
    ),
    reactions=(
        Reaction("birth", "rate*x*share*pulse", {"x": 1}, {"x": 2.0}),
        Reaction("death", "rate*x*waves**2/(1 + y/a)", {"x": 1}),
        Reaction("turn", "rate*y*powers", {"y": 1}, {"x": 1.5}),
        Reaction("drift", "rate*(corner - z + still*one_of + steps/100)", {}, {"z": 1.0}),
        Reaction("decay", "rate*int*exp(-time/double)", {"int": 1}),
    ),
    events=(
        Event(
            "late",
            "y/a > 2 and time > double and not n > 3",
            {"z": "z/2", "y": "y + a"},
            delay="double/2",
        ),
        Event("urgent", "not z <= 1 or x > a", {"x": "2*x"}, priority="z + 1", once=False),
    ),
    observables=(
        Observable("sum", "x + y", "cell"),
        Observable("shown", "share*waves + time/double", "1"),
    ),
)


@functools.cache
def body(name: str) -> Model:
    return named_body(CATALOGUE, name).model


def bodies() -> list[str]:
    """One body of each model: those that differ in their numbers alone are one program."""
    return list({body(name).content_hash: name for name in body_names(CATALOGUE)}.values())


@pytest.fixture(scope="module", params=["cart22", "culture", "everything", *bodies()])
def model(request: pytest.FixtureRequest, cart22: Model) -> Model:
    match request.param:
        case "cart22":
            return cart22
        case "culture":
            return culture_model(CATALOGUE)
        case "everything":
            return Model.build(EVERYTHING.name, [EVERYTHING])
        case name:
            return body(name)


class Library:
    """The compiled C of a model, bound to a point."""

    def __init__(self, model: Model, folder: Path) -> None:
        source, made = folder / "model.c", folder / "model.so"
        source.write_text(c_source(model), encoding="utf-8")
        assert COMPILER is not None
        options = (COMPILER, "-std=c99", "-Wall", "-Werror", "-O1", "-fPIC", "-shared")
        command = [*options, str(source), "-o", str(made), "-lm"]
        subprocess.run(command, check=True, timeout=300)
        self.functions = ctypes.CDLL(str(made))
        self.model, self.nodes = model, model_graph(model)
        self.p, self.y = point(model)
        self.k = np.zeros(1 + sum(self.nodes.graph.static))
        self.gate = np.ones(1 + sum(species.countable for species in model.species))
        self.functions.model_statics(of(self.p), of(self.k))

    def ask(self, name: str, size: int, *more: Any) -> np.ndarray:
        found = np.full(size, np.nan)
        place = [ctypes.c_double(TIME), of(self.y), of(self.p), of(self.k), of(self.gate)]
        getattr(self.functions, f"model_{name}")(*place, *more, of(found))
        return found

    def jacobian(self) -> np.ndarray:
        entries = self.ask("jacobian", len(self.nodes.jacobian))
        whole = np.zeros((len(self.y), len(self.y)))
        places = [
            (ctypes.c_int * len(entries)).in_dll(self.functions, f"jacobian_{name}")
            for name in ("row", "column")
        ]
        whole[list(places[0]), list(places[1])] = entries
        return whole


def of(array: np.ndarray) -> Any:
    return array.ctypes.data_as(ctypes.POINTER(ctypes.c_double))


def point(model: Model) -> tuple[np.ndarray, np.ndarray]:
    """Parameters around 1, or a day in the past; amounts over four decades."""
    generator = stream(1, "c source", draw=0, patient=0)
    parameters = np.exp(generator.uniform(-1.0, 0.5, len(model.parameters)))
    return parameters, 10 ** generator.uniform(-2, 2, len(model.species))


@pytest.fixture(scope="module")
def library(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Library:
    if COMPILER is None:
        pytest.skip("no C compiler: neither cc nor gcc nor clang is on the path")
    return Library(model, tmp_path_factory.mktemp("c_source"))


def agree(found: np.ndarray, expected: np.ndarray, size: np.ndarray | float = 0.0) -> bool:
    """Agree to 1e-12 of the value, or of the terms it is the sum of."""
    return bool((np.abs(found - expected) <= 1e-12 * np.maximum(np.abs(expected), size)).all())


def terms(model: Model, rates: np.ndarray) -> np.ndarray:
    """Sum of the sizes of what each species gains and loses."""
    return np.array(
        [
            sum(
                abs(r.change.get(s.name, 0.0) * v)
                for r, v in zip(model.reactions, rates, strict=True)
            )
            for s in model.species
        ]
    )


def test_slopes_observables_and_events_are_those_of_the_oracle(library: Library) -> None:
    model, size = library.model, len(library.model.species)
    oracle = compile_model(model).bind(library.p.tolist())
    state = library.y.tolist()
    initial = np.zeros(size)
    library.functions.model_initial(ctypes.c_double(0.0), of(library.p), of(initial))
    assert agree(initial, np.array(oracle.initial))
    rates = library.ask("rates", len(model.reactions))
    assert agree(
        library.ask("derivative", size), oracle.derivative(TIME, state), terms(model, rates)
    )
    seen = library.ask("observe", len(model.observables))
    assert agree(seen, np.array(oracle.observables(TIME, state)))
    if any(species.countable for species in model.species):
        expected = np.array(oracle.flows(TIME, state))[size:]
        assert agree(library.ask("flows", len(expected)), expected)
    if model.events:
        count = len(model.events)
        assert library.ask("triggers", count).tolist() == oracle.triggers(TIME, state)
        assert agree(library.ask("delays", count), np.array(oracle.delays(TIME, state)))
        given = [new for action in oracle.actions for new in action(TIME, state)]
        assert agree(library.ask("actions", len(given)), np.array(given))


def floored(library: Library) -> np.ndarray:
    """Amounts the Jacobian is taken at: its tolerance where a slope may be infinitely steep."""
    amounts = library.y.copy()
    for place in steep_states(library.nodes):
        amounts[place] = max(amounts[place], tolerance_of(library.model.species[place]))
    return amounts


def complex_slopes(
    model: Model, library: Library, column: int, reading: Callable[..., Any]
) -> tuple[np.ndarray, np.ndarray]:
    """Derivative of each slope by one species, and the sum of the sizes of its terms."""
    names = dict(zip((p.name for p in model.parameters), library.p, strict=True))
    names |= dict(zip((s.name for s in model.species), floored(library), strict=True))
    moved = model.species[column].name
    names |= {moved: np.complex128(complex(names[moved], 1e-30)), "time": np.float64(TIME)}
    read = reading(names, {rule.name: rule.expression for rule in model.rules})
    rates = [np.complex128(read(reaction.rate)).imag / 1e-30 for reaction in model.reactions]
    changes = np.array(
        [[r.change.get(s.name, 0.0) for r in model.reactions] for s in model.species]
    )
    return changes @ np.array(rates), np.abs(changes) @ np.abs(rates)


def test_the_jacobian_is_the_derivative_of_the_slopes(
    library: Library, reading: Callable[..., Any]
) -> None:
    found = library.jacobian()
    for column in range(len(library.y)):
        expected, size = complex_slopes(library.model, library, column, reading)
        assert agree(found[:, column], expected, size), library.model.species[column].name


def test_the_factors_solve_the_system_of_a_step(library: Library) -> None:
    size = len(library.y)
    shift = 1e3 * np.abs(library.jacobian()).max()
    factors = library.ask("factor", len(library.nodes.factors.nodes), ctypes.c_double(shift))
    right = stream(1, "right side", draw=0, patient=0).normal(size=size)
    solution = right.copy()
    library.functions.model_solve(of(factors), of(solution))
    matrix = shift * np.eye(size) - library.jacobian()
    expected = np.linalg.solve(matrix, right)
    assert (np.abs(solution - expected) <= 1e-12 * np.abs(expected).max()).all()


def test_the_machine_code_computes_the_same(library: Library) -> None:
    model = library.model
    kernels = compile_kernels(model, lanes=2)
    table, at = kernels.workspace(), kernels.layout
    table[at.parameters : at.parameters + len(library.p)] = library.p[:, None]
    table[at.at : at.at + len(library.y)] = library.y[:, None]
    table[at.point], table[at.gates : at.infusions] = TIME, 1.0
    asked = {"rates": at.rates, "observe": at.observed}
    if model.events:
        asked |= {"actions": at.actions}
    for name in ("statics", *asked):
        call = ctypes.CFUNCTYPE(None, ctypes.c_int64)(kernels.addresses[name])
        call(table.ctypes.data)
    sizes = {
        "rates": len(model.reactions),
        "observe": len(model.observables),
        "actions": sum(len(event.assignments) for event in model.events),
    }
    for name, row in asked.items():
        found = library.ask(name, sizes[name])
        assert agree(table[row : row + sizes[name], 1], found), name


def test_names_units_and_meanings_are_told() -> None:
    text = c_source(Model.build(EVERYTHING.name, [EVERYTHING]))
    for line in (
        "y_int = 3,  /* [1] */",
        "y_y = 1,  /* [cell] what is * / left */",
        "p_double = 3,  /* [day] */",
        "r_share = ",
        "/* rule [1] */",
        "/* d slope(x) / d y */",
        "at_least(y[y_y], 0.001)",
        "/* births of x */",
        "/* event late: z */",
    ):
        assert line in text
    assert text.count("/*") == text.count("*/")
    assert "??" not in text


def test_a_model_in_which_nothing_happens_is_still_c(tmp_path: Path) -> None:
    if COMPILER is None:
        pytest.skip("no C compiler: neither cc nor gcc nor clang is on the path")
    file = tmp_path / "still.c"
    still = ReactionSet("still", species=(Species("x", "1"),))
    file.write_text(c_source(Model.build("still", [still])), encoding="utf-8")
    made = [COMPILER, "-std=c99", "-Wall", "-Werror", "-c", str(file)]
    subprocess.run([*made, "-o", str(tmp_path / "still.o")], check=True, timeout=60)
