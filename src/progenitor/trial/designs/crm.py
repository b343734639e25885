"""The continual reassessment method."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from jaxtyping import Int

from progenitor.trial._curve_decisions import (
    CurveFit,
    check_curve_design,
    decide_by_curve,
    describe_curve_design,
    explain_by_curve,
    fit_curve,
    select_by_curve,
)
from progenitor.trial._dose_finding import DoseDecision, DoseDecisions
from progenitor.trial._dose_state import DoseState
from progenitor.trial._dose_toxicity_models import INTERCEPT, CurveModel

__all__ = ["Crm"]


@final
@dataclass(frozen=True, slots=True)
class Crm:
    r"""Give the dose whose toxicity is nearest to the target by a curve fitted to all patients.

    .. math::

        p_k = s_k^{\exp(\hat\beta)} \quad\text{or}\quad
        \mathrm{logit}\,p_k = a + e^{\hat\beta}(\mathrm{logit}\,s_k - a), \qquad
        \hat\beta = E[\beta \mid data], \quad \beta \sim N(0, \sigma^2)

    Patients without a toxicity whose follow-up is not over are left out.

    Parameters
    ----------
    target
        Target probability of toxicity.
    skeleton
        Prior guess at each dose, rising; see ``indifference_skeleton``.
    model, scale, intercept
        ``"power"`` or ``"logistic"``; prior standard deviation σ of β; a of the logistic curve.
    cohort
        Patients treated between decisions, which coherence looks at.
    coherent
        Whether the dose is not raised after a cohort whose share of toxicities reaches the target.
    safety
        Stop if P(lowest dose above target) exceeds this; None: never.
    enough
        Stop when so many patients were treated at the recommended dose; None: never.

    Raises
    ------
    DesignError
        If the numbers do not describe a design; lists every problem.

    References
    ----------
    O'Quigley, Pepe, Fisher 1990, Biometrics 46:33–48, doi:10.2307/2531628; one dose at a time:
    Goodman, Zahurak, Piantadosi 1995, doi:10.1002/sim.4780141102; coherence: Cheung 2005,
    doi:10.1093/biomet/92.4.863.

    Examples
    --------
    >>> from progenitor.trial._dose_state import DoseState
    >>> design = Crm(target=0.2, skeleton=(0.0491, 0.1105, 0.2, 0.3085, 0.4234))
    >>> state = DoseState.from_counts([4, 5, 1, 0, 0], [0, 2, 0, 0, 0], level=1)
    >>> design.fit(state).p_tox.round(4).tolist()
    [[0.1244, 0.218, 0.3286, 0.4434, 0.552]]
    >>> design.explain(state).label
    'stay'
    """

    target: float
    skeleton: tuple[float, ...]
    model: CurveModel = "power"
    scale: float = 1.34**0.5
    intercept: float = INTERCEPT
    cohort: int = 1
    coherent: bool = True
    safety: float | None = None
    enough: int | None = None
    name: ClassVar[str] = "crm"

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
        return describe_curve_design(
            self,
            "Continual reassessment method",
            "Every patient with complete follow-up or a toxicity counts.",
        )

    def fit(self, state: DoseState) -> CurveFit:
        """Fit the curve to the data of every trial."""
        return fit_curve(self, state, timed=False)

    def next_dose(self, state: DoseState) -> DoseDecisions:
        """Decide where the next patients of every trial go."""
        return decide_by_curve(self, state, self.fit(state))

    def explain(self, state: DoseState, replicate: int = 0) -> DoseDecision:
        """Tell in words what :meth:`next_dose` decides for one trial, and why."""
        return explain_by_curve(self, state, self.fit(state), replicate)

    def select(self, state: DoseState) -> Int[np.ndarray, " replicate"]:
        """Select the opened dose nearest to the target, -1 for none."""
        return select_by_curve(self, state, self.fit(state))
