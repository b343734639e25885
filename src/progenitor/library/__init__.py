"""Published models, equation by equation: each reproduces something its paper printed."""

from progenitor.library._population import Population, simulate_population
from progenitor.library._published_model import PublishedModel, Regimen, Residual
from progenitor.library._registry import find_model, library_models

__all__ = [
    "Population",
    "PublishedModel",
    "Regimen",
    "Residual",
    "find_model",
    "library_models",
    "simulate_population",
]
