"""Patients solved many at a time: lanes of compiled code, chunks of patients, threads."""

import math
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any, Final

import numpy as np
from jaxtyping import Float

from progenitor.engine._block import Outputs, Problem, codes, make_block
from progenitor.engine._compile import tolerance_of
from progenitor.engine._kernels import Kernels, compile_kernels
from progenitor.engine._model import Model
from progenitor.engine._protocol import SolverOptions
from progenitor.engine._request import Request
from progenitor.engine._streams import stream_key
from progenitor.engine._trajectories import Trajectories

__all__ = ["empty_outputs", "make_problem", "solve_chunks", "solve_fast"]

LANES: Final = {False: 8, True: 16}
"""Lanes of a block in double and in single precision: one widest register each."""

_TICK: Final = 0.05
_LOOK: Final = 0.5
"""Days between looks at triggers within a step; a shorter episode may be missed."""
_ROOT: Final = {False: 1e-10, True: 1e-6}


def solve_fast(
    request: Request, options: SolverOptions, progress: Callable[[int], None] | None
) -> Trajectories:
    """Solve a request; ``progress`` is called with the number of patients done, now and then."""
    model, times = request.model, request.times
    kernels = kernels_for(model, options)
    problem = make_problem(request, kernels, options)
    every = empty_outputs(model, *times.shape)
    finished = 0

    def done(first: int, last: int, _: Outputs) -> None:
        nonlocal finished
        finished += last - first
        if progress is not None:
            progress(finished)

    def rows(first: int, last: int) -> Outputs:
        return Outputs(*(column[first:last] for column in every))

    solve_chunks(problem, kernels, rows, options, done)
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


def kernels_for(model: Model, options: SolverOptions) -> Kernels:
    """Code of a model in the precision asked for."""
    single = options.precision == "single"
    return compile_kernels(model, lanes=LANES[single], single=single)


def make_problem(request: Request, kernels: Kernels, options: SolverOptions) -> Problem:
    """Lay out a checked request for the compiled driver."""
    model, schedule, times = request.model, request.schedule, request.times
    events = model.events
    positions = {species.name: i for i, species in enumerate(model.species)}
    counts = [len(event.assignments) for event in events]
    ways, source_offsets, sources, countable = _ways_in(model, positions)
    keys = [stream_key(request.seed, f"countable:{model.species[i].name}") for i in countable]
    scale = float(options.atol_scale)
    return Problem(
        at=kernels.layout,
        code=codes(kernels),
        parameters=np.ascontiguousarray(request.parameters, dtype=np.float64),
        times=np.ascontiguousarray(times, dtype=np.float64),
        outputs=np.isfinite(times).sum(axis=1).astype(np.int64),
        offsets=schedule.offsets.astype(np.int64),
        item_times=schedule.times,
        kinds=schedule.kinds,
        targets=schedule.targets.astype(np.int64),
        amounts=schedule.amounts,
        tolerances=np.array([scale * tolerance_of(s) for s in model.species], dtype=np.float64),
        nonnegative=np.array([s.nonnegative for s in model.species], dtype=np.bool_),
        once=np.array([event.once for event in events], dtype=np.bool_),
        stops=np.array([event.stop for event in events], dtype=np.bool_),
        fragile=np.array([not event.persistent for event in events], dtype=np.bool_),
        early=np.array([event.values_from_trigger for event in events], dtype=np.bool_),
        at_start=np.array([event.fires_at_start for event in events], dtype=np.bool_),
        first_action=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        assigned=np.array(
            [positions[name] for event in events for name in event.assignments], dtype=np.int64
        ),
        countable=np.array(countable, dtype=np.int64),
        ways=np.array(ways, dtype=np.int64),
        source_offsets=np.array(source_offsets, dtype=np.int64),
        sources=np.array(sources, dtype=np.int64),
        keys=np.array(keys, dtype=np.uint64).reshape(-1, 2),
        draws=request.draw.astype(np.int64),
        patients=request.patient.astype(np.int64),
        clock=np.array([time.perf_counter(), 0.0]),
        relative=float(options.rtol),
        max_steps=int(options.max_steps),
        deadline=float(options.deadline),
        max_firings=int(options.max_firings),
        threshold=float(options.countable_threshold),
        leap=float(options.leap),
        root=_ROOT[kernels.single],
        look=_LOOK if model.time_unit == "day" else math.inf,
    )


def _ways_in(
    model: Model, positions: Mapping[str, int]
) -> tuple[list[int], list[int], list[int], list[int]]:
    """Reactions that bring in a countable species, and the species that each needs."""
    countable = [positions[species.name] for species in model.species if species.countable]
    ways, source_offsets, sources = [0], [0], list[int]()
    for place in countable:
        name = model.species[place].name
        for reaction in model.reactions:
            if reaction.change.get(name, 0.0) > 0 and name not in reaction.reactants:
                sources += [positions[reactant] for reactant in reaction.reactants]
                source_offsets.append(len(sources))
        ways.append(len(source_offsets) - 1)
    return ways, source_offsets, sources, countable


def empty_outputs(model: Model, patients: int, times: int) -> Outputs:
    """Arrays for an answer; nothing in them counts before it is written."""
    return Outputs(
        values=np.empty((patients, times, len(model.observables))),
        event_times=np.empty((patients, len(model.events))),
        status=np.empty(patients, np.int8),
        steps=np.empty(patients, np.int64),
        stopped_at=np.empty(patients),
        clipped=np.empty(patients, np.int64),
    )


def rows_of(problem: Problem, first: int, last: int) -> Problem:
    """Some of the patients of a problem; items keep their places."""
    return problem._replace(
        parameters=problem.parameters[first:last],
        times=problem.times[first:last],
        outputs=problem.outputs[first:last],
        offsets=problem.offsets[first : last + 1],
        draws=problem.draws[first:last],
        patients=problem.patients[first:last],
    )


def solve_chunks(
    problem: Problem,
    kernels: Kernels,
    outputs: Callable[[int, int], Outputs],
    options: SolverOptions,
    done: Callable[[int, int, Outputs], None],
) -> None:
    """Solve a problem chunk by chunk.

    Parameters
    ----------
    problem, kernels
        What, and with which code.
    outputs
        Where the answer for some rows goes.
    options
        Patients of a chunk, and how many chunks are solved at a time.
    done
        Called in the order in which chunks are finished, by the thread that asked, with the rows
        and their answer.
    """
    from progenitor.engine._driver import solve

    patients, chunk = problem.outputs.size, options.chunk
    local = threading.local()

    def work(first: int) -> tuple[int, int, Outputs]:
        if not hasattr(local, "block"):
            local.block = make_block(kernels)
        last = min(first + chunk, patients)
        answer = outputs(first, last)
        solve(rows_of(problem, first, last), local.block, answer)
        return first, last, answer

    firsts = range(0, patients, chunk)
    with ThreadPoolExecutor(max(1, min(options.threads, len(firsts)))) as pool:
        _drive(pool, work, firsts, problem.clock, done, 2 * options.threads)


def _drive(
    pool: ThreadPoolExecutor,
    work: Callable[[int], tuple[int, int, Outputs]],
    firsts: range,
    clock: Float[np.ndarray, " 2"],
    done: Callable[[int, int, Outputs], None],
    most: int,
) -> None:
    """Keep a few chunks waiting, keep the clock going, and hand on what is finished."""
    running: set[Future[Any]] = set()
    left = iter(firsts)
    try:
        while True:
            while len(running) < most and (first := next(left, None)) is not None:
                running.add(pool.submit(work, first))
            if not running:
                return
            finished, running = wait(running, timeout=_TICK, return_when=FIRST_COMPLETED)
            clock[0] = time.perf_counter()
            for future in sorted(finished, key=lambda f: str(f.exception() or f.result()[0])):
                done(*future.result())
    finally:
        clock[1] = float(bool(running))
