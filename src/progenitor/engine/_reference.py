"""The reference engine: one patient at a time in plain Python and SciPy.

It is slow and easy to follow. The fast engine is tested against it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from jaxtyping import Float

from progenitor.engine._agenda import (
    Agenda,
    Bolus,
    InfusionChange,
    Item,
    ParameterChange,
    Restart,
)
from progenitor.engine._compile import compile_model
from progenitor.engine._model import Model
from progenitor.engine._patient import PatientResult, solve_patient
from progenitor.engine._protocol import SolverOptions
from progenitor.engine._request import Request
from progenitor.engine._schedule import BOLUS, CHANGE, INFUSION, RESET, Schedule
from progenitor.engine._streams import stream
from progenitor.engine._trajectories import Trajectories

__all__ = ["solve_reference"]

_ITEMS: Final[Mapping[int, Callable[[int, float], Item]]] = {
    BOLUS: Bolus,
    INFUSION: InfusionChange,
    CHANGE: ParameterChange,
    RESET: lambda _target, _amount: Restart(),
}


def solve_reference(
    request: Request, options: SolverOptions, progress: Callable[[int], None] | None
) -> Trajectories:
    """Solve a request; ``progress`` is called with the number of patients done, after each."""
    import scipy.integrate  # noqa: F401 - loaded before the clock of the first patient starts

    compiled = compile_model(request.model)
    results = []
    for row, times in enumerate(request.times):
        outputs = times[~np.isnan(times)].tolist()
        generator = _generators(request.seed, int(request.draw[row]), int(request.patient[row]))
        agenda = _agenda(request.schedule, row)
        parameters = request.parameters[row].tolist()
        results.append(solve_patient(compiled, parameters, outputs, agenda, generator, options))
        if progress is not None:
            progress(row + 1)
    return _gathered(request.model, request.times, results)


def _generators(seed: int, draw: int, patient: int) -> Callable[[str], np.random.Generator]:
    """Return the random stream of a countable species by its name."""
    return lambda name: stream(seed, f"countable:{name}", draw=draw, patient=patient)


def _agenda(schedule: Schedule, row: int) -> Agenda:
    """List what is done to one patient."""
    agenda = Agenda()
    columns = (schedule.times, schedule.kinds, schedule.targets, schedule.amounts)
    mine = slice(schedule.offsets[row], schedule.offsets[row + 1])
    for time, kind, target, amount in zip(*(c[mine].tolist() for c in columns), strict=True):
        agenda.note(time, _ITEMS[kind](target, amount))
    return agenda


def _gathered(
    model: Model, times: Float[np.ndarray, "patient time"], results: Sequence[PatientResult]
) -> Trajectories:
    count, outputs = times.shape
    values = np.full((count, outputs, len(model.observables)), np.nan)
    event_times = np.full((count, len(model.events)), np.nan)
    for row, result in enumerate(results):
        values[row, : len(result.values)] = result.values
        event_times[row] = result.event_times
    return Trajectories(
        model_hash=model.content_hash,
        times=times.copy(),
        values=values,
        observables=tuple(shown.name for shown in model.observables),
        event_times=event_times,
        events=tuple(event.name for event in model.events),
        status=np.array([result.status for result in results], dtype=np.int8),
        steps=np.array([result.steps for result in results], dtype=np.int64),
        stopped_at=np.array([result.stopped_at for result in results], dtype=np.float64),
        clipped=np.array([result.clipped for result in results], dtype=np.int64),
    )
