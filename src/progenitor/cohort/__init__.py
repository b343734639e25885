"""Virtual populations: covariates, correlated sampling and weights."""

__all__: list[str] = []
