"""Simulating patients exactly: every division, death and mutation a jump at its own moment."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.engine._jump_model import jump_model
from progenitor.engine._model import Model
from progenitor.engine._protocol import SolverOptions
from progenitor.engine._request import Request
from progenitor.engine._schedule import BOLUS, INFUSION, Protocol
from progenitor.engine._trajectories import Trajectories
from progenitor.errors import SimulationError

__all__ = ["simulate_exact"]

_STANDARD: Final = SolverOptions()
_NEARLY_WHOLE: Final = 1e-9


def simulate_exact(
    model: Model,
    parameters: Mapping[str, Float[np.ndarray, " patient"]],
    *,
    times: Float[np.ndarray, "patient time"],
    doses: Protocol = (),
    seed: int,
    draw: Int[np.ndarray, " patient"],
    patient: Int[np.ndarray, " patient"],
    options: SolverOptions = _STANDARD,
    progress: Callable[[int], None] | None = None,
) -> Trajectories:
    """Simulate a model as a jump process: reactions happen one by one, each at a random moment.

    A reaction happens with its rate as the chance per unit of time and changes every species by
    whole numbers. Nothing is approximated: this is the law that :func:`simulate` follows for
    countable species while they are few and approaches while they are many, and the witness it is
    tested against. It takes time in proportion to the number of reactions that happen.

    Rates may depend on time; moments at which triggers become true are found exactly, between two
    reactions too. The result of a patient depends on what :func:`simulate` says, and on the same
    ``seed``, ``draw`` and ``patient`` numbers, by streams of their own.

    Parameters
    ----------
    model
        What to simulate, with reactions that change whole numbers of individuals.
    parameters, times, draw, patient
        As for :func:`simulate`.
    doses
        As for :func:`simulate`; amounts are whole and given at once.
    seed
        Of the random numbers.
    options
        Of these ``deadline``, ``max_firings``, ``threads`` and ``chunk`` count, and ``max_steps``
        as thousands of reactions that happen.
    progress
        Called with the number of patients done, now and then.

    Raises
    ------
    UnsupportedModelError
        When the model is not a jump process that can be simulated exactly; names every reaction and
        event with the reason.
    SimulationError
        When an input does not fit; lists every problem. A patient that cannot be simulated is not
        an error but a status.

    Examples
    --------
    >>> from progenitor.engine import Observable, Reaction, ReactionSet, Species
    >>> decay = ReactionSet(
    ...     "decay",
    ...     species=(Species("cells", "cell", initial="10"),),
    ...     reactions=(Reaction("death", "0.1*cells", {"cells": 1}),),
    ...     observables=(Observable("cells", "cells", "cell"),),
    ... )
    >>> many = np.arange(1000)
    >>> found = simulate_exact(
    ...     Model.build("decay", [decay], time_unit="1"),
    ...     {},
    ...     times=np.tile([0.0, 10.0], (1000, 1)),
    ...     seed=1, draw=0*many, patient=many,
    ... )
    >>> bool(abs(found.observable("cells")[:, 1].mean() - 10/np.e) < 0.3)
    True
    """
    process = jump_model(model)
    request = Request.checked(
        model, parameters, times=times, doses=doses, seed=seed, draw=draw, patient=patient
    )
    problems = [*_uneven_doses(request, process.counted), *_uneven_starts(request, process.counted)]
    if problems:
        raise SimulationError("\n".join(problems))
    from progenitor.engine._exact_runs import exact_runs

    return exact_runs(request, process, options, progress)


def _uneven_doses(request: Request, counted: Bool[np.ndarray, " species"]) -> list[str]:
    """List doses that are not whole numbers of individuals given at once."""
    schedule, species = request.schedule, request.model.species
    problems = [
        f"dose of '{species[place].name}' is an infusion; give whole doses at once, or solve the "
        "model with simulate"
        for place in np.unique(schedule.targets[schedule.kinds == INFUSION]).tolist()
    ]
    given = (schedule.kinds == BOLUS) & (schedule.amounts != np.rint(schedule.amounts))
    for place in np.unique(schedule.targets[given]).tolist():
        if counted[place]:
            amount = schedule.amounts[given & (schedule.targets == place)][0]
            problems.append(
                f"dose of '{species[place].name}' is {amount:g}; give a whole number of individuals"
            )
    return problems


def _uneven_starts(request: Request, counted: Bool[np.ndarray, " species"]) -> list[str]:
    """List counted species that do not begin with a whole number."""
    from progenitor.engine._compile import compile_model

    compiled, species = compile_model(request.model), request.model.species
    rows, firsts = np.unique(request.parameters, axis=0, return_index=True)
    problems: dict[str, str] = {}
    for parameters, row in zip(rows.tolist(), firsts.tolist(), strict=True):
        for place, amount in enumerate(compiled.bind(parameters).initial):
            near = abs(amount - round(amount)) <= _NEARLY_WHOLE * max(1.0, abs(amount))
            if counted[place] and not near:
                name = species[place].name
                text = f"'{name}' begins with {amount:g} in row {row}; begin with a whole number"
                problems.setdefault(name, text)
    return list(problems.values())
