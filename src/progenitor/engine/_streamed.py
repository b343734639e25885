"""Simulating more patients than there is room for: only what reducers keep stays in memory."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Float, Float64, Int, Int8, Int64

from progenitor.engine._answers import empty_outputs, rows_of_outputs
from progenitor.engine._block import Outputs
from progenitor.engine._chunks import told
from progenitor.engine._course import AbstractReducer, Course
from progenitor.engine._fast import solve_rows
from progenitor.engine._model import Model
from progenitor.engine._protocol import SolverOptions
from progenitor.engine._request import Request
from progenitor.engine._schedule import Protocol
from progenitor.engine._trajectories import Status
from progenitor.errors import SimulationError

__all__ = ["Summaries", "simulate_streamed"]

_STANDARD: Final = SolverOptions()
_AT_ONCE: Final = 8192
"""Patients laid out at a time; more only need more memory."""


@final
@dataclass(frozen=True, slots=True)
class Summaries:
    """What was kept of each patient.

    Parameters
    ----------
    kept
        One array for each reducer, in the order given.
    reducers
        The reducers.
    status, steps, stopped_at, event_times
        As of :class:`~progenitor.engine.Trajectories`.
    model_hash
        Of the model.
    """

    kept: tuple[Float64[np.ndarray, "patient column"], ...]
    reducers: tuple[AbstractReducer, ...]
    status: Int8[np.ndarray, " patient"]
    steps: Int64[np.ndarray, " patient"]
    stopped_at: Float64[np.ndarray, " patient"]
    event_times: Float64[np.ndarray, "patient event"]
    model_hash: str

    @property
    def failures(self) -> dict[Status, int]:
        """How many patients failed in each way."""
        found, counts = np.unique(self.status[self.status != Status.OK], return_counts=True)
        return {Status(int(code)): int(count) for code, count in zip(found, counts, strict=True)}


def simulate_streamed(
    model: Model,
    parameters: Mapping[str, Float[np.ndarray, " patient"]],
    *,
    times: Float[np.ndarray, " time"],
    reducers: Sequence[AbstractReducer],
    doses: Protocol = (),
    seed: int,
    draw: Int[np.ndarray, " patient"],
    patient: Int[np.ndarray, " patient"],
    options: SolverOptions = _STANDARD,
    progress: Callable[[int], None] | None = None,
) -> Summaries:
    """Simulate patients and keep only what reducers make of their courses.

    Memory does not grow with the number of patients beyond their parameters and what is kept.

    Parameters
    ----------
    model, parameters, doses, seed, draw, patient, options, progress
        As for :func:`~progenitor.engine.simulate`.
    times
        Output times of every patient, increasing.
    reducers
        What to keep; see :mod:`progenitor.engine.reducers`.

    Raises
    ------
    SimulationError
        When an input does not fit; lists every problem.

    Examples
    --------
    >>> from progenitor.engine import ModelParameter, Observable, Reaction, ReactionSet, Species
    >>> from progenitor.engine.reducers import LastAbove
    >>> decay = ReactionSet(
    ...     "decay",
    ...     species=(Species("drug", "1", initial="8"),),
    ...     parameters=(ModelParameter("loss_rate", "1/day"),),
    ...     reactions=(Reaction("loss", "loss_rate*drug", {"drug": 1}),),
    ...     observables=(Observable("drug", "drug", "1"),),
    ... )
    >>> found = simulate_streamed(
    ...     Model.build("decay", [decay]),
    ...     {"loss_rate": np.full(3, np.log(2.0))},
    ...     times=np.arange(8.0), reducers=[LastAbove("drug", 0.9)],
    ...     seed=1, draw=np.zeros(3, int), patient=np.arange(3),
    ... )
    >>> found.kept[0].ravel()
    array([3., 3., 3.])
    """
    _check(model, times, reducers, options)
    count = draw.size
    answer = _empty(model, reducers, count)
    for first in range(0, count, _AT_ONCE):
        rows = np.arange(first, min(first + _AT_ONCE, count))
        request = Request.checked(
            model,
            {name: np.asarray(column)[rows] for name, column in parameters.items()},
            times=np.broadcast_to(times, (rows.size, times.size)),
            doses=[item.of(rows) for item in doses],
            seed=seed,
            draw=draw[rows],
            patient=patient[rows],
        )
        _solve(request, reducers, answer, first, options, progress)
    return answer


def _solve(
    request: Request,
    reducers: Sequence[AbstractReducer],
    answer: Summaries,
    start: int,
    options: SolverOptions,
    progress: Callable[[int], None] | None,
) -> None:
    """Solve some patients in buffers that are used again, and keep what reducers make of them."""
    model, times = request.model, request.times[0]
    names = [shown.name for shown in model.observables]
    places = [names.index(reducer.observable) for reducer in reducers]
    local = threading.local()

    def buffer(first: int, last: int) -> Outputs:
        if not hasattr(local, "outputs"):
            local.outputs = empty_outputs(model, options.chunk, times.size)
        return rows_of_outputs(local.outputs, 0, last - first)

    def keep(first: int, last: int, found: Outputs) -> None:
        rows = slice(start + first, start + last)
        for place, reducer, kept in zip(places, reducers, answer.kept, strict=True):
            kept[rows] = reducer(Course(times, found.values[:, :, place]))
        answer.status[rows] = found.status
        answer.steps[rows] = found.steps
        answer.stopped_at[rows] = found.stopped_at
        answer.event_times[rows] = found.event_times

    solve_rows(request, options, buffer, keep, told(progress, start))


def _check(
    model: Model,
    times: Float[np.ndarray, " time"],
    reducers: Sequence[AbstractReducer],
    options: SolverOptions,
) -> None:
    known = [shown.name for shown in model.observables]
    problems = [
        f"reducer of '{reducer.observable}': no such observable; known: {', '.join(known)}"
        for reducer in reducers
        if reducer.observable not in known
    ]
    if times.ndim != 1:
        problems.append(f"times has shape {times.shape}; give one list for all patients")
    if options.engine != "fast":
        problems.append(f"engine '{options.engine}' does not stream; give engine 'fast'")
    if problems:
        raise SimulationError("\n".join(problems))


def _empty(model: Model, reducers: Sequence[AbstractReducer], count: int) -> Summaries:
    return Summaries(
        kept=tuple(np.full((count, len(reducer.columns)), np.nan) for reducer in reducers),
        reducers=tuple(reducers),
        status=np.zeros(count, np.int8),
        steps=np.zeros(count, np.int64),
        stopped_at=np.full(count, np.nan),
        event_times=np.full((count, len(model.events)), np.nan),
        model_hash=model.content_hash,
    )
