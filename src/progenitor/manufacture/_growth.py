"""Growing every lot of a batch with the culture model."""

from dataclasses import replace
from typing import Final

import numpy as np
from jaxtyping import Float, Int

from progenitor.engine import Status, simulate
from progenitor.manufacture._cell_state import STAGES, CellState
from progenitor.manufacture._culture import CULTURE_NUMBERS, CULTURE_SETTINGS, OBSERVED, START
from progenitor.manufacture._step import Curve, Inputs

__all__ = ["UNSOLVED", "grow", "harvest_at"]

UNSOLVED: Final = "culture not solved"
"""Failure reason of a lot whose culture the solver could not finish; its numbers are NaN."""


def grow(state: CellState, inputs: Inputs, days: Float[np.ndarray, " time"]) -> Curve:
    """Solve the culture of every lot from its present state.

    Parameters
    ----------
    state
        The lots when the culture starts, in fresh medium; a lot whose earlier culture could not be
        solved stays unsolved.
    inputs
        Medium, vessel and numbers.
    days
        Increasing times from 0 at which the culture is looked at, (time,); day.
    """
    lots = len(state.day)
    start = {stage: state.cells[:, position] for position, stage in enumerate(STAGES)}
    start |= {name: getattr(state, name) for name in START if name not in STAGES}
    known = np.isfinite(np.stack(list(start.values()))).all(axis=0)
    parameters = {quantity: inputs.numbers[quantity] for quantity in CULTURE_NUMBERS}
    parameters |= {setting.name: inputs.settings[setting.name] for setting in CULTURE_SETTINGS}
    parameters |= {
        f"{name}_at_start": np.where(known, values, 0.0) for name, values in start.items()
    }
    solution = simulate(
        inputs.culture,
        parameters,
        times=np.tile(days, (lots, 1)),
        seed=inputs.seed,
        draw=inputs.draw,
        patient=inputs.lot,
        options=inputs.solver,
    )
    seen = {name: solution.observable(f"{name}_now") for name in OBSERVED}
    return Curve(
        days=solution.times,
        cells=np.stack([seen.pop(stage) for stage in STAGES], axis=2),
        solved=np.asarray(known & (solution.status == Status.OK)),
        harvested=np.full(lots, len(days) - 1),
        **seen,
    )


def harvest_at(state: CellState, curve: Curve, index: Int[np.ndarray, " lot"]) -> CellState:
    """Take the lots out at the chosen point of their culture.

    Parameters
    ----------
    state
        The lots when the culture started.
    curve
        Their culture.
    index
        Position on the time axis, (lot,).
    """
    rows = np.arange(len(index))
    days = curve.days[rows, index]
    start = curve.cells[:, 0].sum(axis=1) + curve.other[:, 0]
    made = np.divide(curve.born[rows, index], start, out=np.zeros_like(start), where=start > 0)
    return replace(
        state,
        divisions=state.divisions + np.log2(1 + made),
        chromosome_loss=state.chromosome_loss / (1 + made),
        cells=curve.cells[rows, index],
        other=curve.other[rows, index],
        dead=curve.dead[rows, index],
        stimulation=curve.stimulation[rows, index],
        activation=curve.activation[rows, index],
        process_days=state.process_days + days,
        day=state.day + days,
    )
