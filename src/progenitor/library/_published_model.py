"""A published model: equations here, every number in ``catalogue/library/<name>.yaml``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, final

from progenitor.engine import (
    Event,
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Rule,
    Species,
    symbols_of,
)
from progenitor.evidence import Catalogue

__all__ = ["PublishedModel", "Regimen", "Residual"]


@final
@dataclass(frozen=True, slots=True)
class Regimen:
    """Something given: the product of some numbers, at some times, into one species.

    Parameters
    ----------
    species
        What it is given into.
    amount
        Symbols whose product is the amount; in the unit of the species.
    times
        Symbols of the moments, in days; empty for time 0.
    duration
        Symbol of the duration of an infusion; empty for all at once.

    Examples
    --------
    >>> Regimen("drug", amount=("dose", "share")).times
    ()
    """

    species: str
    amount: tuple[str, ...]
    times: tuple[str, ...] = ()
    duration: str = ""


@final
@dataclass(frozen=True, slots=True)
class Residual:
    r"""How an observation differs from what the model says.

    .. math::

        \text{log: } \ln y = \ln f + \sigma\epsilon \qquad
        \text{proportional: } y = f (1 + \sigma\epsilon) \qquad
        \text{additive: } y = f + \sigma\epsilon

    Parameters
    ----------
    observable
        Which one.
    kind
        ``log``, ``proportional`` or ``additive``.
    sigma
        Symbol of the standard deviation :math:`\sigma`.

    Examples
    --------
    >>> Residual("level", "log", "residual_sd").kind
    'log'
    """

    observable: str
    kind: Literal["log", "proportional", "additive"]
    sigma: str


@final
@dataclass(frozen=True, slots=True)
class PublishedModel:
    """One published model.

    Expressions use the symbols of ``catalogue/library/<name>.yaml``; none holds a number of its
    own but 0, 1, 2 and -1. Time is in days.

    Parameters
    ----------
    name
        ``<first author>_<year>``; the name of this file and of the table of numbers.
    reproduces
        What its reproduction test shows: the figure or number of the paper.
    end
        Symbol of the time to which the model is looked at; ``look`` is how often.
    look
        Symbol of the time between looks.
    species, rules, reactions, events, observables
        The equations.
    regimens
        What is given.
    residuals
        How observations scatter, where the paper says.
    inputs
        Symbols that only regimens, residuals and looks use; they are no parameters of the
        equations.
    stochastic
        Whether the paper simulates whole individuals, so that the course is only its mean field.

    Examples
    --------
    >>> from progenitor.library import find_model
    >>> find_model("stein_2019").residuals[0].kind
    'log'
    """

    name: str
    reproduces: str
    end: str
    look: str
    species: tuple[Species, ...] = ()
    rules: tuple[Rule, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    events: tuple[Event, ...] = ()
    observables: tuple[Observable, ...] = ()
    regimens: tuple[Regimen, ...] = ()
    residuals: tuple[Residual, ...] = ()
    inputs: frozenset[str] = field(default_factory=frozenset)
    stochastic: bool = False

    @property
    def outside(self) -> frozenset[str]:
        """Symbols that are no parameters of the equations."""
        given = {symbol for regimen in self.regimens for symbol in regimen.amount + regimen.times}
        lasting = {regimen.duration for regimen in self.regimens if regimen.duration}
        scatter = {residual.sigma for residual in self.residuals}
        used = self.inputs | given | lasting | scatter | {self.end, self.look}
        return frozenset(used - self._within())

    def _within(self) -> frozenset[str]:
        """Symbols that equations use; a symbol may be used by a regimen as well."""
        texts = [s.initial for s in self.species] + [r.expression for r in self.rules]
        texts += [r.rate for r in self.reactions] + [o.expression for o in self.observables]
        for event in self.events:
            texts += [event.trigger, event.delay, *event.assignments.values()]
        return frozenset().union(*(symbols_of(text) for text in texts))

    def model(self, catalogue: Catalogue) -> Model:
        """Return the equations as the engine wants them, with units from the table.

        Raises
        ------
        CatalogueError
            When there is no table of this name.
        ModelError
            When an expression uses a symbol that the table does not have.
        """
        table = catalogue.table(self.name)
        declared = tuple(
            ModelParameter(symbol, record.unit, record.title)
            for symbol, record in table.parameters.items()
            if symbol not in self.outside
        )
        part = ReactionSet(
            name=self.name,
            species=self.species,
            parameters=declared,
            reactions=self.reactions,
            rules=self.rules,
            events=self.events,
            observables=self.observables,
        )
        return Model.build(self.name, [part])

    def typical(self, catalogue: Catalogue, variant: str = "") -> Mapping[str, float]:
        """Return every number of the table as printed, or as a variant of it sets it.

        Raises
        ------
        CatalogueError
            When there is no such variant; the message names the nearest.
        """
        table = catalogue.table(self.name)
        values = {
            symbol: record.used.median
            for symbol, record in table.parameters.items()
            if record.used is not None
        }
        return {**values, **table.variant(variant)} if variant else values
