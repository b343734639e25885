"""Dose finding and randomised trials of a study, conducted on its mechanistic patients."""

from progenitor.study.trials._conduct_trials import ConductedTrials, conduct_trials
from progenitor.study.trials._dose_finding import dose_finding_designs
from progenitor.study.trials._randomised import randomised_plans

__all__ = ["ConductedTrials", "conduct_trials", "dose_finding_designs", "randomised_plans"]
