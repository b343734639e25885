r"""Give the receptor gene by viral vector to cells that were not activated through CD3 and CD28.

.. math:: m = MOI\, \epsilon\, a, \qquad P(\ge 1) = 1 - (1 + m/k)^{-k}

As ``transduce``, with the permissiveness ``a`` of the cells in place of activation: cycling blood
progenitors, or monocytes and a vector that enters them.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from progenitor.manufacture._cell_state import CellState
from progenitor.manufacture._copies import transduced_share
from progenitor.manufacture._step import Inputs, Outcome, Setting, Step, address

__all__ = ["STEP"]


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Transduce."""
    number, setting = inputs.numbers, inputs.settings
    particles = setting["multiplicity_of_infection"]
    hits = particles * number["vector_hits_per_particle"] * setting["permissiveness"]
    survival = number["transduction_survival"]
    died = state.viable * (1 - survival)
    infected = replace(
        state.kept(survival),
        dead=state.dead + died,
        car_fraction=transduced_share(hits, number["transduction_dispersion"]),
        vcn_per_cell=hits,
        vcn_dispersion=number["transduction_dispersion"],
    )
    return Outcome(
        infected.spend("vector", particles * state.viable * setting["vector_cost"]),
        gained=np.zeros_like(state.day),
        lost={"died in transduction": died},
    )


STEP: Final = Step(
    name="infect",
    title="Transduction of progenitors",
    run=run,
    settings=(
        Setting("permissiveness", "1"),
        Setting("multiplicity_of_infection", "TU/cell"),
        Setting("vector_cost", "USD/TU"),
    ),
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
    evidence=("SEED-021",),
)
