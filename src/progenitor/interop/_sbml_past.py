r"""Values at an earlier time, from a second copy of what determines them that runs late.

The value ``x(t − d)`` of a state with ``x' = f(x, t)`` is a state z of its own with

.. math:: z' = f(z, τ) τ', \qquad τ = t - d(t), \qquad z = x(0) \text{ while } τ < 0

and events that change x have copies that change z. This is exact, and finite as long as x does not
itself depend on delayed values without end.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import final

from progenitor.engine._expressions import (
    CONSTANT_TIME,
    Arithmetic,
    Comparison,
    Expression,
    Name,
    names_in,
)
from progenitor.interop._sbml_events import Action
from progenitor.interop._sbml_quantities import Quantities
from progenitor.interop._sbml_reactions import Flows
from progenitor.interop._sbml_start import StartingValues
from progenitor.interop._sbml_terms import (
    ONE,
    ZERO,
    both,
    choose,
    simple_minus,
    simple_times,
    substitute,
)

__all__ = ["Past", "PastError"]

Lower = Callable[[Expression], Expression]


@final
class PastError(Exception):
    """A delayed value that cannot be had; the message says why."""


@final
@dataclass(slots=True)
class Past:
    """The model as it was some time ago, as far as it is needed.

    Parameters
    ----------
    delay
        How long ago, in the engine's symbols.
    slope
        Rate of change of the delay.
    quantities, flows, starting
        The model; what is copied is added to them.
    lower
        Writes out ``rateOf`` and ``delay`` in a formula of the model.
    rates
        Symbol → its rate of change.
    unfinished
        Copies whose rate of change is not yet known, of this and other delays.
    """

    delay: Expression
    slope: Expression
    quantities: Quantities
    flows: Flows
    starting: StartingValues
    lower: Lower
    rates: Mapping[str, Expression]
    unfinished: set[str]
    copies: dict[str, Expression] = field(default_factory=dict)
    """Symbol → its value at the earlier time."""
    states: dict[str, str] = field(default_factory=dict)
    """State → its copy."""

    def of(self, formula: Expression) -> Expression:
        """Return the value of a formula at the earlier time."""
        return substitute(formula, self._copy)

    @property
    def time(self) -> Expression:
        """The earlier time."""
        return Arithmetic("-", Name(CONSTANT_TIME), self.delay)

    def _copy(self, name: str) -> Expression:
        if name == CONSTANT_TIME:
            return self.time
        if name in self.unfinished:
            raise PastError(f"{name.removesuffix('_past')} depends on its own past")
        if name not in self.copies:
            found = self.quantities
            if name in found.states:
                self._copy_state(name)
            elif name in found.rules and not self.starting.steady(name):
                self._copy_rule(name)
            else:
                self.copies[name] = Name(name)
                self._add_history(name, found.starting.get(name))
        return self.copies[name]

    def _copy_rule(self, name: str) -> None:
        """Copy a rule; what is a rate of change was zero before the start."""
        symbol = self.quantities.symbols.new(f"{name}_past")
        self.copies[name] = Name(symbol)
        self.unfinished.add(symbol)
        formula = self.of(self.lower(self.quantities.rules[name]))
        self.unfinished.discard(symbol)
        if Name(name) in self.rates.values():
            formula = choose(formula, Comparison(">=", self.time, ZERO), ZERO)
        self.quantities.rules[symbol] = formula

    def _copy_state(self, name: str) -> None:
        found = self.quantities
        symbol = found.symbols.new(f"{name}_past")
        self.copies[name] = Name(symbol)
        self.states[name] = symbol
        found.states[symbol] = Name(name)
        self._add_history(name, found.states[name])
        self.unfinished.add(symbol)
        slope = self.of(self.lower(self.flows.slope(name)))
        self.unfinished.discard(symbol)
        if slope != ZERO:
            pace = simple_minus(ONE, self.slope)
            begun = Comparison(">=", self.time, ZERO)
            rate = choose(simple_times(slope, pace), begun, ZERO)
            self.flows.add_change(f"past_of_{name}", rate, symbol)

    def _add_history(self, name: str, start: Expression | None) -> None:
        """Let an initial assignment that names time say how it was before the start."""
        if start is None or CONSTANT_TIME not in names_in(start):
            return
        if not all(map(self.starting.steady, names_in(start) - {CONSTANT_TIME})):
            raise PastError(f"{name} begins with a formula of time and of what changes")
        before = substitute(start, {CONSTANT_TIME: self.time})
        self.copies[name] = choose(before, Comparison("<", self.time, ZERO), self.copies[name])

    # Events

    def touched(self, action: Action) -> bool:
        """Whether an event changes a state that has a copy."""
        return bool(action.amounts.keys() & self.states.keys())

    def prepare(self, action: Action) -> None:
        """Copy everything an event depends on."""
        formulas = (action.trigger, action.delay, action.priority)
        for formula in (*formulas, *action.amounts.values()):
            if formula is not None:
                self.of(formula)

    def late(self, action: Action, name: str) -> Action:
        """Return the copy of an event, under another name, that acts on the copies."""
        if self.slope != ZERO:
            raise PastError("events act on something delayed by a time that varies")
        event = replace(action.event, name=name)
        trigger = self.of(action.trigger)
        if event.initial:
            trigger = both("or", [Comparison("<", self.time, ZERO), trigger])
        else:
            trigger = both("and", [Comparison(">=", self.time, ZERO), trigger])
        return Action(
            event,
            trigger,
            None if action.delay is None else self.of(action.delay),
            None if action.priority is None else self.of(action.priority),
            {
                self.states[name]: self.of(value)
                for name, value in action.amounts.items()
                if name in self.states
            },
        )
