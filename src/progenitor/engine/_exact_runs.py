"""Exact simulations of many patients: workspaces, chunks and threads."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from progenitor.engine._block import Outputs, Problem, codes, make_block
from progenitor.engine._fast import _drive, empty_outputs, make_problem, rows_of
from progenitor.engine._jump_model import JumpModel
from progenitor.engine._kernels import compile_kernels
from progenitor.engine._philox import STREAM_WORDS
from progenitor.engine._protocol import SolverOptions
from progenitor.engine._request import Request
from progenitor.engine._ssa import solve_jumps
from progenitor.engine._streams import stream_key
from progenitor.engine._trajectories import Trajectories
from progenitor.engine._waiting import Bounds, Jumps

__all__ = ["exact_runs"]

_PURPOSE = "exact"


def exact_runs(
    request: Request,
    process: JumpModel,
    options: SolverOptions,
    progress: Callable[[int], None] | None,
) -> Trajectories:
    """Simulate a request.

    Parameters
    ----------
    request
        Checked.
    process
        The model as a jump process.
    options
        Limits, threads and chunks.
    progress
        Called with the number of patients done, now and then.
    """
    model, times = request.model, request.times
    kernels = compile_kernels(model, lanes=1)
    problem = make_problem(request, kernels, options)
    every = empty_outputs(model, *times.shape)
    local = threading.local()
    finished = 0

    def work(first: int) -> tuple[int, int, Outputs]:
        local.worker = getattr(local, "worker", None) or _worker(process, request.seed)
        last = min(first + options.chunk, len(times))
        answer = Outputs(*(column[first:last] for column in every))
        local.worker(rows_of(problem, first, last), answer)
        return first, last, answer

    def done(first: int, last: int, _: Outputs) -> None:
        nonlocal finished
        finished += last - first
        if progress is not None:
            progress(finished)

    with ThreadPoolExecutor(options.threads) as pool:
        firsts = range(0, len(times), options.chunk)
        _drive(pool, work, firsts, problem.clock, done, 2 * options.threads)
    return Trajectories(
        model_hash=model.content_hash,
        times=times.copy(),
        values=every.values,
        observables=tuple(shown.name for shown in model.observables),
        event_times=every.event_times,
        events=tuple(event.name for event in model.events),
        status=every.status,
        steps=every.steps,
        stopped_at=every.stopped_at,
        clipped=every.clipped,
    )


def _worker(process: JumpModel, seed: int) -> Callable[[Problem, Outputs], None]:
    """Make what one thread needs: workspaces of the model and of its companion."""
    block = make_block(compile_kernels(process.model, lanes=1))
    kernels = compile_kernels(process.companion or process.model, lanes=1)
    workspace = kernels.workspace()
    bounds = Bounds(
        at=kernels.layout,
        code=codes(kernels),
        workspace=workspace,
        address=workspace.ctypes.data,
        gaps=np.zeros(process.watched),
    )
    jumps = Jumps(
        offsets=process.offsets,
        species=process.species,
        changes=process.changes,
        counted=process.counted,
        key=np.array(stream_key(seed, _PURPOSE), np.uint64),
        thinned=process.thinned,
        watched=process.watched,
        timed_triggers=process.timed_triggers,
    )
    stream = np.zeros(STREAM_WORDS, np.uint64)

    def solve(problem: Problem, outputs: Outputs) -> None:
        solve_jumps(problem, jumps, bounds, block, outputs, stream)

    return solve
