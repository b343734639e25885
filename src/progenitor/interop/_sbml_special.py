"""``rateOf`` and ``delay`` written out, now that it is known what every symbol is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import final

from progenitor.engine._expressions import CONSTANT_TIME, Call, Expression, Name, Number, names_in
from progenitor.interop._sbml_change import derivative
from progenitor.interop._sbml_events import Action
from progenitor.interop._sbml_math import DELAY, RATE_OF
from progenitor.interop._sbml_past import Past, PastError
from progenitor.interop._sbml_quantities import Quantities
from progenitor.interop._sbml_reactions import Flows
from progenitor.interop._sbml_start import StartingValues
from progenitor.interop._sbml_terms import ONE, ZERO, operands_of, replaced

__all__ = ["Specials"]


@final
@dataclass(slots=True)
class Specials:
    """Lowers formulas of one model.

    Parameters
    ----------
    quantities
        Definitions; rules for rates of change and copies of delayed states are added to them.
    flows
        What changes states.
    starting
        Knows what is the same at all times.
    refuse
        Told the element, what is wrong with it and the way out.
    """

    quantities: Quantities
    flows: Flows
    starting: StartingValues
    refuse: Callable[[str, str, str], None]
    _rates: dict[str, Expression] = field(default_factory=dict)
    _pasts: dict[Expression, Past] = field(default_factory=dict)
    _unfinished: set[str] = field(default_factory=set)

    def lower(self, formula: Expression, where: str) -> Expression:
        """Write a formula without ``rateOf`` and ``delay``."""
        operands = operands_of(formula)
        if not operands:
            return formula
        parts = tuple(self.lower(operand, where) for operand in operands)
        if isinstance(formula, Call) and formula.function == RATE_OF:
            return self._rate(parts[0], where)
        if isinstance(formula, Call) and formula.function == DELAY:
            return self._delayed(parts[0], parts[1], where)
        same = all(new is old for new, old in zip(parts, operands, strict=True))
        return formula if same else replaced(formula, parts)

    @property
    def delayed(self) -> frozenset[str]:
        """States that have a copy which runs late."""
        return frozenset(state for past in self._pasts.values() for state in past.states)

    def late_actions(self, actions: list[Action]) -> list[Action]:
        """Return copies of the events that act on delayed copies of states."""
        try:
            while True:
                before = sum(len(past.states) for past in self._pasts.values())
                for past in self._pasts.values():
                    for action in filter(past.touched, actions):
                        past.prepare(action)
                if sum(len(past.states) for past in self._pasts.values()) == before:
                    break
            return [
                past.late(action, f"past_{number}_of_{action.event.name}")
                for number, past in enumerate(self._pasts.values(), start=1)
                for action in filter(past.touched, actions)
            ]
        except PastError as error:
            self._refuse_delay("delay", str(error))
            return []

    def _rate(self, target: Expression, where: str) -> Expression:
        if isinstance(target, Name):
            return self._slope(target.name)
        if not isinstance(target, Number):
            self.refuse(where, "takes rateOf of more than a name", "name one quantity")
        return ZERO

    def _slope(self, name: str) -> Expression:
        """Rate of change of a symbol."""
        found = self.quantities
        if name == CONSTANT_TIME:
            return ONE
        if self.starting.steady(name):
            return ZERO
        if name in self._unfinished:
            self._refuse_delay(name, "its rate of change depends on its past")
            return ZERO
        if name not in self._rates:
            symbol = found.symbols.new(f"{name}_rate")
            self._rates[name] = Name(symbol)
            if name in found.states:
                rate = self.lower(self.flows.slope(name), name)
            else:
                rule = self.lower(found.rules[name], name) if name in found.rules else ZERO
                rate = derivative(rule, self._slope)
            if rate == ZERO:
                self._rates[name] = ZERO
            else:
                found.rules[symbol] = rate
        return self._rates[name]

    def _delayed(self, value: Expression, delay: Expression, where: str) -> Expression:
        """Value at an earlier time."""
        if delay == ZERO or not names_in(value):
            return value
        try:
            return self._past(delay).of(value)
        except PastError as error:
            self._refuse_delay(where, str(error))
            return value

    def _past(self, delay: Expression) -> Past:
        if delay not in self._pasts:
            slope = derivative(delay, self._slope)
            self._pasts[delay] = Past(
                delay,
                slope,
                self.quantities,
                self.flows,
                self.starting,
                lambda formula: self.lower(formula, "delay"),
                self._rates,
                self._unfinished,
            )
        return self._pasts[delay]

    def _refuse_delay(self, where: str, reason: str) -> None:
        message = f"is a delay differential equation: {reason}"
        self.refuse(where, message, "write the delay as a chain of stages")
