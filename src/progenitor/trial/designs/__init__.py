"""Trial designs, one per file: each says how a trial is conducted and decides in prose."""

from progenitor.trial.designs.exact_binomial import ExactBinomial
from progenitor.trial.designs.simon_two_stage import SimonTwoStage

__all__ = ["ExactBinomial", "SimonTwoStage"]
