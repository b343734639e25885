"""BOIN12: the optimal biological dose, by toxicity and response together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, final

import numpy as np
from jaxtyping import Int

from progenitor.trial._boin_boundaries import boin_lambdas
from progenitor.trial._decision import percent
from progenitor.trial._dose_finding import DoseDecision, DoseDecisions
from progenitor.trial._dose_state import DoseState
from progenitor.trial._isotonic_selection import select_nearest
from progenitor.trial._utility_decisions import decide_by_utility, explain_by_utility
from progenitor.trial._utility_rule import UtilityRule, check_utilities

__all__ = ["Boin12"]


@final
@dataclass(frozen=True, slots=True)
class Boin12:
    r"""Look for the dose of greatest utility among the current one and its neighbours.

    With :math:`\hat p` the rate of toxicities at the current dose d and λ_e, λ_d those of BOIN for
    the target φ_T: at :math:`\hat p \ge \lambda_d` go to d − 1; at :math:`\lambda_e < \hat p <
    \lambda_d` on ``n_star`` patients or more choose between d − 1 and d; else among d − 1, d and
    d + 1. The admissible dose most likely to exceed the benchmark utility is chosen. On more than
    eight patients with :math:`\hat p < \lambda_d`, a dose above that was never tried is tried.
    Doses too toxic (``cutoff_t``) or with too few responses (``cutoff_e``) are not admissible.

    At the end, among admissible doses tried up to the one whose isotonic rate of toxicities is
    nearest to φ_T, the one of greatest mean utility is selected.

    Parameters
    ----------
    phi_t, phi_e
        Highest acceptable rate of toxicities φ_T and lowest of responses φ_E.
    utility_neither, utility_both
        Points for neither response nor toxicity, and for both.
    utility_response, utility_toxicity
        Points for response alone, 100, and for toxicity alone, 0.
    n_star
        Patients from which doses above are left out when toxicity is near the target.
    cutoff_t, cutoff_e
        Posterior probability that excludes a dose.

    Raises
    ------
    DesignError
        If the numbers do not describe a design.

    References
    ----------
    Lin, Zhou, Yan, Li & Yuan 2020, JCO Precision Oncology 4:1393–1402, doi:10.1200/PO.20.00257.

    Examples
    --------
    >>> design = Boin12(phi_t=0.35, phi_e=0.25, utility_neither=40.0, utility_both=60.0)
    >>> state = DoseState.from_counts([3, 3], [0, 2], responded=[0, 2], toxic_and_responded=[0, 1])
    >>> design.explain(state).label
    'de-escalate'
    """

    phi_t: float
    phi_e: float
    utility_neither: float
    utility_both: float
    utility_response: float = 100.0
    utility_toxicity: float = 0.0
    n_star: int = 6
    cutoff_t: float = 0.95
    cutoff_e: float = 0.9
    lambda_e: float = field(init=False)
    lambda_d: float = field(init=False)
    name: ClassVar[str] = "boin12"

    def __post_init__(self) -> None:
        check_utilities(
            self.name,
            phi_t=self.phi_t,
            phi_e=self.phi_e,
            utilities=self.rule.utilities,
            cutoffs=(self.cutoff_t, self.cutoff_e),
            n_star=self.n_star,
        )
        lambdas = boin_lambdas(self.phi_t, 0.6 * self.phi_t, 1.4 * self.phi_t)
        object.__setattr__(self, "lambda_e", lambdas[0])
        object.__setattr__(self, "lambda_d", lambdas[1])

    @property
    def rule(self) -> UtilityRule:
        """Admissibility and desirability of doses."""
        neither, both = self.utility_neither, self.utility_both
        points = (self.utility_response, neither, both, self.utility_toxicity)
        return UtilityRule(self.phi_t, self.phi_e, points, self.cutoff_t, self.cutoff_e)

    @property
    def numbers(self) -> Mapping[str, float]:
        """The design's own numbers, for tables."""
        names = ("phi_t", "phi_e", "n_star", "cutoff_t", "cutoff_e", "lambda_e", "lambda_d")
        return {name: getattr(self, name) for name in names} | {"benchmark": self.rule.benchmark}

    @property
    def description(self) -> str:
        """The design in one paragraph."""
        return (
            f"BOIN12 with at most {percent(self.phi_t)} toxicities and at least "
            f"{percent(self.phi_e)} responses; utilities {self.utility_response:g} for response "
            f"alone, {self.utility_neither:g} for neither, {self.utility_both:g} for both and "
            f"{self.utility_toxicity:g} for toxicity alone. After each cohort, de-escalate if "
            f"{self.lambda_d:.3f} or more at the current dose had a toxicity; above "
            f"{self.lambda_e:.3f} on {self.n_star} patients or more choose between that dose and "
            "the one below; otherwise among it and both neighbours: the admissible dose most "
            f"likely to have a utility above {self.rule.benchmark:.1f}. Doses are excluded at "
            f"{percent(self.cutoff_t)} probability of too much toxicity or "
            f"{percent(self.cutoff_e)} of too few responses. The tolerated dose of greatest mean "
            "utility is selected as the optimal biological dose."
        )

    def next_dose(self, state: DoseState) -> DoseDecisions:
        """Decide where the next patients of every trial go."""
        return decide_by_utility(self.rule, (self.lambda_e, self.lambda_d), self.n_star, state)

    def explain(self, state: DoseState, replicate: int = 0) -> DoseDecision:
        """Tell the decision of one trial in words."""
        limits = (self.lambda_e, self.lambda_d)
        return explain_by_utility(self.rule, limits, self.n_star, state, replicate)

    def select(self, state: DoseState) -> Int[np.ndarray, " replicate"]:
        """Select the optimal biological dose at the end of every trial, -1 for none."""
        closed = np.logical_or.accumulate(self.rule.too_toxic(state) | state.eliminated, axis=1)
        tolerated = select_nearest(state.treated, state.toxic, closed, self.phi_t)
        usable = self.rule.admissible(state) & (state.treated > 0) & ~closed
        usable &= np.arange(state.doses) <= tolerated[:, None]
        utility = np.where(usable, self.rule.mean_utility(state), -np.inf)
        best = state.doses - 1 - np.argmax(utility[:, ::-1], axis=1)
        chosen: Int[np.ndarray, " replicate"] = np.where(usable.any(axis=1), best, -1)
        return chosen
