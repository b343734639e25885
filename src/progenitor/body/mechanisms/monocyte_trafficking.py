r"""Monocytes of the graft leave the blood and settle as macrophages, a few of them in the tumour.

.. math::

    M' = -k_M M, \qquad
    \Phi_s' = f_s\,k_M M, \qquad \Phi_{tumour}' = f_{tumour} \frac{T}{T + K_H}\,k_M M

for the sites :math:`s` liver, lung, spleen and marrow. Classical monocytes stay in blood for about
a day (Patel 2017, doi:10.1084/jem.20170355). The shares are priors; that of the tumour decides much
and is higher in mice than in people.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Reaction, Rule, Species

__all__ = ["MECHANISM"]

SITES: Final = ("liver", "lung", "spleen", "marrow")

MECHANISM: Final = Mechanism(
    name="monocyte_trafficking",
    parameters=(
        "gmp/monocyte_loss_rate",
        *(f"macrophage/monocyte_share_{site}" for site in SITES),
        "macrophage/tumour_share",
        "macrophage/tumour_pull_half",
    ),
    species=(
        Species("monocytes_blood", "cell"),
        *(Species(f"macrophages_{site}", "cell") for site in (*SITES, "tumour")),
    ),
    rules=(
        Rule(
            "monocytes_to_tumour",
            "tumour_share * tumour_cells / (tumour_cells + tumour_pull_half)",
            "1",
        ),
        Rule(
            "monocytes_settling",
            f"monocytes_to_tumour + {' + '.join(f'monocyte_share_{site}' for site in SITES)}",
            "1",
        ),
    ),
    reactions=(
        *(
            Reaction(
                f"monocytes_to_{site}",
                f"{share} * monocyte_loss_rate * monocytes_blood",
                reactants={"monocytes_blood": 1},
                products={f"macrophages_{site}": 1},
            )
            for site, share in (
                *((site, f"monocyte_share_{site}") for site in SITES),
                ("tumour", "monocytes_to_tumour"),
            )
        ),
        Reaction(
            "monocyte_loss",
            "max(0, 1 - monocytes_settling) * monocyte_loss_rate * monocytes_blood",
            reactants={"monocytes_blood": 1},
        ),
    ),
)
