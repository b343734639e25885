"""Group-sequential designs: a randomised trial that looks several times at its statistic."""

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from jaxtyping import Float

from progenitor.trial._decision import Decision
from progenitor.trial._error_spending import ErrorSpending
from progenitor.trial._sequential_bounds import (
    bounds_with_futility,
    drift_for_power,
    efficacy_bounds,
    fixed_drift,
)
from progenitor.trial._sequential_density import SequentialDensity, crossing_probabilities
from progenitor.trial._sequential_looks import SequentialEnds, check_plan, first_crossing
from progenitor.trial._sequential_words import look_decision, sequential_protocol

__all__ = ["GroupSequential"]


@final
@dataclass(frozen=True, slots=True)
class GroupSequential:
    r"""Stop for success where :math:`Z_k \ge b_k`, for futility where :math:`Z_k < a_k`.

    With information fractions :math:`t_k` and drift :math:`\theta` (mean of Z at the planned end),
    :math:`Z_k \sim N(\theta\sqrt{t_k}, 1)` and :math:`Cov(Z_j, Z_k) = \sqrt{t_j/t_k}`. The trial
    needs :math:`(\theta_{1-\beta}/(z_\alpha + z_\beta))^2` times the patients of a fixed one.

    Parameters
    ----------
    alpha, beta
        One-sided type I error and type II error planned.
    info
        Information fractions of the looks; the last is 1.
    z_bounds, futility_bounds
        Upper and lower bounds; minus infinity where there is no lower one.
    drift
        Drift at which the power is 1 − beta.
    binding, spending
        Whether the type I error counts on stopping for futility; how errors are spent, in words.

    References
    ----------
    Jennison, Turnbull 2000, Group Sequential Methods.

    Examples
    --------
    >>> design = GroupSequential.plan(info=(0.2, 0.4, 0.6, 0.8, 1.0), alpha=0.025, spending="of")
    >>> [round(bound, 4) for bound in design.z_bounds], round(design.inflation, 4)
    ([4.5617, 3.2256, 2.6337, 2.2809, 2.0401], 1.0265)
    """

    alpha: float
    beta: float
    info: tuple[float, ...]
    z_bounds: tuple[float, ...]
    futility_bounds: tuple[float, ...]
    drift: float
    binding: bool
    spending: str
    name: ClassVar[str] = "group_sequential"

    @classmethod
    def plan(
        cls,
        *,
        info: tuple[float, ...],
        alpha: float,
        beta: float = 0.1,
        spending: str | ErrorSpending = "ldof",
        futility: str | ErrorSpending | None = None,
        binding: bool = False,
    ) -> "GroupSequential":
        """Find the bounds that spend ``alpha`` by ``spending`` and ``beta`` by ``futility``.

        Raises ``InputError`` for impossible errors, looks or spending, ``DesignError`` where no
        trial has them.
        """
        upward, down = check_plan(
            alpha=alpha, beta=beta, info=info, spending=spending, futility=futility
        )
        upper, lower = efficacy_bounds(upward, alpha, info), np.full(len(info), -np.inf)
        words = f"{upward.words} for efficacy"
        if down is None:
            binding = False
            drift = drift_for_power(info, lower.tolist(), upper.tolist(), power=1.0 - beta)
        else:
            upper, lower, drift = bounds_with_futility(
                upper, info, alpha=alpha, beta=beta, beta_spending=down, binding=binding
            )
            words += f" and {down.words} for {'' if binding else 'non-'}binding futility"
        found = (tuple(upper.tolist()), tuple(lower.tolist()))
        return cls(alpha, beta, info, *found, drift, binding, words)

    @property
    def inflation(self) -> float:
        """Largest information, as a multiple of that of a trial with one look."""
        return float((self.drift / fixed_drift(self.alpha, self.beta)) ** 2)

    def crossing(
        self, drift: float
    ) -> tuple[Float[np.ndarray, " look"], Float[np.ndarray, " look"]]:
        """Probabilities of stopping for success and for futility at each look, at a drift."""
        return crossing_probabilities(self.info, self.futility_bounds, self.z_bounds, drift)

    def expected_information(self, drift: float) -> float:
        """Mean information at the end, as a multiple of that of a trial with one look."""
        upper, lower = self.crossing(drift)
        saved = (upper + lower) @ (1.0 - np.asarray(self.info))
        return self.inflation * float(1.0 - saved)

    def conditional_power(self, look: int, z: float, *, drift: float | None = None) -> float:
        """Probability of success after a look (0 the first) that showed Z and did not stop.

        The drift is the planned one unless given. After the last look it is 0.
        """
        after = slice(look + 1, None)
        seen = SequentialDensity.start(statistic=z, time=self.info[look])
        limits = (self.info[after], self.futility_bounds[after], self.z_bounds[after])
        theta = self.drift if drift is None else drift
        return float(crossing_probabilities(*limits, theta, seen=seen)[0].sum())

    @property
    def description(self) -> str:
        """The design in one paragraph."""
        means = (self.expected_information(0.0), self.expected_information(self.drift))
        bounds = (self.z_bounds, self.futility_bounds)
        return sequential_protocol(
            self.info,
            *bounds,
            errors=(self.alpha, self.beta),
            means=means,
            largest=self.inflation,
            binding=self.binding,
            spending=self.spending,
        )

    def decide(self, look: int, z: float) -> Decision:
        """Say what the trial does after a look (0 the first)."""
        limits = (self.z_bounds[look], self.futility_bounds[look])
        return look_decision(look, len(self.info), z, *limits)

    def conduct(self, z: Float[np.ndarray, "replicate look"]) -> SequentialEnds:
        """Conduct many trials at once on the statistics of their looks."""
        return first_crossing(z, self.z_bounds, self.futility_bounds)
