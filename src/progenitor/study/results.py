"""What a finished run hands to reports, exports and the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.evidence import Ledger

__all__ = [
    "ArmResult",
    "Band",
    "DesignResult",
    "Estimate",
    "FlowStep",
    "PublishedComparison",
    "RunResult",
]


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
class PublishedComparison:
    """A simulated number beside the published one; ``ratio`` is simulated ÷ published."""

    arm: str
    quantity: str
    unit: str
    simulated: Estimate
    published: float
    published_low: float
    published_high: float
    interval: str
    parameter_id: str
    citation: str
    population: str
    role: str
    ratio: float
    day: float | None = None
    caveat: str = ""


@final
@dataclass(frozen=True, slots=True)
class FlowStep:
    """One box of the CONSORT flow: how many patients, and why others left before it."""

    label: str
    patients: int
    lost: Mapping[str, int] = field(default_factory=dict)


@final
@dataclass(frozen=True, slots=True)
class DesignResult:
    """A trial design conducted many times on the outcome bank."""

    design: str
    endpoint: str
    analysis_set: str
    description: str
    numbers: Mapping[str, float]
    success: Estimate
    expected_patients: Estimate
    early_stop: Estimate
    replicates: int
    between_draw_share: float
    example: str


@final
@dataclass(frozen=True, slots=True)
class ArmResult:
    """Everything one arm produced. Per-patient arrays hold NaN for patients without the value."""

    name: str
    title: str
    product: str
    endpoints: Mapping[str, Estimate]
    bands: Mapping[str, Band]
    composition: Mapping[str, Float[np.ndarray, " lot"]]
    lot_quality: Mapping[str, Float[np.ndarray, " lot"]]
    lot_units: Mapping[str, str]
    lot_failures: Mapping[str, int]
    lots: int
    cost_lines: Mapping[str, float]
    best_change: Float[np.ndarray, " patient"]
    best_response: Int[np.ndarray, " patient"]
    pfs_time: Float[np.ndarray, " patient"]
    pfs_event: Float[np.ndarray, " patient"]
    pfs_itt_time: Float[np.ndarray, " patient"]
    pfs_itt_event: Float[np.ndarray, " patient"]
    crs_grade: Float[np.ndarray, " patient"]
    flow: tuple[FlowStep, ...]
    designs: tuple[DesignResult, ...]


@final
@dataclass(frozen=True, slots=True)
class RunResult:
    """A finished run: what was asked, what came out, what is weak, and how to repeat it.

    ``seconds`` is how long the run took. For ``solving_seconds`` of it, added up over processes,
    the solver made lots and treated ``simulations`` patients, those included on whom parameter
    draws were chosen; what an earlier, interrupted run did does not count.
    """

    study_name: str
    title: str
    question: Mapping[str, str]
    study_text: str
    study_path: Path
    run_dir: Path
    digest: str
    seed: int
    draws: int
    patients: int
    failed: int
    status_counts: Mapping[str, int]
    seconds: float
    headline: str
    weaknesses: tuple[str, ...]
    arms: Mapping[str, ArmResult]
    paired: Mapping[str, Estimate]
    comparisons: tuple[PublishedComparison, ...]
    ledger: Ledger
    references: tuple[str, ...]
    solver: Mapping[str, Any]
    versions: Mapping[str, str]
    hashes: Mapping[str, str]
    solving_seconds: float = float("nan")
    simulations: int = 0
