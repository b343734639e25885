"""Endpoints, designs, rules and the conduct of trials on an outcome bank."""

from progenitor.trial._binomial_interval import IntervalMethod, binomial_interval
from progenitor.trial._decision import AbstractDesign, Decision, Decisions
from progenitor.trial._event_times import EventTimes
from progenitor.trial._hazard_ratio import LogHazardRatio, hazard_ratio
from progenitor.trial._kaplan_meier import KaplanMeier, TimeInterval, kaplan_meier
from progenitor.trial._operating_characteristics import (
    OperatingCharacteristics,
    operating_characteristics,
)
from progenitor.trial._outcome_bank import OutcomeBank
from progenitor.trial._response import Response, ResponseAssessment
from progenitor.trial._tumour_size import bidimensional_size
from progenitor.trial._two_level import (
    TwoLevel,
    between_variance,
    estimate,
    estimate_from_draws,
    paired_difference,
)
from progenitor.trial.designs import ExactBinomial, SimonTwoStage
from progenitor.trial.endpoints import (
    CellularKinetics,
    CrsGrades,
    CytokineReleaseSyndrome,
    LuganoResponse,
    MinimalResidualDisease,
    OverallSurvival,
    Persistence,
    ProgressionFreeSurvival,
)
from progenitor.trial.rules import (
    AnalysisSet,
    TimeZero,
    members,
    require_one_time_zero,
    require_time_zero,
    waiting_attrition,
)

__all__ = [
    "AbstractDesign",
    "AnalysisSet",
    "CellularKinetics",
    "CrsGrades",
    "CytokineReleaseSyndrome",
    "Decision",
    "Decisions",
    "EventTimes",
    "ExactBinomial",
    "IntervalMethod",
    "KaplanMeier",
    "LogHazardRatio",
    "LuganoResponse",
    "MinimalResidualDisease",
    "OperatingCharacteristics",
    "OutcomeBank",
    "OverallSurvival",
    "Persistence",
    "ProgressionFreeSurvival",
    "Response",
    "ResponseAssessment",
    "SimonTwoStage",
    "TimeInterval",
    "TimeZero",
    "TwoLevel",
    "between_variance",
    "bidimensional_size",
    "binomial_interval",
    "estimate",
    "estimate_from_draws",
    "hazard_ratio",
    "kaplan_meier",
    "members",
    "operating_characteristics",
    "paired_difference",
    "require_one_time_zero",
    "require_time_zero",
    "waiting_attrition",
]
