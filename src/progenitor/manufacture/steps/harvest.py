r"""Wash and concentrate the cells, which removes medium and part of the dead.

.. math:: N_i' = N_i\, r, \qquad D' = D\, r\, (1 - w)

``r`` is recovery of cells and ``w`` the share of dead cells washed away.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from progenitor.manufacture._cell_state import CellState
from progenitor.manufacture._step import Inputs, Outcome, Setting, Step, address

__all__ = ["STEP"]


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Harvest."""
    number, setting = inputs.numbers, inputs.settings
    recovery = number["harvest_recovery"]
    washed = replace(
        state.kept(recovery),
        dead=state.dead * recovery * (1 - number["dead_cell_removal"]),
        process_days=state.process_days + setting["duration"],
    )
    spent = washed.wait(setting["duration"]).spend("materials", setting["cost"])
    return Outcome(
        spent,
        gained=np.zeros_like(state.day),
        lost={"lost in washing": state.viable * (1 - recovery)},
    )


STEP: Final = Step(
    name="harvest",
    title="Harvest and wash",
    run=run,
    settings=(Setting("duration", "day"), Setting("cost", "USD")),
    parameters=(address("dead_cell_removal"), address("harvest_recovery")),
    cost_lines=("materials",),
    resources=("clean room", "operator"),
    consumables=("wash set",),
    measurements=("cell count",),
    evidence=("MFG-006",),
)
