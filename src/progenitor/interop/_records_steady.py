"""Steady state by giving the dose again and again until nothing changes any more."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.engine import (
    Dose,
    Model,
    Observable,
    ReactionSet,
    SolverOptions,
    Status,
    simulate,
)
from progenitor.engine._compile import tolerance_of
from progenitor.engine._renewal import changes_with_time, is_linear, renewals

__all__ = ["SteadyCase", "SteadyState", "find_steady_states", "reasons_against"]

_CHANGE: Final = 1e-8
_OF_TOLERANCE: Final = 1e-2
_TRIED: Final = (32, 256, 2048)
_FINE: Final = SolverOptions(rtol=1e-10, atol_scale=1e-5, countable_threshold=0)
_BEFORE: Final = 1e-9
"""Share of an interval before the next dose at which its end is looked at."""


@final
@dataclass(frozen=True, slots=True)
class SteadyCase:
    """A dose given every interval: parameters of the model, species, amount and times."""

    parameters: tuple[float, ...]
    species: str
    amount: float
    duration: float
    interval: float


@final
@dataclass(frozen=True, slots=True)
class SteadyState:
    """How many doses lead to steady state, and the amounts just before the next.

    Parameters
    ----------
    doses
        0 when none in reach do.
    amounts
        Of each species.
    restless
        The species that changes most when there is no steady state, or how the solver failed.
    """

    doses: int
    amounts: Float[np.ndarray, " species"]
    restless: str = ""


def reasons_against(model: Model, negative: Sequence[str], *, added: bool) -> list[str]:
    """Say why a model has no steady state under dosing, as far as its form tells.

    Parameters
    ----------
    model
        What is dosed.
    negative
        Parameters that are below zero somewhere.
    added
        Whether steady state is to be added to what is there (SS=2).
    """
    reasons = [
        f"{renewal}: what multiplies grows or dies out, and has no steady state under dosing"
        for renewal in renewals(model, negative)
    ]
    if changes_with_time(model):
        reasons.append("the model changes with time by itself, and repeated doses cannot undo that")
    reasons += [
        f"event '{event.name}' would act during doses that are only imagined"
        for event in model.events
    ]
    reasons += [
        f"'{species.name}' is countable: small numbers stay random for ever"
        for species in model.species
        if species.countable
    ]
    if added and not is_linear(model):
        reasons.append("SS=2 adds amounts, which means something in linear models only")
    if added and not all(species.nonnegative for species in model.species):
        reasons.append("SS=2 adds amounts, which must not be negative")
    return reasons


def find_steady_states(
    model: Model, cases: Sequence[SteadyCase], *, empty: bool
) -> list[SteadyState]:
    """Give each dose until amounts at the end of an interval no longer change.

    That is, by less than 1e-8 of themselves from one interval to the next. Changes below a
    hundredth of a species' absolute tolerance do not count.

    Parameters
    ----------
    model
        What is dosed.
    cases
        The doses.
    empty
        Whether to begin with nothing rather than with initial values.
    """
    probe = _probe(model, empty=empty)
    found: dict[int, SteadyState] = {}
    for most in _TRIED:
        left = [index for index in range(len(cases)) if not _settled(found.get(index))]
        groups: dict[tuple[str, float], list[int]] = {}
        for index in left:
            groups.setdefault((cases[index].species, cases[index].interval), []).append(index)
        for rows in groups.values():
            states = _repeated(probe, [cases[row] for row in rows], most)
            found.update(zip(rows, states, strict=True))
    return [found[index] for index in range(len(cases))]


def _settled(state: SteadyState | None) -> bool:
    return state is not None and state.doses > 0


def _probe(model: Model, *, empty: bool) -> Model:
    """Return the model with its species as observables."""
    species = tuple(replace(s, initial="0") if empty else s for s in model.species)
    part = ReactionSet(
        model.name,
        species=species,
        parameters=model.parameters,
        reactions=model.reactions,
        rules=model.rules,
        observables=tuple(Observable(s.name, s.name, s.unit) for s in species),
    )
    return Model.build(model.name, [part], time_unit=model.time_unit)


def _repeated(probe: Model, cases: Sequence[SteadyCase], most: int) -> list[SteadyState]:
    """Doses of one species and one interval."""
    interval = cases[0].interval
    count = len(cases)
    dose = Dose(
        cases[0].species,
        np.zeros(count),
        np.array([case.amount for case in cases]),
        np.array([case.duration for case in cases]),
        additional=most,
        interval=interval,
    )
    columns = np.array([case.parameters for case in cases]).reshape(count, -1).T
    found = simulate(
        probe,
        {item.name: column for item, column in zip(probe.parameters, columns, strict=True)},
        times=np.tile(interval * (np.arange(1, most + 1) - _BEFORE), (count, 1)),
        doses=[dose],
        seed=0,
        draw=np.zeros(count, np.int64),
        patient=np.arange(count),
        options=_FINE,
    )
    return [
        _judged(probe, found.values[row], Status(int(found.status[row]))) for row in range(count)
    ]


def _judged(probe: Model, values: Float[np.ndarray, "dose species"], status: Status) -> SteadyState:
    if status is not Status.OK:
        return SteadyState(0, values[-1], f"the solver gave up: {status.name}. {status.remedy}")
    floors = _OF_TOLERANCE * np.array([tolerance_of(species) for species in probe.species])
    change = np.abs(np.diff(values, axis=0)) / (np.abs(values[1:]) + floors / _CHANGE)
    calm = (change < _CHANGE).all(axis=1)
    still: Int[np.ndarray, " dose"] = np.flatnonzero(calm)
    if still.size:
        first = int(still[0]) + 1
        return SteadyState(first + 1, values[first])
    worst = int(change[-1].argmax())
    name, size = probe.species[worst].name, change[-1, worst]
    text = f"'{name}' still changes by {size:.2g} of itself after {len(values)} doses"
    return SteadyState(0, values[-1], text)
