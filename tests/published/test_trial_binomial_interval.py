"""Confidence intervals of a rate against reference limits."""

import csv
from pathlib import Path

import pytest

from progenitor.trial import binomial_interval

TABLE = Path(__file__).parents[1] / "data" / "trial" / "binomial_interval.csv"
ROWS = list(csv.DictReader(TABLE.read_text("utf-8").splitlines()))
METHODS = {"clopper_pearson": "cp", "wilson": "wilson", "jeffreys": "jeffreys"}
CLOSED_FORM = 1e-6


def test_the_table_is_complete() -> None:
    assert len(ROWS) == 40


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['x']}of{row['n']}at{row['conf']}")
def test_limits(row: dict[str, str], method: str) -> None:
    low, high = binomial_interval(
        int(row["x"]), int(row["n"]), method=method, level=float(row["conf"])
    )
    assert low == pytest.approx(float(row[f"{METHODS[method]}_lo"]), abs=CLOSED_FORM)
    assert high == pytest.approx(float(row[f"{METHODS[method]}_hi"]), abs=CLOSED_FORM)
