"""One table per file: finished results in, formatted cells out."""

from progenitor.report.tables._table import Cell, Column, Table
from progenitor.report.tables.evidence import evidence_table
from progenitor.report.tables.failures import failure_table
from progenitor.report.tables.fit import fit_table, fitted_numbers_table
from progenitor.report.tables.kinetic_metrics import (
    definition_table,
    metric_table,
    patient_table,
    share_table,
)
from progenitor.report.tables.operating import operating_table
from progenitor.report.tables.predictive import (
    bin_table,
    error_table,
    interval_table,
)
from progenitor.report.tables.published import published_table
from progenitor.report.tables.summary import summary_table

__all__ = [
    "Cell",
    "Column",
    "Table",
    "bin_table",
    "definition_table",
    "error_table",
    "evidence_table",
    "failure_table",
    "fit_table",
    "fitted_numbers_table",
    "interval_table",
    "metric_table",
    "operating_table",
    "patient_table",
    "published_table",
    "share_table",
    "summary_table",
]
