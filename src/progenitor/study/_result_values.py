"""An estimate with its interval, a band of curves, a step of the patient flow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final

import numpy as np
from jaxtyping import Float

__all__ = ["Band", "Estimate", "FlowStep"]


@final
@dataclass(frozen=True, slots=True)
class Estimate:
    """One number with its interval.

    ``low`` and ``high`` bound the central 90 % over parameter draws; ``mcse`` is the Monte Carlo
    standard error of ``value``; ``n`` counts the patients or lots behind it.
    """

    value: float
    low: float
    high: float
    unit: str
    label: str
    n: int
    mcse: float = float("nan")
    note: str = ""


@final
@dataclass(frozen=True, slots=True)
class Band:
    """Percentiles of a quantity over patients against days since infusion."""

    label: str
    unit: str
    days: Float[np.ndarray, " time"]
    percentiles: tuple[float, ...]
    values: Float[np.ndarray, "percentile time"]


@final
@dataclass(frozen=True, slots=True)
class FlowStep:
    """One box of the CONSORT flow: how many patients, and why others left before it."""

    label: str
    patients: int
    lost: Mapping[str, int] = field(default_factory=dict)
