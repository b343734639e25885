r"""CAR-T cells strip antigen off tumour cells; what is left of it shields them until it returns.

.. math::

    T^{low\prime} = \tau\,\kappa\,T^+ - \rho\,T^{low} - w\,\kappa\,T^{low}, \qquad
    w = \frac{H(\sigma_{low})}{H(\sigma)}, \quad
    H(\sigma) = \frac{\sigma^n}{\sigma^n + \sigma_{50}^n}

:math:`\kappa` is the rate of killing of cells with full antigen, :math:`\tau` the cells stripped
for each one killed (trogocytosis), :math:`\rho` the return of antigen once they are left alone. A
cell with few molecules :math:`\sigma_{low}` is killed and seen with the weight :math:`w`. Antigen
loss by trogocytosis is reversible (Hamieh 2019, doi:10.1038/s41586-019-1054-1, mice); below about
2,000 CD19 molecules a cell the response of CAR-T cells is nearly ablated (Majzner 2018, Blood 132
S1:963). Both rates are priors.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Reaction, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="antigen_low_escape",
    parameters=(
        "antigen/antigen_low_share",
        "antigen/trogocytosis_per_kill",
        "antigen/antigen_recovery_rate",
        "antigen/antigen_density",
        "antigen/antigen_density_low",
        "antigen/antigen_density_threshold",
        "antigen/antigen_density_steepness",
    ),
    species=(
        Species("tumour_positive", "cell", initial="tumour_at_enrolment", countable=True),
        Species(
            "tumour_low",
            "cell",
            initial="tumour_at_enrolment * antigen_low_share",
            countable=True,
        ),
    ),
    rules=(
        Rule(
            "antigen_low_weight",
            "hill(antigen_density_low, antigen_density_threshold, antigen_density_steepness)"
            " / hill(antigen_density, antigen_density_threshold, antigen_density_steepness)",
            "1",
        ),
    ),
    reactions=(
        Reaction(
            "trogocytosis",
            "trogocytosis_per_kill * kill_rate_now * tumour_positive",
            reactants={"tumour_positive": 1},
            products={"tumour_low": 1},
        ),
        Reaction(
            "antigen_recovery",
            "antigen_recovery_rate * tumour_low",
            reactants={"tumour_low": 1},
            products={"tumour_positive": 1},
        ),
        Reaction(
            "kill_of_antigen_low",
            "antigen_low_weight * kill_rate_now * tumour_low",
            reactants={"tumour_low": 1},
        ),
    ),
)
