"""Li 2002: a critical concentration of neutrophils, whatever the number of bacteria.

Li, Karlin, Loike, Silverstein. Proc Natl Acad Sci USA 2002;99:8289-8294: b = b0 exp((g - kp)t) with
k of 2e-8 mL per neutrophil per minute and g of 8e-3 per minute; 3-4e5 neutrophils per mL are
critical. Witness: the closed form in the paper's own units.
"""

import numpy as np
import pytest

from progenitor.engine import SolverOptions
from progenitor.evidence import default_catalogue
from progenitor.library import Population, simulate_population
from progenitor.library.models.li_2002 import OBSERVED_VARIANTS, observed

TABLE = default_catalogue().table("li_2002")


def typical(variant: str = "", **changes: float) -> Population:
    return simulate_population(
        "li_2002", patients=1, seed=1, typical=True, variant=variant, changes=changes,
        options=SolverOptions(rtol=1e-10, atol_scale=1e-3),
    )  # fmt: skip


@pytest.mark.parametrize("symbol", sorted(TABLE.observed))
def test_numbers_are_those_of_the_paper(symbol: str) -> None:
    found = typical(OBSERVED_VARIANTS.get(symbol, ""))
    record = TABLE.observed[symbol]
    published = record.reported[0].measured.to(record.unit).value
    assert abs(observed(found, found)[symbol] / published - 1.0) < 1e-9


@pytest.mark.parametrize("per_ml", [1e5, 3.9e5, 4.1e5, 1e6, 1e7])
@pytest.mark.parametrize("start", [1e3, 1e8])
def test_the_course_is_the_closed_form(per_ml: float, start: float) -> None:
    """In the paper's units, minutes and mL; 1e-6 of what is left while a bacterium is."""
    found = typical(neutrophils=per_ml / 1e3, bacteria_at_start=start)
    minutes = 1440.0 * found.times[0]
    expected = start * np.exp((8e-3 - 2e-8 * per_ml) * minutes)
    seen = expected > 1.0
    assert np.allclose(found.values[0, seen, 0], expected[seen], rtol=1e-6, atol=0)


def test_the_critical_concentration_is_where_growth_turns() -> None:
    """Found by bisection on simulated courses: 4e5 per mL, in the printed range of 3-4e5."""
    low, high = 100.0, 1000.0
    for _ in range(30):
        middle = 0.5 * (low + high)
        course = typical(neutrophils=middle).of("colony_forming_units")[0]
        low, high = (middle, high) if course[-1] > course[0] else (low, middle)
    assert abs(0.5 * (low + high) / 400.0 - 1.0) < 1e-5


@pytest.mark.parametrize(
    ("variant", "per_ml"), [("fibrin_gel", 4e6), ("fibrin_gel_without_c5", 1.6e7)]
)
def test_gels_need_more_neutrophils(variant: str, per_ml: float) -> None:
    critical = typical(variant).of("critical_neutrophils")[0, 0]
    assert abs(critical * 1e3 / per_ml - 1.0) < 1e-9
