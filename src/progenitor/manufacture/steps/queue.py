"""Wait: for a manufacturing slot, or for the hospital to be ready for the infusion.

Between-patient variation of the wait is a lognormal record of the catalogue; a facility model with
a queue may replace it.
"""

from typing import Final

import numpy as np

from progenitor.manufacture._cell_state import CellState
from progenitor.manufacture._step import Inputs, Outcome, Setting, Step

__all__ = ["STEP"]


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Let the days pass."""
    return Outcome(state.wait(inputs.settings["duration"]), gained=np.zeros_like(state.day))


STEP: Final = Step(
    name="queue",
    title="Wait",
    run=run,
    settings=(Setting("duration", "day"),),
    evidence=("LOG-025",),
)
