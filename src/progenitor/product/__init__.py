"""The contract between making and giving: what a released lot is."""

from progenitor.product.measured_composition import MeasuredComposition
from progenitor.product.phenotypes import MEMORY_PHENOTYPES, PHENOTYPES
from progenitor.product.released_product import ReleasedProduct

__all__ = ["MEMORY_PHENOTYPES", "PHENOTYPES", "MeasuredComposition", "ReleasedProduct"]
