"""Simulated numbers beside published ones, with the ratio between them."""

from collections.abc import Mapping, Sequence

from progenitor.report._numbers import (
    estimate_parts,
    interval_text,
    percent,
    ratio_text,
    shown,
    unit_text,
)
from progenitor.report.figures._palette import arm_labels
from progenitor.report.figures._titled import Titled
from progenitor.report.figures.agreement import outside
from progenitor.report.tables._table import Cell, Column, Table
from progenitor.study.results import PublishedComparison

__all__ = ["published_table"]

_ROLES = {
    "building": ("fitted", "building data"),
    "verification": ("predicted", "verification data"),
}


def published_table(
    comparisons: Sequence[PublishedComparison], arms: Mapping[str, Titled]
) -> Table:
    """Return one row per comparison; ratios outside 0.5–2 are marked in words, not colour alone."""
    labels = arm_labels(arms)
    return Table(
        caption="Simulated beside published; ratio = simulated ÷ published",
        columns=(
            Column("Quantity"),
            Column("Simulated (90 % interval)", numeric=True),
            Column("Published (interval)", numeric=True),
            Column("Ratio", numeric=True),
            Column("Role"),
            Column("Source and population"),
        ),
        rows=tuple(_row(comparison, labels) for comparison in comparisons),
        empty="The study names no published comparator.",
    )


def _row(comparison: PublishedComparison, labels: Mapping[str, str]) -> tuple[Cell, ...]:
    estimate, (factor, unit) = shown(comparison.simulated), percent(comparison.unit)
    simulated = estimate_parts(estimate)
    published = interval_text(
        factor * comparison.published,
        factor * comparison.published_low,
        factor * comparison.published_high,
        unit,
    )
    role, meaning = _ROLES.get(comparison.role, (comparison.role, ""))
    arm = labels.get(comparison.arm, comparison.arm)
    weak = outside(comparison)
    return (
        Cell(
            comparison.quantity, small=" · ".join(text for text in (arm, unit_text(unit)) if text)
        ),
        Cell(*simulated),
        Cell(*published, small=comparison.interval),
        Cell(
            ratio_text(comparison.ratio),
            small="▲ outside 0.5–2" if weak else "",
            mark="weak" if weak else "",
        ),
        Cell(role, small=meaning),
        Cell(comparison.citation, comparison.population, comparison.caveat),
    )
