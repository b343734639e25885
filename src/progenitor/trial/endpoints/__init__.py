"""Endpoints, one per file: what is read from a patient, with its edge cases said and tested."""

from progenitor.trial.endpoints.cellular_kinetics import CellularKinetics
from progenitor.trial.endpoints.cytokine_release_syndrome import CrsGrades, CytokineReleaseSyndrome
from progenitor.trial.endpoints.lugano_response import LuganoResponse
from progenitor.trial.endpoints.minimal_residual_disease import MinimalResidualDisease
from progenitor.trial.endpoints.overall_survival import OverallSurvival
from progenitor.trial.endpoints.persistence import Persistence
from progenitor.trial.endpoints.progression_free_survival import ProgressionFreeSurvival

__all__ = [
    "CellularKinetics",
    "CrsGrades",
    "CytokineReleaseSyndrome",
    "LuganoResponse",
    "MinimalResidualDisease",
    "OverallSurvival",
    "Persistence",
    "ProgressionFreeSurvival",
]
