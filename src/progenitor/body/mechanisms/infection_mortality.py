r"""An infection that is not contained kills.

.. math:: H_\dagger' = \lambda_\dagger \frac{B + F}{B + F + K_\dagger}

:math:`B` bacteria and :math:`F` fungi in tissue. Mice without the oxidase died within three days
once 1,000 *Burkholderia cenocepacia* had become 3.3e8 (doi:10.1111/j.1462-5822.2007.00998.x). A
subject dies when :math:`H_\dagger` first exceeds :math:`-\ln u`.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="infection_mortality",
    parameters=("infection/sepsis_death_rate", "infection/lethal_half_load"),
    species=(Species("death_hazard", "1", absolute_tolerance=1e-7),),
    reactions=(
        Reaction(
            "death_of_infection",
            "sepsis_death_rate * infection_load / (infection_load + lethal_half_load)",
            products={"death_hazard": 1},
        ),
    ),
    observables=(
        Observable("cumulative_hazard", "death_hazard", "1", "Cumulative hazard of death"),
    ),
)
