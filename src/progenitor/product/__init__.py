"""The contract between making and giving: what a released lot is."""

from progenitor.product.phenotypes import PHENOTYPES
from progenitor.product.released_product import ReleasedProduct

__all__ = ["PHENOTYPES", "ReleasedProduct"]
