r"""Infused mature macrophages: held in the lung, trapped in liver and spleen, few in the tumour.

.. math::

    I' = -k_{lung} I, \qquad
    \Phi_s' = g_s\,k_{lung} I, \qquad
    \Phi_{tumour}' = \Bigl(1 - \sum_s g_s\Bigr) f_{tumour} \frac{T}{T + K_H}\,k_{lung} I

for the sites :math:`s` lung, liver and spleen. Of the cells that no organ traps, the tumour catches
the same share as of monocytes; the rest is lost. Indium-labelled macrophages lie in the lung in the
first hour, then in liver and spleen (Quillien 2001); shares from labelled cells in mice on day 7
(Lee 2020, doi:10.1371/journal.pone.0223814).
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

SITES: Final = ("lung", "liver", "spleen")

MECHANISM: Final = Mechanism(
    name="macrophage_infusion",
    parameters=(
        "macrophage/infused_release_rate",
        *(f"macrophage/infused_share_{site}" for site in SITES),
        "macrophage/tumour_share",
        "macrophage/tumour_pull_half",
    ),
    species=(
        Species("macrophages_infused", "cell"),
        *(Species(f"macrophages_{site}", "cell") for site in (*SITES, "tumour")),
    ),
    rules=(
        Rule(
            "infused_passing", f"max(0, 1 - {' - '.join(f'infused_share_{s}' for s in SITES)})", "1"
        ),
        Rule(
            "infused_to_tumour",
            "infused_passing * tumour_share * tumour_cells / (tumour_cells + tumour_pull_half)",
            "1",
        ),
    ),
    reactions=(
        *(
            Reaction(
                f"infused_to_{site}",
                f"{share} * infused_release_rate * macrophages_infused",
                reactants={"macrophages_infused": 1},
                products={f"macrophages_{site}": 1},
            )
            for site, share in (
                *((site, f"infused_share_{site}") for site in SITES),
                ("tumour", "infused_to_tumour"),
            )
        ),
        Reaction(
            "infused_loss",
            "(infused_passing - infused_to_tumour) * infused_release_rate * macrophages_infused",
            reactants={"macrophages_infused": 1},
        ),
    ),
    observables=(
        Observable(
            "infused_macrophages_in_lung",
            "macrophages_infused + macrophages_lung",
            "cell",
            "Infused macrophages in the lung",
        ),
    ),
)
