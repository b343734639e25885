"""Operating characteristics of each trial design on the simulated patients."""

from collections.abc import Mapping

from progenitor.report._numbers import count_text, interval_text, number_text
from progenitor.report.figures._palette import arm_labels
from progenitor.report.tables._table import Cell, Column, Table
from progenitor.study.results import ArmResult, DesignResult, Estimate

__all__ = ["operating_table"]


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


def _row(label: str, design: DesignResult) -> tuple[Cell, ...]:
    numbers = ", ".join(f"{name} = {count_text(value)}" for name, value in design.numbers.items())
    return (
        Cell(label, design.design, f"{design.endpoint}, {design.analysis_set} set"),
        Cell(numbers, small=design.description),
        _with_error(design.success, percent=True),
        _with_error(design.expected_patients),
        _with_error(design.early_stop, percent=True),
        Cell(number_text(100 * design.between_draw_share)),
        Cell(count_text(design.replicates)),
    )


def _with_error(estimate: Estimate, *, percent: bool = False) -> Cell:
    """Return value, interval and error; a probability given as a fraction is printed in %."""
    factor = 100.0 if percent and estimate.unit != "%" else 1.0
    value, interval = interval_text(
        factor * estimate.value, factor * estimate.low, factor * estimate.high
    )
    return Cell(value, interval, f"± {number_text(factor * estimate.mcse, digits=2)}")
