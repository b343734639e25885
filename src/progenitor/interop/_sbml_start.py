"""Values at the start, written with parameters alone.

An initial assignment may depend on anything; here everything it depends on is replaced by its own
value at time zero.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import final

from progenitor.engine._expressions import (
    CONSTANT_TIME,
    Call,
    Expression,
    Name,
    Number,
    names_in,
)
from progenitor.interop._sbml_math import DELAY
from progenitor.interop._sbml_quantities import Quantities
from progenitor.interop._sbml_terms import ZERO, operands_of, substitute

__all__ = ["StartingValues"]


@final
@dataclass(slots=True)
class StartingValues:
    """Writes formulas as they are at the start.

    Parameters
    ----------
    quantities
        Definitions.
    circular
        Told a symbol whose starting value depends on itself.
    """

    quantities: Quantities
    circular: Callable[[str], None]
    rules: dict[str, Expression] = field(default_factory=dict)
    """Rules made of parameters alone that the starting values use."""
    _known: dict[str, Expression] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)
    _steady: dict[str, bool] = field(default_factory=dict)

    def of(self, formula: Expression) -> Expression:
        """Write a formula over symbols as it is at the start."""
        return substitute(formula, self._symbol)

    def steady(self, name: str) -> bool:
        """Whether a symbol is the same at all times."""
        found = self.quantities
        if name in found.parameters or name in found.starting:
            return True
        if name not in found.rules:
            return False
        if name not in self._steady:
            self._steady[name] = False
            rule = found.rules[name]
            self._steady[name] = not _looks_back(rule) and all(map(self.steady, names_in(rule)))
        return self._steady[name]

    def _symbol(self, name: str) -> Expression:
        if name == CONSTANT_TIME:
            return ZERO
        if name not in self._known:
            if name in self._open:
                self.circular(name)
                return Name(name)
            self._open.append(name)
            self._known[name] = self._found(name)
            self._open.pop()
        return self._known[name]

    def _found(self, name: str) -> Expression:
        quantities = self.quantities
        if name in quantities.parameters:
            return Name(name)
        if name in quantities.starting:
            self.rules[name] = self.of(quantities.starting[name])
            return Name(name)
        if name in quantities.states:
            return self._named(f"{name}_at_start", self.of(quantities.states[name]))
        if name not in quantities.rules:
            return Name(name)
        value = self.of(quantities.rules[name])
        return Name(name) if self.steady(name) else self._named(f"{name}_at_start", value)

    def _named(self, wanted: str, value: Expression) -> Expression:
        """Give a value a name of its own unless it is short."""
        if isinstance(value, Name | Number):
            return value
        symbol = self.quantities.symbols.new(wanted)
        self.rules[symbol] = value
        return Name(symbol)


def _looks_back(formula: Expression) -> bool:
    """Whether a formula has a delay, with which even a constant may have a past."""
    if isinstance(formula, Call) and formula.function == DELAY:
        return True
    return any(map(_looks_back, operands_of(formula)))
