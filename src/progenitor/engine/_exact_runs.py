"""Exact simulations of many patients: workspaces, chunks and threads."""

import threading
from collections.abc import Callable

import numpy as np

from progenitor.engine._answers import empty_outputs, rows_of_outputs, trajectories
from progenitor.engine._block import Outputs, Problem, codes, make_block
from progenitor.engine._chunks import solve_in_chunks, told
from progenitor.engine._jump_model import JumpModel
from progenitor.engine._kernels import compile_kernels
from progenitor.engine._philox import STREAM_WORDS
from progenitor.engine._problem import make_problem, rows_of
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

    def work(first: int, last: int) -> None:
        local.worker = getattr(local, "worker", None) or _worker(process, request.seed)
        local.worker(rows_of(problem, first, last), rows_of_outputs(every, first, last))

    solve_in_chunks(work, len(times), options, problem.clock, told(progress))
    return trajectories(request, every)


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
