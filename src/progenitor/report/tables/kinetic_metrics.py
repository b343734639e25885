"""Metrics of cellular kinetics: over patients, patient by patient, and how each is found."""

import numpy as np

from progenitor.kinetics import Kinetics, Metric, MetricSummary, summarise_metric
from progenitor.report._numbers import count_text, number_text, unit_text
from progenitor.report.tables._table import Cell, Column, Table

__all__ = ["definition_table", "metric_table", "patient_table", "share_table"]

_MOST = 500
_WORDS = frozenset({"Metric", "None"})


def metric_table(found: Kinetics) -> Table:
    """Return one row per metric: how many, geometric mean and CV, median and percentiles."""
    columns = ("Metric", "n", "Geometric mean", "CV, %", "Median", "25th–75th", "5th–95th", "None")
    rows = [
        _summary_row(metric, summarise_metric(metric))
        for metric in found.metrics.values()
        if metric.kind != "share"
    ]
    return Table(
        caption="Metrics over the patients in whom they could be found; None counts the others",
        columns=tuple(Column(title, numeric=title not in _WORDS) for title in columns),
        rows=tuple(rows),
    )


def share_table(found: Kinetics) -> Table:
    """Return one row per question of yes and no."""
    rows = []
    for metric in found.metrics.values():
        if metric.kind == "share":
            summary = summarise_metric(metric)
            yes = int(np.nansum(metric.values))
            share = "–" if not summary.count else f"{100.0 * summary.mean:.0f} %"
            cells = (f"{yes} of {summary.count}", share, str(summary.not_estimable))
            rows.append((Cell(metric.title, small=_reasons(summary)), *map(Cell, cells)))
    return Table(
        caption="Patients whose cells were quantifiable",
        columns=(
            Column("Question"),
            Column("Yes", numeric=True),
            Column("Share", numeric=True),
            Column("None", numeric=True),
        ),
        rows=tuple(rows),
    )


def patient_table(found: Kinetics) -> Table:
    """Return one row per patient; a metric without a value says why.

    At most 500 patients are listed, the first of the table.
    """
    shown = [metric for metric in found.metrics.values() if metric.kind != "share"]
    profiles = found.profiles
    taken, below = profiles.taken.sum(axis=1), profiles.below.sum(axis=1)
    rows = [
        (
            Cell(name, small=f"{taken[row]} samples, {below[row]} below the limit"),
            *(_value(metric, row) for metric in shown),
        )
        for row, name in enumerate(profiles.patients[:_MOST])
    ]
    total = len(profiles.patients)
    part = (
        "Every patient" if total <= _MOST else f"The first {_MOST} of {count_text(total)} patients"
    )
    heads = (_head(metric) for metric in shown)
    return Table(
        caption=part,
        columns=(Column("Patient"), *(Column(head, numeric=True) for head in heads)),
        rows=tuple(rows),
        empty="The table holds no patient.",
    )


def definition_table(found: Kinetics) -> Table:
    """Return how each metric is found."""
    return Table(
        caption="How each metric is found",
        columns=(Column("Metric"), Column("Unit"), Column("Definition")),
        rows=tuple(
            (Cell(metric.title), Cell(unit_text(metric.unit) or "–"), Cell(metric.definition))
            for metric in found.metrics.values()
        ),
    )


def _summary_row(metric: Metric, summary: MetricSummary) -> tuple[Cell, ...]:
    spread = number_text(100.0 * summary.geometric_cv)
    return (
        Cell(metric.title, small=unit_text(metric.unit)),
        Cell(count_text(summary.count)),
        Cell(number_text(summary.geometric_mean)),
        Cell(spread),
        Cell(number_text(summary.median)),
        Cell(_span(summary.p25, summary.p75)),
        Cell(_span(summary.p5, summary.p95)),
        Cell(count_text(summary.not_estimable), small=_reasons(summary)),
    )


def _span(low: float, high: float) -> str:
    return f"{number_text(low)} to\u00a0{number_text(high)}" if np.isfinite(low) else "–"


def _reasons(summary: MetricSummary) -> str:
    return "; ".join(f"{count} {reason.words}" for reason, count in summary.missing.items())


def _value(metric: Metric, patient: int) -> Cell:
    text = number_text(float(metric.values[patient]))
    return Cell(text, small=metric.reason(patient).words)


def _head(metric: Metric) -> str:
    unit = unit_text(metric.unit)
    return f"{metric.title}, {unit}" if unit else metric.title
