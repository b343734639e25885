"""``rateOf`` and ``delay`` written out, now that it is known what every symbol is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import final

from progenitor.engine._expressions import (
    CONSTANT_TIME,
    Arithmetic,
    Call,
    Expression,
    Name,
    Number,
    names_in,
)
from progenitor.interop._sbml_change import derivative
from progenitor.interop._sbml_math import DELAY, RATE_OF
from progenitor.interop._sbml_quantities import Quantities
from progenitor.interop._sbml_reactions import Flows
from progenitor.interop._sbml_start import StartingValues
from progenitor.interop._sbml_terms import ONE, ZERO, operands_of, replaced, substitute

__all__ = ["Specials"]


@final
@dataclass(slots=True)
class Specials:
    """Lowers formulas of one model.

    Parameters
    ----------
    quantities
        Definitions; rules for rates of change are added to them.
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
        if name not in self._rates:
            self._rates[name] = Name(found.symbols.new(f"{name}_rate"))
            if name in found.states:
                rate = self.lower(self.flows.slope(name), name)
            else:
                rule = self.lower(found.rules[name], name) if name in found.rules else ZERO
                rate = derivative(rule, self._slope)
            symbol = self._rates[name]
            if rate == ZERO:
                self._rates[name] = ZERO
            elif isinstance(symbol, Name):
                found.rules[symbol.name] = rate
        return self._rates[name]

    def _delayed(self, value: Expression, delay: Expression, where: str) -> Expression:
        """Value at an earlier time, where it is known as a formula of time."""
        if delay == ZERO:
            return value
        earlier = Arithmetic("-", Name(CONSTANT_TIME), delay)
        written = self._written_out(value)
        moving = [n for n in names_in(written) if not self.starting.steady(n)]
        if set(moving) <= {CONSTANT_TIME}:
            return substitute(written, {CONSTANT_TIME: earlier})
        shown = ", ".join(sorted(moving))
        self.refuse(
            where,
            f"uses the delayed value of {shown}: delay differential equations are not supported",
            "write the delay as a chain of stages",
        )
        return value

    def _written_out(self, formula: Expression) -> Expression:
        """Write rules that change with time in full."""

        def written(name: str) -> Expression:
            if name not in self.quantities.rules or self.starting.steady(name):
                return Name(name)
            return self._written_out(self.quantities.rules[name])

        return substitute(formula, written)
