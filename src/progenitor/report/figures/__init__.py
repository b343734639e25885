"""One figure per file: finished results in, an Altair chart out, nothing computed."""

from progenitor.report.figures.agreement import agreement
from progenitor.report.figures.composition import lot_composition
from progenitor.report.figures.cost import cost_lines
from progenitor.report.figures.crs import crs_grades
from progenitor.report.figures.flow import flow
from progenitor.report.figures.goodness_of_fit import goodness_of_fit
from progenitor.report.figures.individual_levels import individual_levels
from progenitor.report.figures.kinetics import kinetics
from progenitor.report.figures.lot_quality import lot_quality
from progenitor.report.figures.metric_spread import metric_spread
from progenitor.report.figures.model_courses import Course, CoursePanel, Mark, model_courses
from progenitor.report.figures.paired import paired_forest
from progenitor.report.figures.phase_fits import phase_fits
from progenitor.report.figures.predictive_check import predictive_check
from progenitor.report.figures.prior_posterior import prior_posterior
from progenitor.report.figures.reproduction_ratios import reproduction_ratios
from progenitor.report.figures.survival import survival
from progenitor.report.figures.time_courses import time_courses
from progenitor.report.figures.waterfall import waterfall

__all__ = [
    "Course",
    "CoursePanel",
    "Mark",
    "agreement",
    "cost_lines",
    "crs_grades",
    "flow",
    "goodness_of_fit",
    "individual_levels",
    "kinetics",
    "lot_composition",
    "lot_quality",
    "metric_spread",
    "model_courses",
    "paired_forest",
    "phase_fits",
    "predictive_check",
    "prior_posterior",
    "reproduction_ratios",
    "survival",
    "time_courses",
    "waterfall",
]
