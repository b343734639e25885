"""Tables, figures and the self-contained HTML report, drawn from finished results."""

from progenitor.report._picture import write_picture
from progenitor.report._write import render_report, write_report

__all__ = ["render_report", "write_picture", "write_report"]
