"""Patients solved many at a time by the lanes of compiled code."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from progenitor.engine._answers import empty_outputs, rows_of_outputs, trajectories
from progenitor.engine._block import Outputs, make_block
from progenitor.engine._chunks import solve_in_chunks, told
from progenitor.engine._kernels import Kernels, compile_kernels
from progenitor.engine._model import Model
from progenitor.engine._problem import make_problem, rows_of
from progenitor.engine._protocol import SolverOptions
from progenitor.engine._reference import solve_reference
from progenitor.engine._request import Request
from progenitor.engine._trajectories import Status, Trajectories

__all__ = ["kernels_for", "solve_fast", "solve_rows"]

_LANES: Final = {False: 8, True: 16}
"""Lanes of a block in double and in single precision: one widest register each."""
_NEGATIVE: Final = (int(Status.NEGATIVE),)
_RESCUED: Final = (int(Status.STEP_LIMIT), int(Status.NONFINITE))
_FINER: Final = 1e-2
_FINEST: Final = 1e-9
"""Relative tolerance below which nobody is tried again with a smaller one."""
_MOST_STEPS: Final = 10_000
_MOST_SECONDS: Final = 5.0
"""Seconds after which the reference engine gives up a patient that the fast one could not solve."""
_Solver = Callable[[Request, SolverOptions, Callable[[int], None] | None], Trajectories]


def solve_fast(
    request: Request, options: SolverOptions, progress: Callable[[int], None] | None
) -> Trajectories:
    """Solve a request; ``progress`` is called with the number of patients done, now and then."""
    every = empty_outputs(request.model, *request.times.shape)
    solve_rows(
        request,
        options,
        lambda first, last: rows_of_outputs(every, first, last),
        lambda _first, _last, _found: None,
        told(progress),
    )
    return trajectories(request, every)


def kernels_for(model: Model, options: SolverOptions) -> Kernels:
    """Code of a model in the precision asked for."""
    single = options.precision == "single"
    return compile_kernels(model, lanes=_LANES[single], single=single)


def solve_rows(
    request: Request,
    options: SolverOptions,
    outputs: Callable[[int, int], Outputs],
    keep: Callable[[int, int, Outputs], None],
    done: Callable[[int], None],
) -> None:
    """Solve a request chunk by chunk.

    Parameters
    ----------
    request
        What is asked.
    options
        How, in chunks of how many patients, and how many chunks at a time.
    outputs
        Where the answer for some rows goes.
    keep
        Called with the rows and their answer by the thread that solved them.
    done
        Called with the number of finished patients by the thread that asked.
    """
    from progenitor.engine._driver import solve

    kernels = kernels_for(request.model, options)
    problem = make_problem(request, kernels, options)
    local = threading.local()

    def work(first: int, last: int) -> None:
        if not hasattr(local, "block"):
            local.block = make_block(kernels)
        answer = outputs(first, last)
        solve(rows_of(problem, first, last), local.block, answer)
        _rescue(request, first, answer, options)
        keep(first, last, answer)

    solve_in_chunks(work, problem.outputs.size, options, problem.clock, done)


def _rescue(request: Request, first: int, answer: Outputs, options: SolverOptions) -> None:
    """Solve patients that the fast way cannot again by a way that can.

    Single precision is followed by double. In double precision a species that undershot is followed
    with smaller errors, the check being stricter with them, and the same random numbers; what still
    undershoots is really negative. Whoever cannot be solved otherwise is left to the reference
    engine, whose elimination chooses its pivots. What no way can solve keeps its status.
    """
    random = options.countable_threshold > 0 and any(s.countable for s in request.model.species)

    def again(statuses: tuple[int, ...], how: _Solver, changed: SolverOptions) -> None:
        lost = np.flatnonzero(np.isin(answer.status, statuses))
        if not lost.size:
            return
        found = how(request.of(first + lost), replace(changed, threads=1), None)
        for name in ("values", "event_times", "status", "stopped_at", "clipped"):
            getattr(answer, name)[lost] = getattr(found, name)
        answer.steps[lost] += found.steps

    if options.precision == "single":
        again(_RESCUED + _NEGATIVE, solve_fast, replace(options, precision="double"))
        return
    if options.rtol > _FINEST:
        finer = replace(options, rtol=max(options.rtol * _FINER, _FINEST))
        again(_NEGATIVE, solve_fast, finer)
    if not random:  # other random numbers for those who failed would favour what does not fail
        hurried = replace(
            options,
            deadline=min(options.deadline, _MOST_SECONDS),
            max_steps=min(options.max_steps, _MOST_STEPS),
        )
        again(_RESCUED, solve_reference, hurried)
