"""The evidence ledger: every number the run used, where it comes from, and how far to trust it."""

from collections.abc import Iterable

from progenitor.evidence import LedgerRow
from progenitor.report.tables._table import Cell, Column, Table

__all__ = ["evidence_table"]


def evidence_table(rows: Iterable[LedgerRow], caption: str) -> Table:
    """Return one row per catalogue parameter, with its review state and trust grade."""
    return Table(
        caption=caption,
        columns=(
            Column("Quantity"),
            Column("Value used"),
            Column("Reported"),
            Column("State"),
            Column("Trust"),
            Column("Role"),
            Column("Source"),
        ),
        rows=tuple(
            (
                Cell(row.title, small=row.id),
                Cell(row.used),
                Cell(row.reported, small=row.reason),
                Cell(
                    row.state, mark="weak" if row.state in {"assumed", "disputed", "stale"} else ""
                ),
                Cell(row.trust, mark=f"grade-{row.trust.lower()}"),
                Cell(row.role),
                Cell(row.citation),
            )
            for row in rows
        ),
        empty="The run used no catalogue parameter.",
    )
