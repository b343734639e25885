"""Time-to-event Bayesian optimal interval design (TITE-BOIN)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, final

import numpy as np
from jaxtyping import Int

from progenitor.trial._boin_boundaries import boin_lambdas, check_boin, check_safety
from progenitor.trial._decision import percent
from progenitor.trial._dose_finding import DoseDecision, DoseDecisions
from progenitor.trial._dose_state import DoseState
from progenitor.trial._interval_rule import safety_words
from progenitor.trial._isotonic_selection import closed_by_toxicity, select_nearest
from progenitor.trial._pending_rule import PendingRule, check_pending

__all__ = ["TiteBoin"]


@final
@dataclass(frozen=True, slots=True)
class TiteBoin:
    r"""Decide as BOIN does while patients are pending, who count by the follow-up they have.

    With c patients complete or toxic and the pending ones observed for :math:`t_i` of the window
    :math:`\tau`, the effective sample size and rate at the current dose are

    .. math::

        ESS = c + \sum_i t_i / \tau, \qquad \hat p = y / ESS

    Escalate if :math:`\hat p \le \lambda_e`, de-escalate if :math:`\hat p \ge \lambda_d`, else
    stay. Treatment is suspended while more than ``max_pending`` of the patients at the current dose
    are pending, and while any is when the lowest dose should be left. Doses are closed on all
    patients treated, pending ones counted without toxicity.

    Parameters
    ----------
    target, p_saf, p_tox, cutoff, extra_safe, offset, early_stop
        As in ``Boin``; by default ``p_saf`` and ``p_tox`` are 0.6 and 1.4 times the target.
    max_pending
        Greatest share of patients at the current dose who may be pending.

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
    Yuan et al. 2018, Clinical Cancer Research 24:4921–4930, doi:10.1158/1078-0432.CCR-18-0246;
    Lin & Yuan 2020, Biostatistics 21:807–824, doi:10.1093/biostatistics/kxz007.

    Examples
    --------
    >>> design = TiteBoin(target=0.3)
    >>> state = DoseState.from_counts([6, 0], [0, 0], pending=[3, 0], followed=[1.2, 0.0])
    >>> print(design.explain(state))
    0 toxicities in 4.2 effective patients at dose 1 (6 treated, 3 pending) are a rate of 0, at ...
    """

    target: float
    p_saf: float = float("nan")
    p_tox: float = float("nan")
    cutoff: float = 0.95
    extra_safe: bool = False
    offset: float = 0.05
    early_stop: int | None = None
    max_pending: float = 0.5
    lambda_e: float = field(init=False)
    lambda_d: float = field(init=False)
    name: ClassVar[str] = "tite_boin"

    def __post_init__(self) -> None:
        for rate, factor in (("p_saf", 0.6), ("p_tox", 1.4)):
            if np.isnan(getattr(self, rate)):
                object.__setattr__(self, rate, factor * self.target)
        check_boin(self.name, target=self.target, p_saf=self.p_saf, p_tox=self.p_tox)
        check_safety(self.name, self.cutoff, self.offset, self.early_stop)
        check_pending(self.name, self.max_pending)
        lambdas = boin_lambdas(self.target, self.p_saf, self.p_tox)
        object.__setattr__(self, "lambda_e", lambdas[0])
        object.__setattr__(self, "lambda_d", lambdas[1])

    @property
    def numbers(self) -> Mapping[str, float]:
        """The design's own numbers, for tables."""
        names = ("target", "p_saf", "p_tox", "cutoff", "max_pending", "lambda_e", "lambda_d")
        return {name: getattr(self, name) for name in names}

    @property
    def description(self) -> str:
        """The design in one paragraph."""
        return (
            f"TITE-BOIN with a target of {percent(self.target)} dose-limiting toxicities: pending "
            "patients count by the share of the window they were observed. Escalate if toxicities "
            f"per effective patient at the current dose are at most {self.lambda_e:.3f}, "
            f"de-escalate if {self.lambda_d:.3f} or more, otherwise stay. Treatment is suspended "
            f"while more than {percent(self.max_pending)} of the patients there are pending. "
            f"{safety_words(self.cutoff, self._rule.cutoff_lowest, self.early_stop)} When all are "
            "followed up, the dose whose isotonic estimate is nearest to the target is selected."
        )

    def next_dose(self, state: DoseState) -> DoseDecisions:
        """Decide where the next patients of every trial go, or that they wait."""
        return self._rule.decide(state)

    def explain(self, state: DoseState, replicate: int = 0) -> DoseDecision:
        """Tell the decision of one trial in words."""
        return self._rule.explain(state, replicate)

    def select(self, state: DoseState) -> Int[np.ndarray, " replicate"]:
        """Select the maximum tolerated dose at the end of every trial, -1 for none."""
        limits = {"cutoff": self.cutoff, "cutoff_lowest": self._rule.cutoff_lowest}
        closed = closed_by_toxicity(state.treated, state.toxic, self.target, **limits)
        closed = closed | state.eliminated
        return select_nearest(state.treated, state.toxic, closed, self.target)

    @property
    def _rule(self) -> PendingRule:
        lowest = self.cutoff - (self.offset if self.extra_safe else 0.0)
        lambdas, limits = (self.lambda_e, self.lambda_d), (self.cutoff, lowest)
        return PendingRule(self.target, *lambdas, *limits, self.max_pending, self.early_stop)
