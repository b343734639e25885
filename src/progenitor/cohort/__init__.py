"""Virtual populations: covariates, correlated sampling and weights."""

from progenitor.cohort._correlation import Correlation, correlations_of
from progenitor.cohort._sample import Numbers, sample_numbers

__all__ = ["Correlation", "Numbers", "correlations_of", "sample_numbers"]
