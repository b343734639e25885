"""Every quantity of an SBML model as a parameter, state, rule or starting value of the engine.

A species has an amount and, unless its compartment has no dimensions, a concentration. One of the
two is *primary* - a state, a parameter or given by a rule - and the other follows from it and the
size of the compartment. In formulas a species means its concentration unless the model says that it
has only substance units.
"""

import math
from dataclasses import dataclass, field
from typing import final

from progenitor.engine._expressions import Arithmetic, Expression, Name
from progenitor.interop._sbml_names import Symbols, encoded
from progenitor.interop._sbml_records import Reference, SbmlModel, SpeciesRecord
from progenitor.interop._sbml_roles import Roles
from progenitor.interop._sbml_terms import number, substitute

__all__ = ["Quantities", "define_quantities", "stoichiometry_symbol"]


@final
@dataclass(slots=True)
class Quantities:
    """Definitions in the engine's symbols.

    Parameters
    ----------
    meaning
        What an identifier, as a symbol, stands for in formulas.
    amounts, concentrations
        Species → symbol.
    parameters
        Symbol → value, None where the model gives none.
    inputs
        Identifier → parameter that sets its value or its value at the start.
    states
        Symbol → value at the start, in symbols that may themselves change.
    starting
        Symbols that keep the value they have at the start.
    rules
        Symbol → formula.
    """

    symbols: Symbols
    meaning: dict[str, Expression] = field(default_factory=dict)
    amounts: dict[str, str] = field(default_factory=dict)
    concentrations: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, float | None] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    states: dict[str, Expression] = field(default_factory=dict)
    starting: dict[str, Expression] = field(default_factory=dict)
    rules: dict[str, Expression] = field(default_factory=dict)

    def translated(self, formula: Expression) -> Expression:
        """Write a formula over identifiers in the engine's symbols."""
        return substitute(formula, self.meaning)

    def parameter(self, wanted: str, value: float | None, identifier: str) -> Expression:
        """Make a parameter that sets the value of an identifier at the start."""
        symbol = self.symbols.new(wanted)
        self.set_parameter(symbol, value, identifier)
        return Name(symbol)

    def set_parameter(self, symbol: str, value: float | None, identifier: str) -> None:
        """Let a symbol be a parameter, or a constant where its value is not finite."""
        if value is not None and not math.isfinite(value):
            self.rules[symbol] = number(value)
            return
        self.parameters[symbol] = value
        self.inputs[identifier] = symbol


def define_quantities(model: SbmlModel, roles: Roles, symbols: Symbols) -> Quantities:
    """Give every identifier its place; formulas of algebraic rules are left to be filled in.

    Parameters
    ----------
    model
        The records.
    roles
        What determines each identifier.
    symbols
        Symbols taken.
    """
    found = Quantities(symbols)
    _name_everything(model, found)
    for plain in model.compartments:
        _define_plain(plain.id, plain.size, model, roles, found)
    for parameter in model.parameters:
        _define_plain(parameter.id, parameter.value, model, roles, found)
    for species in model.species:
        _Species(species, model, roles, found).define()
    for reaction in model.reactions:
        found.parameters.update(reaction.local)
        for reference in (*reaction.reactants, *reaction.products):
            _define_reference(reference, model, roles, found)
        if reaction.law is not None:
            found.rules[encoded(reaction.id)] = found.translated(reaction.law)
    return found


def stoichiometry_symbol(reference: Reference, model: SbmlModel) -> str:
    """Return the symbol of a stoichiometry that is no plain number; empty where it is one."""
    if not reference.id:
        return ""
    changing = reference.id in {*model.assigned, *model.rates, *model.initial}
    by_event = any(reference.id in event.assignments for event in model.events)
    return encoded(reference.id) if changing or by_event else ""


def _name_everything(model: SbmlModel, found: Quantities) -> None:
    sizes = {item.id: item for item in model.compartments}
    for group in (model.compartments, model.parameters):
        found.meaning.update({encoded(item.id): Name(encoded(item.id)) for item in group})
    for species in model.species:
        amount = encoded(species.id)
        found.amounts[species.id] = amount
        found.meaning[amount] = Name(amount)
        within = sizes.get(species.compartment)
        if within is None or within.flat:
            continue
        concentration = found.symbols.new(f"{amount}_concentration")
        found.concentrations[species.id] = concentration
        if not species.substance_only:
            found.meaning[amount] = Name(concentration)
    for reaction in model.reactions:
        found.meaning[encoded(reaction.id)] = Name(encoded(reaction.id))
        found.meaning.update({symbol: Name(symbol) for symbol in reaction.local})
        for reference in (*reaction.reactants, *reaction.products):
            if reference.id:
                found.meaning[encoded(reference.id)] = Name(encoded(reference.id))


def _define_plain(
    identifier: str, value: float | None, model: SbmlModel, roles: Roles, found: Quantities
) -> None:
    """Define a compartment, a parameter, or a stoichiometry that changes."""
    symbol = encoded(identifier)
    if identifier in model.assigned:
        found.rules[symbol] = found.translated(model.assigned[identifier])
    elif identifier in roles.rated or identifier in roles.by_events:
        if identifier in model.initial:
            found.states[symbol] = found.translated(model.initial[identifier])
        else:
            found.states[symbol] = found.parameter(f"{symbol}_initial", value, identifier)
    elif identifier in roles.unknown:
        pass
    elif identifier in model.initial:
        found.starting[symbol] = found.translated(model.initial[identifier])
    else:
        found.set_parameter(symbol, value, identifier)


def _define_reference(
    reference: Reference, model: SbmlModel, roles: Roles, found: Quantities
) -> None:
    if not reference.id or stoichiometry_symbol(reference, model) or reference.id in roles.unknown:
        if reference.id:
            _define_plain(reference.id, reference.stoichiometry, model, roles, found)
    elif reference.formula is not None:
        found.rules[encoded(reference.id)] = found.translated(reference.formula)
    elif reference.stoichiometry is not None:
        found.rules[encoded(reference.id)] = number(reference.stoichiometry)
    else:
        found.parameters[encoded(reference.id)] = None


@final
@dataclass(slots=True)
class _Species:
    """The definition of one species."""

    species: SpeciesRecord
    model: SbmlModel
    roles: Roles
    found: Quantities

    def define(self) -> None:
        name, roles, found = self.species.id, self.roles, self.found
        meant = found.meaning[encoded(name)]
        symbol = meant.name if isinstance(meant, Name) else ""
        if name in self.model.assigned:
            found.rules[symbol] = found.translated(self.model.assigned[name])
        elif name in roles.rated:
            found.states[symbol] = self._start(symbol)
        elif name in roles.reacting or name in roles.by_events:
            symbol = found.amounts[name]
            found.states[symbol] = self._start(symbol)
        elif name not in roles.unknown:
            symbol = self._define_still(symbol)
        self._define_other(symbol)

    def _define_other(self, primary: str) -> None:
        """Derive the concentration from the amount, or the reverse."""
        amount, concentration = self._amount(), self._concentration()
        if not concentration:
            return
        size = self._size()
        if primary == amount:
            self.found.rules[concentration] = Arithmetic("/", Name(amount), size)
        else:
            self.found.rules[amount] = Arithmetic("*", Name(concentration), size)

    def _define_still(self, meant: str) -> str:
        """Define a species that nothing changes; its amount stays when its compartment changes."""
        given, name = self.species, self.species.id
        steady = self.roles.still(given.compartment)
        if name in self.model.initial:
            symbol = meant if steady else self._amount()
            self.found.starting[symbol] = self._start(symbol)
            return symbol
        by_concentration = given.concentration is not None and bool(self._concentration())
        if by_concentration and not steady:
            self.found.starting[self._amount()] = self._start(self._amount())
            return self._amount()
        symbol = self._concentration() if by_concentration else self._amount()
        value = given.concentration if given.amount is None else given.amount
        self.found.set_parameter(symbol, value, name)
        return symbol

    def _start(self, symbol: str) -> Expression:
        """Value at the start of the amount or of the concentration."""
        given, name, found = self.species, self.species.id, self.found
        amount = self._amount()
        if name in self.model.initial:
            value = found.translated(self.model.initial[name])
            is_amount = found.meaning[amount] == Name(amount)
        elif given.concentration is not None and self._concentration():
            value = found.parameter(f"{amount}_initial_concentration", given.concentration, name)
            is_amount = False
        else:
            given_value = given.concentration if given.amount is None else given.amount
            value = found.parameter(f"{amount}_initial", given_value, name)
            is_amount = True
        if is_amount == (symbol == amount):
            return value
        return Arithmetic("/" if is_amount else "*", value, self._size())

    def _amount(self) -> str:
        return self.found.amounts[self.species.id]

    def _concentration(self) -> str:
        return self.found.concentrations.get(self.species.id, "")

    def _size(self) -> Expression:
        return Name(encoded(self.species.compartment))
