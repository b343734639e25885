r"""An antibody against PD-1: two compartments, and the receptors it occupies.

.. math::

    A' = -\Bigl(Cl + Q + \frac{V_{max}}{K_m + c}\Bigr) c + \frac{Q}{V_p} A_p, \qquad
    A_p' = Q\,c - \frac{Q}{V_p} A_p, \qquad c = \frac{A}{V}, \qquad
    o = o_{max}\frac{c}{c + K_o}

Disposition of pembrolizumab: Ahamadi 2017 (doi:10.1002/psp4.12139, Table 3); loss through the
receptor, which matters at low levels, and occupancy from the interleukin-2 release it restores in
blood: Elassaiss-Schaap 2017 (doi:10.1002/psp4.12132, Table 2); mice: Lindauer 2017
(doi:10.1002/psp4.12130). Body weight is left out. A dose is given to ``checkpoint_inhibitor``.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="checkpoint_inhibitor",
    parameters=(
        "checkpoint/inhibitor_clearance",
        "checkpoint/inhibitor_receptor_loss",
        "checkpoint/inhibitor_receptor_half_level",
        "checkpoint/inhibitor_exchange",
        "checkpoint/inhibitor_central_volume",
        "checkpoint/inhibitor_peripheral_volume",
        "checkpoint/inhibitor_half_occupancy",
        "checkpoint/inhibitor_largest_occupancy",
    ),
    species=(
        Species("checkpoint_inhibitor", "ug", absolute_tolerance=1e-6),
        Species("checkpoint_inhibitor_tissue", "ug", absolute_tolerance=1e-6),
    ),
    rules=(
        Rule("inhibitor_level", "checkpoint_inhibitor / inhibitor_central_volume", "ug/mL"),
        Rule(
            "receptor_occupancy",
            "inhibitor_largest_occupancy * inhibitor_level"
            " / (inhibitor_level + inhibitor_half_occupancy)",
            "1",
        ),
    ),
    reactions=(
        Reaction(
            "inhibitor_elimination",
            "inhibitor_clearance * inhibitor_level",
            reactants={"checkpoint_inhibitor": 1},
        ),
        Reaction(
            "inhibitor_lost_to_receptor",
            "inhibitor_receptor_loss * inhibitor_level"
            " / (inhibitor_level + inhibitor_receptor_half_level)",
            reactants={"checkpoint_inhibitor": 1},
        ),
        Reaction(
            "inhibitor_to_tissue",
            "inhibitor_exchange * inhibitor_level",
            reactants={"checkpoint_inhibitor": 1},
            products={"checkpoint_inhibitor_tissue": 1},
        ),
        Reaction(
            "inhibitor_from_tissue",
            "inhibitor_exchange * checkpoint_inhibitor_tissue / inhibitor_peripheral_volume",
            reactants={"checkpoint_inhibitor_tissue": 1},
            products={"checkpoint_inhibitor": 1},
        ),
    ),
    observables=(
        Observable(
            "inhibitor_in_plasma", "inhibitor_level", "ug/mL", "Checkpoint inhibitor in plasma"
        ),
        Observable("occupied_receptors", "receptor_occupancy", "1", "Occupied PD-1 receptors"),
    ),
)
