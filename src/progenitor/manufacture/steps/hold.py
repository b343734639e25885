r"""Let the cells wait out of culture, during which they die.

.. math:: N' = N e^{-d t}

``d`` is the death rate of the product's cells in the bag: before freezing, or after thaw at the
bedside.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from progenitor.manufacture._cell_state import CellState
from progenitor.manufacture._step import Inputs, Outcome, Setting, Step

__all__ = ["STEP"]


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Hold."""
    setting = inputs.settings
    alive = np.exp(-setting["death_rate"] * setting["duration"])
    died = state.viable * (1 - alive)
    held = replace(state.kept(alive), dead=state.dead + died)
    return Outcome(
        held.wait(setting["duration"]),
        gained=np.zeros_like(state.day),
        lost={"died while held": died},
    )


STEP: Final = Step(
    name="hold",
    title="Hold",
    run=run,
    settings=(Setting("duration", "day"), Setting("death_rate", "1/day")),
    resources=("clinic",),
    measurements=("time out of freezer",),
    evidence=("CRYO-001",),
)
