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
from jaxtyping import Float

from progenitor.manufacture._cell_state import CellState
from progenitor.manufacture._step import Inputs, Outcome, Setting, Step, address

__all__ = ["STEP", "transduced_share"]


def transduced_share(
    mean_hits: Float[np.ndarray, " lot"], dispersion: Float[np.ndarray, " lot"]
) -> Float[np.ndarray, " lot"]:
    """Share of cells with at least one copy when copies are gamma-Poisson.

    Parameters
    ----------
    mean_hits
        Mean copies per cell, (lot,).
    dispersion
        Shape of the gamma mixing, (lot,); Poisson as it grows.

    Examples
    --------
    >>> transduced_share(np.array([2.0, 0.0]), np.array([0.2, 0.2])).round(3)
    array([0.381, 0.   ])
    """
    share: Float[np.ndarray, " lot"] = -np.expm1(-dispersion * np.log1p(mean_hits / dispersion))
    return share


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Transduce."""
    number, setting = inputs.numbers, inputs.settings
    particles = setting["multiplicity_of_infection"]
    hits = particles * number["vector_hits_per_particle"] * state.activation
    survival = number["transduction_survival"]
    died = state.viable * (1 - survival)
    transduced = replace(
        state,
        cells=state.cells * survival[:, np.newaxis],
        other=state.other * survival,
        dead=state.dead + died,
        car_fraction=transduced_share(hits, number["transduction_dispersion"]),
        vcn_per_cell=hits,
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
)
