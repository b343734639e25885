"""Every endpoint by arm, with its 90 % interval and Monte Carlo error."""

import math
from collections.abc import Mapping
from dataclasses import replace

from progenitor.report._numbers import (
    count_text,
    estimate_parts,
    number_text,
    percent,
    shown,
    unit_text,
)
from progenitor.report.figures._palette import arm_labels
from progenitor.report.tables._table import Cell, Column, Table
from progenitor.study.results import ArmResult, Estimate

__all__ = ["estimate_cells", "summary_table", "summary_tables"]

_ABREAST = 3


def summary_tables(arms: Mapping[str, ArmResult]) -> tuple[Table, ...]:
    """Return the table of endpoints, cut into tables of three arms where there are more."""
    names = list(arms)
    blocks = max(1, math.ceil(len(names) / _ABREAST))
    size = max(1, math.ceil(len(names) / blocks))
    found = []
    for begin in range(0, max(1, len(names)), size):
        table = summary_table({name: arms[name] for name in names[begin : begin + size]})
        caption = table.caption if begin == 0 else f"{table.caption}, further arms"
        found.append(replace(table, caption=caption))
    return tuple(found)


def summary_table(arms: Mapping[str, ArmResult]) -> Table:
    """Return one row per endpoint and two columns per arm: value with error, interval with n."""
    endpoints: dict[str, Estimate] = {}
    for arm in arms.values():
        for key, estimate in arm.endpoints.items():
            endpoints.setdefault(key, estimate)
    columns = [Column("Endpoint")]
    for label in arm_labels(arms).values():
        columns += [
            Column("Value ± error", numeric=True, group=label),
            Column("90 % interval", numeric=True, group=label),
        ]
    rows = []
    for key, estimate in endpoints.items():
        _, unit = percent(estimate.unit)
        words = [text for text in (unit_text(unit), estimate.note) if text]
        cells = [Cell(estimate.label, small=", ".join(words))]
        for arm in arms.values():
            found = arm.endpoints.get(key)
            cells += estimate_cells(found) if found is not None else (Cell("–"), Cell("–"))
        rows.append(tuple(cells))
    return Table(
        caption="Endpoints by arm, each with its Monte Carlo error (±), 90 % interval, and n",
        columns=tuple(columns),
        rows=tuple(rows),
        empty="The run produced no endpoint.",
    )


def estimate_cells(estimate: Estimate) -> tuple[Cell, Cell]:
    """Return an estimate as two cells: value over its Monte Carlo error, interval over n.

    Examples
    --------
    >>> value, interval = estimate_cells(Estimate(52.3, 44.1, 60.2, "%", "ORR", 500, mcse=1.1))
    >>> value.text, value.small, interval.text, interval.small
    ('52.3', '± 1.1', '44.1 to 60.2', 'n = 500')
    """
    estimate, count = shown(estimate), f"n = {count_text(estimate.n)}"
    if not math.isfinite(estimate.value):
        return Cell("not estimable", mark="weak"), Cell("–", small=count)
    value, interval = estimate_parts(estimate)
    error = "" if math.isnan(estimate.mcse) else f"± {number_text(estimate.mcse, digits=2)}"
    return Cell(value, small=error), Cell(interval or "–", small=count)
