"""What a model's machine code keeps and guards, found by looking at its graph."""

from progenitor.engine._model_graph import ModelGraph

__all__ = ["dense_species", "guarded_states", "stored_statics"]


def guarded_states(nodes: ModelGraph) -> frozenset[int]:
    """Species that cannot be negative and stand where a negative number would be undefined."""
    graph = nodes.graph
    waiting = [
        operation.operands[1] if operation.name == "signed_power" else operation.operands[0]
        for operation in graph.nodes
        if operation.name in ("signed_power", "sqrt", "log")
    ]
    reached: set[int] = set()
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting.extend(graph.nodes[node].operands)
    species = nodes.model.species
    return frozenset(
        operation.position
        for operation in (graph.nodes[node] for node in reached)
        if operation.name == "state" and species[operation.position].nonnegative
    )


def dense_species(nodes: ModelGraph) -> list[int]:
    """Species whose course within a step is needed."""
    model = nodes.model
    if model.events or any(species.countable for species in model.species):
        return list(range(len(model.species)))
    waiting, reached = list(nodes.observables), set()
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting.extend(nodes.graph.nodes[node].operands)
    found = (nodes.graph.nodes[node] for node in reached)
    return sorted({operation.position for operation in found if operation.name == "state"})


def stored_statics(nodes: ModelGraph) -> list[int]:
    """Nodes of parameters alone that something else needs."""
    graph = nodes.graph
    outputs = [
        *nodes.derivatives, *nodes.time_slopes, *nodes.factors.nodes, *nodes.observables,
        *nodes.rates, *nodes.triggers, *nodes.roots, *nodes.delays, *nodes.priorities,
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
