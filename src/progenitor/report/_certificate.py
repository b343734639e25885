"""Writes the certificate of analysis of one lot as an HTML page."""

from pathlib import Path

import numpy as np

import progenitor
from progenitor.errors import InputError, Problem
from progenitor.manufacture import Batch, Event, SpecificationLine
from progenitor.report._numbers import number_text
from progenitor.report._page import render_page

__all__ = ["render_certificate", "write_certificate"]


def write_certificate(
    batch: Batch, lot: int, path: Path, *, history: tuple[Event, ...] = ()
) -> Path:
    """Write the certificate of a lot as one HTML file that loads nothing from elsewhere.

    Parameters
    ----------
    batch
        Lots made by one recipe.
    lot
        Number of the lot.
    path
        Where to write; an existing file is replaced, whole or not at all.
    history
        What was done to the lot, from its genealogy.

    Returns
    -------
    Path
        ``path``.

    Raises
    ------
    InputError
        When there is no such lot, or more than one.
    """
    from progenitor.study._durable import write_atomically

    page = render_certificate(batch, lot, history=history)
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_atomically(path, page.encode())


def render_certificate(batch: Batch, lot: int, *, history: tuple[Event, ...] = ()) -> str:
    """Return the certificate as HTML text; every text is escaped.

    Parameters
    ----------
    batch, lot, history
        As :func:`write_certificate` takes them.
    """
    found = np.flatnonzero(batch.lot == lot)
    if len(found) != 1:
        message = f"{len(found)} lots have number {lot}"
        raise InputError([Problem(message, "name one lot of the batch", field="lot")])
    index, product, rules = int(found[0]), batch.product, batch.recipe.specification
    released = bool(product.released[index])
    reason = product.failure_reasons[int(product.failure[index])]
    return render_page(
        "certificate.html.j2",
        title=f"{batch.recipe.name}-{lot}",
        recipe=batch.recipe.title,
        specification="limits of the recipe" if rules is None else rules.title,
        source="" if rules is None else f"{rules.source}, {rules.locator}",
        released=released,
        verdict="Released" if released else f"Not released: {reason}",
        decided=number_text(float(batch.decided_day[index])),
        rows=_rows(batch, index),
        composition=[
            (name, number_text(float(cells)))
            for name, cells in zip(product.phenotypes, product.cells[index], strict=True)
        ],
        story=batch.explain(lot, draw=int(batch.draw[index])).splitlines(),
        history=history,
        version=progenitor.__version__,
    )


def _rows(batch: Batch, index: int) -> list[dict[str, str]]:
    """One row for every line judged, and for every line that is listed without being simulated."""
    rules = batch.recipe.specification
    lines: dict[str, SpecificationLine] = (
        {} if rules is None else {line.title: line for line in rules.lines}
    )
    rows = []
    for entry in batch.log:
        for check in entry.checks if entry.active[index] else ():
            line = lines.pop(check.quantity, None)
            scale, unit = (100.0, " %") if check.unit == "%" else (1.0, f" {check.unit}".rstrip())
            sign = "≥" if check.at_least else "≤"
            passed = bool(check.passed[index])
            rows.append(
                {
                    "quantity": check.quantity,
                    "method": "" if line is None else line.method,
                    "denominator": "" if line is None else line.denominator,
                    "time_point": entry.title if line is None else line.time_point,
                    "limit": f"{sign} {number_text(scale * float(check.limit[index]))}{unit}",
                    "result": f"{number_text(scale * float(check.measured[index]))}{unit}",
                    "verdict": "meets" if passed else "fails",
                }
            )
    rows += [
        {
            "quantity": line.title,
            "method": line.method,
            "denominator": line.denominator,
            "time_point": line.time_point,
            "limit": "as published",
            "result": "not simulated",
            "verdict": "–",
        }
        for line in lines.values()
        if not line.simulated
    ]
    return rows
