"""Bayesian logistic regression against a published example and quadratures on a plain grid.

The rows were made by summing over 1201 × 1201 grid points within seven prior standard deviations
and counting points, which ``quadrature="points"`` does again to the printed digits, and the command
by default. Where the
boundary of an interval runs along a row of points (a dose equal to the reference dose) such sums
are off by up to the mass of one row, 3.1e-3 here; ours cut inside the cells. Those entries are
compared with twice the tolerance, all others with the table's own.
"""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from progenitor.trial import Blrm, DoseState

TABLE = Path(__file__).parent / "data" / "blrm_public.csv"
ROWS = list(csv.DictReader(TABLE.read_text("utf-8").splitlines()))
PRINTED = 1e-5  # mean and standard deviation are printed to five decimals
STATED = 2e-3
COLUMNS = {"under": "p_under", "target": "p_target", "over": "p_over"}


def numbers(text: str) -> tuple[float, ...]:
    return tuple(float(word) for word in text.strip("[]").split(";"))


def fit(row: dict[str, str]) -> tuple[Blrm, DoseState, tuple[float, ...]]:
    grid, doses = numbers(row["grid"]), numbers(row["doses"])
    levels = tuple(sorted({*grid, *doses}))
    design = Blrm(
        doses=levels,
        reference=float(row["dose_ref"]),
        mean=numbers(row["mu"]),
        sd=numbers(row["sd"]),
        correlation=float(row["rho"]),
        cuts=(float(row["cut_lo"]), float(row["cut_hi"])),
    )
    counts = np.zeros((2, len(levels)), dtype=int)
    for dose, n, y in zip(doses, numbers(row["n"]), numbers(row["y"]), strict=True):
        counts[:, levels.index(dose)] += (int(n), int(y))
    return design, DoseState.from_counts(counts[0], counts[1]), grid


def test_the_table_is_complete() -> None:
    assert len(ROWS) == 9


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_mean_and_spread(row: dict[str, str]) -> None:
    design, state, grid = fit(row)
    found = design.fit(state, grid)
    assert found.mean[0] == pytest.approx(numbers(row["mean"]), abs=PRINTED, rel=0.0)
    assert found.sd[0] == pytest.approx(numbers(row["sd_p"]), abs=PRINTED, rel=0.0)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_probabilities_of_intervals(row: dict[str, str]) -> None:
    design, state, grid = fit(row)
    found = design.fit(state, grid)
    room = np.where(np.array(grid) == design.reference, 2.0 * STATED, STATED)
    for name, column in COLUMNS.items():
        difference = np.abs(getattr(found, name)[0] - numbers(row[column]))
        assert np.all(difference <= room), (name, difference)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_the_rows_are_plain_sums_over_grid_points(row: dict[str, str]) -> None:
    design, state, grid = fit(row)
    found = replace(design, quadrature="points").fit(state, grid)
    for name, column in COLUMNS.items():
        printed = pytest.approx(numbers(row[column]), abs=5.1e-5, rel=0.0)  # four decimals
        assert getattr(found, name)[0] == printed


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_best_safe_dose(row: dict[str, str]) -> None:
    design, state, grid = fit(row)
    found = design.fit(state, grid)
    target = np.where(found.over[0] < design.overdose, found.target[0], -1.0)
    assert grid[int(np.argmax(target))] == float(row["ewoc025_max_target_dose"])
