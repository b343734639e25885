"""Precup 2012: host, leukaemia and donor after allogeneic transplantation.

Precup, Arghirescu, Cucuianu, Serban. Int J Biomath 2012;5:1250026. With the numbers of figure 1b
(BioModels BIOMD0000000800) the donor wins and host cells vanish; with fewer donor cells the
leukaemia wins. Witnesses: both states in closed form, and the separatrix in the symmetric case.
"""

import pytest

from progenitor.engine import SolverOptions
from progenitor.evidence import default_catalogue
from progenitor.library import Population, simulate_population
from progenitor.library.models.precup_2012 import OBSERVED_VARIANTS, observed

TABLE = default_catalogue().table("precup_2012")


def typical(variant: str = "", **changes: float) -> Population:
    return simulate_population(
        "precup_2012", patients=1, seed=1, typical=True, variant=variant, changes=changes,
        options=SolverOptions(rtol=1e-9),
    )  # fmt: skip


@pytest.mark.parametrize("symbol", sorted(TABLE.observed))
def test_the_states_are_those_of_the_paper(symbol: str) -> None:
    """On day 1500 they are reached to 1e-3."""
    found = typical(OBSERVED_VARIANTS.get(symbol, ""))
    record = TABLE.observed[symbol]
    published = record.reported[0].measured.to(record.unit).value
    assert abs(observed(found, found)[symbol] / published - 1.0) < 1e-3


def test_each_line_alone_rests_where_growth_meets_loss() -> None:
    """(a/c - 1)/b = 1e9 normal and (A/C - 1)/B = 2e9 leukaemic cells."""
    alone = {"host_at_start": 0.0, "leukaemia_at_start": 0.0, "donor_at_start": 1e7}
    assert abs(typical(**alone).of("donor_cells")[0, -1] / 1e9 - 1.0) < 1e-3
    alone = {"host_at_start": 0.0, "leukaemia_at_start": 1e7, "donor_at_start": 0.0}
    assert abs(typical(**alone).of("leukaemic_cells")[0, -1] / 2e9 - 1.0) < 1e-3


@pytest.mark.parametrize(("donor", "wins"), [(1.001e8, "donor_cells"), (0.999e8, "host_cells")])
def test_without_leukaemia_the_larger_line_wins(donor: float, wins: str) -> None:
    """Host and donor have the same numbers here, so equal numbers are exactly the watershed."""
    found = typical(
        leukaemia_at_start=0.0, host_at_start=1e8, donor_at_start=donor, end=4000.0, look=40.0
    )
    assert found.of(wins)[0, -1] / sum(found.values[0, -1]) > 0.999
