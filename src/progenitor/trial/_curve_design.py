"""What designs on a one-parameter curve have in common: their numbers, and what follows."""

from abc import ABC
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Int

from progenitor.trial._curve_decisions import (
    CurveFit,
    check_curve_design,
    decide_by_curve,
    describe_curve_design,
    explain_by_curve,
    fit_curve,
    nearest_dose,
    select_by_curve,
)
from progenitor.trial._dose_finding import DoseDecision, DoseDecisions
from progenitor.trial._dose_state import DoseState
from progenitor.trial._dose_toxicity_models import INTERCEPT, CurveModel

__all__ = ["AbstractCurveDesign"]


@dataclass(frozen=True, slots=True)
class AbstractCurveDesign(ABC):
    """A design that fits a curve; one of its own says its name, title and whom it counts.

    Attributes
    ----------
    name, title, counts
        Catalogue name, name in a protocol, and the sentence about who counts.
    timed
        Whether pending patients count by the share of the window they were followed.
    """

    target: float
    skeleton: tuple[float, ...]
    model: CurveModel = "power"
    scale: float = 1.34**0.5
    intercept: float = INTERCEPT
    cohort: int = 1
    coherent: bool = True
    restricted: bool = True
    safety: float | None = None
    enough: int | None = None
    name: ClassVar[str]
    title: ClassVar[str]
    counts: ClassVar[str]
    timed: ClassVar[bool]

    def __post_init__(self) -> None:
        check_curve_design(self, self.name)

    @property
    def numbers(self) -> Mapping[str, float]:
        """The design's own numbers, for tables."""
        guesses = {f"skeleton_{dose}": p for dose, p in enumerate(self.skeleton, start=1)}
        return {"target": self.target, "scale": self.scale, "cohort": self.cohort, **guesses}

    @property
    def description(self) -> str:
        """The design in one paragraph, as a protocol would say it."""
        return describe_curve_design(self, self.title, self.counts)

    def fit(self, state: DoseState) -> CurveFit:
        """Fit the curve to the data of every trial."""
        return fit_curve(self, state, timed=self.timed)

    def nearest(self, state: DoseState) -> Int[np.ndarray, " replicate"]:
        """Find the dose nearest to the target by the curve alone, given to somebody or not."""
        return nearest_dose(self, self.fit(state))

    def next_dose(self, state: DoseState) -> DoseDecisions:
        """Decide where the next patients of every trial go."""
        return decide_by_curve(self, state, self.fit(state))

    def explain(self, state: DoseState, replicate: int = 0) -> DoseDecision:
        """Tell in words what :meth:`next_dose` decides for one trial, and why."""
        return explain_by_curve(self, state, self.fit(state), replicate)

    def select(self, state: DoseState) -> Int[np.ndarray, " replicate"]:
        """Select the opened dose nearest to the target, -1 for none."""
        return select_by_curve(self, state, self.fit(state))
