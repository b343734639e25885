r"""Concentrate the cells, divide them into bags of one dose, and finish.

.. math:: n = \min\left(n_{max}, \lfloor N_{CAR+} / dose \rfloor\right)

``N`` counts the product's receptor-positive cells that will be alive after thaw. Cells beyond the
last whole dose stay in the lot as retained samples.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from progenitor.manufacture._cell_state import CellState
from progenitor.manufacture._product_cells import product_cells
from progenitor.manufacture._step import Inputs, Outcome, Setting, Step

__all__ = ["STEP"]


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Fill and finish."""
    setting = inputs.settings
    kept = 1 - setting["loss"]
    filled = state.kept(kept)
    usable = product_cells(filled, inputs.gives).sum(axis=1) * setting["recovery"]
    receptor = np.where(setting["receptor_needed"] > 0, state.car_fraction, 1)
    doses = np.minimum(np.floor(usable * receptor / setting["dose"]), setting["maximum_doses"])
    bagged = replace(
        filled,
        dead=state.dead * kept,
        doses=doses,
        volume=np.maximum(doses, 1) * setting["bag_volume"],
        vessel="bags",
    )
    spent = bagged.wait(setting["duration"]).spend(
        "materials", setting["cost"] + doses * setting["bag_cost"]
    )
    return Outcome(
        spent, gained=np.zeros_like(state.day), lost={"lost in filling": state.viable * (1 - kept)}
    )


STEP: Final = Step(
    name="fill",
    title="Fill and finish",
    run=run,
    settings=(
        Setting("dose", "cell", above_zero=True),
        Setting("maximum_doses", "1"),
        Setting("recovery", "1", above_zero=True, most=1.0),
        Setting("receptor_needed", "1"),
        Setting("loss", "1", most=1.0),
        Setting("bag_volume", "L"),
        Setting("duration", "day"),
        Setting("cost", "USD"),
        Setting("bag_cost", "USD"),
    ),
    cost_lines=("materials",),
    resources=("clean room", "operator"),
    consumables=("bags", "labels"),
    measurements=("fill volume", "cells per bag"),
    evidence=("SEED-033",),
)
