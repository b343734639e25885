"""What a planned mouse study hands to its report, the command line and exports."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Float, Int

from progenitor.study.results import Estimate

__all__ = [
    "AnimalArm",
    "AnimalExample",
    "AnimalTrialOutcome",
    "EqualArms",
    "OtherSize",
]


@final
@dataclass(frozen=True, slots=True, eq=False)
class AnimalExample:
    """One of the studies, mouse by mouse; rows are sorted by arm and donor.

    Parameters
    ----------
    study, draw
        Which of the studies, and of the parameter draws.
    arm
        Name of the arm of each mouse.
    donor, cage, block
        From 1.
    days
        Days of measurement.
    volume
        Measured volume in mm³ until removal, NaN afterwards.
    time, event
        Day of the humane endpoint and 1, or last day and 0.
    growth
        Growth rate, 1/day.
    effects
        Arm → difference of growth rates from control with joint limits, by the mixed model of
        all measurements.
    hazards
        Arm → hazard ratio of the humane endpoint with 95 % limits (Firth).
    """

    study: int
    draw: int
    arm: tuple[str, ...]
    donor: Int[np.ndarray, " mouse"]
    cage: Int[np.ndarray, " mouse"]
    block: Int[np.ndarray, " mouse"]
    days: Float[np.ndarray, " day"]
    volume: Float[np.ndarray, "mouse day"]
    time: Float[np.ndarray, " mouse"]
    event: Float[np.ndarray, " mouse"]
    growth: Float[np.ndarray, " mouse"]
    effects: Mapping[str, Estimate]
    hazards: Mapping[str, Estimate]


@final
@dataclass(frozen=True, slots=True)
class AnimalArm:
    """What one arm shows in many studies.

    ``effect`` is the true difference of growth rates from control; ``batches`` the power with
    batches as units, ``mixed`` with a mixed model, ``mice`` what is claimed with mice as units,
    ``log_rank`` with the log-rank test of the humane endpoint (Bonferroni); ``between`` the share
    of the variance of success that is doubt about parameters; ``per_draw`` the power given each
    set of parameters.
    """

    title: str
    effect: Estimate
    batches: Estimate
    mixed: Estimate
    mice: Estimate
    log_rank: Estimate
    hazard_ratio: Estimate
    removed: Estimate
    between: float
    per_draw: Float[np.ndarray, " draw"]


@final
@dataclass(frozen=True, slots=True)
class EqualArms:
    """How often any arm is found to differ where none does, by what is taken for a unit."""

    words: str
    batches: Estimate
    mice: Estimate
    log_rank: Estimate


@final
@dataclass(frozen=True, slots=True)
class OtherSize:
    """Power of a study of another size, by arm; ``mice`` is what mice as units would claim."""

    donors: int
    per_donor: int
    total: int
    batches: Mapping[str, Estimate]
    mice: Mapping[str, Estimate]


@final
@dataclass(frozen=True, slots=True)
class AnimalTrialOutcome:
    """A planned mouse study, conducted many times.

    Parameters
    ----------
    title, control
        What it is called, and the arm others are compared with.
    plan
        The plan in words, label → text.
    limit
        Volume of the humane endpoint, mm³.
    alpha
        Two-sided error rate for all arms together.
    studies, fitted
        How many were conducted, and to how many a mixed model was fitted.
    example
        One study: the first in which as many controls are removed as in the median study.
    arms
        Arm → its operating characteristics; the control is not among them.
    equal
        Studies in which arms are equal.
    sizes
        Studies of other sizes.
    cover_batches, cover_mice
        Share of studies whose joint limits hold all true differences.
    imbalance_blocked, imbalance_simple
        Largest ÷ smallest mean burden of an arm at baseline, median over studies: as randomised,
        and had the same mice been dealt out at random.
    left_out
        Mice whose simulation failed and whose place another took.
    """

    title: str
    control: str
    plan: Mapping[str, str]
    limit: float
    alpha: float
    studies: int
    fitted: int
    example: AnimalExample
    arms: Mapping[str, AnimalArm]
    equal: tuple[EqualArms, ...]
    sizes: tuple[OtherSize, ...]
    cover_batches: Estimate
    cover_mice: Estimate
    imbalance_blocked: float
    imbalance_simple: float
    left_out: int
