r"""Remove cells that an edit should have changed: those that still show the T-cell receptor.

.. math:: N' = N r \left[ P(edited) + \epsilon\, P(unedited) \right]

``epsilon`` is the share of unedited cells left behind, ``r`` the recovery of the others. What is
left unedited decides the risk of graft-versus-host disease: residual receptor-positive share times
dose.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from progenitor.manufacture._cell_state import CellState
from progenitor.manufacture._editing import without_unedited
from progenitor.manufacture._step import Inputs, Outcome, Setting, Step

__all__ = ["STEP"]


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Deplete."""
    setting = inputs.settings
    (locus,) = inputs.words["locus"]
    left, kept = without_unedited(state, locus, residual=setting["residual"])
    share = kept * setting["recovery"]
    counted = left.kept(share)
    counted = replace(counted, dead=state.dead * share)
    spent = counted.wait(setting["duration"]).spend("materials", setting["cost"])
    return Outcome(
        spent,
        gained=np.zeros_like(state.day),
        lost={"depleted or lost in depletion": state.viable - counted.viable},
    )


STEP: Final = Step(
    name="deplete",
    title="Depletion",
    run=run,
    settings=(
        Setting("residual", "1", most=1.0),
        Setting("recovery", "1", above_zero=True, most=1.0),
        Setting("duration", "day"),
        Setting("cost", "USD"),
    ),
    cost_lines=("materials",),
    words=("locus",),
    resources=("clean room", "operator", "selection device"),
    consumables=("selection set", "antibody beads"),
    measurements=("residual receptor-positive share",),
    evidence=("ALLO-008c",),
)
