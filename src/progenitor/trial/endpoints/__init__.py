"""Endpoints, one per file: what is read from a patient, with its edge cases said and tested."""

from progenitor.trial.endpoints.b_cell_aplasia import AplasiaDays, BCellAplasia
from progenitor.trial.endpoints.cellular_kinetics import CellularKinetics
from progenitor.trial.endpoints.cytokine_release_course import CytokineReleaseCourse
from progenitor.trial.endpoints.cytokine_release_syndrome import CrsGrades, CytokineReleaseSyndrome
from progenitor.trial.endpoints.cytopenia import Cytopenia, CytopeniaGrades, CytopeniaLine
from progenitor.trial.endpoints.dose_limiting_toxicity import (
    DoseLimitingToxicity,
    ToxicityFindings,
)
from progenitor.trial.endpoints.duration_of_response import DurationOfResponse
from progenitor.trial.endpoints.event_free_survival import EventFreeSurvival
from progenitor.trial.endpoints.graft_versus_host_disease import (
    GraftVersusHostDisease,
    OrganStages,
)
from progenitor.trial.endpoints.haematotoxicity import Haematotoxicity, HaematotoxicityGrades
from progenitor.trial.endpoints.hlh_like_syndrome import HlhLikeSyndrome
from progenitor.trial.endpoints.imwg_response import ImwgResponse
from progenitor.trial.endpoints.infection_rate import InfectionCounts, InfectionRate, PooledRate
from progenitor.trial.endpoints.interval_persistence import IntervalPersistence, LossInterval
from progenitor.trial.endpoints.leukaemia_response import LeukaemiaCode, LeukaemiaResponse
from progenitor.trial.endpoints.lugano_response import LuganoResponse
from progenitor.trial.endpoints.minimal_residual_disease import MinimalResidualDisease
from progenitor.trial.endpoints.neurotoxicity_syndrome import NeurotoxicitySyndrome
from progenitor.trial.endpoints.overall_survival import OverallSurvival
from progenitor.trial.endpoints.oxidase_positive_neutrophils import (
    OxidaseDays,
    OxidasePositiveNeutrophils,
)
from progenitor.trial.endpoints.persistence import Persistence
from progenitor.trial.endpoints.progression_free_survival import ProgressionFreeSurvival
from progenitor.trial.endpoints.recist_response import RecistResponse

__all__ = [
    "AplasiaDays",
    "BCellAplasia",
    "CellularKinetics",
    "CrsGrades",
    "CytokineReleaseCourse",
    "CytokineReleaseSyndrome",
    "Cytopenia",
    "CytopeniaGrades",
    "CytopeniaLine",
    "DoseLimitingToxicity",
    "DurationOfResponse",
    "EventFreeSurvival",
    "GraftVersusHostDisease",
    "Haematotoxicity",
    "HaematotoxicityGrades",
    "HlhLikeSyndrome",
    "ImwgResponse",
    "InfectionCounts",
    "InfectionRate",
    "IntervalPersistence",
    "LeukaemiaCode",
    "LeukaemiaResponse",
    "LossInterval",
    "LuganoResponse",
    "MinimalResidualDisease",
    "NeurotoxicitySyndrome",
    "OrganStages",
    "OverallSurvival",
    "OxidaseDays",
    "OxidasePositiveNeutrophils",
    "Persistence",
    "PooledRate",
    "ProgressionFreeSurvival",
    "RecistResponse",
    "ToxicityFindings",
]
