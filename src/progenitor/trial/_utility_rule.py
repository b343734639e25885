"""Desirability of doses by toxicity and response together."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import DesignError
from progenitor.trial._dose_state import DoseState
from progenitor.trial._toxicity_limit import chance_above

__all__ = ["UtilityRule", "check_utilities", "needs_responses"]

SCALE = 100.0
"""Utilities are points of a hundred."""


@final
@dataclass(frozen=True, slots=True)
class UtilityRule:
    r"""Which doses are admissible, and how likely their utility exceeds a benchmark.

    With counts :math:`y_k` of the four outcomes and their utilities :math:`u_k`, the quasi-binomial
    response :math:`x = \sum_k u_k y_k / 100` gives :math:`u \sim Beta(1 + x, 1 + n - x)` on the
    scale 0…1. The benchmark lies half-way between 100 and the utility at the limits φ_T and φ_E,
    toxicity and response being independent.

    Parameters
    ----------
    phi_t, phi_e
        Highest acceptable rate of toxicities and lowest of responses.
    utilities
        Points for response alone, neither, both, toxicity alone.
    cutoff_t, cutoff_e
        Posterior probability of too much toxicity, or too few responses, that excludes a dose.

    Examples
    --------
    >>> rule = UtilityRule(0.3, 0.25, (100.0, 40.0, 60.0, 0.0), 0.95, 0.9)
    >>> state = DoseState.from_counts([3], [0], responded=[1], toxic_and_responded=[0])
    >>> round(rule.benchmark, 3), rule.desirability(state).round(3).tolist()
    (71.5, [[0.253]])
    """

    phi_t: float
    phi_e: float
    utilities: tuple[float, float, float, float]
    cutoff_t: float
    cutoff_e: float

    @property
    def benchmark(self) -> float:
        """Utility above which a dose is desirable."""
        good, none, both, bad = self.utilities
        t, e = self.phi_t, self.phi_e
        limit = good * e * (1 - t) + none * (1 - t) * (1 - e) + both * t * e + bad * t * (1 - e)
        return limit + (SCALE - limit) / 2.0

    def quasi_responses(self, state: DoseState) -> Float[np.ndarray, "replicate dose"]:
        """Sum the utility earned at each dose, in patients."""
        responded, both = needs_responses(state)
        good, none, mixed, bad = self.utilities
        alone, toxic_alone = responded - both, state.toxic - both
        neither = state.treated - responded - toxic_alone
        found: Float[np.ndarray, "replicate dose"] = (
            good * alone + none * neither + mixed * both + bad * toxic_alone
        ) / SCALE
        return found

    def desirability(self, state: DoseState) -> Float[np.ndarray, "replicate dose"]:
        """Posterior probability that the utility of each dose exceeds the benchmark."""
        from scipy.special import betaincc

        x = self.quasi_responses(state)
        found: Float[np.ndarray, "replicate dose"] = betaincc(
            1.0 + x, 1.0 + state.treated - x, self.benchmark / SCALE
        )
        return found

    def mean_utility(self, state: DoseState) -> Float[np.ndarray, "replicate dose"]:
        """Posterior mean utility of each dose, from 0 to 1."""
        return (1.0 + self.quasi_responses(state)) / (2.0 + state.treated)

    def too_toxic(self, state: DoseState) -> Bool[np.ndarray, "replicate dose"]:
        """Doses that exceed φ_T with probability ``cutoff_t`` or more, each by its own data."""
        found: Bool[np.ndarray, "replicate dose"] = (
            chance_above(self.phi_t, state.treated, state.toxic) >= self.cutoff_t
        )
        return found

    def admissible(self, state: DoseState) -> Bool[np.ndarray, "replicate dose"]:
        """Doses neither too toxic nor with too few responses, each by its own data."""
        responded, _ = needs_responses(state)
        few = 1.0 - chance_above(self.phi_e, state.treated, responded) >= self.cutoff_e
        found: Bool[np.ndarray, "replicate dose"] = ~few & ~self.too_toxic(state)
        return found


def needs_responses(
    state: DoseState,
) -> tuple[Int[np.ndarray, "replicate dose"], Int[np.ndarray, "replicate dose"]]:
    """Responders, and patients with both response and toxicity.

    Raises
    ------
    DesignError
        If the state does not know them.

    Examples
    --------
    >>> needs_responses(DoseState.from_counts([3], [0]))
    Traceback (most recent call last):
    ...
    progenitor.errors.DesignError: this design needs to know who responded. Fix: ...
    """
    if state.responded is None or state.toxic_and_responded is None:
        raise DesignError(
            "this design needs to know who responded. Fix: give responses as well as toxicities"
        )
    return state.responded, state.toxic_and_responded


def check_utilities(
    design: str,
    *,
    phi_t: float,
    phi_e: float,
    utilities: tuple[float, float, float, float],
    cutoffs: tuple[float, float],
    n_star: int,
) -> None:
    """Refuse limits, utilities or cut-offs that make no sense, all problems at once.

    Raises
    ------
    DesignError
        If a limit or cut-off is not between 0 and 1, or utilities are out of order.

    Examples
    --------
    >>> limits = {"phi_t": 0.3, "phi_e": 0.25, "cutoffs": (0.95, 0.9), "n_star": 6}
    >>> check_utilities("boin12", utilities=(100.0, 40.0, 60.0, 0.0), **limits)
    """
    good, none, both, bad = utilities
    problems = []
    if not (phi_t > 0.0 and 1.4 * phi_t < 1.0 and 0.0 < phi_e < 1.0):
        problems.append(f"limits {phi_t:g} and {phi_e:g} (give rates such as 0.35 and 0.25)")
    if not 0.0 <= bad <= min(none, both) <= max(none, both) <= good <= SCALE:
        problems.append(
            f"utilities {', '.join(f'{points:g}' for points in utilities)} (give 0 ≤ toxicity "
            "alone ≤ neither, both ≤ response alone ≤ 100)"
        )
    if not all(0.0 < cutoff < 1.0 for cutoff in cutoffs):
        problems.append(f"cut-offs {cutoffs[0]:g} and {cutoffs[1]:g} (give probabilities)")
    if n_star < 1:
        problems.append(f"n_star = {n_star} (give at least 1 patient)")
    if problems:
        raise DesignError(f"{design}: the numbers do not fit. Fix: {'; '.join(problems)}")
