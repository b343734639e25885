r"""Test the lot by its specification, line by line, and release it or say why not.

Each line is read with the error of its method (``SpecificationLine.seen``); lines judged before
release decide, post-release lines are kept with their result and stop nothing. Testing takes as
long as the slowest line that must be known. The first line that fails names the reason.
"""

from dataclasses import replace
from typing import Final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.errors import SimulationError
from progenitor.manufacture._cell_state import CellState
from progenitor.manufacture._quality import true_quality
from progenitor.manufacture._specification import REASONS
from progenitor.manufacture._step import Check, Inputs, Outcome, Setting, Step, address

__all__ = ["STEP"]

_PERCENT: Final = ("viability", "purity", "car_fraction", "residual_tcr")


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Test and judge."""
    rules = inputs.specification
    if rules is None:
        message = (
            f"step {inputs.label!r} has nothing to judge by: give 'specification:' in the recipe."
        )
        raise SimulationError(message)
    chance = inputs.numbers["contamination_probability"]
    dirty = np.where(inputs.uniforms("contamination") < chance, 1.0, 0.0)
    dirty = np.maximum(dirty, state.contaminated)
    of = next((line.of for line in rules.judged if line.quantity == "purity" and line.of), ())
    truth = true_quality(
        state, inputs.gives, recovery=inputs.settings["recovery"], contaminated=dirty, counted=of
    )
    checks: list[Check] = []
    failures: dict[str, Bool[np.ndarray, " lot"]] = {}
    measured: dict[str, Float[np.ndarray, " lot"]] = {}
    for line in rules.judged:
        seen = line.seen(
            truth[line.quantity],
            inputs.normals(line.quantity),
            inputs.uniforms(f"found {line.quantity}"),
        )
        measured[line.quantity] = seen
        unit = "%" if line.quantity in _PERCENT else line.unit.removeprefix("1")
        limit = np.full_like(seen, line.limit)
        check = Check(line.reason, line.title, unit, seen, limit, at_least=line.at_least)
        checks.append(check)
        if line.gate != "post-release":
            failed = ~line.passes(seen)
            failures[line.reason] = failures.get(line.reason, np.zeros_like(failed)) | failed
    days = np.maximum(inputs.settings["duration"], rules.turnaround)
    tested = replace(state, measured=measured, contaminated=dirty).wait(days)
    spent = tested.spend("quality control", inputs.settings["cost"])
    return Outcome(
        spent.spend("release", inputs.settings["release_cost"]),
        gained=np.zeros_like(state.day),
        failures=failures,
        checks=tuple(checks),
    )


STEP: Final = Step(
    name="certify",
    title="Testing and release",
    run=run,
    settings=(
        Setting("recovery", "1", above_zero=True, most=1.0),
        Setting("duration", "day"),
        Setting("cost", "USD"),
        Setting("release_cost", "USD"),
    ),
    parameters=(address("contamination_probability"),),
    cost_lines=("quality control", "release"),
    failure_modes=tuple(dict.fromkeys(REASONS.values())),
    resources=("QC laboratory", "qualified person"),
    consumables=("test kits",),
    measurements=tuple(REASONS),
    evidence=("LOG-017a", "MFG-011"),
)
