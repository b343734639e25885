"""One door for the reports of both kinds of study."""

from pathlib import Path

from progenitor.report._write import write_report
from progenitor.report.experiment import write_experiment_report
from progenitor.study.experiment.results import ExperimentResult
from progenitor.study.results import RunResult

__all__ = ["write_any_report"]


def write_any_report(result: RunResult | ExperimentResult, path: Path) -> Path:
    """Write the report of a finished run of either kind.

    Parameters
    ----------
    result
        What was run.
    path
        Where to write; an existing file is replaced.

    Returns
    -------
    Path
        ``path``.
    """
    if isinstance(result, ExperimentResult):
        return write_experiment_report(result, path)
    return write_report(result, path)
