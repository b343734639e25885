"""Operating characteristics of a dose-finding trial: by dose, of the whole trial, by policy."""

from progenitor.report._numbers import estimate_parts, number_text, shown
from progenitor.report.tables._table import Cell, Column, Table
from progenitor.study.results import DoseFindingResult, DoseLevel, Estimate

__all__ = ["dose_level_table", "dose_policy_table", "dose_trial_table"]

_POLICIES = {
    "ignore": ("Manufacturing ignored", "counts at the assigned dose, whatever was given"),
    "exclude": ("Replaced", "who falls short does not count; infeasible doses are closed"),
    "as_treated": ("As treated", "counts at the highest level reached"),
    "achieved": ("Achieved dose", "the design looks at the dose really given"),
}


def dose_level_table(found: DoseFindingResult) -> Table:
    """Return one row per dose: what is true of it, and what trials do there."""
    return Table(
        caption=(
            "By dose: shares of infused virtual patients with 90 % interval over parameter draws, "
            "and what trials do; ± is the Monte Carlo standard error"
        ),
        columns=(
            Column("Dose"),
            Column("DLT, %", numeric=True, group="True"),
            Column("Response, %", numeric=True, group="True"),
            Column("Gets it, %", numeric=True, group="True"),
            Column("MTD in % of draws", numeric=True, group="True"),
            Column("MTD and feasible", numeric=True, group="True"),
            Column("Chosen, %", numeric=True, group="Trials"),
            Column("On paper, %", numeric=True, group="Trials"),
            Column("Patients", numeric=True, group="Trials"),
            Column("DLTs", numeric=True, group="Trials"),
        ),
        rows=tuple(_level_row(place, level) for place, level in enumerate(found.levels, start=1)),
    )


def dose_trial_table(found: DoseFindingResult) -> Table:
    """Return one row per characteristic of the whole trial."""
    rows = (
        ("Chooses the right dose of its own draw, %", found.right, found.fixed_right),
        ("Chooses no dose, %", found.none, found.fixed_none),
        ("Chooses a dose above the MTD, %", found.overdose, None),
        ("Patients who count", found.patients, None),
        ("Patients apheresed", found.enrolled, None),
        ("Dose-limiting toxicities", found.toxicities, None),
        ("Days from the first screening to the last window", found.duration, None),
    )
    return Table(
        caption=(
            "The whole trial, averaged over parameter draws (assurance), with 90 % interval over "
            "draws (given the parameters) and Monte Carlo standard error"
        ),
        columns=(
            Column("Characteristic"),
            Column("On mechanistic patients", numeric=True),
            Column("As planned on paper", numeric=True),
        ),
        rows=tuple(
            (Cell(words), _with_error(value), _with_error(paper) if paper else Cell("–"))
            for words, value, paper in rows
        ),
    )


def dose_policy_table(found: DoseFindingResult) -> Table:
    """Return one row per way of dealing with patients below their dose."""
    return Table(
        caption=(
            "What the chosen dose depends on: the same trials, patients below their assigned dose "
            "dealt with in each way; ± is the Monte Carlo standard error"
        ),
        columns=(
            Column("Patients below their dose"),
            Column("Right dose, %", numeric=True),
            Column("Dose too few can get, %", numeric=True),
            Column("Above the MTD, %", numeric=True),
            Column("Could get the chosen dose, %", numeric=True),
        ),
        rows=tuple(
            (
                Cell(*_POLICIES.get(choice.policy, (choice.policy, ""))),
                _with_error(choice.right),
                _with_error(choice.infeasible),
                _with_error(choice.overdose),
                _with_error(choice.delivered),
            )
            for choice in found.policies
        ),
    )


def _level_row(place: int, level: DoseLevel) -> tuple[Cell, ...]:
    return (
        Cell(f"{place}", level.label),
        *(_with_error(value) for value in (level.toxicity, level.response, level.feasibility)),
        Cell(number_text(100 * level.best)),
        Cell(number_text(100 * level.best_feasible)),
        *(_with_error(v) for v in (level.selected, level.fixed, level.treated, level.toxic)),
    )


def _with_error(estimate: Estimate) -> Cell:
    """Return value, interval and error; shares are printed in %."""
    estimate = shown(estimate)
    value, interval = estimate_parts(estimate)
    return Cell(value, interval, f"± {number_text(estimate.mcse, digits=2)}")
