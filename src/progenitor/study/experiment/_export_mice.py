"""One planned mouse study of a finished experiment as an exported trial."""

from pathlib import Path
from typing import Any, Final

import numpy as np
from jaxtyping import Float, Int

from progenitor.errors import InputError, Problem
from progenitor.evidence import default_catalogue
from progenitor.study._exported import (
    ExportedDoses,
    ExportedEvents,
    ExportedLevels,
    ExportedScores,
    ExportedTrial,
)
from progenitor.study._shard import Shard
from progenitor.study._store import RunStore
from progenitor.study.experiment._animal_file import AnimalTrial
from progenitor.study.experiment._animal_trial import one_study
from progenitor.study.experiment._experiment import Experiment
from progenitor.study.experiment._file import ExperimentFile
from progenitor.study.experiment._parts import ARMS
from progenitor.study.experiment._plan import ExperimentPlan
from progenitor.trial import MouseStudies

__all__ = ["export_mice"]

_HALF: Final = 0.5
_LONGEST: Final = 8


def export_mice(run_dir: Path | str, *, trial: int | None = None) -> ExportedTrial:
    """Return one conducted mouse study of a finished experiment.

    Parameters
    ----------
    run_dir
        Folder of a finished run of an experiment with an ``animal_trial``.
    trial
        Which study, from 1; left out, the first.

    Raises
    ------
    InputError
        If the experiment plans no mouse study, or conducts fewer.
    RunStoreError
        If the folder holds no finished run.
    """
    with RunStore.open(run_dir) as store:
        planned = store.read_json("plan.json")
        text, path = store.study_text, store.path / "study.yaml"
        shard = store.read_all().ordered()
        digest = store.read_json("results.json")["digest"]
    experiment = Experiment.parse(text, path=path).with_options(
        seed=planned["seed"], draws=planned["draws"], patients=planned["subjects"]
    )
    file, asked = experiment.file, 1 if trial is None else trial
    plan = ExperimentPlan(file, planned["seed"], default_catalogue().path)
    planned_trial = _asked(file, asked)
    units = {
        one.name: (one.title or one.name, one.unit)
        for condition in plan.parts[ARMS].conditions
        for one in condition.body.model.observables
    }
    found = one_study(
        plan.catalogue,
        file,
        seed=planned["seed"],
        unit=units[planned_trial.volume][1],
        shard=shard,
        study=asked - 1,
    )
    assert found is not None
    studies, study = found
    return ExportedTrial(
        study=file.experiment,
        title=file.title,
        words=f"mouse study {asked}",
        digest=str(digest),
        seed=planned["seed"],
        arms=tuple((name, arm.title) for name, arm in file.arms.items()),
        arm=studies.arm,
        subjects=tuple(
            f"{file.experiment}-{asked:05d}-{mouse + 1:04d}" for mouse in range(studies.arm.size)
        ),
        facts=_facts(studies, study),
        events=(_removal(studies, study),),
        scores=_scores(studies, study),
        levels=_levels(plan, planned_trial, studies, study, shard, units),
        doses=_doses(plan, studies),
    )


def _asked(file: ExperimentFile, study: int) -> AnimalTrial:
    """Return what is planned; refuse a study that is not conducted."""
    trial = file.animal_trial
    if trial is None:
        fix = "add an 'animal_trial' section, or export the run of a study with products"
        message = f"'{file.experiment}' follows every subject in every arm and conducts no trial"
        raise InputError([Problem(message, fix, field="animal_trial")])
    conducted = trial.replicates * file.uncertainty.draws
    if not 1 <= study <= conducted:
        fix = f"give 1 to {conducted}"
        raise InputError([Problem(f"there is no trial {study}", fix, field="--trial")])
    return trial


def _facts(studies: MouseStudies, study: int) -> dict[str, Any]:
    mice = studies.arm.size
    return {
        "DRAW": np.full(mice, studies.draw[study] + 1),
        "RANDFL": np.ones(mice, bool),
        "ITTFL": np.ones(mice, bool),
        "SAFFL": np.ones(mice, bool),
        "DONOR": studies.donor[study] + 1,
        "CAGE": studies.cage[study] + 1,
        "BLOCK": studies.block[study] + 1,
        "BASEVOL": studies.baseline[study],
        "GROWTH": studies.growth[study],
    }


def _removal(studies: MouseStudies, study: int) -> ExportedEvents:
    event = studies.event[study]
    words = ("END OF STUDY", "HUMANE ENDPOINT")
    return ExportedEvents(
        "HUMANE",
        "Time to humane endpoint",
        "RANDOMISATION",
        studies.time[study],
        event,
        tuple(words[int(one)] for one in event),
    )


def _scores(studies: MouseStudies, study: int) -> tuple[ExportedScores, ...]:
    """Best change of volume from baseline, and whether volume was ever halved."""
    volume = studies.volume[study]
    change = np.nanmin(volume[:, 1:], axis=1) / volume[:, 0] - 1.0
    halved = (change <= -_HALF).astype(float)
    return (
        ExportedScores(
            "BESTPCHG",
            "Best percent change of volume from baseline",
            100.0 * change,
            tuple(f"{100.0 * one:.1f}" for one in change),
        ),
        ExportedScores(
            "OBJRESP",
            "Volume halved or less at any measurement",
            halved,
            tuple("NY"[int(one)] for one in halved),
        ),
    )


def _levels(
    plan: ExperimentPlan,
    trial: AnimalTrial,
    studies: MouseStudies,
    study: int,
    shard: Shard,
    units: dict[str, tuple[str, str]],
) -> tuple[ExportedLevels, ...]:
    """Measured volume, and the other curves of the same mice as simulated."""
    days, floor = studies.bank.days, studies.design.floor
    seen = np.isfinite(studies.volume[study])
    found = [
        ExportedLevels(
            "TUMVOL", "Tumour volume", "mm3", "tumour", floor, days, studies.volume[study]
        )
    ]
    rows = _rows(plan, studies, study)
    place = np.searchsorted(shard.days, days - 1e-6)
    for name, values in shard.series.items():
        if name == trial.volume:
            continue
        label, unit = units[name]
        code = _short(name, {one.code for one in found})
        levels = np.where(seen, values[rows][:, place], np.nan)
        found.append(ExportedLevels(code, label, unit, "concentration", float("nan"), days, levels))
    return tuple(found)


def _rows(plan: ExperimentPlan, studies: MouseStudies, study: int) -> Int[np.ndarray, " mouse"]:
    """Rows of a shard in order that hold the mice of a study."""
    arms, subjects = len(plan.file.arms), plan.file.subjects.per_draw
    patient = studies.bank_donor[study] * studies.bank.mice + studies.bank_mouse[study]
    return np.asarray((studies.draw[study] * arms + studies.arm) * subjects + patient)


def _doses(plan: ExperimentPlan, studies: MouseStudies) -> tuple[ExportedDoses, ...]:
    """Return what the mice of each arm are given."""
    found = []
    for place, condition in enumerate(plan.parts[ARMS].conditions):
        units = {one.name: one.unit for one in condition.body.model.species}
        for given in condition.given:
            for day in given.days:
                amount: Float[np.ndarray, " mouse"] = np.where(
                    studies.arm == place, given.amount, np.nan
                )
                unit = units[given.species] + ("/kg" if given.per_kilogram else "")
                code = _short(given.species, set())
                words = given.species.replace("_", " ")
                found.append(ExportedDoses(code, words, unit, day, amount))
    return tuple(found)


def _short(name: str, taken: set[str]) -> str:
    """Return a code of at most eight letters and digits, unlike the others."""
    plain = name.replace("_", "").upper()
    code, number = plain[:_LONGEST], 1
    while code in taken:
        number += 1
        code = f"{plain[: _LONGEST - len(str(number))]}{number}"
    return code
