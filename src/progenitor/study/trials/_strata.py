"""Strata of randomised trials: patients above and below the median of what they bring."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Int

from progenitor.study._baseline import BASELINE
from progenitor.study._estimates import Table

__all__ = ["FACTOR_WORDS", "Strata", "strata_of"]

FACTOR_WORDS = {
    "tumour_burden": ("tumour burden at enrolment", "cells"),
    "tumour_growth": ("growth rate of the tumour without bridging therapy", "1/day"),
}
"""Factor of a study file → words and unit."""


@final
@dataclass(frozen=True, slots=True, eq=False)
class Strata:
    """Which stratum everybody is in.

    Parameters
    ----------
    label
        From 0 (draw, patient).
    names
        Words of each stratum; one that is empty where there are none.
    description
        How strata are formed, for a protocol; empty where there are none.
    """

    label: Int[np.ndarray, "draw patient"]
    names: tuple[str, ...]
    description: str


def strata_of(table: Table, factors: Sequence[str]) -> Strata:
    """Divide patients at the median of each factor over all virtual patients.

    Parameters
    ----------
    table
        Rows of one arm, with the columns of ``with_baseline``.
    factors
        Names among ``FACTOR_WORDS``.

    Examples
    --------
    >>> cells = {"tumour_at_enrolment": np.array([1e9, 4e9, 2e9, 3e9]), "infused": np.ones(4)}
    >>> found = strata_of(Table(cells, {}, np.zeros(1), 1), ["tumour_burden"])
    >>> found.label.tolist(), found.names[1]
    ([[0, 1, 0, 1]], 'HIGH TUMOUR BURDEN')
    """
    shape = table.outcomes["infused"].reshape(table.draws, -1).shape
    label, names, words = np.zeros(shape, dtype=np.int64), [""], []
    for factor in factors:
        values = table.outcomes[BASELINE[factor]].reshape(shape)
        middle = float(np.median(values))
        label = 2 * label + (values > middle)
        plain = factor.replace("_", " ").upper()
        names = [
            ", ".join(filter(None, (before, f"{level} {plain}")))
            for before in names
            for level in ("LOW", "HIGH")
        ]
        title, unit = FACTOR_WORDS[factor]
        words.append(f"{title} (above {_brief(middle)} {unit} or not)")
    description = f"stratified by {' and by '.join(words)}" if words else ""
    return Strata(label, tuple(names), description)


def _brief(value: float) -> str:
    """Write two figures, and large numbers as powers of ten."""
    text = f"{value:.2g}"
    return text.replace("e+", "e").replace("e0", "e")
