r"""Bring blood stem cells into the blood with G-CSF and collect them by apheresis.

The wanted cells, CD34+, are a small share of what is collected. The donor is treated for some days
before, which is time from vein to vein and money for the drug.
"""

from dataclasses import replace
from typing import Final

from progenitor.manufacture._cell_state import PRECURSORS, CellState
from progenitor.manufacture._collection import collected
from progenitor.manufacture._step import Inputs, Outcome, Setting, Step

__all__ = ["STEP"]


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Mobilise and collect."""
    setting = inputs.settings
    outcome = collected(
        state,
        inputs,
        cells=setting["cells"],
        share=setting["share"],
        viability=setting["viability"],
    )
    taken = outcome.state.wait(setting["mobilisation"] + setting["duration"])
    return replace(outcome, state=taken.spend("apheresis", setting["cost"] + setting["drug_cost"]))


STEP: Final = Step(
    name="mobilise",
    title="Mobilisation and apheresis",
    run=run,
    settings=(
        Setting("cells", "cell"),
        Setting("share", "1", above_zero=True, most=1.0),
        Setting("viability", "1", above_zero=True, most=1.0),
        Setting("mobilisation", "day"),
        Setting("duration", "day"),
        Setting("drug_cost", "USD"),
        Setting("cost", "USD"),
    ),
    cost_lines=("apheresis",),
    words=("kind",),
    choices={"kind": PRECURSORS},
    resources=("collection unit", "clinic"),
    consumables=("mobilising drug", "apheresis set"),
    measurements=("CD34+ cells collected",),
    evidence=("CRYO-004",),
)
