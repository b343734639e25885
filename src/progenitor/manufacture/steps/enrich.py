r"""Select T cells, all of them or the naive ones, and seed the culture.

.. math:: N_i' = N_i\, r\, k_i, \qquad O' = \min(O, \textstyle\sum_i N_i'\,(1 - \pi)/\pi)

``r`` is recovery, ``k`` the share of differentiated cells that a naive selection lets through (1
for a selection of all T cells) and ``pi`` the purity reached; no more than the seed enters the
culture, the rest is kept in reserve. Recovery 55 +- 6 % and purity 98 +- 4 %: Zhu 2018, Cytotherapy
20:394.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from progenitor.manufacture._cell_state import STAGES, CellState
from progenitor.manufacture._step import Inputs, Outcome, Setting, Step

__all__ = ["STEP"]

_NAIVE_LIKE: Final = np.isin(STAGES, ("tn", "tscm"))


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Select and seed."""
    setting = inputs.settings
    kept = np.where(_NAIVE_LIKE, 1, setting["differentiated_carryover"][:, np.newaxis])
    selected = state.cells * setting["recovery"][:, np.newaxis] * kept
    t_cells = selected.sum(axis=1)
    purity = setting["purity"]
    other = np.minimum(state.other, t_cells * (1 - purity) / purity)
    enough = np.divide(
        setting["seed_cells"],
        t_cells,
        out=np.ones_like(t_cells),
        where=t_cells > setting["seed_cells"],
    )
    dead = np.divide(state.dead, state.viable, out=np.zeros_like(other), where=state.viable > 0)
    seeded = replace(
        state,
        cells=selected * enough[:, np.newaxis],
        precursors=np.zeros_like(state.precursors),
        other=other * enough,
        dead=dead * (t_cells + other) * enough,
        seeded=t_cells * enough,
        process_days=setting["duration"],
    )
    spent = seeded.wait(setting["duration"]).spend("materials", setting["cost"])
    lost = {
        "not selected": state.viable - t_cells - other,
        "kept in reserve": (t_cells + other) * (1 - enough),
    }
    return Outcome(spent, gained=np.zeros_like(state.day), lost=lost)


STEP: Final = Step(
    name="enrich",
    title="Selection",
    run=run,
    settings=(
        Setting("recovery", "1", above_zero=True, most=1.0),
        Setting("purity", "1", above_zero=True, most=1.0),
        Setting("differentiated_carryover", "1", most=1.0),
        Setting("seed_cells", "cell", above_zero=True),
        Setting("duration", "day"),
        Setting("cost", "USD"),
    ),
    cost_lines=("materials",),
    resources=("clean room", "operator", "selection device"),
    consumables=("selection set", "antibody beads"),
    measurements=("purity", "recovery"),
    evidence=("MFG-009a", "MFG-009b"),
)
