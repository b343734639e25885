"""The patients of a finished run as an exported trial."""

from pathlib import Path
from typing import Any, Final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.errors import InputError, Problem
from progenitor.evidence import Catalogue, default_catalogue
from progenitor.study._exported import (
    ExportedDoses,
    ExportedEvents,
    ExportedLevels,
    ExportedScores,
    ExportedTrial,
)
from progenitor.study._run import load_result
from progenitor.study._store import RunStore
from progenitor.study.results import ResponseWords

__all__ = ["export_patients"]

_FLOW: Final = "assay/car_t_lower_limit"
_LEVELS: Final = (
    ("CART", "car_t_in_blood", "CAR-T cells in blood", "cell/uL", _FLOW),
    ("MONO", "product_monocytes_in_blood", "Monocytes of the product", "cell/uL", _FLOW),
    ("TRANSG", "transgene_in_blood", "CAR transgene", "copy/ug", "assay/transgene_lower_limit"),
)
_Columns = dict[str, np.ndarray[Any, Any]]


def export_patients(run_dir: Path | str, *, trial: int | None = None) -> ExportedTrial:
    """Return the patients of a run, or those of one of its parameter draws.

    Parameters
    ----------
    run_dir
        Folder of a finished run of a study.
    trial
        Which parameter draw, from 1; left out, all of them.

    Raises
    ------
    InputError
        If there is no such draw.
    RunStoreError
        If the folder holds no finished run.
    """
    result = load_result(run_dir)
    with RunStore.open(run_dir) as store:
        shard = store.read_all().ordered()
    draws = np.unique(shard.outcomes["draw"])
    if trial is not None and not 1 <= trial <= draws.size:
        fix = f"give 1 to {draws.size}"
        raise InputError([Problem(f"there is no trial {trial}", fix, field="--trial")])
    keep = np.ones(shard.rows, bool)
    if trial is not None:
        keep = shard.outcomes["draw"] == draws[trial - 1]
    columns = {name: column[keep] for name, column in shard.outcomes.items()}
    series = {name: values[keep] for name, values in shard.series.items()}
    place = np.searchsorted(draws, columns["draw"]) + 1
    names = list(result.arms)
    subjects = tuple(
        f"{result.study_name}-{names[arm]}-{draw:04d}-{patient + 1:06d}"
        for arm, draw, patient in zip(columns["arm"], place, columns["patient"], strict=True)
    )
    infused = columns["infused"].astype(bool)
    return ExportedTrial(
        study=result.study_name,
        title=result.title,
        words="all parameter draws" if trial is None else f"parameter draw {trial}",
        digest=result.digest,
        seed=result.seed,
        arms=tuple((name, arm.title) for name, arm in result.arms.items()),
        arm=columns["arm"],
        subjects=subjects,
        facts=_facts(columns, place, infused),
        events=_events(columns, infused),
        scores=_scores(columns, infused, result.response),
        levels=_levels(default_catalogue(), series, shard.days),
        doses=(ExportedDoses("CART", "CAR-T cells", "cell", 0.0, columns["dose"]),),
    )


def _facts(
    columns: _Columns, draw: np.ndarray[Any, Any], infused: Bool[np.ndarray, " subject"]
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


def _reason(row: int, columns: _Columns) -> str:
    """Return why a patient was not infused; nothing for those who were."""
    if columns["infused"][row]:
        return ""
    if columns["lost_waiting"][row]:
        return "LOST WHILE WAITING"
    return "TOO FEW CELLS" if columns["too_few_cells"][row] else "LOT NOT RELEASED"


def _events(columns: _Columns, infused: Bool[np.ndarray, " subject"]) -> tuple[ExportedEvents, ...]:
    """Progression-free survival from infusion, and from enrolment for everybody."""
    size = range(infused.size)
    return (
        ExportedEvents(
            "PFS",
            "Progression-free survival from infusion",
            "INFUSION",
            columns["pfs_time"],
            columns["pfs_event"],
            tuple(_ending(columns["pfs_event"], columns, row) for row in size),
        ),
        ExportedEvents(
            "PFSITT",
            "Progression-free survival from enrolment, never infused is an event",
            "ENROLMENT",
            columns["pfs_itt_time"],
            columns["pfs_itt_event"],
            tuple(_ending(columns["pfs_itt_event"], columns, row) for row in size),
        ),
    )


def _ending(event: Float[np.ndarray, " subject"], columns: _Columns, row: int) -> str:
    """Return what ended the time of a patient."""
    if event[row] != 1.0:
        return "LAST ASSESSMENT WITHOUT EVENT"
    if not columns["infused"][row]:
        return "LEFT WITHOUT INFUSION"
    progressed = columns["progression_day"][row] == columns["pfs_time"][row]
    return "DISEASE PROGRESSION" if progressed else "DEATH"


def _scores(
    columns: _Columns, infused: Bool[np.ndarray, " subject"], response: ResponseWords
) -> tuple[ExportedScores, ...]:
    best = np.where(infused, columns["best_response"].astype(float), np.nan)
    words = tuple(
        response.codes[int(code)] if given else ""
        for code, given in zip(columns["best_response"], infused, strict=True)
    )
    rows = (
        ("OBJRESP", f"Objective response ({response.title})", columns["objective_response"]),
        ("CRRESP", "Complete response", columns["complete_response"]),
    )
    return (
        ExportedScores("BOR", "Best overall response", best, words),
        *(ExportedScores(code, label, values, _yes_no(values)) for code, label, values in rows),
    )


def _yes_no(values: Float[np.ndarray, " subject"]) -> tuple[str, ...]:
    return tuple("" if np.isnan(value) else "Y" if value else "N" for value in values)


def _levels(
    catalogue: Catalogue,
    series: dict[str, Float[np.ndarray, "subject time"]],
    days: Float[np.ndarray, " time"],
) -> tuple[ExportedLevels, ...]:
    found = []
    for code, name, label, unit, address in _LEVELS:
        if name not in series:
            continue
        used = catalogue.parameter(address).used
        limit = float("nan") if used is None else float(used.median)
        found.append(ExportedLevels(code, label, unit, "concentration", limit, days, series[name]))
    return tuple(found)
