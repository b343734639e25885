"""From records to complete definitions: algebraic rules solved, nothing left but engine symbols."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import final

from progenitor.engine._expressions import CONSTANT_TIME, Expression, Name, names_in
from progenitor.interop._sbml_algebra import solve
from progenitor.interop._sbml_events import Action, find_actions
from progenitor.interop._sbml_names import Symbols, decoded, encoded
from progenitor.interop._sbml_quantities import Quantities, define_quantities
from progenitor.interop._sbml_reactions import Flows, find_flows
from progenitor.interop._sbml_records import SbmlModel
from progenitor.interop._sbml_roles import Roles, find_roles
from progenitor.interop._sbml_special import Specials
from progenitor.interop._sbml_start import StartingValues
from progenitor.interop._sbml_terms import substitute
from progenitor.interop._sbml_ties import with_ties_broken

__all__ = ["Definitions", "define"]

_Refuse = Callable[[str, str, str], None]


@final
@dataclass(slots=True)
class Definitions:
    """Every definition of a model in the engine's symbols."""

    quantities: Quantities
    flows: Flows
    actions: list[Action]
    starting: StartingValues
    delayed: frozenset[str] = frozenset()
    """States with a copy that runs late."""

    def undefined(self) -> frozenset[str]:
        """Symbols that have no value because something they need has none."""
        found = self.quantities
        undefined = {name for name, value in found.parameters.items() if value is None}
        while True:
            more = {
                name
                for rules in (found.rules, found.starting, found.states)
                for name, formula in rules.items()
                if name not in undefined and names_in(formula) & undefined
            }
            if not more:
                return frozenset(undefined)
            undefined |= more

    def missing(self, undefined: frozenset[str]) -> Iterator[tuple[str, str]]:
        """Each parameter without a value that something needs, and what needs it."""
        for needed, formula in self._needed():
            for origin in self._origins(names_in(formula) & undefined):
                yield origin, needed

    def _needed(self) -> Iterator[tuple[str, Expression]]:
        for name, formula in self.quantities.states.items():
            yield f"the start of {decoded(name)}", formula
        for flow in self.flows.items:
            yield flow.name, flow.rate
        for action in self.actions:
            name = f"event {action.event.name}"
            yield name, action.trigger
            yield from ((name, f) for f in (action.delay, action.priority) if f is not None)
            yield from ((name, formula) for formula in action.amounts.values())

    def _origins(self, names: frozenset[str]) -> list[str]:
        """Parameters without a value that make symbols undefined."""
        found = self.quantities
        by_symbol = {symbol: identifier for identifier, symbol in found.inputs.items()}
        waiting, seen, origins = list(names), set(names), []
        while waiting:
            symbol = waiting.pop()
            if symbol in found.parameters and found.parameters[symbol] is None:
                origins.append(by_symbol.get(symbol, symbol))
            for rules in (found.rules, found.starting, found.states):
                inner = names_in(rules[symbol]) - seen if symbol in rules else frozenset()
                waiting += inner
                seen |= inner
        return sorted(origins)

    def start(self) -> None:
        """Write every starting value, which tells those that depend on themselves."""
        found = self.quantities
        for name in (*found.states, *found.starting):
            self.starting.of(Name(name))


def define(model: SbmlModel, symbols: Symbols, refuse: _Refuse) -> Definitions | None:
    """Define everything; None when something was refused that must be settled first.

    Parameters
    ----------
    model
        The records.
    symbols
        Symbols taken.
    refuse
        Told the element, what is wrong with it and the way out.
    """
    troubles: list[str] = []

    def told(element: str, message: str, fix: str) -> None:
        troubles.append(element)
        refuse(element, message, fix)

    roles = find_roles(model, told)
    _check_names(model, told)
    if troubles:
        return None
    if model.algebraic:
        candidates = _candidates(model, roles)
        roles.unknown.update(candidates)
        first = define_quantities(model, roles, symbols.copy())
        determined = _solved(first, model, candidates, told)
        if troubles:
            return None
        roles.unknown.intersection_update(determined)
    return _defined(model, roles, symbols, told)


def _defined(model: SbmlModel, roles: Roles, symbols: Symbols, refuse: _Refuse) -> Definitions:
    quantities = define_quantities(model, roles, symbols)
    if model.algebraic:
        unknown = [name for name in _candidates(model, roles) if name in roles.unknown]
        _solved(quantities, model, unknown, refuse)
    flows = find_flows(model, roles, quantities, refuse)
    starting = StartingValues(
        quantities,
        lambda name: refuse(name, "has a starting value that depends on itself", "give a number"),
    )
    found = Definitions(
        quantities,
        flows,
        with_ties_broken(find_actions(model, quantities), quantities),
        starting,
    )
    _lower(found, Specials(quantities, flows, starting, refuse))
    found.starting = StartingValues(quantities, starting.circular)
    return found


def _lower(found: Definitions, specials: Specials) -> None:
    """Write out rateOf and delay everywhere."""
    quantities = found.quantities
    for rules in (quantities.rules, quantities.starting, quantities.states):
        for name in list(rules):
            rules[name] = specials.lower(rules[name], name)
    flows = found.flows.items
    for index in range(len(flows)):  # what is delayed adds flows behind these, already lowered
        flow = flows[index]
        flows[index] = replace(flow, rate=specials.lower(flow.rate, flow.name))
    found.actions = [_lowered(action, specials) for action in found.actions]
    found.actions += specials.late_actions(found.actions)
    found.delayed = specials.delayed


def _lowered(action: Action, specials: Specials) -> Action:
    name = action.event.name

    def lower(formula: Expression | None) -> Expression | None:
        return None if formula is None else specials.lower(formula, name)

    return replace(
        action,
        trigger=specials.lower(action.trigger, name),
        delay=lower(action.delay),
        priority=lower(action.priority),
        amounts={n: specials.lower(value, name) for n, value in action.amounts.items()},
    )


# Algebraic rules


def _candidates(model: SbmlModel, roles: Roles) -> list[str]:
    """List what algebraic rules may determine, that without a value first."""
    values: dict[str, float | None] = {item.id: item.value for item in model.parameters}
    for species in model.species:
        given = species.concentration if species.amount is None else species.amount
        values[species.id] = given
    values |= {item.id: item.size for item in model.compartments}
    order = [*values, *(name for name in sorted(roles.free) if name not in values)]
    initial = set(model.initial)
    free = [name for name in order if name in roles.free and name not in initial]
    free += [name for name in order if name in roles.free and name in initial]
    return sorted(free, key=lambda name: values.get(name) is not None or name in initial)


def _solved(
    quantities: Quantities, model: SbmlModel, candidates: Iterable[str], refuse: _Refuse
) -> set[str]:
    """Solve algebraic rules, put what is found among the rules and return its identifiers."""
    symbols = {}
    for identifier in candidates:
        meant = quantities.meaning[encoded(identifier)]
        if isinstance(meant, Name):
            symbols[meant.name] = identifier
    unknown = set(symbols)
    while True:
        more = {n for n, f in quantities.rules.items() if names_in(f) & unknown} - unknown
        if not more:
            break
        unknown |= more

    def expand(formula: Expression) -> Expression:
        def written(name: str) -> Expression:
            if name not in quantities.rules or name not in unknown:
                return Name(name)
            return expand(quantities.rules[name])

        return substitute(formula, written)

    equations = [quantities.translated(formula) for formula in model.algebraic]
    solution = solve(equations, list(symbols), expand)
    for index, reason in solution.unsolved.items():
        refuse(f"algebraic rule {index + 1}", reason, "write it as an assignment rule")
    quantities.rules.update(solution.formulas)
    return {symbols[name] for name in solution.formulas}


def _check_names(model: SbmlModel, refuse: _Refuse) -> None:
    """Refuse formulas that name what does not exist."""
    kinds = (model.compartments, model.species, model.parameters, model.reactions)
    known = {encoded(item.id) for items in kinds for item in items}
    known |= {symbol for reaction in model.reactions for symbol in reaction.local}
    known |= {
        encoded(item.id)
        for reaction in model.reactions
        for item in (*reaction.reactants, *reaction.products)
        if item.id
    }
    known.add(CONSTANT_TIME)
    for where, formula in _formulas(model):
        for name in sorted(names_in(formula) - known):
            refuse(where, f"names '{decoded(name)}', which has no value", "declare it")


def _formulas(model: SbmlModel) -> Iterator[tuple[str, Expression]]:
    for rules in (model.initial, model.assigned, model.rates):
        yield from rules.items()
    yield from (("algebraic rule", formula) for formula in model.algebraic)
    for reaction in model.reactions:
        if reaction.law is not None:
            yield reaction.id, reaction.law
        for item in (*reaction.reactants, *reaction.products):
            if item.formula is not None:
                yield reaction.id, item.formula
    for event in model.events:
        given = (event.trigger, event.delay, event.priority, *event.assignments.values())
        yield from ((event.name, formula) for formula in given if formula is not None)
