"""Machine code of the problem for the peers, by Numba: right-hand side, Jacobian and constants.

Everything a peer could wish for is done for it: sub-expressions are shared, those of parameters
only are computed once per patient (``constants``), the Jacobian is analytic, and the compiler may
fuse and reorder arithmetic.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np

from benchmarks.cart22._problem import PARAMETERS, SPECIES, model
from benchmarks.cart22._tape import Tape

__all__ = ["PeerCode", "constants_of", "peer_code"]

FAST: Final = {"nsz", "arcp", "contract", "reassoc"}


@final
@dataclass(frozen=True, slots=True)
class PeerCode:
    """Functions compiled by Numba."""

    derivative: Callable[..., None]
    """``derivative(t, y, dy, k)`` writes rates of change into ``dy``."""
    jacobian: Callable[..., None]
    """``jacobian(t, y, j, k)`` writes what may differ from zero to ``j[row, column]``."""
    start: Callable[..., None]
    """``start(p, y, k)`` writes initial amounts and constants of a patient's parameters."""
    constants: int
    """How many constants there are."""


def peer_code() -> PeerCode:
    """Write and compile the code."""
    import numba

    tape = Tape(model("all"))
    rates = tape.rates_of_change()
    elements = {
        (row, column): tape.slope(rate, column)
        for row, rate in enumerate(rates)
        for column in sorted(tape.states[rate])
    }
    kept = _constants(tape, [*rates, *elements.values()])
    targets = {f"y[{i}]": node for i, node in enumerate(tape.initial())}
    targets |= {f"k[{place}]": node for node, place in kept.items()}
    source = "\n".join(
        [
            *_function("derivative(t, y, dy, k)", tape, _named("dy", rates), kept),
            *_function("jacobian(t, y, j, k)", tape, _elements(elements), kept),
            *_function("start(p, y, k)", tape, targets, {}),
        ]
    )
    namespace: dict[str, Any] = {}
    exec(compile(source, "<cart22 for peers>", "exec"), namespace)
    made = numba.njit(error_model="numpy", fastmath=FAST, nogil=True)
    derivative, jacobian, start = (
        made(namespace[name]) for name in ("derivative", "jacobian", "start")
    )
    return PeerCode(derivative, jacobian, start, constants=len(kept))


def constants_of(code: PeerCode, patients: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the initial amounts, (patient, species), and constants, (patient, constant)."""
    table = np.stack([patients[name] for name in PARAMETERS], axis=1)
    first = np.zeros((len(table), len(SPECIES)))
    constants = np.zeros((len(table), code.constants))
    for row, parameters in enumerate(table):
        code.start(parameters, first[row], constants[row])
    return first, constants


def _named(array: str, nodes: Sequence[int]) -> dict[str, int]:
    return {f"{array}[{place}]": node for place, node in enumerate(nodes)}


def _elements(elements: dict[tuple[int, int], int]) -> dict[str, int]:
    return {f"j[{row}, {column}]": node for (row, column), node in elements.items()}


def _constants(tape: Tape, nodes: Sequence[int]) -> dict[int, int]:
    """Return the largest nodes of parameters only that some nodes need, with their places."""
    reached = _reach(tape, nodes, stop=lambda node: not tape.states[node])
    static = [i for i in reached if not tape.states[i] and tape.nodes[i].operation != "number"]
    return {node: place for place, node in enumerate(static)}


def _reach(tape: Tape, nodes: Sequence[int], stop: Callable[[int], bool]) -> list[int]:
    """Return the nodes that are needed, in an order in which they can be computed."""
    reached: set[int] = set()
    waiting = list(nodes)
    while waiting:
        position = waiting.pop()
        if position in reached:
            continue
        reached.add(position)
        node = tape.nodes[position]
        if node.operation not in ("number", "parameter", "state") and not stop(position):
            waiting += [operand for operand in (node.left, node.right) if operand >= 0]
    return sorted(reached)


def _function(head: str, tape: Tape, targets: dict[str, int], kept: dict[int, int]) -> list[str]:
    reached = _reach(tape, list(targets.values()), stop=lambda node: node in kept)
    return [
        f"def {head}:",
        *(f"    v{position} = {_formula(tape, position, kept)}" for position in reached),
        *(f"    {name} = v{node}" for name, node in targets.items()),
    ]


def _formula(tape: Tape, position: int, kept: dict[int, int]) -> str:
    node = tape.nodes[position]
    if position in kept:
        return f"k[{kept[position]}]"
    match node.operation:
        case "number":
            return repr(node.value)
        case "state":
            return f"y[{node.left}]"
        case "parameter":
            return f"p[{node.left}]"
        case "positive":
            return f"max(v{node.left}, 0.0)"
        case operation:
            return f"v{node.left} {operation} v{node.right}"
