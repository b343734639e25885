"""The data sets on which survival statistics are compared with R, as arrays."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class SurvivalData:
    """Columns of one file; ``cause`` is 0 censored, 1 progression, 2 death."""

    time: np.ndarray
    cause: np.ndarray
    arm: np.ndarray
    stratum: np.ndarray
    covariates: np.ndarray  # age, and burden where there is one

    @property
    def event(self) -> np.ndarray:
        return (self.cause > 0).astype(int)

    @property
    def arms(self) -> np.ndarray:
        return self.arm[:, None].astype(float)

    @property
    def arm_and_age(self) -> np.ndarray:
        return np.column_stack([self.arm, self.covariates[:, 0]]).astype(float)


@cache
def survival_data(name: str) -> SurvivalData:
    rows = list(csv.DictReader((DATA / f"{name}.csv").read_text("utf-8").splitlines()))

    def numbers(column: str) -> np.ndarray:
        return np.array([float(row[column]) for row in rows])

    names = [column for column in ("age", "burden") if column in rows[0]]
    return SurvivalData(
        numbers("time"),
        numbers("event").astype(int),
        numbers("arm").astype(int),
        np.array([row["stratum"] for row in rows]),
        np.column_stack([numbers(column) for column in names]),
    )


def reference(name: str) -> list[dict[str, str]]:
    """Rows of a table of results; lines that begin with # hold the R that made them."""
    lines = (DATA / f"{name}.csv").read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def value_of(row: dict[str, str]) -> float:
    return float("nan") if row["value"] in ("NA", "NaN") else float(row["value"])
