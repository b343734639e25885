"""Rows of a run made up without a solver, for tests of trials and of their reports."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from progenitor.engine import stream
from progenitor.study._estimates import Table

__all__ = ["dose_tables", "survival_tables"]

_LOOKS = np.append(np.arange(0.0, 29.0), 90.0)


def dose_tables(
    doses: Sequence[float],
    rates: Sequence[float],
    *,
    draws: int = 4,
    patients: int = 200,
    yields: float = 5e6,
    spread: float = 0.0,
    lost: float = 0.1,
) -> list[Table]:
    """Make patients whose toxicity depends on the dose assigned, and whose lots are log-normal.

    Parameters
    ----------
    doses, rates
        Assigned doses, and probability of a toxicity at each.
    draws, patients
        Size of the run.
    yields
        Median dose that a lot can give, CAR+ cells per kilogram.
    spread
        By how much the logit of the toxicity moves from draw to draw.
    lost
        Share of patients lost while waiting.

    Examples
    --------
    >>> first, second = dose_tables([1e6, 1e7], [0.1, 0.3])
    >>> bool((first.outcomes["dose_per_kg"] <= 1e6).sum() > 0), second.draws
    (True, 4)
    """
    noise = stream(11, "made-up dose tables")
    count = draws * patients
    draw = np.repeat(np.arange(draws), patients)
    tolerance, gone = noise.random(count), noise.random(count) < lost
    able = yields * np.exp(0.8 * noise.standard_normal(count))
    shift = spread * noise.standard_normal(draws)[draw]
    day, wait = 1.0 + 20.0 * noise.random(count), 20.0 + 15.0 * noise.random(count)
    failed = noise.random(count) < 0.05
    infused = ~gone & ~failed
    tables = []
    for dose, rate in zip(doses, rates, strict=True):
        chance = 1.0 / (1.0 + (1.0 - rate) / rate * np.exp(-shift))
        toxic = infused & (tolerance < chance)
        columns: dict[str, np.ndarray[Any, Any]] = {
            "draw": draw,
            "infused": infused,
            "failed": np.zeros(count, dtype=bool),
            "lot_released": ~failed,
            "lost_waiting": gone & ~failed,
            "vein_to_vein": np.where(failed, np.nan, wait),
            "exit_day": np.where(infused, np.nan, 10.0),
            "dose_per_kg": np.where(infused, np.minimum(dose, able), np.nan),
            "crs_grade_3_day": np.where(toxic, day, np.nan),
            "crs_grade_4_day": np.full(count, np.nan),
            "icans_grade_3_day": np.full(count, np.nan),
            "death_day": np.full(count, np.nan),
            "objective_response": np.where(infused, tolerance > 0.4, np.nan).astype(float),
        }
        tables.append(Table(columns, _grades(columns), _LOOKS, draws))
    return tables


def _grades(columns: dict[str, np.ndarray[Any, Any]]) -> dict[str, np.ndarray[Any, Any]]:
    """Grade 3 of cytokine release from its first day on, and no other toxicity."""
    severe = columns["crs_grade_3_day"][:, np.newaxis] <= _LOOKS
    return {
        "grade_of_crs": np.where(severe, 3.0, 0.0),
        "grade_of_icans": np.zeros((len(severe), len(_LOOKS))),
    }


def survival_tables(
    hazards: dict[str, float], *, draws: int = 4, patients: int = 200
) -> dict[str, Table]:
    """Make arms whose progression-free survival is exponential, followed for two years.

    Everybody has a tumour, half of which are large; nothing depends on it.

    Parameters
    ----------
    hazards
        Hazard of each arm, 1/day.
    draws, patients
        Size of the run.

    Examples
    --------
    >>> tables = survival_tables({"a": 0.002})
    >>> bool(tables["a"].outcomes["pfs_itt_time"].max() <= 730.0)
    True
    """
    count = draws * patients
    tables = {}
    for arm, hazard in hazards.items():
        noise = stream(12, f"made-up survival, {arm}")
        time = noise.exponential(1.0 / hazard, count)
        columns: dict[str, np.ndarray[Any, Any]] = {
            "draw": np.repeat(np.arange(draws), patients),
            "patient": np.tile(np.arange(patients), draws),
            "infused": noise.random(count) < 0.85,
            "failed": np.zeros(count, dtype=bool),
            "lot_released": np.ones(count, dtype=bool),
            "lost_waiting": np.zeros(count, dtype=bool),
            "tumour_at_enrolment": np.tile(np.arange(1.0, patients + 1.0), draws),
        }
        columns["vein_to_vein"] = np.full(count, 30.0)
        columns["exit_day"] = np.where(columns["infused"], np.nan, 20.0)
        for name in ("pfs", "pfs_itt"):
            columns[f"{name}_time"] = np.minimum(time, 730.0)
            columns[f"{name}_event"] = (time <= 730.0).astype(float)
        tables[arm] = Table(columns, {}, np.array([0.0, 730.0]), draws)
    return tables
