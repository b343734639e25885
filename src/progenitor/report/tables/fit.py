"""Tables of a fit: its free numbers, and published numbers beside ours."""

import math
from collections.abc import Sequence

from progenitor.inference import Fit, FitRow
from progenitor.report._numbers import interval_text, number_text, ratio_text, unit_text
from progenitor.report.tables._table import Cell, Column, Table

__all__ = ["fit_table", "fitted_numbers_table"]

_NEAR = (0.8, 1.25)


def fitted_numbers_table(fit: Fit) -> Table:
    """Return one row per free number: before, after, how far it moved and how much it shrank."""
    rows = []
    for one in fit.numbers:
        record = one.number.record
        rows.append(
            (
                Cell(record.title, small=record.id),
                Cell(unit_text(record.unit)),
                _interval(one.prior),
                _interval(one.posterior),
                Cell(f"{one.shift:+.2f}".replace("-", "−"), mark="weak" if _far(one.shift) else ""),
                Cell(f"{100.0 * one.shrinkage:.0f}".replace("-", "−")),
            )
        )
    columns = (
        Column("Free number"),
        Column("Unit"),
        Column("Prior", numeric=True),
        Column("Posterior", numeric=True),
        Column("Moved, prior sd", numeric=True),
        Column("Shrinkage, %", numeric=True),
    )
    caption = "Free numbers: median of the typical patient, with 5 to 95 % of what is not known"
    return Table(caption, columns, tuple(rows))


def fit_table(rows: Sequence[FitRow]) -> Table:
    """Return one row per published number: theirs, ours, the ratio and the spread of patients."""
    columns = (
        Column("Published number"),
        Column("Is"),
        Column("Unit"),
        Column("Published", numeric=True),
        Column("Ours", numeric=True),
        Column("Ratio", numeric=True),
        Column("Patients, 5 to 95 %", numeric=True),
        Column("Patients inside, %", numeric=True),
    )
    caption = "Published numbers and ours after the fit, with 5 to 95 % over draws; ▲ outside "
    caption += f"{_NEAR[0]:g} to {_NEAR[1]:g}"
    return Table(caption, columns, tuple(_row(row) for row in rows))


def _row(row: FitRow) -> tuple[Cell, ...]:
    target = row.target
    bounded = math.isfinite(target.low) and math.isfinite(target.high)
    said = f"{number_text(target.low)} to {number_text(target.high)} ({target.interval})"
    out = not _NEAR[0] <= row.ratio <= _NEAR[1]
    low, high = row.patients
    spread = f"{number_text(low)} to {number_text(high)}" if math.isfinite(low) else "–"
    inside = f"{100.0 * row.inside:.0f}" if math.isfinite(row.inside) else "–"
    return (
        Cell(target.title, second=target.note, small=target.parameter_id),
        Cell(row.stands),
        Cell("share" if target.share else unit_text(target.unit)),
        Cell(number_text(target.value), small=said if bounded else ""),
        _interval(row.ours),
        Cell(f"{ratio_text(row.ratio)}{' ▲' if out else ''}", mark="weak" if out else ""),
        Cell(spread),
        Cell(inside),
    )


def _interval(three: tuple[float, float, float]) -> Cell:
    low, middle, high = three
    if not math.isfinite(middle):
        return Cell("–")
    text, interval = interval_text(middle, low, high)
    return Cell(text, small=interval)


def _far(shift: float) -> bool:
    return abs(shift) > 2
