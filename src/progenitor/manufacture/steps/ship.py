"""Carry the lot from one site to the next, at no loss of cells.

Frozen starting material and frozen product kept their yield and function in paired comparisons
(Panch 2019, PMC6612799); what freezing costs in cells is charged at thaw.
"""

from typing import Final

import numpy as np

from progenitor.manufacture._cell_state import CellState
from progenitor.manufacture._step import Inputs, Outcome, Setting, Step

__all__ = ["STEP"]


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Ship the lot."""
    shipped = state.wait(inputs.settings["duration"]).spend("transport", inputs.settings["cost"])
    return Outcome(shipped, gained=np.zeros_like(state.day))


STEP: Final = Step(
    name="ship",
    title="Transport",
    run=run,
    settings=(Setting("duration", "day"), Setting("cost", "USD")),
    cost_lines=("transport",),
    resources=("courier",),
    consumables=("shipper",),
    measurements=("temperature",),
    evidence=("CRYO-001",),
)
