"""Rules of conduct, one per file: who is analysed, from when time counts, who is lost waiting."""

from progenitor.trial.rules.analysis_set import AnalysisSet, members
from progenitor.trial.rules.time_zero import TimeZero, require_one_time_zero, require_time_zero
from progenitor.trial.rules.waiting_attrition import waiting_attrition

__all__ = [
    "AnalysisSet",
    "TimeZero",
    "members",
    "require_one_time_zero",
    "require_time_zero",
    "waiting_attrition",
]
