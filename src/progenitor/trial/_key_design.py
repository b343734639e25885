"""What designs that look for the most likely interval of the rate have in common."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
from jaxtyping import Float, Int

from progenitor.trial._boin_boundaries import check_safety
from progenitor.trial._decision import percent
from progenitor.trial._dose_finding import DoseDecision, DoseDecisions
from progenitor.trial._dose_state import DoseState
from progenitor.trial._interval_rule import IntervalRule, safety_words, table_size
from progenitor.trial._isotonic_selection import closed_by_toxicity, select_nearest
from progenitor.trial._toxicity_keys import check_margins, interval_rule

__all__ = ["AbstractKeyDesign"]


@dataclass(frozen=True, slots=True)
class AbstractKeyDesign(ABC):
    """A design that compares intervals of the rate; one of its own says which, and in what words.

    Attributes
    ----------
    name, title, words
        Catalogue name, name in a protocol, and the sentence on how intervals are compared.
    """

    target: float
    margin_left: float = 0.05
    margin_right: float = 0.05
    cutoff: float = 0.95
    early_stop: int | None = None
    name: ClassVar[str]
    title: ClassVar[str]
    words: ClassVar[str]

    def __post_init__(self) -> None:
        check_margins(self.name, self.target, self.margin_left, self.margin_right)
        check_safety(self.name, self.cutoff, 0.0, self.early_stop)

    @abstractmethod
    def intervals(self) -> tuple[Float[np.ndarray, " edge"], int]:
        """Limits of the intervals from 0 to 1, and which of them is the target's."""

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
            f"{self.title} with a target of {percent(self.target)} dose-limiting toxicities and "
            f"the interval {percent(low)} to {percent(high)}: after each cohort, {self.words} "
            "Escalate if it is below, de-escalate if above, otherwise stay. "
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
def _rule(design: AbstractKeyDesign, largest: int) -> IntervalRule:
    """Tabulate the boundaries for 0 … ``largest`` patients."""
    edges, aim = design.intervals()
    return interval_rule(
        edges, aim, largest, target=design.target, cutoff=design.cutoff, early=design.early_stop
    )
