"""The last step of an import: definitions become a model of the engine."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, final

from progenitor.engine import (
    Event,
    Model,
    ModelParameter,
    Observable,
    ReactionSet,
    Rule,
    Species,
)
from progenitor.engine._expressions import Expression, Name
from progenitor.interop._sbml_events import Action
from progenitor.interop._sbml_quantities import Quantities
from progenitor.interop._sbml_reactions import Flows
from progenitor.interop._sbml_start import StartingValues
from progenitor.interop._sbml_terms import as_condition
from progenitor.interop._sbml_texts import Texts
from progenitor.interop._sbml_values import value_of

__all__ = ["Assembly"]

_PLAIN: Final = "1"
_ACCURACY: Final = 1e-10
"""Absolute tolerance of a state relative to its start, or to the smallest start of the others."""


@final
@dataclass(slots=True)
class Assembly:
    """Everything that goes into one model.

    Parameters
    ----------
    name
        Of the model.
    quantities, flows, actions, starting
        What was found.
    undefined
        Symbols without a value, which are left out.
    titles
        Symbol → what the file calls it.
    """

    name: str
    quantities: Quantities
    flows: Flows
    actions: list[Action]
    starting: StartingValues
    undefined: frozenset[str]
    titles: Mapping[str, str]
    texts: Texts = field(init=False)

    def __post_init__(self) -> None:
        self.texts = Texts(self.quantities.symbols)

    def parameters(self) -> dict[str, float]:
        """Return the value of every parameter that has one."""
        given = self.quantities.parameters
        return {name: value for name, value in given.items() if value is not None}

    def model(self, shown: Iterable[str]) -> Model:
        """Build the model; ``shown`` are the symbols to be reported."""
        quantities = self.quantities
        initial = {n: self.starting.of(v) for n, v in quantities.states.items()}
        rules = self._rules()
        tolerances = self._tolerances(initial)
        species = tuple(
            Species(
                name,
                _PLAIN,
                initial=self.texts.quantity(value, name),
                title=self.titles.get(name, ""),
                nonnegative=False,
                absolute_tolerance=tolerances[name],
            )
            for name, value in initial.items()
        )
        if not species:
            species = (Species(quantities.symbols.new("nothing"), _PLAIN, nonnegative=False),)
        reactions = tuple(
            flow.reaction(self.texts.quantity(flow.rate, flow.name)) for flow in self.flows.items
        )
        events = tuple(map(self._event, self.actions))
        rules |= self.texts.rules
        part = ReactionSet(
            self.name,
            species=species,
            parameters=tuple(
                ModelParameter(name, _PLAIN, self.titles.get(name, ""))
                for name in self.parameters()
            ),
            reactions=reactions,
            rules=tuple(Rule(name, text, _PLAIN) for name, text in rules.items()),
            events=events,
            observables=tuple(
                Observable(name, name, _PLAIN, self.titles.get(name, "")) for name in shown
            ),
        )
        return Model.build(self.name, [part], time_unit=_PLAIN)

    def _rules(self) -> dict[str, str]:
        texts: dict[str, str] = {}
        for name in self.quantities.starting:
            if name not in self.undefined:
                self.starting.of(Name(name))
        for rules in (self.quantities.rules, self.starting.rules):
            for name, formula in rules.items():
                if name not in self.undefined:
                    texts[name] = self.texts.quantity(formula, name)
        return texts

    def _event(self, action: Action) -> Event:
        event = action.event
        priority = action.priority
        return Event(
            event.name,
            self.texts.write(as_condition(action.trigger), event.name),
            {n: self.texts.quantity(value, event.name) for n, value in action.amounts.items()},
            delay="0" if action.delay is None else self.texts.quantity(action.delay, event.name),
            once=False,
            priority="" if priority is None else self.texts.quantity(priority, event.name),
            persistent=event.persistent,
            values_from_trigger=event.values_from_trigger,
            fires_at_start=not event.initial,
        )

    def _tolerances(self, initial: Mapping[str, Expression]) -> dict[str, float]:
        """Choose absolute tolerances that are small beside everything the model starts with."""
        known: dict[str, float] = dict(self.parameters())
        sizes = {n: abs(value_of(v, known, self.starting.rules)) for n, v in initial.items()}
        given = [size for size in sizes.values() if 0 < size < math.inf]
        least = min([*given, 1.0])
        return {
            name: _ACCURACY * (size if 0 < size < math.inf else least)
            for name, size in sizes.items()
        }
