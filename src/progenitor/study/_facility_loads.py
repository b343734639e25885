"""How much of a study's facilities is asked for, before anybody is simulated."""

from dataclasses import dataclass
from typing import Final, final

import numpy as np

from progenitor.evidence import Catalogue
from progenitor.manufacture import load_recipe, lot_route
from progenitor.study._make import sample_lots
from progenitor.study._queueing import demand
from progenitor.study._study import Study

__all__ = ["FacilityDemand", "facility_demands"]

_LOTS: Final = 400


@final
@dataclass(frozen=True, slots=True)
class FacilityDemand:
    """Share of a resource of a facility that the patients of one product ask for in the long run.

    Above 1 they ask for more than there is, and the wait grows with every patient.
    """

    product: str
    facility: str
    resource: str
    units: int
    demand: float

    @property
    def words(self) -> str:
        """Say it in one sentence."""
        verdict = (
            "OVERLOAD: the wait grows with every patient and never settles"
            if self.demand > 1.0
            else "the wait settles"
        )
        return (
            f"{self.product} in {self.facility}: {100 * self.demand:.0f} % of its {self.resource} "
            f"({self.units}) asked for; {verdict}"
        )


def facility_demands(study: Study, catalogue: Catalogue) -> tuple[FacilityDemand, ...]:
    """Estimate for every product that queues the resource most asked for, from 400 lots.

    Parameters
    ----------
    study, catalogue
        The study, checked, and where its recipes are.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> from progenitor.study import template_path
    >>> facility_demands(Study.load(template_path("tscm_vs_cart_dlbcl")), default_catalogue())
    ()
    """
    found = []
    for name, product in study.products.items():
        section = study.file.facility_of(name)
        if section is None or product.facility is None:
            continue
        recipe = load_recipe(catalogue, product.recipe)
        batch = sample_lots(catalogue, recipe, lots=_LOTS, seed=study.seed)
        asked = demand(section, lot_route(batch, section.facility())).mean(axis=0)
        most = int(np.argmax(asked))
        one = section.resources[most]
        found.append(
            FacilityDemand(name, product.facility, one.name, one.units, float(asked[most]))
        )
    return tuple(found)
