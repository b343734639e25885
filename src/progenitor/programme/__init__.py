"""Development programmes: phases, durations, probability of success and forecasts."""

from progenitor.programme._binary_scores import (
    BinaryScores,
    CalibrationBin,
    calibration_bins,
    score_probabilities,
)
from progenitor.programme._continuous_scores import crps_normal, crps_quantiles, crps_sample
from progenitor.programme._forecast import (
    Belief,
    Forecast,
    PhaseSummary,
    blend_odds,
    forecast,
)
from progenitor.programme._forecast_text import forecast_text, plain_forecast
from progenitor.programme._futures import Futures, PhaseNumbers, simulate_futures, years_between
from progenitor.programme._ledger_scores import AuthorScores, score_ledger
from progenitor.programme._prediction_ledger import (
    Prediction,
    PredictionLedger,
    Question,
    Resolution,
    open_ledger,
)
from progenitor.programme._programme_file import (
    BaseRate,
    Candidate,
    PhaseSpecification,
    ProgrammeFile,
    RunSuccess,
    TrialSuccess,
    load_programme,
)
from progenitor.programme._simulated_success import SimulatedSuccess
from progenitor.programme._value_of_information import (
    GaussianDecision,
    ValueEstimate,
    regression_value,
    sample_evpi,
)

__all__ = [
    "AuthorScores",
    "BaseRate",
    "Belief",
    "BinaryScores",
    "CalibrationBin",
    "Candidate",
    "Forecast",
    "Futures",
    "GaussianDecision",
    "PhaseNumbers",
    "PhaseSpecification",
    "PhaseSummary",
    "Prediction",
    "PredictionLedger",
    "ProgrammeFile",
    "Question",
    "Resolution",
    "RunSuccess",
    "SimulatedSuccess",
    "TrialSuccess",
    "ValueEstimate",
    "blend_odds",
    "calibration_bins",
    "crps_normal",
    "crps_quantiles",
    "crps_sample",
    "forecast",
    "forecast_text",
    "load_programme",
    "open_ledger",
    "plain_forecast",
    "regression_value",
    "sample_evpi",
    "score_ledger",
    "score_probabilities",
    "simulate_futures",
    "years_between",
]
