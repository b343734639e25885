"""Cox regression on one covariate against R survival 3.5: estimate and standard error."""

import csv
from pathlib import Path

import numpy as np
import pytest

from progenitor.trial import hazard_ratio

DATA = Path(__file__).parents[1] / "data" / "trial"
ROWS = list(csv.DictReader((DATA / "hazard_ratio.csv").read_text("utf-8").splitlines()))
CLOSED_FORM = 1e-6


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['dataset']}-{row['quantity']}")
def test_as_published(row: dict[str, str]) -> None:
    rows = list(csv.DictReader((DATA / f"{row['dataset']}.csv").read_text("utf-8").splitlines()))
    found = hazard_ratio(
        np.array([float(one["time"]) for one in rows]),
        np.array([int(one["event"]) > 0 for one in rows]),
        np.array([int(one["arm"]) for one in rows]),
    )
    value = found.value if "logHR" in row["quantity"] else found.variance**0.5
    assert value == pytest.approx(float(row["value"]), rel=CLOSED_FORM, abs=0.0)
