"""A checked request: which patients to simulate, with what, until when."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.engine._model import Model
from progenitor.engine._protocol_check import protocol_problems, times_problems
from progenitor.engine._schedule import Protocol, Schedule
from progenitor.errors import SimulationError

__all__ = ["Request"]


@final
@dataclass(frozen=True, slots=True)
class Request:
    """What every engine is asked.

    Parameters
    ----------
    model
        What to simulate.
    parameters
        In the order of the model.
    times
        Output times; a row may end in NaN.
    schedule
        What is done to the patients.
    seed, draw, patient
        What random numbers are keyed by.
    """

    model: Model
    parameters: Float[np.ndarray, "patient parameter"]
    times: Float[np.ndarray, "patient time"]
    schedule: Schedule
    seed: int
    draw: Int[np.ndarray, " patient"]
    patient: Int[np.ndarray, " patient"]

    @classmethod
    def checked(
        cls,
        model: Model,
        parameters: Mapping[str, Any],
        *,
        times: Float[np.ndarray, "patient time"],
        doses: Protocol,
        seed: int,
        draw: Int[np.ndarray, " patient"],
        patient: Int[np.ndarray, " patient"],
    ) -> "Request":
        """Check every input.

        Raises
        ------
        SimulationError
            Lists every problem.
        """
        if times.ndim != 2 or times.shape[1] == 0:
            raise SimulationError(f"times has shape {times.shape}; give (patient, time), not empty")
        count = len(times)
        problems = times_problems(times)
        for name, keys in (("draw", draw), ("patient", patient)):
            if keys.shape != (count,) or keys.dtype.kind not in "iu" or (keys < 0).any():
                problems.append(f"{name} must be {count} whole numbers of 0 or more")
        table = np.zeros((count, len(model.parameters)))
        for place, parameter in enumerate(model.parameters):
            if parameter.name not in parameters:
                close = difflib.get_close_matches(parameter.name, list(parameters), n=1)
                hint = f"; is '{close[0]}' meant?" if close else ""
                problems.append(f"parameter '{parameter.name}' [{parameter.unit}] is missing{hint}")
                continue
            column = np.asarray(parameters[parameter.name], dtype=np.float64)
            wrong = _column_problems(f"parameter '{parameter.name}'", column, count)
            problems += wrong
            if not wrong:
                table[:, place] = column
        problems += protocol_problems(model, doses, count)
        if problems:
            raise SimulationError("\n".join(problems))
        schedule = Schedule.build(model, doses, patients=count)
        return cls(model, table, times, schedule, seed, draw, patient)

    def of(self, rows: Int[np.ndarray, " row"]) -> "Request":
        """Return the request for some of the patients."""
        return Request(
            self.model,
            self.parameters[rows],
            self.times[rows],
            self.schedule.of(rows),
            self.seed,
            self.draw[rows],
            self.patient[rows],
        )


def _column_problems(what: str, column: Float[np.ndarray, " patient"], count: int) -> list[str]:
    if column.shape != (count,):
        return [f"{what} has shape {column.shape}; give one number for each of {count} patients"]
    bad = np.flatnonzero(~np.isfinite(column))
    return [f"{what} is {column[bad[0]]} in row {bad[0]}; give a finite number"] if bad.size else []
