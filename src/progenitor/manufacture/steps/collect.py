r"""Take cells that need no mobilisation: a cord-blood unit, monocytes, or a vial of a cell line.

What is collected is one kind of cell, ``kind``, as a ``share`` of viable cells; the rest comes
along and is removed by selection. Cord-blood units keep for a decade (HSPC-008).
"""

from dataclasses import replace
from typing import Final

from progenitor.manufacture._cell_state import PRECURSORS, CellState
from progenitor.manufacture._collection import collected
from progenitor.manufacture._step import Inputs, Outcome, Setting, Step

__all__ = ["STEP"]


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Collect."""
    setting = inputs.settings
    outcome = collected(
        state,
        inputs,
        cells=setting["cells"],
        share=setting["share"],
        viability=setting["viability"],
    )
    taken = outcome.state.wait(setting["duration"])
    return replace(outcome, state=taken.spend("apheresis", setting["cost"]))


STEP: Final = Step(
    name="collect",
    title="Collection",
    run=run,
    settings=(
        Setting("cells", "cell"),
        Setting("share", "1", above_zero=True, most=1.0),
        Setting("viability", "1", above_zero=True, most=1.0),
        Setting("duration", "day"),
        Setting("cost", "USD"),
    ),
    cost_lines=("apheresis",),
    words=("kind",),
    choices={"kind": PRECURSORS},
    resources=("collection unit",),
    consumables=("collection set",),
    measurements=("cells collected",),
    evidence=("HSPC-008", "NEW-010"),
)
