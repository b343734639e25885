r"""Neutrophils gather where something grows, as many and as competent as the blood supplies.

.. math::

    N_+' = k_T \Bigl[N_{site}\,\frac{n}{n_0}\,q\,\frac{B}{B + K_B} - N_+\Bigr], \qquad
    N_-' = k_T \Bigl[N_{site}\,\frac{n}{n_0}\,(1 - q)\,\frac{B}{B + K_B} - N_-\Bigr]

:math:`N_\pm` are neutrophils per volume of infected tissue with and without an oxidase, :math:`q`
the competent share in blood, :math:`n/n_0` the neutrophil count relative to rest, :math:`B`
bacteria and fungi at the site. Tens of millions per millilitre gather in full inflammation; the
site is small, so the blood does not notice what it gives.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

KINDS: Final = ("competent", "deficient")

MECHANISM: Final = Mechanism(
    name="tissue_neutrophils",
    parameters=(
        "infection/site_neutrophils",
        "infection/recruitment_half_load",
        "infection/tissue_turnover_rate",
        "host/neutrophil_count",
        "host/blood_volume",
    ),
    species=(
        *(Species(f"tissue_{kind}", "cell/uL", absolute_tolerance=1e-3) for kind in KINDS),
        Species("bacteria", "cell", countable=True),
        Species("fungus", "cell", countable=True),
    ),
    rules=(
        Rule("infection_load", "bacteria + fungus", "cell"),
        Rule("recruitment", "infection_load / (infection_load + recruitment_half_load)", "1"),
        Rule("site_per_blood", "site_neutrophils / (neutrophil_count * blood_volume)", "1/uL"),
        *(
            Rule(f"{kind}_at_site", f"site_per_blood * {kind}_neutrophils", "cell/uL")
            for kind in KINDS
        ),
    ),
    reactions=tuple(
        reaction
        for kind in KINDS
        for reaction in (
            Reaction(
                f"tissue_{kind}_arrival",
                f"tissue_turnover_rate * recruitment * {kind}_at_site",
                products={f"tissue_{kind}": 1},
            ),
            Reaction(
                f"tissue_{kind}_loss",
                f"tissue_turnover_rate * tissue_{kind}",
                reactants={f"tissue_{kind}": 1},
            ),
        )
    ),
    observables=(
        Observable(
            "tissue_neutrophils_at_site",
            "tissue_competent + tissue_deficient",
            "cell/uL",
            "Neutrophils in infected tissue",
        ),
        Observable("microbes_in_tissue", "infection_load", "cell", "Bacteria and fungi in tissue"),
    ),
)
