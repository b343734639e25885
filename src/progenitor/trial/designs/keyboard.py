"""Keyboard design, which is the modified toxicity probability interval design 2 (mTPI-2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, final

import numpy as np
from jaxtyping import Int

from progenitor.trial._boin_boundaries import check_safety
from progenitor.trial._decision import percent
from progenitor.trial._dose_finding import DoseDecision, DoseDecisions
from progenitor.trial._dose_state import DoseState
from progenitor.trial._interval_rule import IntervalRule, safety_words, table_size
from progenitor.trial._isotonic_selection import closed_by_toxicity, select_nearest
from progenitor.trial._toxicity_keys import check_margins, interval_rule, keys_around

__all__ = ["Keyboard"]


@final
@dataclass(frozen=True, slots=True)
class Keyboard:
    r"""Go towards the target from where the rate of toxicities at the current dose most likely is.

    The target key :math:`(\phi - m_L, \phi + m_R)` is repeated to both sides until the keys cover
    0 … 1; the outermost may be shorter. With :math:`p \sim Beta(1 + y, 1 + n - y)` the strongest
    key has the greatest :math:`P(p \in key) / |key|`: escalate if it lies left of the target key,
    de-escalate if right of it. Of keys equally strong the highest counts. Safety rule and selection
    are those of BOIN.

    Parameters
    ----------
    target
        Target rate φ of dose-limiting toxicities.
    margin_left, margin_right
        How far the target key reaches below and above the target.
    cutoff
        Posterior probability of being above the target that closes a dose.
    early_stop
        Stop when this many patients were treated at a dose that would be kept; None: never.

    Raises
    ------
    DesignError
        If the numbers do not describe a design.

    References
    ----------
    Yan, Mandrekar & Yuan 2017, Clinical Cancer Research 23:3994–4003,
    doi:10.1158/1078-0432.CCR-17-0220; Guo et al. 2017, Contemporary Clinical Trials 58:23–33,
    doi:10.1016/j.cct.2017.04.006 (mTPI-2).

    Examples
    --------
    >>> [row["deescalate_if_ge"] for row in Keyboard(target=0.3).boundaries(6)]
    [1, 1, 2, 2, 2, 3]
    """

    target: float
    margin_left: float = 0.05
    margin_right: float = 0.05
    cutoff: float = 0.95
    early_stop: int | None = None
    name: ClassVar[str] = "keyboard"

    def __post_init__(self) -> None:
        check_margins(self.name, self.target, self.margin_left, self.margin_right)
        check_safety(self.name, self.cutoff, 0.0, self.early_stop)

    @property
    def numbers(self) -> Mapping[str, float]:
        """The design's own numbers, for tables."""
        names = ("target", "margin_left", "margin_right", "cutoff")
        return {name: getattr(self, name) for name in names}

    @property
    def description(self) -> str:
        """The design in one paragraph."""
        low, high = self.target - self.margin_left, self.target + self.margin_right
        return (
            f"Keyboard (mTPI-2) with a target of {percent(self.target)} dose-limiting toxicities "
            f"and the target key {percent(low)} to {percent(high)}: after each cohort, find the "
            "key of that width in which the rate at the current dose most likely lies; escalate "
            "if it is below the target key, de-escalate if above, otherwise stay. "
            f"{safety_words(self.cutoff, self.cutoff, self.early_stop)} The dose whose isotonic "
            "estimate is nearest to the target is selected."
        )

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
        closed = closed_by_toxicity(state.treated, state.toxic, self.target, self.cutoff)
        closed = closed | state.eliminated
        return select_nearest(state.treated, state.toxic, closed, self.target)


@lru_cache(maxsize=64)
def _rule(design: Keyboard, largest: int) -> IntervalRule:
    """Tabulate the boundaries for 0 … ``largest`` patients."""
    edges, aim = keys_around(design.target, design.margin_left, design.margin_right)
    return interval_rule(
        edges, aim, largest, target=design.target, cutoff=design.cutoff, early=design.early_stop
    )
