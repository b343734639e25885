"""Calibration, virtual-population selection, sensitivity, and checks of models against data."""

from progenitor.inference._bins import Binning, ByCount, ByEdges, ByGaps
from progenitor.inference._check_words import check_headline
from progenitor.inference._error_tests import ErrorTests, error_tests
from progenitor.inference._goodness_of_fit import ErrorTrend, GoodnessOfFit, goodness_of_fit
from progenitor.inference._measurements import Measurements, measurements
from progenitor.inference._model_check import ModelCheck, check_model
from progenitor.inference._numerical_check import NumericalCheck, numerical_check
from progenitor.inference._percentiles import (
    censored_percentiles,
    central_interval,
    normal_percentile_interval,
)
from progenitor.inference._plain_check import plain_check
from progenitor.inference._prediction_correction import prediction_corrected
from progenitor.inference._prediction_errors import (
    PredictionErrors,
    normalised_prediction_errors,
)
from progenitor.inference._predictive_check import PredictiveCheck, predictive_check
from progenitor.inference._replicates import (
    Layout,
    Replicates,
    observable_of,
    simulate_replicates,
)
from progenitor.inference._scatter import Assumed, Scatter
from progenitor.inference._selection import Selection, select_draws

__all__ = [
    "Assumed",
    "Binning",
    "ByCount",
    "ByEdges",
    "ByGaps",
    "ErrorTests",
    "ErrorTrend",
    "GoodnessOfFit",
    "Layout",
    "Measurements",
    "ModelCheck",
    "NumericalCheck",
    "PredictionErrors",
    "PredictiveCheck",
    "Replicates",
    "Scatter",
    "Selection",
    "censored_percentiles",
    "central_interval",
    "check_headline",
    "check_model",
    "error_tests",
    "goodness_of_fit",
    "measurements",
    "normal_percentile_interval",
    "normalised_prediction_errors",
    "numerical_check",
    "observable_of",
    "plain_check",
    "prediction_corrected",
    "predictive_check",
    "select_draws",
    "simulate_replicates",
]
