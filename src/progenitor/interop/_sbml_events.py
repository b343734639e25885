"""Events of an SBML model: which states they set, and to what.

A concentration that is set means an amount: the concentration times the size of the compartment
before the event. A compartment that is set leaves amounts as they are, so that concentrations which
are states of their own change with it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import final

from progenitor.engine._expressions import Arithmetic, Expression, Name, names_in
from progenitor.interop._sbml_names import encoded
from progenitor.interop._sbml_quantities import Quantities
from progenitor.interop._sbml_records import EventRecord, SbmlModel
from progenitor.interop._sbml_terms import as_quantity, substitute

__all__ = ["Action", "find_actions"]


@final
@dataclass(frozen=True, slots=True)
class Action:
    """An event in the engine's symbols."""

    event: EventRecord
    trigger: Expression
    delay: Expression | None
    priority: Expression | None
    amounts: Mapping[str, Expression]


def find_actions(
    model: SbmlModel, quantities: Quantities, refuse: Callable[[str, str, str], None]
) -> list[Action]:
    """Write every event in the engine's symbols.

    Parameters
    ----------
    model, quantities
        The model so far.
    refuse
        Told the element, what is wrong with it and the way out.
    """
    return [_Event(event, model, quantities, refuse).action() for event in model.events]


@final
@dataclass(slots=True)
class _Event:
    event: EventRecord
    model: SbmlModel
    quantities: Quantities
    refuse: Callable[[str, str, str], None]
    new: dict[str, Expression] = field(default_factory=dict)
    """New values of states by symbol."""
    _after: dict[str, Expression] = field(default_factory=dict)

    def action(self) -> Action:
        quantities = self.quantities
        by_concentration = {}
        for identifier, formula in self.event.assignments.items():
            meant = quantities.meaning.get(encoded(identifier))
            value = as_quantity(quantities.translated(formula))
            if not isinstance(meant, Name):
                continue
            if meant.name in quantities.states:
                self.new[meant.name] = value
            else:
                by_concentration[identifier] = value
        self._set_concentrations(by_concentration)
        self._rescale()
        given = (self.event.delay, self.event.priority)
        delay, priority = (None if f is None else quantities.translated(f) for f in given)
        trigger = quantities.translated(self.event.trigger)
        return Action(self.event, trigger, delay, priority, self.new)

    def _set_concentrations(self, wanted: Mapping[str, Expression]) -> None:
        """Set amounts for species whose concentration is assigned."""
        sizes = {species.id: species.compartment for species in self.model.species}
        for identifier, value in wanted.items():
            symbol = self.quantities.amounts.get(identifier)
            if symbol is None or symbol not in self.quantities.states:
                continue
            size = Name(encoded(sizes[identifier]))
            self.new[symbol] = Arithmetic("*", value, size)
            self._check_time(identifier, size)

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
                self._check_time(species.id, size)

    def _check_time(self, identifier: str, size: Name) -> None:
        """Refuse values from the trigger's time where the size may be another when it acts."""
        event = self.event
        if not event.values_from_trigger or self._lasting(size.name):
            return
        if event.delay is not None or len(self.model.events) > 1:
            what = f"sets the concentration of {identifier}, whose compartment changes, with values"
            self.refuse(event.name, f"{what} from the time of the trigger", "set its amount")

    def _lasting(self, symbol: str) -> bool:
        """Whether a symbol is the same when the event acts as when it fires."""
        found = self.quantities
        if symbol in found.rules:
            return all(map(self._lasting, names_in(found.rules[symbol])))
        return symbol in found.parameters or symbol in found.starting

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
