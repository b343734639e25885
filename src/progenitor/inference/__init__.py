"""Calibration, virtual-population selection, sensitivity, and checks of models against data."""

from progenitor.inference._bins import Binning, ByCount, ByEdges, ByGaps
from progenitor.inference._check_words import check_headline
from progenitor.inference._error_tests import ErrorTests, error_tests
from progenitor.inference._fit import Fit, FitRow, FittedNumber, fit_body, predict_body
from progenitor.inference._fit_file import FitFile, Given, Sampling, load_fit
from progenitor.inference._fit_proposal import proposal
from progenitor.inference._fit_reads import READS, Question, Read, Seen
from progenitor.inference._fit_targets import FitTarget, published_sd
from progenitor.inference._free_numbers import FreeNumber, free_number
from progenitor.inference._goodness_of_fit import ErrorTrend, GoodnessOfFit, goodness_of_fit
from progenitor.inference._importance import (
    Weighted,
    effective_size,
    importance_sample,
    weighted_quantiles,
)
from progenitor.inference._measurements import Measurements, measurements
from progenitor.inference._model_check import ModelCheck, check_model
from progenitor.inference._numerical_check import NumericalCheck, numerical_check
from progenitor.inference._pareto import pareto_front
from progenitor.inference._percentiles import (
    censored_percentiles,
    central_interval,
    normal_percentile_interval,
)
from progenitor.inference._plain_check import plain_check
from progenitor.inference._plain_fit import fit_headline, plain_fit, plain_fit_rows
from progenitor.inference._prediction_correction import prediction_corrected
from progenitor.inference._prediction_errors import (
    PredictionErrors,
    normalised_prediction_errors,
)
from progenitor.inference._predictive_check import PredictiveCheck, predictive_check
from progenitor.inference._process_search import ProcessSearch
from progenitor.inference._replicates import (
    Layout,
    Replicates,
    observable_of,
    simulate_replicates,
)
from progenitor.inference._scatter import Assumed, Scatter
from progenitor.inference._search_space import SearchGoal, SearchRange
from progenitor.inference._search_table import plan_table, read_results
from progenitor.inference._selection import Selection, select_draws

__all__ = [
    "READS",
    "Assumed",
    "Binning",
    "ByCount",
    "ByEdges",
    "ByGaps",
    "ErrorTests",
    "ErrorTrend",
    "Fit",
    "FitFile",
    "FitRow",
    "FitTarget",
    "FittedNumber",
    "FreeNumber",
    "Given",
    "GoodnessOfFit",
    "Layout",
    "Measurements",
    "ModelCheck",
    "NumericalCheck",
    "PredictionErrors",
    "PredictiveCheck",
    "ProcessSearch",
    "Question",
    "Read",
    "Replicates",
    "Sampling",
    "Scatter",
    "SearchGoal",
    "SearchRange",
    "Seen",
    "Selection",
    "Weighted",
    "censored_percentiles",
    "central_interval",
    "check_headline",
    "check_model",
    "effective_size",
    "error_tests",
    "fit_body",
    "fit_headline",
    "free_number",
    "goodness_of_fit",
    "importance_sample",
    "load_fit",
    "measurements",
    "normal_percentile_interval",
    "normalised_prediction_errors",
    "numerical_check",
    "observable_of",
    "pareto_front",
    "plain_check",
    "plain_fit",
    "plain_fit_rows",
    "plan_table",
    "predict_body",
    "prediction_corrected",
    "predictive_check",
    "proposal",
    "published_sd",
    "read_results",
    "select_draws",
    "simulate_replicates",
    "weighted_quantiles",
]
