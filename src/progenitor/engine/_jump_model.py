"""A model read as a jump process: every reaction happens at moments, one after another."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.engine._model import Model
from progenitor.engine._program import Program
from progenitor.engine._rate_bounds import UNBOUNDED, companion_model
from progenitor.engine._time_dependence import TimeDependence
from progenitor.errors import Problem, UnsupportedModelError

__all__ = ["JumpModel", "jump_model"]


@final
@dataclass(frozen=True, slots=True)
class JumpModel:
    """What an exact simulation needs to know about a model besides its code.

    Parameters
    ----------
    model
        The model.
    offsets, species, changes
        Where each reaction's changes begin (and the last one's end), which species they change
        and by how much.
    counted
        Whether reactions change a species, so that it must be a whole number.
    companion
        Bounds of rates and what is watched; None where neither is needed.
    thinned
        Whether a rate changes with time otherwise than by switches.
    watched
        How many comparisons of time with the state triggers make.
    timed_triggers
        Whether any trigger depends on time.
    """

    model: Model
    offsets: Int[np.ndarray, " reaction_and_end"]
    species: Int[np.ndarray, " change"]
    changes: Float[np.ndarray, " change"]
    counted: Bool[np.ndarray, " species"]
    companion: Model | None
    thinned: bool
    watched: int
    timed_triggers: bool


def jump_model(model: Model) -> JumpModel:
    """Read a model as a jump process.

    Raises
    ------
    UnsupportedModelError
        When it cannot be simulated exactly; names every reaction and event with the reason.

    Examples
    --------
    >>> from progenitor.engine._declarations import Reaction, ReactionSet, Species
    >>> part = ReactionSet(
    ...     "p",
    ...     species=(Species("x", "1", initial="8"),),
    ...     reactions=(Reaction("pairing", "x*(x - 1)", {"x": 2}),),
    ... )
    >>> jump_model(Model.build("m", [part], time_unit="1")).changes.tolist()
    [-2.0]
    """
    program = Program(model)
    rates = [program.add(reaction.rate) for reaction in model.reactions]
    triggers = [program.add(event.trigger) for event in model.events]
    time = TimeDependence(program)
    problems = [
        *_flowing(model),
        *_uneven(model),
        *_unbounded(time, rates),
        *_curved(time, triggers),
    ]
    if problems:
        raise UnsupportedModelError(problems)
    watched = [i for i in time.comparisons(triggers) if not time.switches(i)]
    thinned = any(time.smooth[rate] for rate in rates)
    needed = thinned or bool(watched)
    positions = {species.name: index for index, species in enumerate(model.species)}
    changes = [reaction.change for reaction in model.reactions]
    counted = np.zeros(len(model.species), np.bool_)
    species = [positions[name] for change in changes for name in change]
    counted[species] = True
    return JumpModel(
        model=model,
        offsets=np.cumsum([0, *(len(change) for change in changes)]).astype(np.int64),
        species=np.array(species, np.int64),
        changes=np.array([by for change in changes for by in change.values()], np.float64),
        counted=counted,
        companion=companion_model(program, time, rates, watched) if needed else None,
        thinned=thinned,
        watched=len(watched),
        timed_triggers=any(time.uses_time[trigger] for trigger in triggers),
    )


def _flowing(model: Model) -> list[Problem]:
    """List reactions that are none: they go on all the time."""
    return [
        Problem(
            f"changes {', '.join(map(repr, reaction.change))} all the time and not at moments",
            "write it as a rule of time, or solve the model with simulate",
            field=f"reaction '{reaction.name}'",
        )
        for reaction in model.reactions
        if reaction.continuous
    ]


def _uneven(model: Model) -> list[Problem]:
    """List reactions that do not change whole numbers."""
    return [
        Problem(
            f"changes '{species}' by {change:g}, which is not a whole number",
            "write reactions of whole individuals, or solve the model with simulate",
            field=f"reaction '{reaction.name}'",
        )
        for reaction in model.reactions
        for species, change in reaction.change.items()
        if change != int(change)
    ]


def _unbounded(time: TimeDependence, rates: list[int]) -> list[Problem]:
    """List rates that have no bound over a stretch of time."""
    program, problems = time.program, []
    for reaction, rate in zip(program.model.reactions, rates, strict=True):
        waiting, reached = [rate], set[int]()
        while waiting:
            index = waiting.pop()
            if index not in reached and time.smooth[index]:
                reached.add(index)
                waiting.extend(program.nodes[index].arguments)
        found = {program.nodes[index].operation for index in reached} & UNBOUNDED
        problems += [
            Problem(
                f"the rate uses {name} of time, which has no bound",
                "write it with functions that stay finite",
                field=f"reaction '{reaction.name}'",
            )
            for name in sorted(found)
        ]
    return problems


def _curved(time: TimeDependence, triggers: list[int]) -> list[Problem]:
    """List triggers whose moment cannot be computed."""
    return [
        Problem(
            "the trigger compares a quantity that is not a straight line in time",
            "compare time itself, as in 'time > 5', or solve the model with simulate",
            field=f"event '{event.name}'",
        )
        for event, trigger in zip(time.program.model.events, triggers, strict=True)
        if any(not time.is_line(index) for index in time.comparisons([trigger]))
    ]
