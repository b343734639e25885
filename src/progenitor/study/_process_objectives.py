r"""What is wanted of a process, and how far chance moves it.

Objectives are read from lots and patients; the Monte Carlo error is the jackknife's over groups of
parameter draws, which leaves out one group at a time:

.. math:: s^2 = \frac{G - 1}{G} \sum_g (\theta_{(g)} - \bar\theta_{(\cdot)})^2
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.inference import SearchGoal
from progenitor.manufacture import DOSE_LINES, Batch, doses_of, split_cost

__all__ = ["OBJECTIVES", "Judged", "judge", "judged_columns"]

OBJECTIVES: Final = {
    "yield": SearchGoal("yield", "cell", maximise=True, title="Yield of CAR+ cells"),
    "stemness": SearchGoal("stemness", "1", maximise=True, title="Stem memory share"),
    "cost": SearchGoal("cost", "USD", maximise=False, title="Cost of a dose"),
    "vein_to_vein": SearchGoal("vein_to_vein", "day", maximise=False, title="Vein-to-vein"),
    "pfs_12_months": SearchGoal("pfs_12_months", "1", maximise=True, title="12-month PFS"),
}
"""Median CAR+ cells at infusion over all lots begun, a failed lot holding none; mean share of stem
memory cells in released lots; mean cost of a dose with its share of failed lots; median days from
collection to infusion; share of everybody enrolled who is alive without progression a year on."""

_STEM: Final = "tscm"
_Columns = Mapping[str, Float[np.ndarray, " lot"]]


@final
@dataclass(frozen=True, slots=True)
class Judged:
    """A recipe judged on a cohort of lots and patients.

    Parameters
    ----------
    values, errors
        Objective → value and its Monte Carlo error; NaN where it could not be read.
    without
        Objective → value with each group of draws left out, (group,).
    also
        What was not sought but helps to read the result.
    """

    values: Mapping[str, float]
    errors: Mapping[str, float]
    without: Mapping[str, Float[np.ndarray, " group"]]
    also: Mapping[str, float]

    def difference(self, other: "Judged", name: str) -> tuple[float, float]:
        """Return by how much an objective differs from another recipe's, and the error of that.

        Both were judged on the same lots and patients, so that much of the chance cancels.
        """
        error = _jackknife(self.without[name] - other.without[name])
        return self.values[name] - other.values[name], error


def judged_columns(batch: Batch, outcomes: Mapping[str, np.ndarray] | None = None) -> _Columns:
    """Return what objectives are read from, one value per lot.

    Parameters
    ----------
    batch
        Lots, one for each patient.
    outcomes
        What became of the patients: ``infused``, ``pfs_12_months``, ``pfs_itt_12_months``.
    """
    made, lines, nothing = batch.product, split_cost(batch), np.zeros(len(batch.lot))
    shared = sum((one for name, one in lines.items() if name not in DOSE_LINES), nothing)
    columns = {
        "released": made.released.astype(float),
        "cells": np.where(made.released, made.total, 0.0),
        "batch_cost": shared / doses_of(batch),
        "dose_cost": sum((lines[name] for name in DOSE_LINES), nothing),
        "vein_to_vein": made.vein_to_vein,
        "car_fraction": made.car_fraction,
        "viability": made.viability,
        "process_days": made.process_days,
    }
    if _STEM in made.phenotypes:
        columns["stem"] = made.composition[:, made.phenotypes.index(_STEM)]
    return columns | {
        name: np.asarray(found, dtype=float) for name, found in (outcomes or {}).items()
    }


def judge(
    columns: _Columns,
    wanted: Sequence[str],
    group: Int[np.ndarray, " lot"],
    *,
    least_released: float = 0.0,
) -> Judged:
    """Read the objectives, and by how much chance moves them.

    Parameters
    ----------
    columns
        From :func:`judged_columns`.
    wanted
        Names among ``OBJECTIVES``.
    group
        Group of each lot; lots of one parameter draw belong together.
    least_released
        Share of lots that must be released; below it every objective is NaN.
    """
    groups = np.unique(group)
    values = _read(columns, wanted, np.ones(len(group), dtype=bool))
    if float(columns["released"].mean()) < least_released:
        values = dict.fromkeys(values, float("nan"))
    left_out = [_read(columns, wanted, group != one) for one in groups]
    without = {name: np.array([found[name] for found in left_out]) for name in wanted}
    released = columns["released"] == 1
    also = {"released_fraction": float(columns["released"].mean())}
    also |= {
        name: _mean(columns[name][released])
        for name in ("car_fraction", "viability", "process_days")
    }
    if "infused" in columns:
        also["infused_fraction"] = float(columns["infused"].mean())
        also["pfs_12_months_infused"] = _mean(columns["pfs_12_months"])
    errors = {name: _jackknife(found) for name, found in without.items()}
    return Judged(values, errors, without, also)


def _read(
    columns: _Columns, wanted: Sequence[str], rows: Bool[np.ndarray, " lot"]
) -> dict[str, float]:
    """Objectives over some of the lots."""
    released = rows & (columns["released"] == 1)
    success = float(columns["released"][rows].mean())
    found = {}
    for name in wanted:
        if name == "yield":
            found[name] = float(np.median(columns["cells"][rows]))
        elif not released.any():
            found[name] = float("nan")
        elif name == "stemness":
            found[name] = _mean(columns["stem"][released])
        elif name == "cost":
            shared = float(columns["batch_cost"][released].mean()) / success
            found[name] = shared + float(columns["dose_cost"][released].mean())
        elif name == "vein_to_vein":
            found[name] = float(np.median(columns["vein_to_vein"][released]))
        else:
            found[name] = _mean(columns["pfs_itt_12_months"][rows])
    return found


def _mean(values: Float[np.ndarray, " lot"]) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else float("nan")


def _jackknife(without: Float[np.ndarray, " group"]) -> float:
    if len(without) < 2 or not np.isfinite(without).all():
        return float("nan")
    return float(np.sqrt((len(without) - 1) * np.mean((without - without.mean()) ** 2)))
