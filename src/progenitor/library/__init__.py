"""Published models, equation by equation: each reproduces something its paper printed."""

from progenitor.library._card import (
    NumberRow,
    number_rows,
    regimen_text,
    residual_text,
    short_citation,
    year_of,
)
from progenitor.library._patient import Patient, typical_patient
from progenitor.library._population import Population, simulate_population
from progenitor.library._published_model import PublishedModel, Regimen, Residual
from progenitor.library._registry import find_model, library_models
from progenitor.library._reproduction import NEAR, ReproductionRow, reproduction
from progenitor.library._visits import (
    PERCENTILES,
    Seen,
    checked_visits,
    metrics_of,
    percentiles_at,
    sample_days,
    visit_days,
)

__all__ = [
    "NEAR",
    "PERCENTILES",
    "NumberRow",
    "Patient",
    "Population",
    "PublishedModel",
    "Regimen",
    "ReproductionRow",
    "Residual",
    "Seen",
    "checked_visits",
    "find_model",
    "library_models",
    "metrics_of",
    "number_rows",
    "percentiles_at",
    "regimen_text",
    "reproduction",
    "residual_text",
    "sample_days",
    "short_citation",
    "simulate_population",
    "typical_patient",
    "visit_days",
    "year_of",
]
