"""One table per file: finished results in, formatted cells out."""

from progenitor.report.tables._table import Cell, Column, Table
from progenitor.report.tables.dose_finding import (
    dose_level_table,
    dose_policy_table,
    dose_trial_table,
)
from progenitor.report.tables.evidence import evidence_table
from progenitor.report.tables.failures import failure_table
from progenitor.report.tables.fit import fit_table, fitted_numbers_table
from progenitor.report.tables.front import front_table, setting_table
from progenitor.report.tables.kinetic_metrics import (
    definition_table,
    metric_table,
    patient_table,
    share_table,
)
from progenitor.report.tables.lots import lost_table, lots_table
from progenitor.report.tables.operating import operating_table
from progenitor.report.tables.predictive import (
    bin_table,
    error_table,
    interval_table,
)
from progenitor.report.tables.published import published_table
from progenitor.report.tables.queue import queue_table, resource_table
from progenitor.report.tables.randomised import randomised_looks_table, randomised_table
from progenitor.report.tables.summary import summary_table, summary_tables

__all__ = [
    "Cell",
    "Column",
    "Table",
    "bin_table",
    "definition_table",
    "dose_level_table",
    "dose_policy_table",
    "dose_trial_table",
    "error_table",
    "evidence_table",
    "failure_table",
    "fit_table",
    "fitted_numbers_table",
    "front_table",
    "interval_table",
    "lost_table",
    "lots_table",
    "metric_table",
    "operating_table",
    "patient_table",
    "published_table",
    "queue_table",
    "randomised_looks_table",
    "randomised_table",
    "resource_table",
    "setting_table",
    "share_table",
    "summary_table",
    "summary_tables",
]
