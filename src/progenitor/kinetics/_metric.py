"""One metric of all patients, with the reason wherever it has no value."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.kinetics._reason import Reason

__all__ = ["Metric", "judged"]


@final
@dataclass(frozen=True, slots=True)
class Metric:
    """Values of one metric.

    Parameters
    ----------
    name
        Such as ``auc_0_28``.
    title
        As a table prints it.
    unit
        Of the values; ``1`` for ratios and for yes (1) and no (0).
    definition
        How it is found, in a sentence.
    kind
        ``level``, ``day``, ``area`` or ``ratio``; ``share`` for yes and no.
    values
        NaN where it cannot be found (patient,).
    reasons
        :class:`Reason` of each patient, ``ESTIMATED`` where there is a value (patient,).
    """

    name: str
    title: str
    unit: str
    definition: str
    kind: str
    values: Float[np.ndarray, " patient"]
    reasons: Int[np.ndarray, " patient"]

    def reason(self, patient: int) -> Reason:
        """Why a patient has no value."""
        return Reason(int(self.reasons[patient]))


def judged(
    values: Float[np.ndarray, " patient"], *reasons: tuple[Bool[np.ndarray, " patient"], Reason]
) -> tuple[Float[np.ndarray, " patient"], Int[np.ndarray, " patient"]]:
    """Set values to NaN with the first reason that holds; what is NaN besides has the last.

    Examples
    --------
    >>> values, why = judged(
    ...     np.array([1.0, 2.0, np.nan]), (np.array([True, False, False]), Reason.NOT_SAMPLED),
    ...     (np.array([True, False, False]), Reason.NO_RISE),
    ... )
    >>> values.tolist(), why.tolist()
    ([nan, 2.0, nan], [1, 0, 4])
    """
    codes = np.zeros(values.shape, dtype=np.int64)
    for where, reason in reasons:
        codes[where & (codes == 0)] = int(reason)
    codes[np.isnan(values) & (codes == 0)] = int(reasons[-1][1])
    return np.where(codes == 0, values, np.nan), codes
