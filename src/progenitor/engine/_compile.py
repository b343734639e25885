"""A model as plain Python functions of time and state, bound to one patient's parameters."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, final

from progenitor.engine import _ieee
from progenitor.engine._declarations import Species
from progenitor.engine._emit import Emitter
from progenitor.engine._model import Model
from progenitor.engine._program import Program
from progenitor.units import dimension

__all__ = [
    "CompiledModel",
    "CountableSpecies",
    "PatientFunctions",
    "compile_model",
    "tolerance_of",
]

Values = list[float]
Function = Callable[[float, Values], Values]

_NAMES: Final[dict[str, Any]] = {
    "__builtins__": {
        "OverflowError": OverflowError,
        "ValueError": ValueError,
        "ZeroDivisionError": ZeroDivisionError,
        "abs": abs,
    },
    "acos": math.acos,
    "asin": math.asin,
    "atan": math.atan,
    "ceil": _ieee.ceiling,
    "circular": _ieee.circular,
    "cos": math.cos,
    "divide": _ieee.divide,
    "exp": math.exp,
    "exponential": _ieee.exponential,
    "floor": _ieee.floor,
    "greatest": _ieee.greatest,
    "hill": _ieee.hill,
    "least": _ieee.least,
    "log": math.log,
    "logarithm": _ieee.logarithm,
    "pow_": math.pow,
    "power": _ieee.power,
    "root": _ieee.root,
    "sin": math.sin,
    "sqrt": math.sqrt,
    "tan": math.tan,
}
_COMPARISONS: Final = ("<", "<=", ">", ">=")
_KEPT: Final = 16
_LAST: Final = "-1/0"
"""Priority of an event that has none: minus infinity."""
_cache: Final[dict[str, "CompiledModel"]] = {}


class PatientFunctions(NamedTuple):
    """One patient's functions of ``(time, values)``; values are in the order of the species."""

    initial: Values
    derivative: Function
    flows: Function
    """Derivatives, then birth, death and arrival rates of each countable species."""
    observables: Function
    triggers: Callable[[float, Values], list[bool]]
    comparisons: Callable[[float, Values], list[bool]]
    """Every comparison in a trigger that is not the same at all times."""
    switches: Function
    """Left minus right side of every comparison that depends on time and parameters alone."""
    delays: Function
    priorities: Function
    """Of each event; minus infinity without one."""
    actions: tuple[Function, ...]
    """For each event the new amounts of the species it assigns."""


@final
@dataclass(frozen=True, slots=True)
class CountableSpecies:
    """A countable species: its position and the reactants of each reaction that brings it in."""

    name: str
    position: int
    arrival_sources: tuple[tuple[int, ...], ...]


@final
@dataclass(frozen=True, slots=True)
class CompiledModel:
    """Functions of a model for any patient, and the constants a solver needs."""

    model: Model
    make: Callable[[Sequence[float]], tuple[Any, ...]]
    source: str
    tolerances: tuple[float, ...]
    nonnegative: tuple[int, ...]
    countable: tuple[CountableSpecies, ...]
    assigned: tuple[tuple[int, ...], ...]
    """For each event the positions of the species it assigns."""
    switched: bool
    """Whether anything switches with time."""

    def bind(self, parameters: Sequence[float]) -> PatientFunctions:
        """Bind the functions to one patient; parameters in the order of the model."""
        made = self.make(parameters)
        fixed = len(PatientFunctions._fields) - 1
        return PatientFunctions._make((*made[:fixed], tuple(made[fixed:])))


def compile_model(model: Model) -> CompiledModel:
    """Compile a model, or return what was compiled before for the same content.

    Examples
    --------
    >>> from progenitor.engine._declarations import ModelParameter, Observable, ReactionSet, Species
    >>> part = ReactionSet(
    ...     "p",
    ...     species=(Species("x", "1", initial="a"),),
    ...     parameters=(ModelParameter("a", "1"),),
    ...     observables=(Observable("square", "x**2", "1"),),
    ... )
    >>> functions = compile_model(Model.build("m", [part])).bind([3.0])
    >>> functions.observables(0.0, functions.initial)
    [9.0]
    """
    if model.content_hash not in _cache:
        while len(_cache) >= _KEPT:
            _cache.pop(next(iter(_cache)))
        _cache[model.content_hash] = _compile(model)
    return _cache[model.content_hash]


def _compile(model: Model) -> CompiledModel:
    positions = {species.name: index for index, species in enumerate(model.species)}
    nonnegative = tuple(i for i, species in enumerate(model.species) if species.nonnegative)
    countable = tuple(
        CountableSpecies(s.name, positions[s.name], _arrival_sources(model, s.name, positions))
        for s in model.species
        if s.countable
    )
    program = Program(model)
    emitter = Emitter(program, nonnegative)
    derivatives = _derivatives(program)
    triggers = [program.add(event.trigger) for event in model.events]
    delays = [program.add(event.delay) for event in model.events]
    priorities = [program.add(event.priority or _LAST) for event in model.events]
    actions = [
        (f"action_{i}", [program.add(text) for text in event.assignments.values()])
        for i, event in enumerate(model.events)
    ]
    observables = [program.add(shown.expression) for shown in model.observables]
    initial = [program.add(species.initial) for species in model.species]
    flows = derivatives + _flows(program)
    switches = _switches(program)
    functions: list[tuple[str, list[int]]] = [
        ("derivative", derivatives),
        ("flows", flows),
        ("observables", observables),
        ("triggers", triggers),
        ("comparisons", _comparisons(program, triggers)),
        ("switches", switches),
        ("delays", delays),
        ("priorities", priorities),
        *actions,
    ]
    source = _factory(program, emitter, functions, initial)
    namespace = dict(_NAMES)
    exec(compile(source, f"<model {model.content_hash[:12]}>", "exec"), namespace)  # noqa: S102 - text made by Emitter from checked nodes only
    return CompiledModel(
        model=model,
        make=namespace["make"],
        source=source,
        tolerances=tuple(tolerance_of(species) for species in model.species),
        nonnegative=nonnegative,
        countable=countable,
        assigned=tuple(tuple(positions[n] for n in event.assignments) for event in model.events),
        switched=bool(switches),
    )


def _factory(
    program: Program,
    emitter: Emitter,
    functions: Sequence[tuple[str, list[int]]],
    initial: Sequence[int],
) -> str:
    definitions = [line for name, outputs in functions for line in emitter.function(name, outputs)]
    start = emitter.static_list(initial)
    parameters = "".join(f"p{i}, " for i in range(len(program.model.parameters)))
    body = [
        *([f"{parameters}= p"] if parameters else []),
        *emitter.statics(),
        *definitions,
        f"return {start}, {', '.join(name for name, _ in functions)}",
    ]
    return "\n".join(["def make(p):", *(f"    {line}" for line in body), ""])


def _derivatives(program: Program) -> list[int]:
    rates = {reaction.name: program.add(reaction.rate) for reaction in program.model.reactions}
    return [
        program.weighted_sum(
            (reaction.change[species.name], rates[reaction.name])
            for reaction in program.model.reactions
            if species.name in reaction.change
        )
        for species in program.model.species
    ]


def _flows(program: Program) -> list[int]:
    """Birth, death and arrival rate of each countable species.

    A reaction that uses the species and leaves more of it is a birth; one that leaves less is a
    death; one that makes it without using it is an arrival.
    """
    outputs = []
    for species in program.model.species:
        if not species.countable:
            continue
        births: list[tuple[float, int]] = []
        deaths: list[tuple[float, int]] = []
        arrivals: list[tuple[float, int]] = []
        for reaction in program.model.reactions:
            change = reaction.change.get(species.name, 0.0)
            term = abs(change), program.add(reaction.rate)
            if change < 0:
                deaths.append(term)
            elif change > 0:
                (births if species.name in reaction.reactants else arrivals).append(term)
        outputs += [program.weighted_sum(terms) for terms in (births, deaths, arrivals)]
    return outputs


def _arrival_sources(
    model: Model, name: str, positions: dict[str, int]
) -> tuple[tuple[int, ...], ...]:
    return tuple(
        tuple(positions[reactant] for reactant in reaction.reactants)
        for reaction in model.reactions
        if reaction.change.get(name, 0.0) > 0 and name not in reaction.reactants
    )


def _comparisons(program: Program, triggers: Sequence[int]) -> list[int]:
    waiting, reached = list(triggers), set[int]()
    while waiting:
        index = waiting.pop()
        if index not in reached and not program.static[index]:
            reached.add(index)
            waiting.extend(program.nodes[index].arguments)
    return [i for i in sorted(reached) if program.nodes[i].operation in _COMPARISONS]


def _switches(program: Program) -> list[int]:
    comparisons = [
        node
        for index, node in enumerate(program.nodes)
        if node.operation in _COMPARISONS and program.timed[index] and not program.static[index]
    ]
    return [program.combine("-", *node.arguments) for node in comparisons]


def tolerance_of(species: Species) -> float:
    """Return the amount below which a species need not be accurate.

    Examples
    --------
    >>> from progenitor.engine import Species
    >>> tolerance_of(Species("tumour", "cell")), tolerance_of(Species("drug", "mg"))
    (1.0, 1e-06)
    """
    if species.absolute_tolerance is not None:
        return float(species.absolute_tolerance)
    return 1.0 if dimension(species.unit) == dimension("cell") else 1e-6
