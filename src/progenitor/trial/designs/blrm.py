"""The Bayesian logistic regression model with overdose control."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, final

import numpy as np
from jaxtyping import Int

from progenitor.trial._dose_exposure import exposures
from progenitor.trial._dose_finding import DoseDecision, DoseDecisions
from progenitor.trial._dose_state import DoseState
from progenitor.trial._logistic_decisions import decide_on_target, most_on_target
from progenitor.trial._logistic_points import count_points
from progenitor.trial._logistic_posterior import (
    LogisticPosterior,
    LogisticPrior,
    logistic_posterior,
)
from progenitor.trial._logistic_words import check_blrm, describe_blrm, explain_blrm

__all__ = ["Blrm"]


@final
@dataclass(frozen=True, slots=True)
class Blrm:
    r"""Give the dose most probably on target among those hardly ever too toxic.

    .. math::

        \mathrm{logit}\,p(d) = \ln\alpha + \beta \ln(d/d^*), \qquad
        (\ln\alpha, \ln\beta) \sim N_2(\mu, \Sigma)

    with each patient at the dose really *achieved*. The next dose maximises P(target) subject to
    P(over) < ``overdose`` (escalation with overdose control), at most one level up and at most
    ``largest_step`` times the highest dose achieved so far. Pending patients do not count.

    Parameters
    ----------
    doses
        Dose levels, rising, in the unit of ``reference``.
    reference
        Dose d* at which the odds of toxicity are α.
    mean, sd, correlation
        Of the bivariate normal prior of ln α and ln β.
    cuts
        Limits of the target interval: below is under, from the second on over.
    overdose
        Greatest probability of being over.
    largest_step
        Greatest rise; 10/3 lets half-log levels written 1, 3, 10 follow each other.
    enough
        Stop when so many patients were treated at the recommended dose; None: never.
    quadrature
        ``"cells"`` cuts intervals inside grid cells; ``"points"`` counts the points of a plain
        grid, as published tables do, and is slow.

    Raises
    ------
    DesignError
        If the numbers do not describe a design; lists every problem.

    References
    ----------
    Neuenschwander, Branson, Gsponer 2008, Statistics in Medicine 27:2420–2439,
    doi:10.1002/sim.3230; overdose control: Babb, Rogatko, Zacks 1998,
    doi:10.1002/(SICI)1097-0258(19980530)17:10<1103::AID-SIM793>3.0.CO;2-9.

    Examples
    --------
    >>> from progenitor.trial._dose_state import DoseState
    >>> design = Blrm(doses=(1e5, 3e5, 1e6), reference=1e6, mean=(-1.386, 0.0), sd=(1.5, 0.7))
    >>> state = DoseState.from_counts([3, 0, 0], [0, 0, 0])
    >>> design.fit(state).over.round(2).tolist(), design.explain(state).value
    ([[0.01, 0.04, 0.25]], 1)
    """

    doses: tuple[float, ...]
    reference: float
    mean: tuple[float, float]
    sd: tuple[float, float]
    correlation: float = 0.0
    cuts: tuple[float, float] = (0.16, 0.33)
    overdose: float = 0.25
    largest_step: float = 10.0 / 3.0
    enough: int | None = None
    quadrature: Literal["cells", "points"] = "cells"
    name: ClassVar[str] = "blrm"

    def __post_init__(self) -> None:
        check_blrm(self)

    @property
    def numbers(self) -> Mapping[str, float]:
        """The design's own numbers, for tables."""
        doses = {f"dose_{level}": dose for level, dose in enumerate(self.doses, start=1)}
        limits = {"cut_lo": self.cuts[0], "cut_hi": self.cuts[1], "overdose": self.overdose}
        return {"reference": self.reference, "largest_step": self.largest_step, **limits, **doses}

    @property
    def description(self) -> str:
        """The design in one paragraph, as a protocol would say it."""
        return describe_blrm(self)

    def fit(self, state: DoseState, grid: tuple[float, ...] | None = None) -> LogisticPosterior:
        """Return the posterior at each level, or at each dose of a grid; same data, same fit."""
        data = exposures(state, self.doses)
        rows = np.hstack([np.where(data.counted, data.dose, 0.0), data.toxic])
        _, first, back = np.unique(rows, axis=0, return_index=True, return_inverse=True)
        asked = np.log(np.array(self.doses if grid is None else grid) / self.reference)
        integrate = count_points if self.quadrature == "points" else logistic_posterior
        found = integrate(
            np.log(data.dose[first] / self.reference),
            data.toxic[first],
            data.counted[first],
            asked,
            prior=LogisticPrior(self.mean, self.sd, self.correlation),
            cuts=self.cuts,
        )
        return LogisticPosterior(*(part[back.reshape(-1)] for part in found))

    def next_dose(self, state: DoseState) -> DoseDecisions:
        """Decide where the next patients of every trial go."""
        return decide_on_target(self, state, self.fit(state))

    def explain(self, state: DoseState, replicate: int = 0) -> DoseDecision:
        """Tell in words what :meth:`next_dose` decides for one trial, and why."""
        fit = self.fit(state)
        return explain_blrm(self, state, fit, decide_on_target(self, state, fit), replicate)

    def select(self, state: DoseState) -> Int[np.ndarray, " replicate"]:
        """Select, among doses that were given, the one most probably on target; -1 for none."""
        fit = self.fit(state)
        safe = (fit.over < self.overdose) & ~state.eliminated & (state.treated > 0)
        return most_on_target(fit.target, safe)
