"""Vector copies between cells: gamma-Poisson, so some cells take many and many take none."""

import numpy as np
from jaxtyping import Float

__all__ = ["transduced_share"]


def transduced_share(
    mean_hits: Float[np.ndarray, " lot"], dispersion: Float[np.ndarray, " lot"]
) -> Float[np.ndarray, " lot"]:
    """Share of cells with at least one copy when copies are gamma-Poisson.

    Parameters
    ----------
    mean_hits
        Mean copies per cell, (lot,).
    dispersion
        Shape of the gamma mixing, (lot,); Poisson as it grows.

    Examples
    --------
    >>> transduced_share(np.array([2.0, 0.0]), np.array([0.2, 0.2])).round(3)
    array([0.381, 0.   ])
    """
    share: Float[np.ndarray, " lot"] = -np.expm1(-dispersion * np.log1p(mean_hits / dispersion))
    return share
