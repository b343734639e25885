"""A mechanism: one piece of biology as reactions, with every number named by its catalogue id."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final

from progenitor.engine import (
    Event,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Rule,
    Species,
)
from progenitor.evidence import Catalogue

__all__ = ["Mechanism"]


@final
@dataclass(frozen=True, slots=True)
class Mechanism:
    """One piece of biology: reactions, rules and events over species that others may share.

    Inside an expression the catalogue id ``subject/quantity`` is written ``quantity``.

    Parameters
    ----------
    name
        The file's name; chassis, diseases and hosts list mechanisms by it.
    parameters
        Catalogue ids of every number the expressions use.
    inputs
        Symbols the protocol supplies for each patient, with their units.
    species, reactions, rules, events, observables
        What the mechanism contributes to the model.
    substitutes
        Catalogue id → the id whose number takes its place; filled in by assembly.

    Examples
    --------
    >>> decay = Mechanism(
    ...     name="decay",
    ...     species=(Species("drug", "1"),),
    ...     parameters=("drug/loss_rate",),
    ...     reactions=(Reaction("drug_loss", "loss_rate * drug", reactants={"drug": 1}),),
    ... )
    >>> decay.symbols
    {'loss_rate': 'drug/loss_rate'}
    """

    name: str
    parameters: tuple[str, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    species: tuple[Species, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    rules: tuple[Rule, ...] = ()
    events: tuple[Event, ...] = ()
    observables: tuple[Observable, ...] = ()
    substitutes: Mapping[str, str] = field(default_factory=dict)

    @property
    def symbols(self) -> dict[str, str]:
        """Symbol in the expressions → catalogue id of the number behind it."""
        return {
            address.rpartition("/")[2]: self.substitutes.get(address, address)
            for address in self.parameters
        }

    def reaction_set(self, catalogue: Catalogue) -> ReactionSet:
        """Return the mechanism as the engine wants it, with units read from the catalogue.

        Raises
        ------
        CatalogueError
            When a parameter id is not in the catalogue.
        """
        declared = [
            ModelParameter(
                symbol, catalogue.parameter(address).unit, catalogue.parameter(address).title
            )
            for symbol, address in self.symbols.items()
        ]
        declared += [ModelParameter(symbol, unit) for symbol, unit in self.inputs.items()]
        return ReactionSet(
            name=self.name,
            species=self.species,
            parameters=tuple(declared),
            reactions=self.reactions,
            rules=self.rules,
            events=self.events,
            observables=self.observables,
        )
