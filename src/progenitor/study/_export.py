"""Find what one trial of a finished run is, whichever kind of run."""

from pathlib import Path

from progenitor.study._either import is_experiment_run
from progenitor.study._export_patients import export_patients
from progenitor.study._exported import ExportedTrial
from progenitor.study.experiment import export_mice

__all__ = ["load_exported_trial"]


def load_exported_trial(run_dir: Path | str, *, trial: int | None = None) -> ExportedTrial:
    """Return one trial of a finished run: a mouse study, or the patients of a study.

    Parameters
    ----------
    run_dir
        Folder of the run.
    trial
        Which mouse study (by default the first) or parameter draw (by default all), from 1.

    Raises
    ------
    InputError
        If there is no such trial, or the run conducts none.
    RunStoreError
        If the folder holds no finished run.
    """
    export = export_mice if is_experiment_run(run_dir) else export_patients
    return export(run_dir, trial=trial)
