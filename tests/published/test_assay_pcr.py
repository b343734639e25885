"""Worked examples that instrument makers print: digital PCR and a standard curve."""

import csv
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from progenitor.assay import digital_count, fit_standard_curve

with (Path(__file__).parent / "data" / "pcr_examples.csv").open(encoding="utf-8") as file:
    ROWS = list(csv.DictReader(file))


def printed(text: str) -> float:
    """Half of the last printed digit."""
    return float(Decimal(1).scaleb(Decimal(text).as_tuple().exponent) / 2)


@pytest.mark.parametrize(
    "row", [r for r in ROWS if r["kind"] == "ddpcr"], ids=lambda r: r["positive"]
)
def test_digital_counts_equal_the_printed_ones(row):
    count = digital_count(np.array([int(row["positive"])]), np.array([int(row["droplets"])]))
    if row["copies_per_droplet"]:
        expected = float(row["copies_per_droplet"])
        assert abs(count.mean[0] - expected) <= printed(row["copies_per_droplet"])
    if row["copies_per_ul"]:
        found = count.concentration(float(row["droplet_nl"]))[0, 0]
        assert abs(found - float(row["copies_per_ul"])) <= printed(row["copies_per_ul"])
    assert count.low[0] < count.mean[0] < count.high[0]


@pytest.mark.parametrize("row", [r for r in ROWS if r["kind"] == "qpcr"], ids=lambda r: r["slope"])
def test_efficiency_equals_the_printed_one(row):
    copies = 10.0 ** np.arange(3, 8)
    cycles = float(row["slope"]) * np.log10(copies) + float(row["intercept"])
    curve = fit_standard_curve(copies, cycles)
    assert abs(1 + curve.efficiency - float(row["efficiency_base"])) <= printed(
        row["efficiency_base"]
    )
    assert curve.intercept == pytest.approx(float(row["intercept"]), rel=1e-9)
