"""Reactions and rate rules of an SBML model as reactions of the engine."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import final

from progenitor.engine import Reaction
from progenitor.engine._expressions import Expression, Name, Negative, Number
from progenitor.interop._sbml_names import encoded
from progenitor.interop._sbml_quantities import Quantities, stoichiometry_symbol
from progenitor.interop._sbml_records import ReactionRecord, Reference, SbmlModel
from progenitor.interop._sbml_roles import Roles
from progenitor.interop._sbml_terms import number, plus, simple_times, times

__all__ = ["Flow", "Flows", "find_flows"]


@final
@dataclass(frozen=True, slots=True)
class Flow:
    """One process that changes states.

    Parameters
    ----------
    name
        The reaction's identifier, or made from it.
    rate
        In the engine's symbols.
    reactants, products, continuous
        As in :class:`progenitor.engine.Reaction`.
    """

    name: str
    rate: Expression
    reactants: Mapping[str, int]
    products: Mapping[str, float]
    continuous: bool = False

    def reaction(self, rate: str) -> Reaction:
        """Return the engine's reaction with its rate as text."""
        reactants, products = dict(self.reactants), dict(self.products)
        return Reaction(self.name, rate, reactants, products, continuous=self.continuous)


@final
@dataclass(slots=True)
class Flows:
    """Every process of a model."""

    items: list[Flow] = field(default_factory=list)
    _names: set[str] = field(default_factory=set)

    def add(self, flow: Flow) -> None:
        """Add a process under a name that no other has."""
        number_, unique = 1, flow.name
        while unique in self._names:
            number_ += 1
            unique = f"{flow.name}_{number_}"
        self._names.add(unique)
        self.items.append(replace(flow, name=unique))

    def add_change(self, name: str, rate: Expression, state: str) -> None:
        """Add a process that changes one state all the time."""
        self.add(Flow(name, rate, {}, {state: 1.0}, continuous=True))

    def slope(self, state: str) -> Expression:
        """Return the rate of change of a state."""
        terms = []
        for flow in self.items:
            net = flow.products.get(state, 0.0) - flow.reactants.get(state, 0)
            if net != 0:
                terms.append(simple_times(number(net), flow.rate))
        return plus(terms)


def find_flows(
    model: SbmlModel, roles: Roles, quantities: Quantities, refuse: Callable[[str, str, str], None]
) -> Flows:
    """Find what changes every state continuously.

    A reaction keeps its name. Stoichiometries that are numbers become whole reactants and products;
    those that are formulas, or that conversion factors multiply, become processes of their own that
    go on all the time, as rate rules do.

    Parameters
    ----------
    model, roles, quantities
        The model so far.
    refuse
        Told the element, what is wrong with it and the way out.
    """
    flows = Flows()
    for reaction in model.reactions:
        if reaction.fast:
            refuse(reaction.id, "is a fast reaction", 'set fast="false" and give it a fast rate')
        elif reaction.law is None:
            refuse(reaction.id, "is a reaction without a kinetic law", "give it one")
        else:
            _Reaction(reaction, model, roles, quantities, refuse).add_to(flows)
    for identifier, formula in model.rates.items():
        meant = quantities.meaning.get(encoded(identifier))
        if isinstance(meant, Name):
            rate = quantities.translated(formula)
            flows.add_change(f"rate_of_{identifier}", rate, meant.name)
    return flows


@final
@dataclass(slots=True)
class _Reaction:
    """One reaction on its way into processes."""

    reaction: ReactionRecord
    model: SbmlModel
    roles: Roles
    quantities: Quantities
    refuse: Callable[[str, str, str], None]
    used: dict[str, float] = field(default_factory=dict)
    made: dict[str, float] = field(default_factory=dict)
    varying: dict[str, list[Expression]] = field(default_factory=dict)

    def add_to(self, flows: Flows) -> None:
        for reference in self.reaction.reactants:
            self._place(reference, self.used, -1)
        for reference in self.reaction.products:
            self._place(reference, self.made, 1)
        rate = Name(encoded(self.reaction.id))
        reactants, products = self._whole()
        if any(products.get(s, 0.0) != reactants.get(s, 0) for s in {*reactants, *products}):
            part = bool(self.varying)
            flows.add(Flow(self.reaction.id, rate, reactants, products, continuous=part))
        for species, terms in self.varying.items():
            state = self.quantities.amounts[species]
            product = times([plus(terms), rate])
            flows.add_change(f"{self.reaction.id}_of_{species}", product, state)

    def _place(self, reference: Reference, side: dict[str, float], sign: int) -> None:
        """Put one reference among the numbers or among the formulas."""
        if reference.species not in self.roles.reacting:
            return
        state = self.quantities.amounts[reference.species]
        stoichiometry = self._stoichiometry(reference)
        factor = self._factor(reference.species)
        if isinstance(stoichiometry, float) and factor is None:
            side[state] = side.get(state, 0.0) + stoichiometry
            return
        value = number(stoichiometry) if isinstance(stoichiometry, float) else stoichiometry
        value = value if factor is None else simple_times(value, factor)
        self.varying.setdefault(reference.species, []).append(
            value if sign > 0 else Negative(value)
        )

    def _stoichiometry(self, reference: Reference) -> float | Expression:
        if reference.formula is not None:
            formula = self.quantities.translated(reference.formula)
            return formula.value if isinstance(formula, Number) else formula
        if reference.id and (
            reference.id in self.roles.unknown or stoichiometry_symbol(reference, self.model)
        ):
            return Name(encoded(reference.id))
        if reference.stoichiometry is None:
            what = f"the stoichiometry of {reference.species} has no value"
            self.refuse(self.reaction.id, what, "give it one")
            return 0.0
        return reference.stoichiometry

    def _factor(self, species: str) -> Expression | None:
        own = next(item.factor for item in self.model.species if item.id == species)
        factor = own or self.model.factor
        return self.quantities.translated(Name(encoded(factor))) if factor else None

    def _whole(self) -> tuple[dict[str, int], dict[str, float]]:
        """Return whole reactants, and products that make up for what was rounded up."""
        reactants: dict[str, int] = {}
        products: dict[str, float] = {}
        for state in dict.fromkeys([*self.used, *self.made]):
            used, made = self.used.get(state, 0.0), self.made.get(state, 0.0)
            out, back = max(used, 0.0) + max(-made, 0.0), max(made, 0.0) + max(-used, 0.0)
            whole = math.ceil(out)
            if whole:
                reactants[state] = whole
            if back + (whole - out) > 0:
                products[state] = back + (whole - out)
        return reactants, products
