r"""Events of equal priority at one moment: SBML wants their order drawn at random.

The engine keeps the order in which events became due. A priority that another event may share is
therefore raised by a share of a billionth that depends on time and on a parameter,

.. math:: p + 10^{-9} (1 + |p|) u, \qquad u = \mathrm{frac}(43758.5453 \sin(12.9898 t + 78.233 i
    + 37.719 o))

for event i and the parameter o, called ``event_order``: the order looks random over time, is the
same in every run with the same parameters, and another one for each value of ``event_order``.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from progenitor.engine._expressions import (
    CONSTANT_TIME,
    Arithmetic,
    Expression,
    Name,
    Negative,
    Number,
)
from progenitor.interop._sbml_events import URGENT, Action
from progenitor.interop._sbml_quantities import Quantities
from progenitor.interop._sbml_terms import ONE, as_quantity, call, number, plus, times

__all__ = ["with_ties_broken"]

_SHARE: Final = number(1e-9)
_AMPLITUDE: Final = number(43758.5453)
_PACE: Final = number(12.9898)
_APART: Final = 78.233
_TURN: Final = number(37.719)


def with_ties_broken(actions: Sequence[Action], quantities: Quantities) -> list[Action]:
    """Return events whose priorities differ at every moment, as if drawn.

    Parameters
    ----------
    actions
        Events; those without priority keep their order.
    quantities
        Gets the parameter ``event_order`` where ties are possible.
    """
    shared = [index for index in range(len(actions)) if _shared(index, actions)]
    if not shared:
        return list(actions)
    order = quantities.symbols.new("event_order")
    quantities.parameters[order] = 0.0
    broken = list(actions)
    for index in shared:
        priority = actions[index].priority
        if priority is not None:
            raised = _raised(as_quantity(priority), index, Name(order))
            broken[index] = replace(actions[index], priority=raised)
    return broken


def _shared(index: int, actions: Sequence[Action]) -> bool:
    """Whether another event may have the same priority."""
    mine = actions[index].priority
    others = [a.priority for i, a in enumerate(actions) if i != index and a.priority is not None]
    if mine is None:
        return False
    return any(not (_literal(mine) and _literal(other)) or mine == other for other in others)


def _literal(priority: Expression) -> bool:
    return (
        priority == URGENT
        or isinstance(priority, Number)
        or (isinstance(priority, Negative) and isinstance(priority.operand, Number))
    )


def _raised(priority: Expression, index: int, order: Expression) -> Expression:
    angle = plus(
        [
            times([_PACE, Name(CONSTANT_TIME)]),
            number(_APART * (index + 1)),
            times([_TURN, order]),
        ]
    )
    spread = times([_AMPLITUDE, call("sin", angle)])
    share = Arithmetic("-", spread, call("floor", spread))
    size = plus([ONE, call("abs", priority)])
    return plus([priority, times([_SHARE, size, share])])
