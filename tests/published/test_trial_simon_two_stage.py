"""Simon's designs against tables of optimal and minimax designs (Simon 1989 and wider)."""

import csv
from pathlib import Path

import pytest

from progenitor.trial import SimonTwoStage

TABLE = Path(__file__).parents[1] / "data" / "trial" / "simon.csv"
ROWS = list(csv.DictReader(TABLE.read_text("utf-8").splitlines()))
PRINTED = 1e-6  # the table prints six decimals


def name(row: dict[str, str]) -> str:
    return "-".join(row[key] for key in ("type", "p0", "p1", "alpha", "beta"))


def test_the_table_is_complete() -> None:
    assert len(ROWS) == 108
    assert {row["type"] for row in ROWS} == {"optimal", "minimax"}


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_design_is_the_published_one(row: dict[str, str]) -> None:
    limits = {key: float(row[key]) for key in ("p0", "p1", "alpha", "beta")}
    design = SimonTwoStage.search(**limits, criterion=row["type"])
    assert [design.r1, design.n1, design.r, design.n] == [
        int(row[key]) for key in ("r1", "n1", "r", "n")
    ]
    assert design.en0 == pytest.approx(float(row["EN_p0"]), abs=PRINTED)
    assert design.pet0 == pytest.approx(float(row["PET_p0"]), abs=PRINTED)
    assert design.alpha == pytest.approx(float(row["actual_alpha"]), abs=PRINTED)
    assert design.power == pytest.approx(float(row["actual_power"]), abs=PRINTED)
