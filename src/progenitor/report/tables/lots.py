"""What a manufacturing campaign gave, product beside product."""

from collections.abc import Mapping

from progenitor.report._numbers import number_text, percent, unit_text
from progenitor.report.tables._table import Cell, Column, Table
from progenitor.study import LotSummary, Percentiles

__all__ = ["lost_table", "lots_table"]

_COUNTS = ("Doses in a lot", "Population doublings")


def lots_table(products: Mapping[str, LotSummary]) -> Table:
    """List medians with their 5th and 95th percentile, released lots unless the row says all.

    Parameters
    ----------
    products
        Summaries by title of the product.
    """
    names = dict.fromkeys(name for one in products.values() for name in one.percentiles)
    rows = [
        (
            Cell("Lots released (%)"),
            *(
                Cell(number_text(100 * one.released_fraction), small=f"of {one.lots}")
                for one in products.values()
            ),
        )
    ]
    for name in names:
        first = next(one.percentiles[name] for one in products.values() if name in one.percentiles)
        unit = unit_text(_shown(first)[1])
        rows.append(
            (
                Cell(f"{_capital(first.label)} ({unit})" if unit else first.label),
                *(_cell(one.percentiles.get(name)) for one in products.values()),
            )
        )
    return Table(
        caption="Quality, time and cost: median, with the 5th and 95th percentile below",
        columns=(Column("Quantity"), *(Column(name, numeric=True) for name in products)),
        rows=tuple(rows),
    )


def lost_table(products: Mapping[str, LotSummary]) -> Table:
    """List why lots were lost.

    Parameters
    ----------
    products
        Summaries by title of the product.
    """
    reasons = dict.fromkeys(reason for one in products.values() for reason in one.failures)
    return Table(
        caption="Why lots were lost (% of all lots)",
        columns=(Column("Reason"), *(Column(name, numeric=True) for name in products)),
        rows=tuple(
            (
                Cell(reason.capitalize()),
                *(
                    Cell(number_text(100 * one.failures.get(reason, 0.0), digits=2))
                    for one in products.values()
                ),
            )
            for reason in reasons
        ),
        empty="No lot was lost.",
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _shown(of: Percentiles) -> tuple[float, str]:
    if of.label in _COUNTS:
        return 1.0, ""
    return percent(of.unit)


def _cell(of: Percentiles | None) -> Cell:
    if of is None:
        return Cell("–")
    factor = _shown(of)[0]
    ends = f"{number_text(factor * of.p5)} – {number_text(factor * of.p95)}"
    return Cell(number_text(factor * of.p50), small=ends)
