r"""What a dose costs: a batch shared among its doses and charged with the batches that failed.

.. math:: c = \frac{materials + vector + QC + labour + facility / u}{n\,(1 - p_{fail})}
   + shipping + collections

``u`` is the utilisation of the facility, ``n`` the doses of the batch and ``p`` the share of
batches that fail. The facility's line already holds the time the batch occupied it.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from jaxtyping import Float

from progenitor.errors import InputError, Problem
from progenitor.manufacture._batch import Batch

__all__ = ["BATCH_LINES", "DOSE_LINES", "dose_cost"]

BATCH_LINES: Final = (
    "materials",
    "vector",
    "editing",
    "quality control",
    "release",
    "labour",
    "facility",
    "storage",
)
"""Cost lines shared by the doses of a batch."""

DOSE_LINES: Final = ("apheresis", "transport")
"""Cost lines every dose pays: the collection and the journeys."""


def dose_cost(batch: Batch, *, utilisation: float = 1.0) -> Mapping[str, Float[np.ndarray, " lot"]]:
    """Cost of a dose by line, (lot,); USD. NaN for lots that were not released.

    Parameters
    ----------
    batch
        Lots made by one recipe, enough of them to know how many fail.
    utilisation
        Share of the facility's time that is used, above 0 to 1.

    Raises
    ------
    InputError
        When the utilisation is not a share.
    """
    if not 0 < utilisation <= 1:
        fix = "give a share above 0 and up to 1"
        message = f"utilisation is {utilisation:g}"
        raise InputError([Problem(message, fix, field="utilisation")])
    released = batch.product.released
    success = float(released.mean()) if released.size else 0.0
    doses = np.where(batch.log[-1].state.doses > 0, batch.log[-1].state.doses, 1.0)
    found = {}
    for line, amount in batch.cost_lines.items():
        charged = amount / utilisation if line == "facility" else amount
        if line in BATCH_LINES:
            charged = charged / (doses * success) if success > 0 else np.full_like(charged, np.nan)
        found[line] = np.where(released, charged, np.nan)
    return found
