"""Operating characteristics of each trial design on the simulated patients."""

from collections.abc import Mapping

from progenitor.report._numbers import count_text, estimate_parts, number_text, shown
from progenitor.report.figures._palette import arm_labels
from progenitor.report.tables._table import Cell, Column, Table
from progenitor.study.results import ArmResult, DesignResult, Estimate

__all__ = ["design_title", "operating_table"]

_ENDPOINTS = {"pfs_12_months": "12-month PFS"}
_SETS = {"infused": "infused set", "itt": "ITT set"}


def operating_table(arms: Mapping[str, ArmResult]) -> Table:
    """Return one row per arm and design: success, expected size, early stop, and their errors."""
    labels = arm_labels(arms)
    return Table(
        caption=(
            "Trial operating characteristics, averaged over parameter draws (assurance); "
            "± is the Monte Carlo standard error"
        ),
        columns=(
            Column("Arm and design"),
            Column("Design numbers"),
            Column("P(success), %", numeric=True),
            Column("Expected patients", numeric=True),
            Column("P(early stop), %", numeric=True),
            Column("Share of variance between draws, %", numeric=True),
            Column("Replicates", numeric=True),
        ),
        rows=tuple(
            _row(labels[name], design) for name, arm in arms.items() for design in arm.designs
        ),
        empty="The study conducts no trial.",
    )


def design_title(design: DesignResult) -> str:
    """Return the printed name of a design: ``simon_two_stage`` becomes *Simon two stage*."""
    return design.design.replace("_", " ").capitalize() if "_" in design.design else design.design


def _row(label: str, design: DesignResult) -> tuple[Cell, ...]:
    numbers = ", ".join(f"{name} = {value:.3g}" for name, value in design.numbers.items())
    endpoint, chosen = _ENDPOINTS.get(design.endpoint), design.analysis_set
    endpoint = endpoint or design.endpoint.replace("_", " ")
    return (
        Cell(label, design_title(design), f"{endpoint}, {_SETS.get(chosen, chosen)}"),
        Cell(numbers, small=design.description),
        _with_error(design.success),
        _with_error(design.expected_patients),
        _with_error(design.early_stop),
        Cell(number_text(100 * design.between_draw_share)),
        Cell(count_text(design.replicates)),
    )


def _with_error(estimate: Estimate) -> Cell:
    """Return value, interval and error; a probability given as a fraction is printed in %."""
    estimate = shown(estimate)
    value, interval = estimate_parts(estimate)
    return Cell(value, interval, f"± {number_text(estimate.mcse, digits=2)}")
