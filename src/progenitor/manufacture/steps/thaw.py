r"""Thaw the bags at the bedside; cells that freezing killed stay in the suspension as dead.

.. math:: N_i' = N_i\, r, \qquad D' = D + \textstyle\sum_i N_i (1 - r)

``r`` is the recovery of viable cells: CD3+ 90.7 +- 21.4 % (n = 48, related donors), 66.6 +- 35.8 %
(n = 14, shipped and mobilised) in the series of Fisher.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from progenitor.manufacture._cell_state import CellState
from progenitor.manufacture._step import Inputs, Outcome, Setting, Step, address

__all__ = ["STEP"]


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Thaw."""
    recovery = inputs.numbers["post_thaw_recovery"]
    died = state.viable * (1 - recovery)
    thawed = replace(state.kept(recovery), dead=state.dead + died)
    return Outcome(
        thawed.wait(inputs.settings["duration"]),
        gained=np.zeros_like(state.day),
        lost={"died in freezing and thawing": died},
    )


STEP: Final = Step(
    name="thaw",
    title="Thaw",
    run=run,
    settings=(Setting("duration", "day"),),
    parameters=(address("post_thaw_recovery"),),
    resources=("clinic", "operator"),
    measurements=("viability",),
    evidence=("CRYO-005", "NEW-009"),
)
