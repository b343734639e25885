"""Ids of an SBML document: one namespace for what are several in the engine."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import final

from progenitor.engine import Model, Observable

__all__ = ["SbmlIds", "symbols_of", "told"]


@final
@dataclass(slots=True)
class SbmlIds:
    """Ids of the document, so far.

    Parameters
    ----------
    taken
        Kind of thing and its name → its id.
    used
        Every id that something has.
    """

    taken: dict[tuple[str, str], str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, model: Model) -> "SbmlIds":
        """Take the ids of species, parameters and rules as they are, then fit in the others."""
        ids = cls(used=symbols_of(model))
        for shown in told(model.observables, model):
            ids._take("observable", shown.name)
        for reaction in model.reactions:
            ids._take("reaction", reaction.name)
        for event in model.events:
            ids._take("event", event.name)
        return ids

    def observable(self, name: str) -> str:
        """Return the id of an observable that is written."""
        return self.taken["observable", name]

    def reaction(self, name: str) -> str:
        """Return the id of a reaction."""
        return self.taken["reaction", name]

    def event(self, name: str) -> str:
        """Return the id of an event."""
        return self.taken["event", name]

    def free(self, wish: str) -> str:
        """Return an id that nothing has, near to a wish."""
        found = wish
        while found in self.used:
            found += "_"
        self.used.add(found)
        return found

    def _take(self, kind: str, name: str) -> None:
        spelt = re.sub(r"\W", "_", name, flags=re.ASCII)
        fits = spelt not in self.used and not spelt[:1].isdigit()
        self.taken[kind, name] = self.free(spelt if fits else f"{kind}_{spelt}")


def told(observables: Iterable[Observable], model: Model) -> list[Observable]:
    """Return the observables that are not just a symbol under its own name.

    Parameters
    ----------
    observables
        Some of the model's.
    model
        The model.
    """
    named = symbols_of(model)
    return [o for o in observables if not (o.name in named and o.expression.strip() == o.name)]


def symbols_of(model: Model) -> set[str]:
    """Return the names of all species, parameters and rules."""
    species = {species.name for species in model.species}
    parameters = {parameter.name for parameter in model.parameters}
    return species | parameters | {rule.name for rule in model.rules}
