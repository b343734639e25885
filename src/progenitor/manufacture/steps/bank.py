r"""Keep the doses frozen until somebody orders one; storage is paid by the day.

Vein-to-vein of a banked product begins with the order, which comes at the end of this step: cells
were made before there was a patient, whose tissue type is not the donor's: a banked lot carries a
type below 0, which no patient has. A bank without a whole dose cannot serve and is stopped.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from progenitor.manufacture._cell_state import CellState
from progenitor.manufacture._step import Check, Inputs, Outcome, Setting, Step

__all__ = ["STEP"]

_EMPTY: Final = "no whole dose"


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Bank."""
    setting = inputs.settings
    stored = state.wait(setting["duration"]).spend(
        "storage", setting["duration"] * setting["storage_cost"]
    )
    enough = Check(
        _EMPTY, "doses in the bank", "", state.doses, setting["minimum_doses"], at_least=True
    )
    return Outcome(
        replace(stored, ordered_day=stored.day, vessel="bank", hla=-1 - stored.hla),
        gained=np.zeros_like(state.day),
        failures={_EMPTY: ~enough.passed},
        checks=(enough,),
    )


STEP: Final = Step(
    name="bank",
    title="Bank",
    run=run,
    settings=(
        Setting("duration", "day"),
        Setting("minimum_doses", "1"),
        Setting("storage_cost", "USD/day"),
    ),
    cost_lines=("storage",),
    failure_modes=(_EMPTY,),
    resources=("freezer",),
    measurements=("stability",),
    evidence=("HSPC-008",),
)
