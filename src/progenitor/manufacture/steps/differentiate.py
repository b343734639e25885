r"""Turn cells of one kind into another through a chain of stages (Erlang), dividing on the way.

What arrives after ``duration`` is :math:`N s\,a(T)` with ``s`` survival and ``a`` the passage of
:func:`progenitor.manufacture._erlang.erlang_passage`; what is still on its way counts as the kind
it set out as, and a share ``debris`` of the dead is still seen at the end. Cells of other kinds
that came along die in the same share (assumed: nothing keeps them alive better). Stem cells become
T cells over a Notch ligand, progenitors become macrophages.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from progenitor.manufacture._cell_state import PRECURSORS, STAGES, CellState
from progenitor.manufacture._collection import column_of
from progenitor.manufacture._erlang import erlang_passage
from progenitor.manufacture._step import Inputs, Outcome, Setting, Step

__all__ = ["STEP"]


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Differentiate."""
    setting = inputs.settings
    source, target = inputs.words["path"]
    column = column_of(source, inputs.label)
    under_way, arrived = erlang_passage(
        setting["duration"], setting["mean_time"], setting["fold"], int(inputs.fixed("stages"))
    )
    start = state.precursors[:, column]
    survivors = start * setting["survival"]
    cells, precursors = state.cells.copy(), state.precursors.copy()
    precursors[:, column] = survivors * under_way
    if target in STAGES:
        cells[:, STAGES.index(target)] += survivors * arrived
    else:
        precursors[:, PRECURSORS.index(target)] += survivors * arrived
    made = np.maximum(survivors * (under_way + arrived - 1), 0)
    shrunk = np.maximum(survivors * (1 - under_way - arrived), 0)
    died = (start + state.other) * (1 - setting["survival"])
    growth = np.divide(made, survivors, out=np.zeros_like(made), where=survivors > 0)
    grown = replace(
        state,
        cells=cells,
        precursors=precursors,
        other=state.other * setting["survival"],
        dead=(state.dead + died + shrunk) * setting["debris"],
        divisions=state.divisions + np.log2(1 + growth),
        chromosome_loss=state.chromosome_loss / (1 + growth),
        process_days=state.process_days + setting["duration"],
        vessel="differentiation vessel",
    )
    spent = (
        grown.wait(setting["duration"])
        .spend("materials", setting["cost"] + setting["duration"] * setting["medium_cost"])
        .spend("labour", setting["duration"] * setting["labour_cost"])
        .spend("facility", setting["duration"] * setting["facility_cost"])
    )
    lost = {"died on the way": died + shrunk}
    return Outcome(spent, gained=made, lost=lost)


STEP: Final = Step(
    name="differentiate",
    title="Differentiation",
    run=run,
    settings=(
        Setting("duration", "day"),
        Setting("mean_time", "day", above_zero=True),
        Setting("stages", "1", fixed=True, above_zero=True),
        Setting("fold", "1"),
        Setting("survival", "1", most=1.0),
        Setting("debris", "1", default=1.0, most=1.0),
        Setting("cost", "USD"),
        Setting("medium_cost", "USD/day"),
        Setting("labour_cost", "USD/day"),
        Setting("facility_cost", "USD/day"),
    ),
    cost_lines=("materials", "labour", "facility"),
    words=("path",),
    choices={"path": (*PRECURSORS, *STAGES)},
    resources=("clean room", "culture device"),
    consumables=("medium", "cytokines", "Notch ligand"),
    measurements=("share arrived",),
    evidence=("SEED-017", "SEED-020", "SEED-032"),
)
