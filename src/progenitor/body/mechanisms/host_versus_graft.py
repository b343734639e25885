r"""Host T cells that see foreign class I: they return with the host's lymphocytes.

.. math::

    R' = r_R\left(\frac{N}{K_N} - R\right) - k_{LD} D\,R, \qquad
    k_R^T = k_{allo}\,m\,R

:math:`R` is the host's alloreactivity, 1 where host lymphocytes :math:`N` are at their capacity
:math:`K_N`; conditioning :math:`D` takes it with them, and it follows them back after the time
:math:`1/r_R` that a response needs.
:math:`m` is the mismatch, 0 for a matched donor and 1 for an unrelated mismatched one: without it
nothing is rejected. In adults given UCART19 the drug that deepened lymphodepletion raised and
lengthened the course of the product, host T cells shortened it, and the degree of HLA disparity
showed no correlation among donors all of whom were mismatched (Derippe 2022, Dupouy 2022,
doi:10.1158/2767-9764.CRC-22-0175). No rate of rejection has been published.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="host_versus_graft",
    parameters=(
        "allogeneic/t_cell_rejection_at_recovery",
        "allogeneic/alloreactivity_return_rate",
        "host/lymphocyte_capacity",
        "host/lymphocytes_at_enrolment",
        "lymphodepletion/lymphocyte_kill_rate",
    ),
    inputs={"mhc_mismatch": "1"},
    species=(
        Species(
            "alloreactivity",
            "1",
            initial="lymphocytes_at_enrolment / lymphocyte_capacity",
            absolute_tolerance=1e-9,
        ),
    ),
    rules=(
        Rule(
            "t_cell_rejection_rate",
            "t_cell_rejection_at_recovery * mhc_mismatch * alloreactivity",
            "1/day",
        ),
    ),
    reactions=(
        Reaction(
            "alloreactivity_return",
            "alloreactivity_return_rate * (lymphocytes / lymphocyte_capacity - alloreactivity)",
            products={"alloreactivity": 1},
        ),
        Reaction(
            "alloreactivity_depletion",
            "lymphocyte_kill_rate * lymphodepletion * alloreactivity",
            reactants={"alloreactivity": 1},
        ),
    ),
    observables=(
        Observable(
            "alloreactivity_level", "alloreactivity", "1", "Host alloreactivity, 1 at recovery"
        ),
    ),
)
