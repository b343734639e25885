"""One table per file: finished results in, formatted cells out."""

from progenitor.report.tables._table import Cell, Column, Table
from progenitor.report.tables.evidence import evidence_table
from progenitor.report.tables.failures import failure_table
from progenitor.report.tables.operating import operating_table
from progenitor.report.tables.published import published_table
from progenitor.report.tables.summary import summary_table

__all__ = [
    "Cell",
    "Column",
    "Table",
    "evidence_table",
    "failure_table",
    "operating_table",
    "published_table",
    "summary_table",
]
