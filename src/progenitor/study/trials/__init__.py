"""Dose finding and randomised trials of a study, conducted on its mechanistic patients."""

from progenitor.study.trials._conduct_trials import ConductedTrials, conduct_trials
from progenitor.study.trials._dose_finding import dose_finding_designs
from progenitor.study.trials._export_dose_finding import export_dose_finding
from progenitor.study.trials._export_randomised import export_randomised
from progenitor.study.trials._randomised import randomised_plans, randomised_success

__all__ = [
    "ConductedTrials",
    "conduct_trials",
    "dose_finding_designs",
    "export_dose_finding",
    "export_randomised",
    "randomised_plans",
    "randomised_success",
]
