"""Find what one trial of a finished run is, whichever kind of run."""

from pathlib import Path

from progenitor.errors import InputError, Problem
from progenitor.study._either import is_experiment_run
from progenitor.study._export_design import export_design, exportable_designs
from progenitor.study._export_patients import export_patients
from progenitor.study._exported import ExportedTrial
from progenitor.study._run import load_rows
from progenitor.study.experiment import export_mice

__all__ = ["load_exported_trial"]


def load_exported_trial(
    run_dir: Path | str,
    *,
    trial: int | None = None,
    design: str | None = None,
    draw: int | None = None,
) -> ExportedTrial:
    """Return one trial of a finished run: a mouse study, a trial of patients, or all patients.

    Parameters
    ----------
    run_dir
        Folder of the run.
    trial
        Which of the trials conducted, from 1: of mouse studies, or of ``design``. A study without
        dose-finding and randomised trials takes it as the parameter draw.
    design
        Which trial of the study file; the first dose-finding or randomised one by default.
    draw
        All patients of one parameter draw, from 1. Without any of these, all patients of all.

    Raises
    ------
    InputError
        If there is no such trial, design or draw, or the run conducts none.
    RunStoreError
        If the folder holds no finished run.
    """
    if draw is not None and (trial is not None or design is not None):
        fix = "give --draw for all patients of a draw, or --trial and --design for one trial"
        raise InputError([Problem("a trial and a draw are asked for", fix, field="--draw")])
    if is_experiment_run(run_dir):
        if design is not None or draw is not None:
            fix = "give --trial K alone"
            field = "--design" if design is not None else "--draw"
            raise InputError([Problem("an experiment has mouse studies only", fix, field=field)])
        return export_mice(run_dir, trial=trial)
    if trial is None and design is None:
        return export_patients(run_dir, draw=draw)
    rows = load_rows(run_dir)
    names = exportable_designs(rows.study.file)
    if design is None and not names:
        return export_patients(run_dir, draw=trial, option="--trial")
    return export_design(rows, design=design or names[0], trial=1 if trial is None else trial)
