"""Doses for solvers that know none: integrate to a dose, add it, start again."""

import numpy as np

from benchmarks.cart22._problem import CONDITIONING_DAYS, DAYS, PRODUCT, PRODUCT_DAY, SPECIES

__all__ = ["dose_table"]


def dose_table(patients: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the days between which nothing is given, and what is added at the start of each leg.

    The second array is (patient, leg, species).
    """
    names = list(SPECIES)
    stops = np.array([DAYS[0], *CONDITIONING_DAYS, PRODUCT_DAY, DAYS[-1]])
    added = np.zeros((len(patients["dose"]), len(stops) - 1, len(names)))
    for leg in range(1, len(CONDITIONING_DAYS) + 1):
        added[:, leg, names.index("LD")] = patients["LDd"]
    for species, share in PRODUCT.items():
        added[:, -1, names.index(species)] = share * patients["dose"]
    return stops, added
