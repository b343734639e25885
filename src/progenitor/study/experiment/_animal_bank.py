"""From the rows of an experiment to a bank of mice, and to how the study is planned."""

from typing import Final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.cohort import Correlation, Numbers, sample_numbers
from progenitor.errors import RunStoreError
from progenitor.evidence import Catalogue
from progenitor.study._shard import Shard
from progenitor.study.experiment._amount import amount_in
from progenitor.study.experiment._animal_file import AnimalTrial
from progenitor.study.experiment._condition import number_ids
from progenitor.study.experiment._file import ExperimentFile
from progenitor.study.experiment._parts import Part
from progenitor.trial import MouseBank, MouseDesign
from progenitor.units import convert

__all__ = [
    "donor_ids",
    "measurement_days",
    "measurement_ids",
    "mouse_bank",
    "mouse_design",
    "sample_mice",
]

_CELLS: Final = "assay/cells_per_tumour_volume"
_CAGE: Final = "mouse/cage_growth_difference"
_UNIT: Final = "mm3"


def measurement_ids(trial: AnimalTrial) -> dict[str, str]:
    """Return the catalogue ids behind what is measured.

    Parameters
    ----------
    trial
        The planned study.
    """
    return {
        "error": f"assay/{trial.measured_by}_error",
        "floor": f"assay/{trial.measured_by}_lower_limit",
        "cells": _CELLS,
        "cage": _CAGE,
    }


def measurement_days(trial: AnimalTrial) -> Float[np.ndarray, " day"]:
    """Return the days on which tumours are measured, from day 0.

    Parameters
    ----------
    trial
        The planned study.
    """
    every, until = trial.measurements.every, trial.measurements.until
    days = np.append(np.arange(0.0, until, every), until)
    found: Float[np.ndarray, " day"] = np.unique(np.round(days, 9))
    return found


def donor_ids(part: Part, trial: AnimalTrial) -> frozenset[str]:
    """Return the catalogue ids that differ between donors of cells, as the models know them.

    Parameters
    ----------
    part
        Arms of the experiment.
    trial
        The planned study.
    """
    known = [number_ids(condition.body) for condition in part.conditions]
    return frozenset(ids[name] for ids in known for name in trial.donor_numbers if name in ids)


def sample_mice(
    catalogue: Catalogue,
    ids: tuple[str, ...],
    donors: frozenset[str],
    file: ExperimentFile,
    *,
    seed: int,
    draw: Int[np.ndarray, " subject"],
    patient: Int[np.ndarray, " subject"],
    correlations: tuple[Correlation, ...],
    typical: bool,
) -> Numbers:
    """Sample numbers of subjects that are a mouse with a donor's cells.

    Subject j is mouse j mod m with the cells of donor j div m, m the mice of a draw; so each mouse
    is met with the cells of every donor, in every arm.

    Parameters
    ----------
    catalogue, ids
        Where numbers live, and which are sampled.
    donors
        Those among them that are the donor's.
    file
        The experiment.
    seed, draw, patient, correlations, typical
        As :func:`progenitor.cohort.sample_numbers` takes them.
    """
    trial = file.animal_trial
    mice = file.subjects.per_draw // (1 if trial is None else trial.bank_donors)
    found: dict[str, Float[np.ndarray, " subject"]] = {}
    for wanted, who in (
        ([name for name in ids if name not in donors], patient % mice),
        ([name for name in ids if name in donors], patient // mice),
    ):
        found |= sample_numbers(
            catalogue,
            wanted,
            seed=seed,
            draw=draw,
            patient=who,
            correlations=correlations,
            typical=typical,
        )
    return found


def mouse_design(catalogue: Catalogue, file: ExperimentFile, trial: AnimalTrial) -> MouseDesign:
    """Return how the study is planned, with the catalogue's errors of measurement."""
    ids = measurement_ids(trial)
    return MouseDesign(
        control=list(file.arms).index(trial.control),
        donors=trial.donors,
        per_donor=trial.per_donor,
        limit=amount_in(trial.humane_volume, _UNIT),
        error=_fixed(catalogue, ids["error"]),
        floor=_fixed(catalogue, ids["floor"]),
        cage_size=trial.cage_size,
        cage_effect=_fixed(catalogue, ids["cage"]),
        alpha=trial.alpha,
        own_donors=trial.own_donors,
    )


def mouse_bank(
    catalogue: Catalogue, file: ExperimentFile, trial: AnimalTrial, unit: str, shard: Shard
) -> tuple[MouseBank, int]:
    """Return the bank of mice, and how many gave their place to another as a simulation failed.

    Parameters
    ----------
    catalogue, file, trial
        Numbers, experiment and plan.
    unit
        Of what is measured.
    shard
        Rows of all arms, in order.

    Raises
    ------
    RunStoreError
        If in some draw no mouse was solved in all arms.
    """
    rows = shard.ordered()
    days = measurement_days(trial)
    place = np.searchsorted(rows.days, days - 1e-6)
    draws, arms = file.uncertainty.draws, len(file.arms)
    values = rows.series[trial.volume][:, place]
    shape = (draws, arms, trial.bank_donors, -1, days.size)
    volume = np.maximum(values, 0.0).reshape(shape) * _per_unit(catalogue, unit)
    solved = np.isfinite(volume).all(axis=(1, 2, 4))
    if not solved.any(axis=1).all():
        raise RunStoreError("no mouse of a draw was solved. Fix: simulate more mice in each draw")
    mice = _stand_ins(solved)
    return MouseBank(
        tuple(file.arms), days, np.take_along_axis(volume, mice[:, None, None, :, None], axis=3)
    ), int((~solved).sum())


def _stand_ins(solved: Bool[np.ndarray, "draw mouse"]) -> Int[np.ndarray, "draw mouse"]:
    """Position of each mouse, or of the next that was solved in its place."""
    size = solved.shape[1]
    found = np.tile(np.arange(size), (solved.shape[0], 1))
    for draw, mouse in zip(*np.nonzero(~solved), strict=True):
        others = (mouse + np.arange(1, size)) % size
        found[draw, mouse] = next(int(one) for one in others if solved[draw, one])
    return found


def _per_unit(catalogue: Catalogue, unit: str) -> float:
    """Cubic millimetres in one unit of what is measured."""
    if unit == "cell":
        return 1.0 / _fixed(catalogue, _CELLS)
    return float(convert(1.0, unit, _UNIT))


def _fixed(catalogue: Catalogue, name: str) -> float:
    used = catalogue.parameter(name).used
    return float("nan") if used is None else float(used.median)
