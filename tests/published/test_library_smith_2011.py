"""Smith 2011: pneumococci in the lung against macrophages and neutrophils.

Smith, McCullers, Adler. J Theor Biol 2011;276:106-116: macrophages alone clear a small inoculum, a
large one grows and lasts. Witnesses: the course of the curated BioModels BIOMD0000000924 as
libRoadRunner solves it, and the watershed of macrophages alone in closed form.
"""

from pathlib import Path

import numpy as np
import pytest

from progenitor.engine import SolverOptions
from progenitor.evidence import default_catalogue
from progenitor.library import Population, simulate_population
from progenitor.library.models.smith_2011 import OBSERVED_VARIANTS, observed

TABLE = default_catalogue().table("smith_2011")
REFERENCE = Path(__file__).parents[1] / "data" / "biomodels" / "ref" / "BIOMD0000000924.csv"
COLUMNS = {
    "bacteria": 1,
    "infected_cells": 3,
    "cytokines": 4,
    "neutrophil_count": 5,
    "debris_level": 6,
}


def typical(variant: str = "", **changes: float) -> Population:
    return simulate_population(
        "smith_2011", patients=1, seed=1, typical=True, variant=variant, changes=changes,
        options=SolverOptions(rtol=1e-9),
    )  # fmt: skip


@pytest.mark.parametrize("symbol", sorted(TABLE.observed))
def test_outcomes_are_those_of_the_paper(symbol: str) -> None:
    found = typical(OBSERVED_VARIANTS.get(symbol, ""))
    record = TABLE.observed[symbol]
    published = record.reported[0].measured.to(record.unit).value
    assert abs(observed(found, found)[symbol] / published - 1.0) < 1e-5


def test_the_course_is_that_of_the_curated_model() -> None:
    """At all 41 times, to 1e-6 and a floor of 1e-9 of the maximum."""
    reference = np.genfromtxt(REFERENCE, delimiter=",", skip_header=1)
    found = simulate_population(
        "smith_2011", patients=1, seed=1, typical=True, times=reference[None, :, 0] / 24.0,
        options=SolverOptions(rtol=1e-10),
    )  # fmt: skip
    for name, column in COLUMNS.items():
        theirs = reference[:, column]
        floor = 1e-9 * theirs.max()
        assert (np.abs(found.of(name)[0] - theirs) / (theirs + floor)).max() < 1e-6, name


@pytest.mark.parametrize(("share", "sign"), [(0.999, -1.0), (1.001, 1.0)])
def test_macrophages_alone_clear_up_to_a_watershed(share: float, sign: float) -> None:
    """Growth meets eating at P = n sqrt(M (gamma M/r - 1)) = 9,945 per mL without neutrophils.

    The capacity moves it by 3e-5 of itself.
    """
    watershed = 5.0 * np.sqrt(1e6 * (5.6 / 1.13 - 1.0))
    found = typical(bacteria_at_start=share * watershed, recruitment_rate=0.0)
    assert np.sign(found.of("bacteria")[0, -1] - share * watershed) == sign
