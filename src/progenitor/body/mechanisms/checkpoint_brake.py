r"""PD-L1 in the tumour holds back T cells that carry PD-1, those of the host and of the product.

.. math::

    \ell = \ell_0 + (1-\ell_0)\frac{I_\gamma}{I_\gamma + K_\ell}, \qquad
    b_{host} = b_{max}\,\ell\,(1-o^\gamma), \qquad b_{product} = \psi\,(1-\xi)\,b_{host}

:math:`\ell` is how much ligand the tumour shows: interferon-gamma raises it (adaptive resistance),
so an attack meets a stronger brake. :math:`o` is the share of receptors an antibody occupies, whose
effect on tumours in mice rises with its power :math:`\gamma` = 2.28 (Lindauer 2017,
doi:10.1002/psp4.12130); :math:`\xi` the share of product cells in which the receptor was edited
away and :math:`\psi` how much of the brake a synthetic receptor feels at all. How strong the full
brake is has not been measured in people; that it matters is shown by antibodies, which shrink
tumours that show the ligand (9 of 25) and not those that do not (0 of 17; Topalian 2012,
doi:10.1056/NEJMoa1200690). The structural alternative is ``checkpoint_brake_none``.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Rule, Species

__all__ = ["MECHANISM"]

LIGAND: Final = (
    "ligand_at_rest + (1 - ligand_at_rest) * {level} / ({level} + ligand_half_interferon)"
)

MECHANISM: Final = Mechanism(
    name="checkpoint_brake",
    parameters=(
        "checkpoint/brake_strength",
        "checkpoint/ligand_at_rest",
        "checkpoint/ligand_half_interferon",
        "checkpoint/release_steepness",
        "checkpoint/product_sensitivity",
        "cytokine/interferon_gamma_baseline",
    ),
    inputs={"checkpoint_knockout": "1"},
    species=(
        Species(
            "interferon_gamma",
            "pg/mL",
            initial="interferon_gamma_baseline",
            absolute_tolerance=1e-3,
        ),
    ),
    rules=(
        Rule("ligand_shown", LIGAND.format(level="interferon_gamma"), "1"),
        Rule(
            "brake_at_rest",
            f"brake_strength * ({LIGAND.format(level='interferon_gamma_baseline')})",
            "1",
        ),
        Rule(
            "brake_on_host",
            "brake_strength * ligand_shown * (1 - receptor_occupancy ** release_steepness)",
            "1",
        ),
        Rule(
            "brake_on_product",
            "product_sensitivity * (1 - checkpoint_knockout) * brake_on_host",
            "1",
        ),
    ),
    observables=(
        Observable("host_t_cell_brake", "brake_on_host", "1", "Checkpoint brake on host T cells"),
        Observable("product_brake", "brake_on_product", "1", "Checkpoint brake on the product"),
    ),
)
