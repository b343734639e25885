"""Simulating patients: the one door to the solver."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from jaxtyping import Float, Int

from progenitor.engine._model import Model
from progenitor.engine._protocol import SolverOptions
from progenitor.engine._reference import solve_reference
from progenitor.engine._request import Request
from progenitor.engine._schedule import Protocol
from progenitor.engine._trajectories import Trajectories

__all__ = ["simulate"]

_STANDARD: Final = SolverOptions()


def simulate(
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
    """Simulate a model in each of a number of patients.

    Initial values hold at time 0, or at a patient's first output or dose, change or reset when that
    is earlier. The result of a patient depends on its own parameters, times and doses, on ``seed``
    and on its ``draw`` and ``patient`` numbers, and on nothing else: not on the other patients,
    their order or their number.

    A countable species below ``options.countable_threshold`` is a whole number drawn at least every
    ``options.leap`` days; between two draws outputs and triggers see its expected course.

    Parameters
    ----------
    model
        What to simulate.
    parameters
        A value per patient for each model parameter; others are ignored.
    times
        Output times in days, increasing in each row. A row may end in NaN when a patient has fewer
        than others; values there are NaN too.
    doses
        What is done to the patients: :class:`Dose`, :class:`Change` of a parameter, :class:`Reset`.
        Items of one time act in the order given.
    seed
        Of the random numbers of countable species.
    draw, patient
        What each row is: which parameter draw and which virtual patient.
    options
        Tolerances and limits.
    progress
        Called with the number of patients done, after each.

    Raises
    ------
    SimulationError
        When an input does not fit; lists every problem. A patient that cannot be solved is not an
        error but a status.

    Examples
    --------
    >>> from progenitor.engine import Dose, ModelParameter, Observable, Reaction, ReactionSet
    >>> from progenitor.engine import Species
    >>> decay = ReactionSet(
    ...     "decay",
    ...     species=(Species("drug", "1"),),
    ...     parameters=(ModelParameter("loss_rate", "1/day"),),
    ...     reactions=(Reaction("loss", "loss_rate*drug", {"drug": 1}),),
    ...     observables=(Observable("drug", "drug", "1"),),
    ... )
    >>> one = np.array([0])
    >>> result = simulate(
    ...     Model.build("decay", [decay]),
    ...     {"loss_rate": np.array([0.1])},
    ...     times=np.array([[0.0, 10.0]]),
    ...     doses=[Dose("drug", np.array([0.0]), np.array([100.0]))],
    ...     seed=1, draw=one, patient=one,
    ... )
    >>> result.observable("drug").round(3)
    array([[100.   ,  36.788]])
    """
    request = Request.checked(
        model, parameters, times=times, doses=doses, seed=seed, draw=draw, patient=patient
    )
    if options.engine == "reference":
        return solve_reference(request, options, progress)
    from progenitor.engine._fast import solve_fast

    return solve_fast(request, options, progress)
