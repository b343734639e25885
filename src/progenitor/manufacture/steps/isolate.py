r"""Select cells of one kind by a surface marker, CD34 or CD14, and seed the culture.

.. math:: N' = N r, \qquad O' = \min(O, N' (1 - \pi)/\pi)

``r`` is recovery and ``pi`` the purity reached; no more than the seed enters the culture.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from progenitor.manufacture._cell_state import PRECURSORS, CellState
from progenitor.manufacture._collection import column_of
from progenitor.manufacture._step import Inputs, Outcome, Setting, Step

__all__ = ["STEP"]


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Select and seed."""
    setting = inputs.settings
    (kind,) = inputs.words["kind"]
    column = column_of(kind, inputs.label)
    wanted = state.precursors[:, column] * setting["recovery"]
    purity = setting["purity"]
    company = state.viable - state.precursors[:, column]
    other = np.minimum(company, wanted * (1 - purity) / purity)
    seed = setting["seed_cells"]
    enough = np.divide(seed, wanted, out=np.ones_like(wanted), where=wanted > seed)
    precursors = np.zeros_like(state.precursors)
    precursors[:, column] = wanted * enough
    dead = np.divide(state.dead, state.viable, out=np.zeros_like(other), where=state.viable > 0)
    seeded = replace(
        state,
        cells=np.zeros_like(state.cells),
        precursors=precursors,
        other=other * enough,
        dead=dead * (wanted + other) * enough,
        seeded=wanted * enough,
        process_days=state.process_days + setting["duration"],
    )
    lost = {
        "not selected": state.viable - wanted - other,
        "kept in reserve": (wanted + other) * (1 - enough),
    }
    spent = seeded.wait(setting["duration"]).spend("materials", setting["cost"])
    return Outcome(spent, gained=np.zeros_like(state.day), lost=lost)


STEP: Final = Step(
    name="isolate",
    title="Isolation",
    run=run,
    settings=(
        Setting("recovery", "1", above_zero=True, most=1.0),
        Setting("purity", "1", above_zero=True, most=1.0),
        Setting("seed_cells", "cell", above_zero=True),
        Setting("duration", "day"),
        Setting("cost", "USD"),
    ),
    cost_lines=("materials",),
    words=("kind",),
    choices={"kind": PRECURSORS},
    resources=("clean room", "operator", "selection device"),
    consumables=("selection set", "antibody beads"),
    measurements=("purity", "recovery"),
    evidence=("MFG-009a",),
)
