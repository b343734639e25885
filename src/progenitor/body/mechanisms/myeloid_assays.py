r"""What an assay of blood reads of a myeloid graft: counts per microlitre and donor shares.

.. math::

    L = \frac{M}{V}, \qquad \chi_M = \frac{M}{M + M_h}, \qquad
    \chi = \frac{M + Q}{M + M_h + Q + Q_h}

:math:`M` monocytes and :math:`Q` neutrophils of the product, with index :math:`h` of the host,
:math:`V` the blood volume. A receptor is read on the same cells: of a CAR graft :math:`\chi_M` is
the share of CAR-positive monocytes.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="myeloid_assays",
    parameters=("host/blood_volume",),
    species=tuple(
        Species(name, "cell")
        for name in ("gmp_free", "gmp_niche", "monocytes_blood", "neutrophils_blood")
    ),
    rules=(
        Rule("product_white_cells", "monocytes_blood + neutrophils_blood", "cell"),
        Rule("host_white_cells", "host_monocytes + host_neutrophils", "cell"),
    ),
    observables=(
        Observable(
            "product_monocytes_in_blood",
            "monocytes_blood / blood_volume",
            "cell/uL",
            "Product monocytes in blood",
        ),
        Observable(
            "product_neutrophils_in_blood",
            "neutrophils_blood / blood_volume",
            "cell/uL",
            "Product neutrophils in blood",
        ),
        Observable(
            "monocyte_chimerism",
            "monocytes_blood / (monocytes_blood + host_monocytes)",
            "1",
            "Product share of blood monocytes",
        ),
        Observable(
            "granulocyte_chimerism",
            "neutrophils_blood / (neutrophils_blood + host_neutrophils)",
            "1",
            "Product share of blood neutrophils",
        ),
        Observable(
            "myeloid_chimerism",
            "product_white_cells / (product_white_cells + host_white_cells)",
            "1",
            "Product share of blood myeloid cells",
        ),
        Observable("gmp_in_marrow", "gmp_free + gmp_niche", "cell", "Product GMP in the marrow"),
    ),
)
