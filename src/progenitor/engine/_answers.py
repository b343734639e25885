"""The arrays that compiled code answers in, and what is made of them."""

import numpy as np

from progenitor.engine._block import Outputs
from progenitor.engine._model import Model
from progenitor.engine._request import Request
from progenitor.engine._trajectories import Trajectories

__all__ = ["empty_outputs", "rows_of_outputs", "trajectories"]


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


def rows_of_outputs(outputs: Outputs, first: int, last: int) -> Outputs:
    """Part of the arrays, to write to."""
    return Outputs(*(column[first:last] for column in outputs))


def trajectories(request: Request, outputs: Outputs) -> Trajectories:
    """Name what has been answered."""
    model = request.model
    return Trajectories(
        model_hash=model.content_hash,
        times=request.times.copy(),
        values=outputs.values,
        observables=tuple(shown.name for shown in model.observables),
        event_times=outputs.event_times,
        events=tuple(event.name for event in model.events),
        status=outputs.status,
        steps=outputs.steps,
        stopped_at=outputs.stopped_at,
        clipped=outputs.clipped,
    )
