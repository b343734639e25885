"""What every chunk of an experiment needs to know, small enough to travel to a worker."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

import numpy as np
from jaxtyping import Float

from progenitor.cohort import Correlation, correlations_of
from progenitor.engine import SolverOptions
from progenitor.evidence import Catalogue
from progenitor.study._catalogue_at import catalogue_at
from progenitor.study._solver import solver_options
from progenitor.study.experiment._animal_bank import measurement_days
from progenitor.study.experiment._file import ExperimentFile
from progenitor.study.experiment._parts import ARMS, Part, parts_of

__all__ = ["ExperimentPlan", "curve_names", "look_days", "sampled_ids"]

_SAME_DAY: Final = 9
"""Decimals of a day beyond which two looks are one."""


@final
@dataclass(frozen=True, slots=True)
class ExperimentPlan:
    """The experiment, its seed, and which part of it is meant.

    Parameters
    ----------
    file
        The validated experiment.
    seed
        Seed of every random stream.
    catalogue_path
        Folder of the catalogue, so that a worker reads the same one.
    name
        Of the part.
    threads
        How many the solver uses in this process; no number depends on it.
    """

    file: ExperimentFile
    seed: int
    catalogue_path: Path
    name: str = ARMS
    threads: int = 1

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue, read once per process."""
        return catalogue_at(self.catalogue_path)

    @property
    def parts(self) -> Mapping[str, Part]:
        """All parts, resolved once per process."""
        key = (self.file.model_dump_json(), self.catalogue_path)
        if key not in _PARTS:
            _PARTS[key] = parts_of(self.catalogue, self.file)
        return _PARTS[key]

    @property
    def part(self) -> Part:
        """The part that is meant."""
        return self.parts[self.name]

    @property
    def solver(self) -> SolverOptions:
        """How subjects are solved."""
        return solver_options(self.file.solver, threads=self.threads)

    @property
    def correlations(self) -> tuple[Correlation, ...]:
        """Correlations between the numbers of one subject."""
        return correlations_of(self.catalogue, self.file.subjects.disease)

    @property
    def days(self) -> Float[np.ndarray, " time"]:
        """Days on which subjects are looked at, the same in every arm of every part.

        They begin when the first thing happens in any arm, so that all begin alike.
        """
        start = min(one.first_day for part in self.parts.values() for one in part.conditions)
        return look_days(self.file, start)


_PARTS: dict[tuple[str, Path], Mapping[str, Part]] = {}


def look_days(file: ExperimentFile, start: float = 0.0) -> Float[np.ndarray, " time"]:
    """Return the regular looks, the further ones, and every day that a readout names.

    Parameters
    ----------
    file
        A checked experiment.
    start
        First day.
    """
    looks = file.looks
    named = [
        day
        for readout in file.readouts.values()
        for day in (readout.at, readout.since, readout.until)
        if day is not None
    ]
    if file.animal_trial is not None:
        named += measurement_days(file.animal_trial).tolist()
    regular = np.arange(0.0, looks.until, looks.every)
    days = np.concatenate([regular, [start, 0.0, looks.until], looks.plus, named])
    found: Float[np.ndarray, " time"] = np.unique(np.round(days, _SAME_DAY))
    return found[found >= start]


def curve_names(file: ExperimentFile) -> tuple[str, ...]:
    """Return the observables whose courses are kept: those asked for, or those of the readouts.

    What a planned mouse study measures is among them.
    """
    read = (readout.observable for readout in file.readouts.values())
    trial = file.animal_trial
    wanted = [*(file.curves or read), *([] if trial is None else [trial.volume])]
    return tuple(dict.fromkeys(wanted))


def sampled_ids(part: Part) -> tuple[str, ...]:
    """Return the catalogue ids of every number that is drawn for a part."""
    return tuple(sorted({name for one in part.conditions for name in one.used_ids}))
