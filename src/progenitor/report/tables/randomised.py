"""Operating characteristics of a randomised trial, pair by pair."""

from progenitor.report._numbers import estimate_parts, number_text, shown
from progenitor.report.tables._table import Cell, Column, Table
from progenitor.study.results import Estimate, RandomisedPair, RandomisedResult

__all__ = ["randomised_table"]


def randomised_table(found: RandomisedResult) -> Table:
    """Return one row per characteristic and one column for each arm held against the control."""
    rows = [
        ("P(success), %", "assurance: averaged over parameter draws", "success"),
        ("P(success) with the curves known, %", "patients of all draws mixed", "fixed"),
        ("P(success) without a difference, %", "both arms get the control", "null"),
        ("Events at the end", "", "events"),
    ]
    cells = [
        (Cell(words, small), *(_with_error(getattr(pair, key)) for pair in found.pairs))
        for words, small, key in rows
    ]
    planned = (
        Cell("Power as planned, %", f"at a hazard ratio of {found.hazard_ratio:g}"),
        *(Cell(number_text(100 * pair.planned)) for pair in found.pairs),
    )
    between = (
        Cell("Variance of success that lies between draws, %"),
        *(Cell(number_text(100 * pair.between_draw_share)) for pair in found.pairs),
    )
    stops = [
        (
            Cell(f"Succeeds at look {look + 1}, %", _look_words(found, look)),
            *(_with_error(pair.stopped[look]) for pair in found.pairs),
        )
        for look in range(len(found.looks))
    ]
    tests = [
        (
            Cell(f"P(success) by {name}, %", "on the last day, no earlier looks"),
            *(_with_error(pair.tests[name]) for pair in found.pairs),
        )
        for name in (found.pairs[0].tests if found.pairs else ())
    ]
    length = (
        Cell("Days from the first patient to the end"),
        _with_error(found.duration),
        *(Cell("–") for _ in found.pairs[1:]),
    )
    return Table(
        caption=(
            f"{found.replicates} trials of {found.patients} patients; intervals are the central "
            "90 % over parameter draws, ± the Monte Carlo standard error"
        ),
        columns=(
            Column("Characteristic"),
            *(Column(_against(found, pair), numeric=True) for pair in found.pairs),
        ),
        rows=(cells[0], planned, *cells[1:], between, *stops, *tests, length),
    )


def _against(found: RandomisedResult, pair: RandomisedPair) -> str:
    return f"{pair.title} against {next(iter(found.arms.values()))}"


def _look_words(found: RandomisedResult, look: int) -> str:
    events, bound = found.looks[look]
    when = f"{events:g} events" if events == events else "the last day"
    return f"{when}, Z at least {bound:.3f}"


def _with_error(estimate: Estimate) -> Cell:
    """Return value, interval and error; shares are printed in %."""
    estimate = shown(estimate)
    value, interval = estimate_parts(estimate)
    return Cell(value, interval, f"± {number_text(estimate.mcse, digits=2)}")
