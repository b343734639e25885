"""Rules of conduct, one per file: who is analysed, what waits, who is replaced, who is lost."""

from progenitor.trial.rules.accrual_pause import AccrualPause
from progenitor.trial.rules.analysis_set import AnalysisSet, members
from progenitor.trial.rules.backfill import Backfill
from progenitor.trial.rules.bayesian_toxicity_stopping import BayesianToxicityStopping
from progenitor.trial.rules.dose_feasibility import DoseFeasibility
from progenitor.trial.rules.expansion_cohort import ExpansionCohort
from progenitor.trial.rules.intercurrent_event import (
    STRATEGIES,
    EstimandStrategy,
    IntercurrentEvent,
)
from progenitor.trial.rules.minimum_follow_up import MinimumFollowUp
from progenitor.trial.rules.repeated_toxicity_test import RepeatedToxicityTest
from progenitor.trial.rules.replacement import Departure, Replacement
from progenitor.trial.rules.sentinel_gap import SentinelGap
from progenitor.trial.rules.time_zero import TimeZero, require_one_time_zero, require_time_zero
from progenitor.trial.rules.waiting_attrition import waiting_attrition

__all__ = [
    "STRATEGIES",
    "AccrualPause",
    "AnalysisSet",
    "Backfill",
    "BayesianToxicityStopping",
    "Departure",
    "DoseFeasibility",
    "EstimandStrategy",
    "ExpansionCohort",
    "IntercurrentEvent",
    "MinimumFollowUp",
    "RepeatedToxicityTest",
    "Replacement",
    "SentinelGap",
    "TimeZero",
    "members",
    "require_one_time_zero",
    "require_time_zero",
    "waiting_attrition",
]
