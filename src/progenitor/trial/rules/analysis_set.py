"""Analysis sets: whose outcomes count."""

from typing import Literal

import numpy as np
from jaxtyping import Bool

from progenitor.errors import DesignError

__all__ = ["AnalysisSet", "members"]

AnalysisSet = Literal["itt", "infused"]
"""``itt``: everybody enrolled, from enrolment on. ``infused``: those infused, from infusion on."""


def members(
    analysis_set: AnalysisSet,
    *,
    infused: Bool[np.ndarray, "*patients"],
    failed: Bool[np.ndarray, "*patients"],
) -> Bool[np.ndarray, "*patients"]:
    """Mark the patients of an analysis set.

    By intention to treat everybody enrolled counts, so that losses to progression, death or failed
    manufacture while waiting are not hidden; published rates of the infused set are 8 to 30 points
    higher. A patient whose simulation failed has no outcome and belongs to no set: report how many.

    Parameters
    ----------
    analysis_set
        ``"itt"`` or ``"infused"``.
    infused
        True where the patient received the product.
    failed
        True where the simulation of the patient failed.

    Raises
    ------
    DesignError
        If the analysis set is not known.

    References
    ----------
    ICH E9 (1998), section 5.2.1: the full analysis set and the intention-to-treat principle.

    Examples
    --------
    >>> infused, failed = np.array([True, False, True]), np.array([False, False, True])
    >>> members("itt", infused=infused, failed=failed).tolist()
    [True, True, False]
    >>> members("infused", infused=infused, failed=failed).tolist()
    [True, False, False]
    """
    if analysis_set == "itt":
        return ~failed
    if analysis_set == "infused":
        return np.asarray(infused & ~failed)
    raise DesignError(
        f"unknown analysis set '{analysis_set}'. Fix: write 'itt' (everybody enrolled) or 'infused'"
    )
