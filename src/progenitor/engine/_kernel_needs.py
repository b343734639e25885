"""What a model's machine code keeps and guards, found by looking at its graph."""

from collections.abc import Iterable

from progenitor.engine._model_graph import ModelGraph

__all__ = ["dense_species", "guarded_states", "steep_states", "stored_statics"]


def guarded_states(nodes: ModelGraph) -> frozenset[int]:
    """Species that cannot be negative and stand where a negative number would be undefined."""
    return _nonnegative_within(
        nodes,
        [
            operation.operands[1] if operation.name == "signed_power" else operation.operands[0]
            for operation in nodes.graph.nodes
            if operation.name in ("signed_power", "sqrt", "log")
        ],
    )


def steep_states(nodes: ModelGraph) -> frozenset[int]:
    """Species that cannot be negative and on which a slope may depend infinitely steeply at zero.

    A matrix with such a slope would hold a step fast at zero and find no error in it. The matrix
    is therefore that of the absolute tolerance, where an amount is smaller.
    """
    graph = nodes.graph
    found = []
    for node in _reach(nodes, nodes.derivatives):
        operation = graph.nodes[node]
        if operation.name == "sqrt":
            found.append(operation.operands[0])
        elif operation.name == "signed_power":
            _, base, exponent = operation.operands
            value = graph.value_of(exponent)
            if value is None or value < 1:
                found.append(base)
    return _nonnegative_within(nodes, found)


def _nonnegative_within(nodes: ModelGraph, found: Iterable[int]) -> frozenset[int]:
    species = nodes.model.species
    return frozenset(
        operation.position
        for operation in (nodes.graph.nodes[node] for node in _reach(nodes, found))
        if operation.name == "state" and species[operation.position].nonnegative
    )


def _reach(nodes: ModelGraph, found: Iterable[int]) -> set[int]:
    """Nodes that some nodes are computed from, and these."""
    reached: set[int] = set()
    waiting = list(found)
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting.extend(nodes.graph.nodes[node].operands)
    return reached


def dense_species(nodes: ModelGraph) -> list[int]:
    """Species whose course within a step is needed."""
    model = nodes.model
    if model.events or any(species.countable for species in model.species):
        return list(range(len(model.species)))
    found = (nodes.graph.nodes[node] for node in _reach(nodes, nodes.observables))
    return sorted({operation.position for operation in found if operation.name == "state"})


def stored_statics(nodes: ModelGraph) -> list[int]:
    """Nodes of parameters alone that something else needs."""
    graph = nodes.graph
    outputs = [
        *nodes.derivatives, *nodes.time_slopes, *nodes.factors.nodes, *nodes.observables,
        *nodes.rates, *nodes.triggers, *nodes.roots, *(edge for _, edge in nodes.edges),
        *nodes.delays, *nodes.priorities,
        *(node for action in nodes.actions for node in action), *nodes.flows, *nodes.switches,
    ]  # fmt: skip
    stored: set[int] = set()
    reached: set[int] = set()
    waiting = list(outputs)
    while waiting:
        node = waiting.pop()
        if node in reached:
            continue
        reached.add(node)
        operation = graph.nodes[node]
        condition = operation.name in {"<", "<=", ">", ">=", "and", "or", "not"}
        if graph.static[node] and not condition:
            if operation.operands:
                stored.add(node)
        else:
            waiting.extend(operation.operands)
    return sorted(stored)
