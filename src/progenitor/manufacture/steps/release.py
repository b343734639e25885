"""Compare what was measured with the specification and release the lot, or say why not.

The first check that fails names the reason; all are kept and can be read. Limits follow ARI-0001
(Castella 2018, Table 2): viability >= 70 %, CD3+ >= 70 %, receptor >= 20 %, <= 10 copies per cell,
and a minimum number of receptor-positive cells.
"""

from typing import Final

import numpy as np

from progenitor.manufacture._cell_state import CellState
from progenitor.manufacture._step import Check, Inputs, Outcome, Setting, Step

__all__ = ["STEP"]

_CONTAMINATION: Final = "contamination"
_VIABILITY: Final = "low viability"
_PURITY: Final = "low purity"
_RECEPTOR: Final = "low receptor expression"
_COPIES: Final = "too many vector copies"
_YIELD: Final = "below minimum dose"


def _checks(state: CellState, inputs: Inputs) -> tuple[Check, ...]:
    """Judge every line of the specification, in the order in which reasons are named."""
    limit, seen = inputs.settings, state.measured
    return (
        Check(
            _CONTAMINATION,
            "positive sterility tests",
            "",
            seen["contaminated"],
            np.zeros_like(state.day),
            at_least=False,
        ),
        Check(
            _VIABILITY,
            "viability",
            "%",
            seen["viability"],
            limit["minimum_viability"],
            at_least=True,
        ),
        Check(_PURITY, "CD3+ cells", "%", seen["purity"], limit["minimum_purity"], at_least=True),
        Check(
            _RECEPTOR,
            "receptor-positive cells",
            "%",
            seen["car_fraction"],
            limit["minimum_car_fraction"],
            at_least=True,
        ),
        Check(
            _COPIES,
            "vector copies",
            "per cell",
            seen["vcn_per_cell"],
            limit["maximum_vector_copies"],
            at_least=False,
        ),
        Check(
            _YIELD,
            "receptor-positive viable cells",
            "cells",
            seen["car_cells"],
            limit["minimum_car_cells"],
            at_least=True,
        ),
    )


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Release the lot, or say why not."""
    checks = _checks(state, inputs)
    judged = state.wait(inputs.settings["duration"]).spend("release", inputs.settings["cost"])
    return Outcome(
        judged,
        gained=np.zeros_like(state.day),
        failures={check.reason: ~check.passed for check in checks},
        checks=checks,
    )


STEP: Final = Step(
    name="release",
    title="Release",
    run=run,
    settings=(
        Setting("minimum_viability", "1", most=1.0),
        Setting("minimum_purity", "1", most=1.0),
        Setting("minimum_car_fraction", "1", most=1.0),
        Setting("maximum_vector_copies", "copy/cell"),
        Setting("minimum_car_cells", "cell"),
        Setting("duration", "day"),
        Setting("cost", "USD"),
    ),
    cost_lines=("release",),
    failure_modes=(_CONTAMINATION, _VIABILITY, _PURITY, _RECEPTOR, _COPIES, _YIELD),
    resources=("qualified person",),
    evidence=("MFG-011",),
)
