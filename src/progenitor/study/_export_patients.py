"""The patients of a finished run as an exported trial."""

from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Bool

from progenitor.errors import InputError, Problem
from progenitor.evidence import default_catalogue
from progenitor.study._criteria import CRITERIA
from progenitor.study._exported import ExportedDoses, ExportedEvents, ExportedTrial
from progenitor.study._exported_columns import Columns, ending, exported_levels, exported_scores
from progenitor.study._plan import setup_arms
from progenitor.study._run import load_rows
from progenitor.study._summarise import arm_title

__all__ = ["export_patients"]


def export_patients(
    run_dir: Path | str, *, draw: int | None = None, option: str = "--draw"
) -> ExportedTrial:
    """Return the patients of a run, or those of one of its parameter draws.

    Parameters
    ----------
    run_dir
        Folder of a finished run of a study.
    draw
        Which parameter draw, from 1; left out, all of them.
    option
        What an error calls it.

    Raises
    ------
    InputError
        If there is no such draw.
    RunStoreError
        If the folder holds no finished run.
    """
    rows = load_rows(run_dir)
    shard, file = rows.shard, rows.study.file
    draws = np.unique(shard.outcomes["draw"])
    if draw is not None and not 1 <= draw <= draws.size:
        fix = f"give 1 to {draws.size}"
        raise InputError([Problem(f"there is no parameter draw {draw}", fix, field=option)])
    keep = np.ones(shard.rows, bool)
    if draw is not None:
        keep = shard.outcomes["draw"] == draws[draw - 1]
    columns = {name: column[keep] for name, column in shard.outcomes.items()}
    series = {name: values[keep] for name, values in shard.series.items()}
    place = np.searchsorted(draws, columns["draw"]) + 1
    setups = setup_arms(rows.plan)
    names = [setup.name for setup in setups]
    subjects = tuple(
        f"{file.study}-{names[arm]}-{number:04d}-{patient + 1:06d}"
        for arm, number, patient in zip(columns["arm"], place, columns["patient"], strict=True)
    )
    infused = columns["infused"].astype(bool)
    return ExportedTrial(
        study=file.study,
        title=file.title,
        words="all parameter draws" if draw is None else f"parameter draw {draw}",
        digest=rows.digest,
        seed=rows.plan.seed,
        arms=tuple((setup.name, arm_title(file.arms[setup.arm], setup)) for setup in setups),
        arm=columns["arm"],
        subjects=subjects,
        facts=_facts(columns, place, infused),
        events=_events(columns, infused),
        scores=exported_scores(columns, infused, CRITERIA[rows.plan.criteria]),
        levels=exported_levels(default_catalogue(), series, shard.days),
        doses=(ExportedDoses("CART", "CAR-T cells", "cell", 0.0, columns["dose"]),),
    )


def _facts(
    columns: Columns, draw: np.ndarray[Any, Any], infused: Bool[np.ndarray, " subject"]
) -> dict[str, Any]:
    dead = np.isfinite(columns["death_day"])
    return {
        "DRAW": draw,
        "ITTFL": np.ones(infused.size, bool),
        "SAFFL": infused,
        "DLTEVLFL": infused & ~columns["failed"].astype(bool),
        "PKFL": infused & ~columns["failed"].astype(bool),
        "TRTSDY": np.where(infused, columns["vein_to_vein"], np.nan),
        "DOSE01A": columns["dose"],
        "DOSPKG": columns["dose_per_kg"],
        "DTHFL": dead,
        "DTHDY": columns["death_day"],
        "DCSREAS": tuple(_reason(row, columns) for row in range(infused.size)),
    }


def _reason(row: int, columns: Columns) -> str:
    """Return why a patient was not infused; nothing for those who were."""
    if columns["infused"][row]:
        return ""
    if columns["lost_waiting"][row]:
        return "LOST WHILE WAITING"
    return "TOO FEW CELLS" if columns["too_few_cells"][row] else "LOT NOT RELEASED"


def _events(columns: Columns, infused: Bool[np.ndarray, " subject"]) -> tuple[ExportedEvents, ...]:
    """Progression-free survival from infusion, and from enrolment for everybody."""
    size = range(infused.size)
    return (
        ExportedEvents(
            "PFS",
            "Progression-free survival from infusion",
            "INFUSION",
            columns["pfs_time"],
            columns["pfs_event"],
            tuple(ending(columns["pfs_event"], columns, row) for row in size),
        ),
        ExportedEvents(
            "PFSITT",
            "Progression-free survival from enrolment, never infused is an event",
            "ENROLMENT",
            columns["pfs_itt_time"],
            columns["pfs_itt_event"],
            tuple(ending(columns["pfs_itt_event"], columns, row) for row in size),
        ),
    )
