r"""Give the receptor gene by viral vector; hits per cell are over-dispersed.

.. math:: m = MOI\, \epsilon\, A, \qquad P(\ge 1) = 1 - (1 + m/k)^{-k}

The number of copies in a cell is gamma-Poisson with mean ``m`` and dispersion ``k``: some cells are
far more permissive than others, and activation ``A`` opens them. Copies per cell are ``m``, per
receptor-positive cell ``m / P``. Plain Poisson would need 4 to 5 times fewer copies for the same
share: ARI-0001 batches have 26.0, 41.9 and 39.7 % with 1.45, 2.32 and 2.51 copies per cell
(Castella 2018, Table 2, doi:10.1016/j.omtm.2018.11.010).
"""

from dataclasses import replace
from typing import Final

import numpy as np

from progenitor.manufacture._cell_state import CellState
from progenitor.manufacture._copies import transduced_share
from progenitor.manufacture._step import Inputs, Outcome, Setting, Step, address

__all__ = ["STEP", "transduced_share"]


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Transduce."""
    number, setting = inputs.numbers, inputs.settings
    particles = setting["multiplicity_of_infection"]
    hits = particles * number["vector_hits_per_particle"] * state.activation
    survival = number["transduction_survival"]
    died = state.viable * (1 - survival)
    transduced = replace(
        state.kept(survival),
        dead=state.dead + died,
        car_fraction=transduced_share(hits, number["transduction_dispersion"]),
        vcn_per_cell=hits,
        vcn_dispersion=number["transduction_dispersion"],
    )
    vector = particles * state.viable * setting["vector_cost"]
    return Outcome(
        transduced.spend("vector", vector),
        gained=np.zeros_like(state.day),
        lost={"died in transduction": died},
    )


STEP: Final = Step(
    name="transduce",
    title="Transduction",
    run=run,
    settings=(Setting("multiplicity_of_infection", "TU/cell"), Setting("vector_cost", "USD/TU")),
    parameters=tuple(
        address(quantity)
        for quantity in (
            "transduction_dispersion",
            "transduction_survival",
            "vector_hits_per_particle",
        )
    ),
    cost_lines=("vector",),
    resources=("clean room", "operator"),
    consumables=("vector",),
    measurements=("receptor-positive share", "vector copies per cell"),
    evidence=("MFG-008",),
)
