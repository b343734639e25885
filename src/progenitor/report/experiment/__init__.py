"""The report of an experiment: its figures, its tables, and the page that holds them."""

from progenitor.report.experiment._change_waterfall import change_waterfall
from progenitor.report.experiment._courses import courses
from progenitor.report.experiment._event_curves import event_curves
from progenitor.report.experiment._factorial import factorial_plot
from progenitor.report.experiment._readout_dots import readout_dots
from progenitor.report.experiment._what_if_map import what_if_map
from progenitor.report.experiment._write import (
    render_experiment_report,
    write_experiment_report,
)

__all__ = [
    "change_waterfall",
    "courses",
    "event_curves",
    "factorial_plot",
    "readout_dots",
    "render_experiment_report",
    "what_if_map",
    "write_experiment_report",
]
