"""What every mechanism promises, whatever its biology."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

from progenitor.body import Mechanism
from progenitor.evidence import Catalogue

__all__ = ["MechanismContract"]

DAUGHTERS = 2


@final
@dataclass(frozen=True, slots=True)
class MechanismContract:
    """Checks of one mechanism by itself; what needs its neighbours is in ``BodyContract``.

    Parameters
    ----------
    mechanism
        The mechanism.
    catalogue
        Where its numbers are.

    Examples
    --------
    >>> from progenitor.body import find_mechanism
    >>> from progenitor.evidence import default_catalogue
    >>> contract = MechanismContract(find_mechanism("killing"), default_catalogue())
    >>> contract.names_sourced_numbers()
    """

    mechanism: Mechanism
    catalogue: Catalogue

    def names_sourced_numbers(self) -> None:
        """Every parameter is a record of the catalogue with a distribution to draw from."""
        known = self.catalogue.parameters
        missing = [name for name in self.mechanism.parameters if name not in known]
        assert not missing, f"{self.mechanism.name}: add these records: {missing}"
        unusable = [name for name in self.mechanism.parameters if known[name].used is None]
        assert not unusable, f"{self.mechanism.name}: only for verification: {unusable}"

    def names_each_number_once(self) -> None:
        """No parameter is listed twice and no two share the symbol written in expressions."""
        names = self.mechanism.parameters
        assert len(self.mechanism.symbols) == len(names), f"two ids share a symbol: {names}"

    def uses_what_it_names(self) -> None:
        """Every parameter and input stands in some expression: the ledger lists no idle number."""
        words = set(re.findall(r"[A-Za-z_]\w*", " ".join(self._expressions())))
        idle = [s for s in (*self.mechanism.symbols, *self.mechanism.inputs) if s not in words]
        assert not idle, f"{self.mechanism.name}: named and never used: {idle}"

    def does_something(self) -> None:
        """It contributes a reaction, a rule, an event or an observable."""
        parts = self.mechanism
        assert parts.reactions or parts.rules or parts.events or parts.observables

    def makes_at_most_two_cells_of_one(self) -> None:
        """A reaction that uses cells makes at most two from each: division is the only increase."""
        cells = {species.name for species in self.mechanism.species if species.unit == "cell"}
        for reaction in self.mechanism.reactions:
            used = sum(count for name, count in reaction.reactants.items() if name in cells)
            made = sum(count for name, count in reaction.products.items() if name in cells)
            place = f"{self.mechanism.name}.{reaction.name}"
            assert not used or made <= DAUGHTERS * used, f"{place} makes {made} cells of {used}"

    def _expressions(self) -> Iterator[str]:
        parts = self.mechanism
        yield from (species.initial for species in parts.species)
        yield from (reaction.rate for reaction in parts.reactions)
        yield from (rule.expression for rule in parts.rules)
        yield from (observable.expression for observable in parts.observables)
        for event in parts.events:
            yield from (event.trigger, event.delay, *event.assignments.values())
