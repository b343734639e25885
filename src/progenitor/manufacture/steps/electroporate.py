r"""Cut genes in living cells by electroporation of a nuclease, at one or several loci at once.

Loci are cut together in cells that took up the editor (:mod:`progenitor.manufacture._genotype`).
Two cuts in a cell may be joined to each other, and the arm beyond a cut may be lost:

.. math:: t = r \sum_{k<l} P(k, l), \qquad c = c_0 \sum_l e_l

``r`` rearrangements per pair of cuts and ``c0`` losses per cut; losses fade while cells divide.
With ``knock_in``, that share of cells cut at the first locus takes the receptor gene there, one
copy each, so every receptor-positive cell is edited at it. ``off_target_load`` is the number of
edits elsewhere per cell from a table of sites (``load_off_targets``); NaN: nobody looked.
"""

from dataclasses import replace
from itertools import combinations
from typing import Final

import numpy as np
from jaxtyping import Float

from progenitor.manufacture._cell_state import CellState
from progenitor.manufacture._editing import knocked_in
from progenitor.manufacture._genotype import apply_edits, joint_genotypes, spread_over
from progenitor.manufacture._step import Inputs, Outcome, Setting, Step, address

__all__ = ["STEP"]


def _edited(state: CellState, inputs: Inputs) -> tuple[CellState, Float[np.ndarray, " lot"]]:
    """Genotypes after the cut, and rearrangements per cell."""
    loci = inputs.words["edits"]
    every = (*state.loci, *(locus for locus in loci if locus not in state.loci))
    efficiency = np.stack(
        [
            inputs.numbers[f"{locus}_efficiency"] if locus in loci else np.zeros_like(state.day)
            for locus in every
        ],
        axis=1,
    )
    joint = joint_genotypes(efficiency, inputs.numbers["editor_uptake"])
    wider = spread_over(state.genotypes, state.loci, every)
    edited = replace(state, loci=every, genotypes=apply_edits(wider, joint))
    bits = (np.arange(joint.shape[1])[:, np.newaxis] >> np.arange(len(every))) & 1
    pairs = [
        (joint * (bits[:, one] & bits[:, two])).sum(axis=1)
        for one, two in combinations(range(len(every)), 2)
    ]
    return edited, sum(pairs, np.zeros_like(state.day))


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Electroporate."""
    number, setting = inputs.numbers, inputs.settings
    edited, pairs = _edited(state, inputs)
    cuts = sum(
        (number[f"{locus}_efficiency"] for locus in inputs.words["edits"]), np.zeros_like(pairs)
    )
    survival = number["electroporation_survival"]
    died = state.viable * (1 - survival)
    cut = replace(
        knocked_in(edited, inputs.words["edits"][0], setting["knock_in"]).kept(survival),
        dead=state.dead + died,
        translocated=np.clip(state.translocated + number["translocation_rate"] * pairs, 0, 1),
        chromosome_loss=np.clip(
            state.chromosome_loss + number["chromosome_loss_per_cut"] * cuts, 0, 1
        ),
        off_target_load=np.where(
            setting["off_target_load"] < 0, state.off_target_load, setting["off_target_load"]
        ),
    )
    spent = cut.wait(setting["duration"]).spend("editing", setting["cost"])
    return Outcome(
        spent,
        gained=np.zeros_like(state.day),
        lost={"died in electroporation": died},
    )


STEP: Final = Step(
    name="electroporate",
    title="Gene editing",
    run=run,
    settings=(
        Setting("duration", "day"),
        Setting("cost", "USD"),
        Setting("knock_in", "1", default=0.0, most=1.0),
        Setting("off_target_load", "1", default=-1.0),
    ),
    parameters=(
        address("electroporation_survival"),
        "edit/chromosome_loss_per_cut",
        "edit/editor_uptake",
        "edit/translocation_rate",
    ),
    parameters_of=lambda words: tuple(f"edit/{locus}_efficiency" for locus in words["edits"]),
    cost_lines=("editing",),
    words=("edits",),
    resources=("clean room", "operator", "electroporator"),
    consumables=("nuclease", "guide RNA", "electroporation cassette"),
    measurements=("editing by locus", "translocations", "off-target edits"),
    evidence=("EDIT-002a", "EDIT-003", "EDIT-004", "EDIT-005", "EDIT-006", "NEW-022"),
)
