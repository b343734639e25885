"""67 published models against libRoadRunner at rtol 1e-10; see tests/data/biomodels/README.md.

A value may be off by 1e-5 of itself, or by 1e-9 of the largest of its column.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from progenitor.engine import SolverOptions, Status, simulate
from progenitor.errors import UnsupportedModelError
from progenitor.interop import ImportedModel, read_sbml

pytest.importorskip("libsbml", reason="reading SBML needs the extra: progenitor[sbml]")

DATA = Path(__file__).parents[1] / "data" / "biomodels"
ALL = sorted(file.stem for file in DATA.glob("*.xml"))
QUICK = [
    "BIOMD0000000215",
    "BIOMD0000000650",
    "BIOMD0000000732",
    "BIOMD0000000837",
    "BIOMD0000001014",
    "BIOMD0000001020",
    "BIOMD0000001025",
    "MODEL1504160000",
]
"""Small ones; among them assignment rules, rate rules and events."""
ALLOWED = 1e-5
FLOOR = 1e-9


def reference(name: str) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    with (DATA / "ref" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    columns = np.array(rows, dtype=float).T
    return columns[0], dict(zip(head[1:], columns[1:], strict=True))


def observable(imported: ImportedModel, column: str) -> str:
    """``[X]`` is a concentration, ``X`` what the id means."""
    if column.startswith("["):
        return imported.concentrations[column[1:-1]]
    return imported.symbols[column]


def worst(name: str) -> tuple[float, str]:
    """Largest deviation in units of what is allowed, and where it is."""
    times, expected = reference(name)
    imported = read_sbml(DATA / f"{name}.xml")
    one = np.zeros(1, dtype=int)
    found = simulate(
        imported.model,
        {key: np.array([value]) for key, value in imported.parameters.items()},
        times=times[np.newaxis],
        seed=0,
        draw=one,
        patient=one,
        options=SolverOptions(rtol=1e-11, atol_scale=1e-9, deadline=120.0),
    )
    assert Status(found.status[0]) is Status.OK
    ratios = {}
    for column, right in expected.items():
        known = np.isfinite(right)
        if not known.any():
            continue  # a concentration in a compartment without size
        ours = found.observable(observable(imported, column))[0]
        floor = FLOOR * np.abs(right[known]).max()
        allowed = np.maximum(ALLOWED * np.abs(right[known]), max(floor, 1e-300))
        ratios[column] = float((np.abs(ours - right)[known] / allowed).max())
    column = max(ratios, key=lambda key: ratios[key])
    return ratios[column], column


@pytest.mark.parametrize("name", QUICK)
def test_small_published_models_run_as_in_libroadrunner(name: str) -> None:
    ratio, column = worst(name)
    assert ratio <= 1.0, column


@pytest.mark.slow
def test_all_published_models_run_as_in_libroadrunner_or_are_refused() -> None:
    refused, wrong = {}, {}
    for name in ALL:
        try:
            ratio, column = worst(name)
        except UnsupportedModelError as refusal:
            refused[name] = str(refusal)
            continue
        if not ratio <= 1.0:
            wrong[name] = (ratio, column)
    assert not wrong
    assert len(ALL) == 67
    assert len(ALL) - len(refused) >= 62, refused


def test_the_collection_is_whole() -> None:
    with (DATA / "INDEX.csv").open(encoding="utf-8", newline="") as file:
        listed = sorted(row["id"] for row in csv.DictReader(file))
    assert listed == ALL == sorted(file.stem for file in (DATA / "ref").glob("*.csv"))
    assert "CC0" in (DATA / "README.md").read_text("utf-8")
