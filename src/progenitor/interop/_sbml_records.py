"""What an SBML model says, without libsbml: plain records with formulas already read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from progenitor.engine._expressions import Expression

__all__ = [
    "Compartment",
    "EventRecord",
    "Parameter",
    "ReactionRecord",
    "Reference",
    "SbmlModel",
    "SpeciesRecord",
]


@final
@dataclass(frozen=True, slots=True)
class Compartment:
    """A compartment; ``size`` is None where the model gives none, ``flat`` means no volume."""

    id: str
    size: float | None
    flat: bool
    constant: bool


@final
@dataclass(frozen=True, slots=True)
class SpeciesRecord:
    """A species; at most one of ``amount`` and ``concentration`` is given."""

    id: str
    compartment: str
    amount: float | None
    concentration: float | None
    substance_only: bool
    boundary: bool
    constant: bool
    factor: str


@final
@dataclass(frozen=True, slots=True)
class Parameter:
    """A global parameter; ``value`` is None where the model gives none."""

    id: str
    value: float | None
    constant: bool


@final
@dataclass(frozen=True, slots=True)
class Reference:
    """A species in a reaction; ``formula`` is the stoichiometry where it is not a number."""

    id: str
    species: str
    stoichiometry: float | None
    formula: Expression | None
    constant: bool


@final
@dataclass(frozen=True, slots=True)
class ReactionRecord:
    """A reaction; local parameters are known by the symbols they were given."""

    id: str
    reactants: tuple[Reference, ...]
    products: tuple[Reference, ...]
    law: Expression | None
    local: Mapping[str, float | None]
    fast: bool


@final
@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event with a trigger; absent formulas are None."""

    name: str
    trigger: Expression
    delay: Expression | None
    priority: Expression | None
    assignments: Mapping[str, Expression]
    initial: bool
    persistent: bool
    values_from_trigger: bool


@final
@dataclass(frozen=True, slots=True)
class SbmlModel:
    """A whole model; mappings are by the identifier that a formula gives a value to."""

    name: str
    compartments: tuple[Compartment, ...]
    species: tuple[SpeciesRecord, ...]
    parameters: tuple[Parameter, ...]
    reactions: tuple[ReactionRecord, ...]
    events: tuple[EventRecord, ...]
    initial: Mapping[str, Expression]
    assigned: Mapping[str, Expression]
    rates: Mapping[str, Expression]
    algebraic: tuple[Expression, ...]
    factor: str
    titles: Mapping[str, str]
    """What the file calls an element, where that is not its identifier."""
