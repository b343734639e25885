"""One figure per file: finished results in, an Altair chart out, nothing computed."""

from progenitor.report.figures.agreement import agreement
from progenitor.report.figures.composition import lot_composition
from progenitor.report.figures.cost import cost_lines
from progenitor.report.figures.cost_swings import cost_swings
from progenitor.report.figures.cost_waterfall import cost_waterfall
from progenitor.report.figures.crs import crs_grades
from progenitor.report.figures.culture_courses import culture_courses
from progenitor.report.figures.dose_choice import dose_choice
from progenitor.report.figures.dose_path import dose_path
from progenitor.report.figures.dose_truth import dose_truth
from progenitor.report.figures.facility_gantt import facility_gantt
from progenitor.report.figures.flow import flow
from progenitor.report.figures.genealogy_graph import genealogy_graph
from progenitor.report.figures.goodness_of_fit import goodness_of_fit
from progenitor.report.figures.individual_levels import individual_levels
from progenitor.report.figures.kinetics import kinetics
from progenitor.report.figures.lot_quality import lot_quality
from progenitor.report.figures.memory_gates import memory_gates, memory_shares
from progenitor.report.figures.metric_spread import metric_spread
from progenitor.report.figures.model_courses import Course, CoursePanel, Mark, model_courses
from progenitor.report.figures.network_map import network_map
from progenitor.report.figures.paired import paired_forest
from progenitor.report.figures.parallel_coordinates import parallel_coordinates
from progenitor.report.figures.pareto_plots import pareto_plots
from progenitor.report.figures.phase_fits import phase_fits
from progenitor.report.figures.predictive_check import predictive_check
from progenitor.report.figures.prior_posterior import prior_posterior
from progenitor.report.figures.queue_waits import queue_waits
from progenitor.report.figures.release_power import release_power
from progenitor.report.figures.reproduction_ratios import reproduction_ratios
from progenitor.report.figures.stopping_bounds import stopping_bounds
from progenitor.report.figures.survival import survival
from progenitor.report.figures.time_courses import time_courses
from progenitor.report.figures.trial_survival import trial_survival
from progenitor.report.figures.waterfall import waterfall

__all__ = [
    "Course",
    "CoursePanel",
    "Mark",
    "agreement",
    "cost_lines",
    "cost_swings",
    "cost_waterfall",
    "crs_grades",
    "culture_courses",
    "dose_choice",
    "dose_path",
    "dose_truth",
    "facility_gantt",
    "flow",
    "genealogy_graph",
    "goodness_of_fit",
    "individual_levels",
    "kinetics",
    "lot_composition",
    "lot_quality",
    "memory_gates",
    "memory_shares",
    "metric_spread",
    "model_courses",
    "network_map",
    "paired_forest",
    "parallel_coordinates",
    "pareto_plots",
    "phase_fits",
    "predictive_check",
    "prior_posterior",
    "queue_waits",
    "release_power",
    "reproduction_ratios",
    "stopping_bounds",
    "survival",
    "time_courses",
    "trial_survival",
    "waterfall",
]
