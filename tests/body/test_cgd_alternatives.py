"""Bodies with chronic granulomatous disease keep their promises with alternatives too."""

import pytest

from progenitor.body import assemble
from progenitor.evidence import default_catalogue
from progenitor.testing import BodyContract, promises

CATALOGUE = default_catalogue()
INPUTS = {"bridging_stop_day": -5.0, "vector_copies_per_car_cell": 2.0}
ALTERNATIVES = {
    "saturable": ("corrected_hsc", {"bacterial_infection": "bacterial_infection_saturable"}),
    "renewing": ("gmp", {"niche_transient": "niche_engraftable"}),
    "simple_pool": ("gmp", {"granulopoiesis": "host_neutrophils"}),
}


@pytest.mark.parametrize("promise", promises(BodyContract))
@pytest.mark.parametrize("name", ALTERNATIVES)
def test_a_mouse_keeps(name: str, promise: str) -> None:
    chassis, alternatives = ALTERNATIVES[name]
    body = assemble(
        CATALOGUE,
        chassis=chassis,
        disease="cgd_mouse",
        host="cgd_mouse",
        alternatives=alternatives,
    )
    getattr(BodyContract.of(body, CATALOGUE, INPUTS), promise)()
