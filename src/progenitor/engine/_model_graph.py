"""Everything a compiled model must compute, as nodes of one graph."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from progenitor.engine._derivatives import Derivatives
from progenitor.engine._elimination import Factors, eliminate
from progenitor.engine._graph import COMPARISONS, Graph
from progenitor.engine._model import Model
from progenitor.engine._program import Program

__all__ = ["ModelGraph", "model_graph"]


@final
@dataclass(frozen=True, slots=True)
class ModelGraph:
    """Nodes of a model.

    Parameters
    ----------
    model, graph
        Where they come from and where they are.
    initial
        Initial value of each species.
    derivatives
        Slope of each species.
    time_slopes
        Partial derivative of each slope by time.
    factors
        Of the matrix of a Rosenbrock step.
    observables, rates
        Of observables and of reactions.
    triggers, roots
        Of each event its condition, and a number that changes sign with it.
    edges
        Event and difference of every comparison in a trigger made of several.
    delays, priorities
        Of each event; a missing priority is minus infinity.
    actions
        For each event the new values of the species it assigns.
    flows
        Birth, death and arrival rate of each countable species in turn.
    switches
        Left minus right side of comparisons of time with constants.
    """

    model: Model
    graph: Graph
    initial: tuple[int, ...]
    derivatives: tuple[int, ...]
    time_slopes: tuple[int, ...]
    jacobian: Mapping[tuple[int, int], int]
    factors: Factors
    observables: tuple[int, ...]
    rates: tuple[int, ...]
    triggers: tuple[int, ...]
    roots: tuple[int, ...]
    edges: tuple[tuple[int, int], ...]
    delays: tuple[int, ...]
    priorities: tuple[int, ...]
    actions: tuple[tuple[int, ...], ...]
    flows: tuple[int, ...]
    switches: tuple[int, ...]

    @property
    def timed(self) -> bool:
        """Whether any slope depends on time directly."""
        return any(self.graph.value_of(node) != 0 for node in self.time_slopes)


def model_graph(model: Model) -> ModelGraph:
    """Lower a model and differentiate it.

    Examples
    --------
    >>> from progenitor.engine._declarations import Reaction, ReactionSet, Species
    >>> part = ReactionSet(
    ...     "p",
    ...     species=(Species("x", "1", initial="1"),),
    ...     reactions=(Reaction("growth", "x*(1 - x)", products={"x": 1}),),
    ... )
    >>> sorted(model_graph(Model.build("m", [part], time_unit="1")).jacobian)
    [(0, 0)]
    """
    program = Program(model)
    graph = Graph(program)
    node = _Nodes(program, graph)
    rates = {reaction.name: node(reaction.rate) for reaction in model.reactions}
    gates = _gates(model, graph)
    derivatives = tuple(_slope(model, graph, rates, s.name, gates) for s in model.species)
    jacobian = _jacobian(graph, derivatives)
    by_time = Derivatives(graph, graph.leaf("time"))
    triggers = tuple(node(event.trigger) for event in model.events)
    return ModelGraph(
        model=model,
        graph=graph,
        initial=tuple(node(species.initial) for species in model.species),
        derivatives=derivatives,
        time_slopes=tuple(by_time.of(slope) for slope in derivatives),
        jacobian=jacobian,
        factors=eliminate(graph, len(model.species), jacobian),
        observables=tuple(node(shown.expression) for shown in model.observables),
        rates=tuple(rates.values()),
        triggers=triggers,
        roots=tuple(_root(graph, trigger) for trigger in triggers),
        edges=tuple(
            (event, edge)
            for event, trigger in enumerate(triggers)
            for edge in dict.fromkeys(_edges(graph, trigger))
            if graph.nodes[trigger].name not in COMPARISONS
        ),
        delays=tuple(node(event.delay) for event in model.events),
        priorities=tuple(node(event.priority or "-1e308") for event in model.events),
        actions=tuple(
            tuple(node(text) for text in event.assignments.values()) for event in model.events
        ),
        flows=_flows(model, graph, rates),
        switches=_switches(program, graph),
    )


@final
@dataclass(frozen=True, slots=True)
class _Nodes:
    program: Program
    graph: Graph

    def __call__(self, text: str) -> int:
        return self.graph.of(self.program.add(text))


def _gates(model: Model, graph: Graph) -> dict[str, int]:
    countable = [species.name for species in model.species if species.countable]
    return {name: graph.leaf("gate", position) for position, name in enumerate(countable)}


def _slope(
    model: Model, graph: Graph, rates: Mapping[str, int], species: str, gates: Mapping[str, int]
) -> int:
    terms = [
        graph.times(graph.number(reaction.change[species]), rates[reaction.name])
        for reaction in model.reactions
        if species in reaction.change
    ]
    slope = graph.total(terms)
    return graph.times(gates[species], slope) if species in gates else slope


def _jacobian(graph: Graph, derivatives: tuple[int, ...]) -> dict[tuple[int, int], int]:
    entries = {}
    for column in range(len(derivatives)):
        by_state = Derivatives(graph, graph.leaf("state", column))
        for row, slope in enumerate(derivatives):
            entry = by_state.of(slope)
            if graph.value_of(entry) != 0:
                entries[row, column] = entry
    return entries


def _flows(model: Model, graph: Graph, rates: Mapping[str, int]) -> tuple[int, ...]:
    """Sum births, deaths and arrivals of each countable species.

    A reaction that uses a species and leaves more of it is a birth, less a death; one
    that makes it without using it is an arrival.
    """
    flows = []
    for species in model.species:
        if not species.countable:
            continue
        sums = [graph.number(0.0)] * 3
        for reaction in model.reactions:
            change = reaction.change.get(species.name, 0.0)
            if change == 0:
                continue
            kind = 1 if change < 0 else 0 if species.name in reaction.reactants else 2
            term = graph.times(graph.number(abs(change)), rates[reaction.name])
            sums[kind] = graph.plus(sums[kind], term)
        flows += sums
    return tuple(flows)


def _root(graph: Graph, condition: int) -> int:
    """Return a number that is at least zero where a condition holds."""
    operation = graph.nodes[condition]
    match operation.name:
        case ">" | ">=":
            return graph.minus(*operation.operands)
        case "<" | "<=":
            return graph.minus(operation.operands[1], operation.operands[0])
        case "and" | "or":
            parts = [_root(graph, operand) for operand in operation.operands]
            return graph.function("min" if operation.name == "and" else "max", *parts)
        case "not":
            return graph.negative(_root(graph, operation.operands[0]))
        case _:
            return graph.select(condition, graph.number(1.0), graph.number(-1.0))


def _edges(graph: Graph, condition: int) -> list[int]:
    """Return the difference of the two sides of every comparison in a condition."""
    operation = graph.nodes[condition]
    if operation.name in COMPARISONS:
        return [graph.minus(*operation.operands)]
    if operation.name in ("and", "or", "not"):
        return [edge for operand in operation.operands for edge in _edges(graph, operand)]
    return []


def _switches(program: Program, graph: Graph) -> tuple[int, ...]:
    found = [
        index
        for index, node in enumerate(program.nodes)
        if node.operation in ("<", "<=", ">", ">=")
        and program.timed[index]
        and not program.static[index]
    ]
    return tuple(
        graph.minus(*(graph.of(argument) for argument in program.nodes[index].arguments))
        for index in found
    )
