"""One trial that a study conducts, as an exported trial."""

from progenitor.documents import suggestion
from progenitor.errors import InputError, Problem
from progenitor.study._baseline import with_baseline
from progenitor.study._criteria import CRITERIA
from progenitor.study._estimates import Table
from progenitor.study._exported import ExportedTrial
from progenitor.study._exported_columns import RunSource
from progenitor.study._plan import setup_arms
from progenitor.study._run import RunRows
from progenitor.study._schema import StudyFile
from progenitor.study._trial_section import DESIGNS
from progenitor.study.trials import export_dose_finding, export_randomised

__all__ = ["export_design", "exportable_designs"]


def exportable_designs(file: StudyFile) -> tuple[str, ...]:
    """Name the trials of a study whose patients are drawn one by one: not single-arm ones."""
    return tuple(
        name for name, trial in file.trials.items() if DESIGNS[trial.design].kind != "single arm"
    )


def export_design(rows: RunRows, *, design: str, trial: int) -> ExportedTrial:
    """Return one trial of a design of a run.

    Parameters
    ----------
    rows
        The run.
    design
        Name of the trial in the study file.
    trial
        Which of those conducted, from 1.

    Raises
    ------
    InputError
        If there is no such design or trial.
    """
    file, names = rows.study.file, exportable_designs(rows.study.file)
    if design not in names:
        if design in file.trials:
            message = f"'{design}' counts responders of one arm and follows nobody"
            fix = "export the patients: leave --design out, and give --draw K"
        else:
            message, fix = f"there is no trial '{design}'", suggestion(design, names)
        raise InputError([Problem(message, fix, field="--design")])
    plan = rows.plan
    tables = {arm.name: Table.of(rows.shard, arm=arm.index) for arm in setup_arms(plan)}
    tables = with_baseline(plan, tables)
    source = RunSource(plan.catalogue, plan.seed, rows.digest, CRITERIA[plan.criteria])
    if DESIGNS[file.trials[design].design].kind == "randomised":
        return export_randomised(file, design, tables, source, number=trial)
    arm = file.trials[design].arms[0]
    levels = [tables[setup.name] for setup in setup_arms(plan) if setup.arm == arm]
    return export_dose_finding(file, design, levels, source, number=trial)
