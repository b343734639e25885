"""Stimulate the cells through CD3 and CD28 so that they divide and take up vector.

The culture model runs for the duration of the step in fresh medium with the recipe's cytokines;
signal and activation are left to the next step as they stand. Short stimulation keeps stem memory
cells, long stimulation loses them: Alvarez-Fernandez 2016 (doi:10.1186/s12967-016-0973-y).
"""

from dataclasses import replace
from typing import Final

import numpy as np

from progenitor.manufacture._cell_state import CellState
from progenitor.manufacture._culture import CULTURE_NUMBERS, CULTURE_SETTINGS
from progenitor.manufacture._growth import UNSOLVED, grow, harvest_at
from progenitor.manufacture._step import Inputs, Outcome, Setting, Step, address

__all__ = ["STEP"]


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Activate."""
    setting = inputs.settings
    duration = inputs.fixed("duration")
    curve = grow(
        replace(state, stimulation=0 * state.day, activation=0 * state.day),
        inputs,
        np.array([0, duration / 2, duration]),
    )
    active = harvest_at(state, curve, curve.harvested)
    spent = (
        active.spend("materials", setting["cost"] + duration * setting["medium_cost"])
        .spend("labour", duration * setting["labour_cost"])
        .spend("facility", duration * setting["facility_cost"])
    )
    return Outcome(
        spent,
        gained=curve.born[:, -1],
        lost={"died in culture": curve.died[:, -1]},
        failures={UNSOLVED: ~curve.solved},
        curve=curve,
    )


STEP: Final = Step(
    name="activate",
    title="Activation",
    run=run,
    settings=(
        Setting("duration", "day", fixed=True, above_zero=True),
        *CULTURE_SETTINGS,
        Setting("cost", "USD"),
        Setting("medium_cost", "USD/day"),
        Setting("labour_cost", "USD/day"),
        Setting("facility_cost", "USD/day"),
    ),
    parameters=tuple(address(quantity) for quantity in CULTURE_NUMBERS),
    cost_lines=("materials", "labour", "facility"),
    failure_modes=(UNSOLVED,),
    resources=("clean room", "culture device"),
    consumables=("activation reagent", "medium"),
    measurements=("viability",),
    evidence=("TSCM-008", "TSCM-009"),
)
