r"""What a dose costs: a batch shared among its doses and charged with the batches that failed.

.. math:: c = \frac{collection + materials + vector + QC + labour + facility / u}{n\,(1 - p_{fail})}
   + delivery

``u`` is the utilisation of the facility, ``n`` the doses of the batch and ``p`` the share of
batches that fail. The facility's line already holds the time the batch occupied it.

Whatever was spent until the lot was decided on is paid by every attempt, failed ones too: the
collection and its journey to the plant as much as the run. An autologous lot is one dose, so each
of its attempts pays its own collection; the doses of a bank share one. Delivery is what comes
after: every dose that is given pays its own, and no other.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.errors import InputError, Problem
from progenitor.manufacture._batch import Batch

__all__ = [
    "BATCH_LINES",
    "DOSE_LINES",
    "charged_lines",
    "dose_cost",
    "doses_of",
    "split_cost",
]

_Lines = Mapping[str, Float[np.ndarray, " lot"]]

BATCH_LINES: Final = (
    "apheresis",
    "transport",
    "materials",
    "vector",
    "editing",
    "quality control",
    "release",
    "labour",
    "facility",
    "storage",
)
"""Cost lines shared by the doses of a batch: everything up to the decision on the lot."""

DOSE_LINES: Final = ("delivery",)
"""Cost lines every dose pays for itself: the journey to its patient."""


def doses_of(batch: Batch) -> Float[np.ndarray, " lot"]:
    """Doses of each lot, (lot,): those that were filled, or 1 where a lot is one dose."""
    filled = batch.log[-1].state.doses
    return np.where(filled > 0, filled, 1.0)


def split_cost(batch: Batch) -> _Lines:
    """Split the bill of whole lots into what doses share and their delivery, (lot,); USD.

    The amounts add up to ``batch.product.cost``. Delivery is everything spent after the last step
    that may stop a lot: for a bank, after a dose was ordered.

    Parameters
    ----------
    batch
        Lots made by one recipe.
    """
    stops = [place for place, step in enumerate(batch.recipe.steps) if step.step.failure_modes]
    decided = stops[-1] if stops else len(batch.log) - 1
    lines = dict(batch.log[decided].state.cost)
    delivery = np.zeros(len(batch.lot))
    for entry in batch.log[decided + 1 :]:
        for amount in entry.spent.values():
            delivery = delivery + amount
    return {**lines, DOSE_LINES[0]: delivery}


def charged_lines(
    lines: _Lines,
    *,
    doses: Float[np.ndarray, " lot"],
    released: Bool[np.ndarray, " lot"],
    utilisation: float = 1.0,
) -> _Lines:
    """Charge the released doses with the bill of all lots, (lot,); NaN for lots not released.

    Parameters
    ----------
    lines
        Cost lines of whole lots, as :func:`split_cost` returns them; USD.
    doses, released
        Doses of each lot, and whether it was released, (lot,).
    utilisation
        Share of the facility's time that is used, above 0 to 1.

    Raises
    ------
    InputError
        When the utilisation is not a share.

    Examples
    --------
    Three of four lots are released. A bank of ten doses shares collection and run, not delivery.

    >>> bill = {name: np.full(4, 300.0) for name in ("apheresis", "labour", "delivery")}
    >>> found = charged_lines(
    ...     bill, doses=np.full(4, 10.0), released=np.array([True, True, True, False])
    ... )
    >>> {name: float(amount[0]) for name, amount in found.items()}
    {'apheresis': 40.0, 'labour': 40.0, 'delivery': 300.0}
    """
    if not 0 < utilisation <= 1:
        fix = "give a share above 0 and up to 1"
        message = f"utilisation is {utilisation:g}"
        raise InputError([Problem(message, fix, field="utilisation")])
    success = float(released.mean()) if released.size else 0.0
    found = {}
    for line, amount in lines.items():
        charged = amount / utilisation if line == "facility" else amount
        if line not in DOSE_LINES:
            charged = charged / (doses * success) if success > 0 else np.full_like(charged, np.nan)
        found[line] = np.where(released, charged, np.nan)
    return found


def dose_cost(batch: Batch, *, utilisation: float = 1.0) -> _Lines:
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
    return charged_lines(
        split_cost(batch),
        doses=doses_of(batch),
        released=batch.product.released,
        utilisation=utilisation,
    )
