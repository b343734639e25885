"""What a finished run hands to reports, exports and the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.evidence import Ledger
from progenitor.study._dose_results import (
    DoseFindingResult,
    DoseLevel,
    ExamplePatient,
    ExampleTrial,
    PolicyChoice,
)
from progenitor.study._result_values import Band, Estimate, FlowStep

__all__ = [
    "LUGANO",
    "ArmResult",
    "Band",
    "DesignResult",
    "DoseFindingResult",
    "DoseLevel",
    "Estimate",
    "ExamplePatient",
    "ExampleTrial",
    "FlowStep",
    "PolicyChoice",
    "PublishedComparison",
    "QueueResult",
    "QueueStratum",
    "RandomisedExample",
    "RandomisedLook",
    "RandomisedPair",
    "RandomisedResult",
    "ResourceLoad",
    "ResponseWords",
    "RunResult",
]


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
class RandomisedLook:
    """One look at a randomised trial, over all trials.

    ``events`` are NaN for a look on the last day. ``efficacy`` and ``futility`` are bounds of Z,
    the latter minus infinity where there is none. ``chances``, of trials that go on: conditional
    power under the effect planned for (``design``) and the trend (``trend``), predictive power by
    what the model believes (``predictive``), and the share that came to succeed (``came``).
    """

    events: float
    information: float
    efficacy: float
    futility: float
    reached: Estimate
    day: Estimate
    success: Estimate
    futile: Estimate
    chances: Mapping[str, Estimate]


@final
@dataclass(frozen=True, slots=True)
class RandomisedPair:
    """One arm compared with the control in a randomised trial.

    ``success`` averages over parameter draws; ``paper`` is the same trial on the exponential curves
    that it is planned for, ``fixed`` on curves that are known (patients of all draws mixed),
    ``null`` where both arms get the control; ``planned`` is the power at the hazard ratio planned
    for, by integration. ``unstopped`` and ``null_unstopped`` are P(success) and type I error where
    nobody stops for futility, ``futile`` the share that stops. ``truth`` holds the effects in all
    virtual patients, ``seen`` those of the example trial with their 95 % limits.
    """

    arm: str
    title: str
    success: Estimate
    paper: Estimate
    fixed: Estimate
    null: Estimate
    planned: float
    unstopped: Estimate
    null_unstopped: Estimate
    futile: Estimate
    events: Estimate
    looks: tuple[RandomisedLook, ...]
    tests: Mapping[str, Estimate]
    truth: Mapping[str, Estimate]
    seen: Mapping[str, Estimate]
    between_draw_share: float


@final
@dataclass(frozen=True, slots=True)
class RandomisedExample:
    """One randomised trial: times and events by arm, and the statistic at every look it had."""

    followed: Mapping[str, tuple[Float[np.ndarray, " patient"], Float[np.ndarray, " patient"]]]
    path: tuple[tuple[float, float, float], ...]
    story: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True)
class RandomisedResult:
    """A randomised trial conducted on mechanistic patients.

    ``looks`` are events and Z bounds of efficacy and futility; ``estimand`` the attributes of ICH
    E9(R1); ``allocation`` how patients are randomised; ``control_share`` the control's share
    event-free at the horizon on which the trial on paper rests; ``flow`` that of the example trial.
    """

    name: str
    title: str
    design: str
    description: str
    analysis_set: str
    patients: int
    arms: Mapping[str, str]
    replicates: int
    hazard_ratio: float
    horizon: float
    looks: tuple[tuple[float, float, float], ...]
    binding: bool
    estimand: tuple[tuple[str, str], ...]
    allocation: str
    control_share: float
    duration: Estimate
    pairs: tuple[RandomisedPair, ...]
    flow: Mapping[str, tuple[FlowStep, ...]]
    example: RandomisedExample
    summary: str


@final
@dataclass(frozen=True, slots=True)
class ResourceLoad:
    """What a facility has of a resource, and how much of it patients take.

    ``demand`` is the share they ask for in the long run, above 1 more than there is; ``use`` the
    share in use from the first arrival of a stream to its last lot.
    """

    name: str
    units: int
    demand: Estimate
    use: Estimate


@final
@dataclass(frozen=True, slots=True)
class QueueStratum:
    """Patients ``first`` to ``last`` of a stream; percentiles 5, 50 and 95 of their days waited."""

    first: int
    last: int
    wait: tuple[float, float, float]
    infused: float


@final
@dataclass(frozen=True, slots=True)
class QueueResult:
    """How the lots of an arm waited in their facility, ``per_year`` in streams of ``patients``.

    ``wait`` is the mean in days. Of everybody enrolled, ``lost`` left while waiting for the
    product, and ``lost_in_queue`` would not have, had nobody stood in the way. ``never_short`` are
    resources that the recipe needs and the facility does not list.
    """

    facility: str
    per_year: float
    patients: int
    wait: Estimate
    lost: Estimate
    lost_in_queue: Estimate
    strata: tuple[QueueStratum, ...]
    resources: tuple[ResourceLoad, ...]
    never_short: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True)
class ArmResult:
    """Everything one arm produced at one dose.

    Per-patient arrays hold NaN for patients without the value; ``arm_title`` leaves the dose out.
    """

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
    arm_title: str = ""
    queue: QueueResult | None = None


@final
@dataclass(frozen=True, slots=True)
class ResponseWords:
    """By which criteria response was judged: ``codes`` name the codes of best response, from 0.

    ``change`` is what a waterfall shows, empty where response is not a size; ``partial`` the change
    in % that a partial response needs.
    """

    title: str
    codes: tuple[str, ...]
    words: str
    change: str
    partial: float


LUGANO = ResponseWords(
    "Lugano 2014",
    ("NE", "PD", "SD", "PR", "CR"),
    "Colour also needs metabolic imaging. CR, PR: complete, partial response; SD: stable disease; "
    "PD: progression; NE: not evaluable.",
    "tumour size",
    -50.0,
)
"""Words of lymphoma, the default."""


@final
@dataclass(frozen=True, slots=True)
class RunResult:
    """A finished run: what was asked, what came out, what is weak, and how to repeat it.

    ``seconds`` is how long the run took. For ``solving_seconds`` of it, added up over processes,
    the solver made lots and treated ``simulations`` patients, those included on whom parameter
    draws were chosen; what an earlier, interrupted run did does not count. ``not_modelled`` names
    for each arm the endpoints that its body has no observable for.
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
    dose_findings: tuple[DoseFindingResult, ...] = ()
    randomised: tuple[RandomisedResult, ...] = ()
    response: ResponseWords = LUGANO
    not_modelled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
