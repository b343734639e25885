"""Tables, figures and the self-contained HTML report, drawn from finished results."""

from progenitor.report._certificate import render_certificate, write_certificate
from progenitor.report._either import write_any_report
from progenitor.report._figure_file import write_figure
from progenitor.report._picture import write_picture
from progenitor.report._write import render_report, write_report
from progenitor.report._write_check import render_check_report, write_check_report
from progenitor.report._write_fit import render_fit_report, write_fit_report
from progenitor.report._write_flow import render_flow_report, write_flow_report
from progenitor.report._write_kinetics import render_kinetics_report, write_kinetics_report
from progenitor.report._write_manufacturing import (
    render_manufacturing_report,
    write_manufacturing_report,
)
from progenitor.report._write_optimisation import (
    render_optimisation_report,
    write_optimisation_report,
)
from progenitor.report.experiment import render_experiment_report, write_experiment_report

__all__ = [
    "render_certificate",
    "render_check_report",
    "render_experiment_report",
    "render_fit_report",
    "render_flow_report",
    "render_kinetics_report",
    "render_manufacturing_report",
    "render_optimisation_report",
    "render_report",
    "write_any_report",
    "write_certificate",
    "write_check_report",
    "write_experiment_report",
    "write_figure",
    "write_fit_report",
    "write_flow_report",
    "write_kinetics_report",
    "write_manufacturing_report",
    "write_optimisation_report",
    "write_picture",
    "write_report",
]
