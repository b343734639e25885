"""Tables, figures and the self-contained HTML report, drawn from finished results."""

from progenitor.report._either import write_any_report
from progenitor.report._figure_file import write_figure
from progenitor.report._picture import write_picture
from progenitor.report._write import render_report, write_report
from progenitor.report._write_check import render_check_report, write_check_report
from progenitor.report._write_fit import render_fit_report, write_fit_report
from progenitor.report._write_kinetics import render_kinetics_report, write_kinetics_report
from progenitor.report.experiment import render_experiment_report, write_experiment_report

__all__ = [
    "render_check_report",
    "render_experiment_report",
    "render_fit_report",
    "render_kinetics_report",
    "render_report",
    "write_any_report",
    "write_check_report",
    "write_experiment_report",
    "write_figure",
    "write_fit_report",
    "write_kinetics_report",
    "write_picture",
    "write_report",
]
