r"""A graft of CD34+ cells: stem cells find the niche, edited or not, and progenitors come along.

.. math::

    I' = -k I, \qquad L' = e\,f_L k I, \qquad L_h' = (1-e) f_L k I, \qquad
    X_{ST}' = e\,f_{ST} k I, \qquad X_{MPP}' = e\,f_{MPP} k I

:math:`f` are the shares of long-term, short-term and multipotent cells that engraft and :math:`e`
the share of them that carries the edit. The graft is the patient's own, so what was not edited
competes as host stem cells do. Shares: the public model of stem cell gene therapy that scaled
Zheng 2021 (doi:10.1002/psp4.12638) to an immune system.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="hsc_infusion",
    parameters=(
        "hsc/stem_release_rate",
        "hsc/edited_share",
        "hsc/long_term_share",
        "hsc/short_term_share",
        "hsc/multipotent_share",
        "hsc/stem_capacity",
    ),
    species=(
        Species("hsc_infused", "cell"),
        Species("hsc_niche", "cell"),
        Species("host_hsc", "cell", initial="stem_capacity"),
        Species("short_term_late", "cell"),
        Species("multipotent_late", "cell"),
    ),
    reactions=(
        *(
            Reaction(
                f"{heir}_engrafts",
                f"{edit} * {share} * stem_release_rate * hsc_infused",
                reactants={"hsc_infused": 1},
                products={heir: 1},
            )
            for heir, edit, share in (
                ("hsc_niche", "edited_share", "long_term_share"),
                ("host_hsc", "(1 - edited_share)", "long_term_share"),
                ("short_term_late", "edited_share", "short_term_share"),
                ("multipotent_late", "edited_share", "multipotent_share"),
            )
        ),
        Reaction(
            "hsc_lost_on_infusion",
            "(1 - long_term_share - edited_share * (short_term_share + multipotent_share))"
            " * stem_release_rate * hsc_infused",
            reactants={"hsc_infused": 1},
        ),
    ),
    observables=(Observable("hsc_to_settle", "hsc_infused", "cell", "Infused CD34+ cells"),),
)
