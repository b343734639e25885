"""Events of an SBML model: which states they set, and to what.

A concentration that is set means an amount: the concentration times the size of the compartment
just before. A compartment that is set leaves amounts as they are, so that concentrations which are
states of their own change with it.

An event may have to set an amount from a concentration of the moment at which it fired and a size
of the moment at which it acts. It then only puts its values by, and a second event makes the
assignments at once, before anything else can happen.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, final

from progenitor.engine._expressions import (
    Arithmetic,
    Comparison,
    Expression,
    Name,
    names_in,
)
from progenitor.interop._sbml_names import encoded
from progenitor.interop._sbml_quantities import Quantities
from progenitor.interop._sbml_records import EventRecord, SbmlModel
from progenitor.interop._sbml_terms import ONE, ZERO, as_quantity, number, substitute

__all__ = ["URGENT", "Action", "find_actions"]

URGENT: Final = number(math.inf)
"""Priority of what must happen before anything else."""


@final
@dataclass(frozen=True, slots=True)
class Action:
    """An event in the engine's symbols."""

    event: EventRecord
    trigger: Expression
    delay: Expression | None
    priority: Expression | None
    amounts: Mapping[str, Expression]


def find_actions(model: SbmlModel, quantities: Quantities) -> list[Action]:
    """Write every event in the engine's symbols.

    Parameters
    ----------
    model
        The records.
    quantities
        Definitions; states in which values are put by are added to them.
    """
    moving = set()
    for event in model.events:
        for identifier in event.assignments:
            symbols = (quantities.amounts, quantities.concentrations)
            moving |= {encoded(identifier), *(s[identifier] for s in symbols if identifier in s)}
    found = [_Event(event, model, quantities, frozenset(moving)) for event in model.events]
    return [action for event in found for action in event.actions()]


@final
@dataclass(slots=True)
class _Event:
    event: EventRecord
    model: SbmlModel
    quantities: Quantities
    moving: frozenset[str]
    """Symbols that some event sets."""
    new: dict[str, Expression] = field(default_factory=dict)
    """New values of states by symbol."""
    mixed: bool = False
    """Whether a size may be another when the event acts than when its values were had."""
    _after: dict[str, Expression] = field(default_factory=dict)

    def actions(self) -> list[Action]:
        quantities, event = self.quantities, self.event
        values = {
            identifier: as_quantity(quantities.translated(formula))
            for identifier, formula in event.assignments.items()
        }
        self._assign(values)
        given = (event.delay, event.priority)
        delay, priority = (None if f is None else quantities.translated(f) for f in given)
        trigger = quantities.translated(event.trigger)
        if not self.mixed:
            return [Action(event, trigger, delay, priority, self.new)]
        put_by = {name: self._state(f"{encoded(name)}_put_by") for name in values}
        self._assign({name: Name(symbol) for name, symbol in put_by.items()})
        due = self._state("put_by")
        aside = {put_by[name]: value for name, value in values.items()} | {due: ONE}
        first = Action(event, trigger, delay, priority, aside)
        return [first, self._second(due)]

    def _second(self, due: str) -> Action:
        """Return the event that makes the assignments once the values are put by."""
        taken = {event.name for event in self.model.events}
        name = f"{self.event.name}_acts"
        while name in taken:
            name += "_"
        event = replace(
            self.event, name=name, initial=True, persistent=True, values_from_trigger=False
        )
        trigger = Comparison(">", Name(due), ZERO)
        return Action(event, trigger, None, URGENT, {**self.new, due: ZERO})

    def _assign(self, values: Mapping[str, Expression]) -> None:
        """Find the new values of states."""
        quantities, self.new = self.quantities, {}
        by_concentration = {}
        for identifier, value in values.items():
            meant = quantities.meaning.get(encoded(identifier))
            if isinstance(meant, Name) and meant.name in quantities.states:
                self.new[meant.name] = value
            else:
                by_concentration[identifier] = value
        self._after.clear()
        self._set_concentrations(by_concentration)
        self._rescale()

    def _set_concentrations(self, wanted: Mapping[str, Expression]) -> None:
        """Set amounts for species whose concentration is assigned."""
        sizes = {species.id: species.compartment for species in self.model.species}
        for identifier, value in wanted.items():
            symbol = self.quantities.amounts.get(identifier)
            if symbol in self.quantities.states:
                size = Name(encoded(sizes[identifier]))
                self.new[symbol] = Arithmetic("*", value, size)
                self._look_at(size)

    def _rescale(self) -> None:
        """Keep the amounts of species whose state is a concentration when their volume is set."""
        for species in self.model.species:
            symbol = self.quantities.concentrations.get(species.id, "")
            if symbol not in self.quantities.states:
                continue
            size = Name(encoded(species.compartment))
            later = self._later(size)
            if later != size:
                amount = Arithmetic("*", self.new.get(symbol, Name(symbol)), size)
                self.new[symbol] = Arithmetic("/", amount, later)
                self._look_at(size)

    # Two moments

    def _look_at(self, size: Name) -> None:
        """Note a size that may be another when the event acts than when it fired."""
        if self.event.values_from_trigger:
            late = self.event.delay is not None and not self._lasting(size.name)
            self.mixed = self.mixed or late or self._set_by_events(size.name)

    def _lasting(self, symbol: str) -> bool:
        """Whether a symbol is the same at all times."""
        found = self.quantities
        if symbol in found.rules:
            return all(map(self._lasting, names_in(found.rules[symbol])))
        return symbol in found.parameters or symbol in found.starting

    def _set_by_events(self, symbol: str) -> bool:
        """Whether another event may change a symbol at the same moment."""
        if len(self.model.events) == 1:
            return False
        rule = self.quantities.rules.get(symbol)
        if rule is not None and symbol not in self.moving:
            return any(map(self._set_by_events, names_in(rule)))
        return symbol in self.moving

    def _state(self, wanted: str) -> str:
        symbol = self.quantities.symbols.new(wanted)
        self.quantities.states[symbol] = ZERO
        return symbol

    def _later(self, formula: Expression) -> Expression:
        """Write a formula with the values after the event."""
        return substitute(formula, self._later_name)

    def _later_name(self, name: str) -> Expression:
        if name in self.new:
            return self.new[name]
        if name not in self.quantities.rules:
            return Name(name)
        if name not in self._after:
            self._after[name] = Name(name)
            rule = self.quantities.rules[name]
            later = self._later(rule)
            self._after[name] = Name(name) if later is rule else later
        return self._after[name]
