"""Grow the cells until there are enough of them, between a first and a last day.

The culture model runs to the last day; each lot is harvested on the first day of looking, from the
first allowed on, on which it holds the target number of T cells, and on the last day otherwise. A
lot that grew less than the recipe's minimum is stopped: poor growth was the most frequent reason
for failure beside viability in the UK (12 of 58; UK National CAR T Panel 2023).
"""

from dataclasses import replace
from typing import Final

import numpy as np
from jaxtyping import Float

from progenitor.manufacture._cell_state import CellState
from progenitor.manufacture._culture import CULTURE_NUMBERS, CULTURE_SETTINGS
from progenitor.manufacture._growth import UNSOLVED, grow, harvest_at
from progenitor.manufacture._step import Check, Inputs, Outcome, Setting, Step, address

__all__ = ["STEP"]

_GROWTH: Final = "poor growth"


def _looks(first: float, last: float, interval: float) -> Float[np.ndarray, " time"]:
    """List the times of looking, which include the first and the last day of harvest."""
    before = np.linspace(0, first, 1 + int(np.ceil(first / interval)))
    after = np.linspace(first, last, 1 + int(np.ceil((last - first) / interval)))
    return np.concatenate([before, after[1:]])


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Expand."""
    setting = inputs.settings
    first, last = inputs.fixed("minimum_duration"), inputs.fixed("maximum_duration")
    days = _looks(first, last, inputs.fixed("look_interval"))
    curve = grow(state, inputs, days)
    enough = curve.cells.sum(axis=2) >= setting["target_cells"][:, np.newaxis]
    ready = enough & (days >= first)
    index = np.where(ready.any(axis=1), ready.argmax(axis=1), len(days) - 1)
    grown = harvest_at(state, curve, index)
    rows = np.arange(len(index))
    lasted = days[index]
    spent = (
        grown.spend("materials", lasted * setting["medium_cost"])
        .spend("labour", lasted * setting["labour_cost"])
        .spend("facility", lasted * setting["facility_cost"])
    )
    growth = Check(_GROWTH, "expansion", "fold", grown.fold, setting["minimum_fold"], at_least=True)
    return Outcome(
        spent,
        gained=curve.born[rows, index],
        lost={"died in culture": curve.died[rows, index]},
        failures={UNSOLVED: ~curve.solved, _GROWTH: ~growth.passed},
        checks=(growth,),
        curve=replace(curve, harvested=index),
    )


STEP: Final = Step(
    name="expand",
    title="Expansion",
    run=run,
    settings=(
        Setting("minimum_duration", "day", fixed=True),
        Setting("maximum_duration", "day", fixed=True, above_zero=True),
        Setting("look_interval", "day", fixed=True, above_zero=True),
        Setting("target_cells", "cell"),
        Setting("minimum_fold", "1"),
        *CULTURE_SETTINGS,
        Setting("medium_cost", "USD/day"),
        Setting("labour_cost", "USD/day"),
        Setting("facility_cost", "USD/day"),
    ),
    parameters=tuple(address(quantity) for quantity in CULTURE_NUMBERS),
    cost_lines=("materials", "labour", "facility"),
    failure_modes=(UNSOLVED, _GROWTH),
    resources=("clean room", "culture device"),
    consumables=("medium", "cytokines"),
    measurements=("cell count", "glucose", "lactate"),
    evidence=("MFG-007", "TSCM-013a", "TSCM-013b"),
)
