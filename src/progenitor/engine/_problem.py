"""A request as the compiled driver reads it."""

import math
import time
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from jaxtyping import Bool

from progenitor.engine._block import Problem, codes
from progenitor.engine._compile import tolerance_of
from progenitor.engine._kernels import Kernels
from progenitor.engine._model import Model
from progenitor.engine._protocol import SolverOptions
from progenitor.engine._request import Request
from progenitor.engine._streams import stream_key

__all__ = ["make_problem", "rows_of"]

_LOOK: Final = 0.5
"""Days between looks at triggers within a step; a shorter episode may be missed."""
_ROOT: Final = {False: 1e-10, True: 1e-6}


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
        times=times,
        outputs=np.isfinite(times).sum(axis=1).astype(np.int64),
        offsets=schedule.offsets.astype(np.int64),
        item_times=schedule.times,
        kinds=schedule.kinds,
        targets=schedule.targets.astype(np.int64),
        amounts=schedule.amounts,
        tolerances=np.array([scale * tolerance_of(s) for s in model.species], dtype=np.float64),
        nonnegative=_flags(species.nonnegative for species in model.species),
        once=_flags(event.once for event in events),
        stops=_flags(event.stop for event in events),
        fragile=_flags(not event.persistent for event in events),
        early=_flags(event.values_from_trigger for event in events),
        at_start=_flags(event.fires_at_start for event in events),
        first_action=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        assigned=np.array([positions[n] for e in events for n in e.assignments], dtype=np.int64),
        edge_events=np.array(kernels.edge_events, dtype=np.int64),
        sums=kernels.sums,
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


def _flags(values: Iterable[bool]) -> Bool[np.ndarray, " n"]:
    return np.array(list(values), dtype=np.bool_)


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


def rows_of(problem: Problem, first: int, last: int) -> Problem:
    """Take some of the patients of a problem; items keep their places."""
    return problem._replace(
        parameters=problem.parameters[first:last],
        times=np.array(problem.times[first:last], dtype=np.float64, order="C"),  # never read-only
        outputs=problem.outputs[first:last],
        offsets=problem.offsets[first : last + 1],
        draws=problem.draws[first:last],
        patients=problem.patients[first:last],
    )
