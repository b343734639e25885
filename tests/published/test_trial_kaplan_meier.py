"""Kaplan–Meier curves against R survival 3.5: survival, Greenwood errors, limits, medians."""

import csv
from pathlib import Path

import numpy as np
import pytest

from progenitor.trial import KaplanMeier, kaplan_meier

DATA = Path(__file__).parents[1] / "data" / "trial"
ROWS = list(csv.DictReader((DATA / "kaplan_meier.csv").read_text("utf-8").splitlines()))
CLOSED_FORM = 1e-6


def curve(dataset: str, arm: int) -> KaplanMeier:
    rows = list(csv.DictReader((DATA / f"{dataset}.csv").read_text("utf-8").splitlines()))
    mine = [row for row in rows if int(row["arm"]) == arm]
    time = np.array([float(row["time"]) for row in mine])
    return kaplan_meier(time, np.array([int(row["event"]) > 0 for row in mine]))


def found(row: dict[str, str]) -> float:
    """Read the quantity that a name such as ``KM_Slo_arm0_t6_log-log`` stands for."""
    parts = row["quantity"].split("_")
    arm = next(int(part[3:]) for part in parts if part.startswith("arm"))
    survival = curve(row["dataset"], arm)
    if parts[1] == "median":
        return survival.median[{"lo": 1, "hi": 2}.get(parts[2], 0)]
    at = np.array([float(parts[3][1:])])
    low, high = survival.interval_at(at, extend=True)  # R's summary extends to any time
    values = {
        "S": survival.survival_at(at, extend=True),
        "se": survival.standard_error_at(at, extend=True),
        "Slo": low,
        "Shi": high,
    }
    return float(values[parts[1]][0])


def test_the_table_is_complete() -> None:
    assert len(ROWS) == 96
    assert {row["quantity"].split("_")[1] for row in ROWS} == {"median", "S", "se", "Slo", "Shi"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['dataset']}-{row['quantity']}")
def test_equals_r_survival(row: dict[str, str]) -> None:
    expected = float("nan") if row["value"] == "NA" else float(row["value"])
    assert found(row) == pytest.approx(expected, abs=CLOSED_FORM, nan_ok=True)
