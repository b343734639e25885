"""Bayesian optimal interval design (BOIN)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import ClassVar, final

import numpy as np
from jaxtyping import Int

from progenitor.trial._boin_boundaries import boin_lambdas, check_boin, check_safety, counts_at
from progenitor.trial._decision import percent
from progenitor.trial._dose_finding import DoseDecision, DoseDecisions
from progenitor.trial._dose_state import DoseState
from progenitor.trial._interval_rule import IntervalRule, safety_words, table_size
from progenitor.trial._isotonic_selection import closed_by_toxicity, select_nearest
from progenitor.trial._toxicity_limit import elimination_boundary

__all__ = ["Boin"]


@final
@dataclass(frozen=True, slots=True)
class Boin:
    r"""Compare the observed rate of toxicities at the current dose with two optimal boundaries.

    Escalate if :math:`\hat p \le \lambda_e`, de-escalate if :math:`\hat p \ge \lambda_d`, else
    stay. A dose and all above are closed when :math:`P(p > \phi \mid y, n) >` ``cutoff`` on at
    least three patients; if that is the lowest, the trial stops. At the end the dose with the
    isotonic rate nearest to the target is selected.

    Parameters
    ----------
    target
        Target rate φ of dose-limiting toxicities.
    p_saf, p_tox
        Highest rate that is too low, and lowest that is too high; by default 0.6 φ and 1.4 φ.
    cutoff
        Posterior probability of being above the target that closes a dose.
    extra_safe, offset
        Whether the lowest dose is closed at ``cutoff − offset`` already.
    bound_mtd
        Whether the selected dose must have an isotonic rate below λ_d.
    early_stop
        Stop when this many patients were treated at a dose that would be kept; None: never.

    Attributes
    ----------
    lambda_e, lambda_d
        The boundaries.

    Raises
    ------
    DesignError
        If the numbers do not describe a design.

    References
    ----------
    Liu & Yuan 2015, JRSS C 64:507–523, doi:10.1111/rssc.12089; Yuan et al. 2016, Clinical Cancer
    Research 22:4291–4301, doi:10.1158/1078-0432.CCR-16-0592.

    Examples
    --------
    >>> design = Boin(target=0.3)
    >>> round(design.lambda_e, 3), round(design.lambda_d, 3), design.boundaries(6)[5]["n"]
    (0.236, 0.359, 6)
    >>> print(design.explain(DoseState.from_counts([3, 3, 0], [0, 0, 0])))
    0 of 3 patients had a toxicity at dose 2 (for 3: escalate at 0 or fewer, de-escalate at 2 or ...
    """

    target: float
    p_saf: float = float("nan")
    p_tox: float = float("nan")
    cutoff: float = 0.95
    extra_safe: bool = False
    offset: float = 0.05
    bound_mtd: bool = False
    early_stop: int | None = None
    lambda_e: float = field(init=False)
    lambda_d: float = field(init=False)
    name: ClassVar[str] = "boin"

    def __post_init__(self) -> None:
        for rate, factor in (("p_saf", 0.6), ("p_tox", 1.4)):
            if np.isnan(getattr(self, rate)):
                object.__setattr__(self, rate, factor * self.target)
        rates = {"target": self.target, "p_saf": self.p_saf, "p_tox": self.p_tox}
        check_boin(self.name, **rates)
        check_safety(self.name, self.cutoff, self.offset, self.early_stop)
        lambdas = boin_lambdas(self.target, self.p_saf, self.p_tox)
        object.__setattr__(self, "lambda_e", lambdas[0])
        object.__setattr__(self, "lambda_d", lambdas[1])

    @property
    def numbers(self) -> Mapping[str, float]:
        """The design's own numbers, for tables."""
        names = ("target", "p_saf", "p_tox", "cutoff", "lambda_e", "lambda_d")
        return {name: getattr(self, name) for name in names}

    @property
    def description(self) -> str:
        """The design in one paragraph."""
        bound = f" and is below {self.lambda_d:.3f}" if self.bound_mtd else ""
        return (
            f"BOIN with a target of {percent(self.target)} dose-limiting toxicities: after each "
            "cohort, escalate if the observed rate at the current dose is at most "
            f"{self.lambda_e:.3f}, de-escalate if it is {self.lambda_d:.3f} or more, otherwise "
            f"stay. {safety_words(self.cutoff, self.cutoff_lowest, self.early_stop)} The dose "
            f"whose isotonic estimate is nearest to the target{bound} is selected."
        )

    @property
    def cutoff_lowest(self) -> float:
        """Posterior probability that closes the lowest dose."""
        return self.cutoff - (self.offset if self.extra_safe else 0.0)

    def boundaries(self, largest: int) -> list[dict[str, int | None]]:
        """List the boundaries for 1 … ``largest`` patients at the current dose."""
        return _rule(self, table_size(largest)).rows(largest)

    def next_dose(self, state: DoseState) -> DoseDecisions:
        """Decide where the next patients of every trial go."""
        return _rule(self, table_size(state)).decide(state)

    def explain(self, state: DoseState, replicate: int = 0) -> DoseDecision:
        """Tell the decision of one trial in words."""
        return _rule(self, table_size(state)).explain(state, replicate)

    def select(self, state: DoseState) -> Int[np.ndarray, " replicate"]:
        """Select the maximum tolerated dose at the end of every trial, -1 for none."""
        limits = {"cutoff": self.cutoff, "cutoff_lowest": self.cutoff_lowest}
        closed = closed_by_toxicity(state.treated, state.toxic, self.target, **limits)
        below = self.lambda_d if self.bound_mtd else np.inf
        closed = closed | state.eliminated
        return select_nearest(state.treated, state.toxic, closed, self.target, below=below)


@lru_cache(maxsize=64)
def _rule(design: Boin, largest: int) -> IntervalRule:
    """Tabulate the boundaries for 0 … ``largest`` patients."""
    n = np.arange(largest + 1)
    eliminate = elimination_boundary(design.target, design.cutoff, n)
    return IntervalRule(
        escalate=counts_at(design.lambda_e, n),
        deescalate=np.minimum(counts_at(design.lambda_d, n) + 1, eliminate),
        eliminate=eliminate,
        stop_lowest=elimination_boundary(design.target, design.cutoff_lowest, n),
        target=design.target,
        early_stop=design.early_stop,
    )
