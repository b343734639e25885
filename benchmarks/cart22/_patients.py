"""Patients of the problem: the 64 of the reference solution, and any number sampled alike.

A sampled parameter is lognormal with median ``typical`` and ``sigma = sqrt(ln(1 + cv²))``; the
Hill exponents ``hA`` and ``h6`` are at least 1.05. Every number is keyed by (seed, parameter,
patient), so a larger population begins with the patients of a smaller one.
"""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.cart22._problem import PARAMETERS, SPECIES
from progenitor.engine import standard_normals

__all__ = ["reference_days", "reference_patients", "reference_states", "sample"]

DATA: Final = Path(__file__).parents[2] / "tests" / "data" / "cart22"
SEED: Final = 22
LEAST_EXPONENT: Final = 1.05
EXPONENTS: Final = ("hA", "h6")


def sample(first: int, last: int) -> dict[str, np.ndarray]:
    """Sample patients ``first`` … ``last - 1``, a column for each parameter.

    Examples
    --------
    >>> bool(sample(1, 3)["K15"][0] == sample(0, 2)["K15"][1])
    True
    """
    patient = np.arange(first, last)
    columns = {}
    for name, typical, cv in _rows("cart22_parameters.csv"):
        sigma = np.sqrt(np.log1p(float(cv) ** 2))
        normals = standard_normals(SEED, f"cart22:{name}", np.zeros_like(patient), patient)
        column = float(typical) * np.exp(sigma * normals)
        columns[name] = np.maximum(column, LEAST_EXPONENT) if name in EXPONENTS else column
    return {name: columns[name] for name in PARAMETERS}


def reference_patients() -> dict[str, np.ndarray]:
    """Return the patients of the reference solution."""
    table = _table("cart22_patients.csv")
    return {name: table[name] for name in PARAMETERS}


def reference_days() -> np.ndarray:
    """Return the days on which the reference solution is known."""
    return np.unique(_table("cart22_reference.csv")["day"])


def reference_states() -> np.ndarray:
    """Return the reference solution, (patient, day, species)."""
    table = _table("cart22_reference.csv")
    states = np.stack([table[name] for name in SPECIES], axis=1)
    return states.reshape(-1, len(reference_days()), len(SPECIES))


def _rows(name: str) -> list[list[str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def _table(name: str) -> Mapping[str, np.ndarray]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    columns = np.array(rows[1:], dtype=float).T
    return dict(zip(rows[0], columns, strict=True))
