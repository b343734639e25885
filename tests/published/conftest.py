"""What reproduction tests of the library share: courses of SBML models, published numbers."""

import csv
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from progenitor.engine import SolverOptions
from progenitor.evidence import default_catalogue
from progenitor.library import simulate_population

sys.path.insert(0, str(Path(__file__).parent))

DATA = Path(__file__).parents[1] / "data" / "biomodels" / "ref"
FLOOR = 1e-4
"""Share of a column's maximum to which smaller values are compared.

1e-5 is then 1e-9 of the maximum, as the README of the data allows: some values are noise around 0.
"""
FINE = SolverOptions(rtol=1e-11, atol_scale=1e-9, max_steps=1_000_000, deadline=120.0)

Departure = Callable[..., float]


@pytest.fixture(scope="session")
def departure_from_biomodels() -> Departure:
    """Largest relative difference between our typical patient and libRoadRunner on the SBML file.

    Called with the model, the BioModels id, our observable for each of its columns, and what to
    change so that both are the same patient; ``until`` is in the unit of time of the file.
    """

    def largest(
        model: str,
        identifier: str,
        columns: Mapping[str, str],
        *,
        variant: str = "",
        changes: Mapping[str, float] | None = None,
        until: float = np.inf,
        days_per_unit: float = 1.0,
    ) -> float:
        with (DATA / f"{identifier}.csv").open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        table = np.array(rows, dtype=float)
        table = table[table[:, 0] <= until]
        found = simulate_population(
            model,
            patients=1,
            seed=0,
            typical=True,
            variant=variant,
            changes=changes,
            times=table[np.newaxis, :, 0] * days_per_unit,
            options=FINE,
        )
        assert (found.status == 0).all()
        worst = 0.0
        for observable, column in columns.items():
            theirs = table[:, head.index(column)]
            scale = np.maximum(np.abs(theirs), FLOOR * np.abs(theirs).max())
            worst = max(worst, float((np.abs(found.of(observable)[0] - theirs) / scale).max()))
        return worst

    return largest


@pytest.fixture(scope="session")
def reported() -> Callable[[str], dict[str, float]]:
    """Called with the name of a model: the numbers its paper reports, by symbol."""

    def numbers(model: str) -> dict[str, float]:
        table = default_catalogue().table(model)
        return {symbol: record.reported[0].value for symbol, record in table.observed.items()}

    return numbers
