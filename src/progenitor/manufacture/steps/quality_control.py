r"""Test a thawed vial of the lot: what is measured is the truth with the error of each method.

Shares are counted on a number of cells, so their standard error is :math:`\sqrt{p(1-p)/n}`; counts
and vector copies carry a lognormal error given as a coefficient of variation. The dose is the
measured number of viable T cells after thaw times the measured share with the receptor. A lot is
contaminated with the probability of the catalogue.
"""

from dataclasses import replace
from typing import Final

import numpy as np
from jaxtyping import Float

from progenitor.manufacture._cell_state import CellState
from progenitor.manufacture._step import Inputs, Outcome, Setting, Step, address

__all__ = ["STEP"]


def _counted(
    truth: Float[np.ndarray, " lot"],
    number: Float[np.ndarray, " lot"],
    inputs: Inputs,
    purpose: str,
) -> Float[np.ndarray, " lot"]:
    """Count a share on a limited number of cells; normal limit of the binomial."""
    error = np.sqrt(np.maximum(truth * (1 - truth), 0) / number) * inputs.normals(purpose)
    seen: Float[np.ndarray, " lot"] = np.clip(truth + error, 0, 1)
    return seen


def _assayed(
    truth: Float[np.ndarray, " lot"],
    variation: Float[np.ndarray, " lot"],
    inputs: Inputs,
    purpose: str,
) -> Float[np.ndarray, " lot"]:
    """Read a quantity with lognormal error; its median is the truth."""
    spread = np.sqrt(np.log1p(variation**2))
    read: Float[np.ndarray, " lot"] = truth * np.exp(spread * inputs.normals(purpose))
    return read


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Measure."""
    number, setting = inputs.numbers, inputs.settings
    alive = state.viable * number["post_thaw_recovery"]
    viability = alive / (state.viable + state.dead)
    gated = setting["cells_gated"]
    car = _counted(state.car_fraction, gated, inputs, "car fraction")
    count = _assayed(
        state.t_cells * number["post_thaw_recovery"], number["cell_count_error"], inputs, "count"
    )
    measured = {
        "viability": _counted(viability, setting["cells_counted"], inputs, "viability"),
        "purity": _counted(state.purity, gated, inputs, "purity"),
        "car_fraction": car,
        "vcn_per_cell": _assayed(
            state.vcn_per_cell, number["vector_copy_error"], inputs, "vector copies"
        ),
        "car_cells": count * car,
        "contaminated": np.where(
            inputs.uniforms("contamination") < number["contamination_probability"], 1.0, 0.0
        ),
    }
    tested = replace(state, measured=measured, contaminated=measured["contaminated"])
    tested = tested.wait(setting["duration"])
    return Outcome(
        tested.spend("quality control", setting["cost"]), gained=np.zeros_like(state.day)
    )


STEP: Final = Step(
    name="quality_control",
    title="Quality control",
    run=run,
    settings=(
        Setting("duration", "day"),
        Setting("cells_counted", "1", above_zero=True),
        Setting("cells_gated", "1", above_zero=True),
        Setting("cost", "USD"),
    ),
    parameters=tuple(
        address(quantity)
        for quantity in (
            "cell_count_error",
            "contamination_probability",
            "post_thaw_recovery",
            "vector_copy_error",
        )
    ),
    cost_lines=("quality control",),
    resources=("QC laboratory",),
    consumables=("test kits",),
    measurements=(
        "viability",
        "purity",
        "receptor-positive share",
        "vector copies per cell",
        "sterility",
    ),
    evidence=("LOG-017a",),
)
