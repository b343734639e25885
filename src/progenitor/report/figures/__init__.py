"""One figure per file: finished results in, an Altair chart out, nothing computed."""

from progenitor.report.figures.agreement import agreement
from progenitor.report.figures.composition import lot_composition
from progenitor.report.figures.cost import cost_lines
from progenitor.report.figures.crs import crs_grades
from progenitor.report.figures.flow import flow
from progenitor.report.figures.kinetics import kinetics
from progenitor.report.figures.lot_quality import lot_quality
from progenitor.report.figures.paired import paired_forest
from progenitor.report.figures.survival import survival
from progenitor.report.figures.time_courses import time_courses
from progenitor.report.figures.waterfall import waterfall

__all__ = [
    "agreement",
    "cost_lines",
    "crs_grades",
    "flow",
    "kinetics",
    "lot_composition",
    "lot_quality",
    "paired_forest",
    "survival",
    "time_courses",
    "waterfall",
]
