r"""Two causes of death accumulate hazard: the disease and everything else.

.. math::

    H' = \lambda_0 + \lambda_T \frac{T}{T + K_T}

A patient dies when :math:`H` first exceeds :math:`-\ln u` for a uniform :math:`u` drawn once per
patient, so the same patient is equally frail in every arm. Non-relapse mortality after CAR-T in
large B-cell lymphoma is 6.1 % (Cordas dos Santos 2024).
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="mortality",
    parameters=(
        "mortality/non_relapse_hazard",
        "mortality/disease_hazard",
        "mortality/disease_half_burden",
    ),
    species=(Species("death_hazard", "1", absolute_tolerance=1e-7),),
    reactions=(
        Reaction(
            "hazard",
            "non_relapse_hazard + disease_hazard * tumour_cells"
            " / (tumour_cells + disease_half_burden)",
            products={"death_hazard": 1},
        ),
    ),
    observables=(
        Observable("cumulative_hazard", "death_hazard", "1", "Cumulative hazard of death"),
    ),
)
