"""Fill the bags, set samples aside for testing, and freeze.

Nothing dies on paper until thaw, where freezing and thawing are charged together.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from progenitor.manufacture._cell_state import CellState
from progenitor.manufacture._step import Inputs, Outcome, Setting, Step, address

__all__ = ["STEP"]


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Freeze."""
    sampled = inputs.numbers["test_sample_share"]
    kept = 1 - sampled
    frozen = replace(state.kept(kept), dead=state.dead * kept)
    spent = frozen.wait(inputs.settings["duration"]).spend("materials", inputs.settings["cost"])
    return Outcome(
        spent,
        gained=np.zeros_like(state.day),
        lost={"set aside for tests": state.viable * sampled},
    )


STEP: Final = Step(
    name="cryopreserve",
    title="Cryopreservation",
    run=run,
    settings=(Setting("duration", "day"), Setting("cost", "USD")),
    parameters=(address("test_sample_share"),),
    cost_lines=("materials",),
    resources=("clean room", "operator", "freezer"),
    consumables=("bags", "cryoprotectant"),
    evidence=("CRYO-001",),
)
