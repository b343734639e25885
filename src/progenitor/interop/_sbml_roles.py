"""What determines each identifier of an SBML model: a rule, reactions, events, or nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import final

from progenitor.interop._sbml_records import Reference, SbmlModel, SpeciesRecord

__all__ = ["Roles", "find_roles"]

_Refuse = Callable[[str, str, str], None]


@final
@dataclass(frozen=True, slots=True)
class Roles:
    """Sets of identifiers by what determines them.

    Parameters
    ----------
    assigned, rated
        Targets of assignment rules and of rate rules.
    reacting
        Species that reactions change.
    by_events
        Targets of event assignments.
    constant
        What the model says never changes.
    free
        What nothing determines although it may change: algebraic rules may.
    """

    assigned: frozenset[str]
    rated: frozenset[str]
    reacting: frozenset[str]
    by_events: frozenset[str]
    constant: frozenset[str]
    free: frozenset[str]
    unknown: set[str] = field(default_factory=set)
    """Those of ``free`` that algebraic rules were found to determine."""

    def still(self, identifier: str) -> bool:
        """Whether nothing ever changes an identifier's value."""
        return identifier not in (
            self.assigned | self.rated | self.reacting | self.by_events | self.unknown
        )


def find_roles(model: SbmlModel, refuse: _Refuse) -> Roles:
    """Find what determines each identifier; refuse what is determined twice or not at all.

    Parameters
    ----------
    model
        The records.
    refuse
        Told the element, what is wrong with it and the way out.
    """
    assigned, rated = frozenset(model.assigned), frozenset(model.rates)
    by_events = frozenset(name for event in model.events for name in event.assignments)
    reacting = frozenset(_reacting(model))
    constant = frozenset(_constant(model))
    everything = _everything(model)
    twice = (
        (assigned & rated, "an assignment rule and a rate rule"),
        (assigned & reacting, "an assignment rule and reactions"),
        (rated & reacting, "a rate rule and reactions"),
        (assigned & by_events, "an assignment rule and events"),
        (assigned & frozenset(model.initial), "an assignment rule and an initial assignment"),
    )
    for names, what in twice:
        for name in sorted(names):
            refuse(name, f"is determined by {what}", "keep one of them")
    for name in sorted((assigned | rated | by_events | frozenset(model.initial)) - everything):
        refuse(name, "is given a value but does not exist", "declare it")
    free = everything - assigned - rated - reacting - by_events - constant
    reactions = {reaction.id for reaction in model.reactions}
    return Roles(assigned, rated, reacting, by_events, constant, free - reactions)


def _references(model: SbmlModel) -> Iterable[Reference]:
    for reaction in model.reactions:
        yield from reaction.reactants
        yield from reaction.products


def _everything(model: SbmlModel) -> frozenset[str]:
    kinds = (model.compartments, model.species, model.parameters)
    names = {item.id for items in kinds for item in items}
    return frozenset(names | {item.id for item in _references(model) if item.id})


def _constant(model: SbmlModel) -> Iterable[str]:
    kinds = (model.compartments, model.species, model.parameters, _references(model))
    for items in kinds:
        yield from (item.id for item in items if item.constant)


def _reacting(model: SbmlModel) -> Iterable[str]:
    """Species that take part in reactions and are neither constant nor on the boundary."""
    species: dict[str, SpeciesRecord] = {item.id: item for item in model.species}
    for reference in _references(model):
        found = species.get(reference.species)
        if found is not None and not found.boundary and not found.constant:
            yield found.id
