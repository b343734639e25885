"""Modified toxicity probability interval design (mTPI)."""

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
from progenitor.trial._toxicity_keys import check_margins, interval_rule

__all__ = ["Mtpi"]


@final
@dataclass(frozen=True, slots=True)
class Mtpi:
    r"""Compare under-dosing, right and over-dosing by posterior probability per unit of rate.

    With :math:`p \sim Beta(1 + y, 1 + n - y)` and the intervals :math:`(0, \phi - m_L)`,
    :math:`(\phi - m_L, \phi + m_R)` and :math:`(\phi + m_R, 1)`, the one with the greatest unit
    probability mass :math:`P(p \in I) / |I|` says whether to escalate, stay or de-escalate. As
    the outer intervals are long, the design stays where the rate is already too high; ``Keyboard``
    mends that. Safety rule and selection are those of BOIN.

    Parameters
    ----------
    target
        Target rate φ of dose-limiting toxicities.
    margin_left, margin_right
        How far the middle interval reaches below and above the target.
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
    Ji, Liu, Li & Bekele 2010, Clinical Trials 7:653–663, doi:10.1177/1740774510382799.

    Examples
    --------
    >>> [row["deescalate_if_ge"] for row in Mtpi(target=0.3).boundaries(6)]
    [1, 2, 2, 3, 3, 4]
    """

    target: float
    margin_left: float = 0.05
    margin_right: float = 0.05
    cutoff: float = 0.95
    early_stop: int | None = None
    name: ClassVar[str] = "mtpi"

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
            f"mTPI with a target of {percent(self.target)} dose-limiting toxicities and the "
            f"interval {percent(low)} to {percent(high)}: after each cohort, find which of the "
            "rates below, in and above it has the greatest posterior probability per unit of rate; "
            "escalate if those below, de-escalate if those above, otherwise stay. "
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
def _rule(design: Mtpi, largest: int) -> IntervalRule:
    """Tabulate the boundaries for 0 … ``largest`` patients."""
    low, high = design.target - design.margin_left, design.target + design.margin_right
    return interval_rule(
        np.array([0.0, low, high, 1.0]),
        1,
        largest,
        target=design.target,
        cutoff=design.cutoff,
        early=design.early_stop,
    )
