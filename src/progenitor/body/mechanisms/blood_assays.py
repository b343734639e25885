r"""What an assay of blood reads: CAR-T cells per microlitre and transgene copies per microgram DNA.

.. math::

    L = \frac{C}{V}, \qquad
    G = \frac{L\,v}{W\,m}, \qquad W = \frac{N + C}{V} + W_m

:math:`V` is the volume blood-equivalent cells spread through, :math:`v` vector copies per CAR+
cell, :math:`W` white cells and :math:`m` the DNA mass of one diploid cell (6.6 pg). Without the
white-cell count the two scales cannot be joined.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Rule

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="blood_assays",
    parameters=(
        "host/t_cell_distribution_volume",
        "host/myeloid_white_cells",
        "assay/dna_mass_per_cell",
    ),
    inputs={"vector_copies_per_car_cell": "copy/cell"},
    rules=(
        Rule("car_t_level", "car_t_circulating / t_cell_distribution_volume", "cell/uL"),
        Rule(
            "white_cells",
            "(lymphocytes + car_t_circulating) / t_cell_distribution_volume + myeloid_white_cells",
            "cell/uL",
        ),
    ),
    observables=(
        Observable("car_t_in_blood", "car_t_level", "cell/uL", "CAR-T cells in blood"),
        Observable(
            "tscm_in_blood",
            "tscm_blood / t_cell_distribution_volume",
            "cell/uL",
            "Tscm CAR-T cells in blood",
        ),
        Observable(
            "transgene_in_blood",
            "car_t_level * vector_copies_per_car_cell / (white_cells * dna_mass_per_cell)",
            "copy/ug",
            "CAR transgene in blood",
        ),
    ),
)
