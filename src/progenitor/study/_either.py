"""One door for both kinds of study file: pipelines begin with `study:`, others `experiment:`."""

from pathlib import Path

from progenitor.documents import Document
from progenitor.errors import Problem, StudyError
from progenitor.evidence import Catalogue
from progenitor.study._loading import read_text
from progenitor.study._run import load_result
from progenitor.study._store import RunStore
from progenitor.study._study import Study
from progenitor.study.experiment import Experiment, load_experiment_result
from progenitor.study.experiment.results import ExperimentResult
from progenitor.study.results import RunResult

__all__ = ["is_experiment_run", "load_any_result", "load_any_study", "load_pipeline"]


def load_any_study(path: Path | str, *, catalogue: Catalogue | None = None) -> Study | Experiment:
    """Read a study file of either kind; its first key says which.

    Parameters
    ----------
    path
        The file.
    catalogue
        Where names are looked up.

    Raises
    ------
    StudyError
        Listing every problem with its file, line, field, value and fix.

    Examples
    --------
    >>> from progenitor.study import template_path
    >>> type(load_any_study(template_path("car_t_dose_in_dlbcl"))).__name__
    'Experiment'
    """
    document, _ = read_text(Path(path))
    kind = Experiment if _is_experiment(document) else Study
    return kind.load(path, catalogue=catalogue)


def load_pipeline(path: Path | str, *, catalogue: Catalogue | None = None) -> Study:
    """Read a study that begins with manufacturing, for commands that need lots.

    Raises
    ------
    StudyError
        As :func:`load_any_study`, and for an experiment, which makes no lots.
    """
    found = load_any_study(path, catalogue=catalogue)
    if isinstance(found, Experiment):
        message = f"'{found.name}' is an experiment: cells are given as they are, none are made"
        fix = "name a study with products and recipes"
        raise StudyError([Problem(message, fix, str(path), 1, "experiment")])
    return found


def load_any_result(run_dir: Path | str) -> RunResult | ExperimentResult:
    """Read a finished run of either kind back from its folder.

    Raises
    ------
    RunStoreError
        When the folder holds no finished run, or a shard was changed.
    """
    if is_experiment_run(run_dir):
        return load_experiment_result(run_dir)
    return load_result(run_dir)


def is_experiment_run(run_dir: Path | str) -> bool:
    """Tell whether a run folder holds an experiment, and not a study with products.

    Raises
    ------
    RunStoreError
        When the folder holds no run.
    """
    with RunStore.open(run_dir) as store:
        document, _ = read_text(store.study_text, name="study.yaml")
    return _is_experiment(document)


def _is_experiment(document: Document) -> bool:
    """Tell the kinds apart by the first key, or by what only experiments have."""
    data = document.data
    if not isinstance(data, dict) or "study" in data:
        return False
    return "experiment" in data or "subjects" in data
