"""The mean cost of a released dose line by line, and what failed lots add to it."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Bool, Float

from progenitor.manufacture import DOSE_LINES, charged_lines

__all__ = ["FAILED_LOTS", "dose_bill"]

FAILED_LOTS = "failed lots"
"""What released doses must carry for the lots that were not released."""


def dose_bill(
    lines: Mapping[str, Float[np.ndarray, " lot"]],
    *,
    doses: Float[np.ndarray, " lot"],
    released: Bool[np.ndarray, " lot"],
) -> Mapping[str, float]:
    """Return the mean cost of a released dose by line, dearest first, failed lots last; USD.

    The lines add up to the mean over released lots of
    :func:`progenitor.manufacture.dose_cost`.

    Parameters
    ----------
    lines
        Cost lines of whole lots, from :func:`progenitor.manufacture.split_cost`.
    doses, released
        Doses of each lot, and whether it was released, (lot,).

    Examples
    --------
    >>> bill = {name: np.full(2, 300.0) for name in ("labour", "delivery")}
    >>> dose_bill(bill, doses=np.full(2, 3.0), released=np.array([True, False]))
    {'delivery': 300.0, 'labour': 100.0, 'failed lots': 100.0}
    """
    if not released.any():
        return {}
    found = {
        line: float((amount / (1.0 if line in DOSE_LINES else doses))[released].mean())
        for line, amount in lines.items()
    }
    charged = charged_lines(lines, doses=doses, released=released)
    whole = sum(float(amount[released].mean()) for amount in charged.values())
    ordered = dict(sorted(found.items(), key=lambda item: -item[1]))
    return {**ordered, FAILED_LOTS: whole - sum(found.values())}
