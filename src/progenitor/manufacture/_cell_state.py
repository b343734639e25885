"""The state of every lot between two steps: its cells, their quality, its clock and its bill."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, Self, final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.product import PHENOTYPES

__all__ = ["STAGES", "CellState", "choose", "share"]

STAGES: Final = ("tn", "tscm", "tcm", "tem", "teff", "tex")
"""Naive, stem memory, central memory, effector memory, effector and dysfunctional T cells."""

_PHENOTYPE_OF: Final = {
    "tn": "tscm",
    "tscm": "tscm",
    "tcm": "tcm",
    "tem": "teff",
    "teff": "teff",
    "tex": "tex",
}


@final
@dataclass(frozen=True, slots=True)
class CellState:
    """Every lot at one moment, array-first over lots.

    The receptor does not change a cell's fate in culture, so one receptor-positive share holds for
    all stages of a lot.

    Parameters
    ----------
    cells
        Viable T cells by stage, (lot, stage) in the order of ``STAGES``; cell.
    other
        Viable cells that are not T cells, (lot,); cell.
    dead
        Dead cells still in the suspension, (lot,); cell.
    seeded
        T cells that entered the culture, (lot,); cell.
    car_fraction
        Share of T cells with the receptor, (lot,).
    vcn_per_cell
        Mean vector copies over all T cells, (lot,).
    stimulation, activation
        Strength of CD3/CD28 signal and activation that follows it, (lot,), 0 to 1.
    process_days
        Days since enrichment began, counted to harvest, (lot,); day.
    day
        Days since apheresis began, (lot,); day.
    cost
        Cost line → amount spent, (lot,); USD.
    measured
        What quality control measured, (lot,).

    Examples
    --------
    >>> state = CellState.empty(2).spend("apheresis", np.array([10.0, 20.0]))
    >>> state.total_cost
    array([10., 20.])
    """

    cells: Float[np.ndarray, "lot stage"]
    other: Float[np.ndarray, " lot"]
    dead: Float[np.ndarray, " lot"]
    seeded: Float[np.ndarray, " lot"]
    car_fraction: Float[np.ndarray, " lot"]
    vcn_per_cell: Float[np.ndarray, " lot"]
    stimulation: Float[np.ndarray, " lot"]
    activation: Float[np.ndarray, " lot"]
    process_days: Float[np.ndarray, " lot"]
    day: Float[np.ndarray, " lot"]
    cost: Mapping[str, Float[np.ndarray, " lot"]] = field(default_factory=dict)
    measured: Mapping[str, Float[np.ndarray, " lot"]] = field(default_factory=dict)

    @classmethod
    def empty(cls, lots: int) -> Self:
        """Lots before anything was collected."""
        numbers = [
            item.name for item in fields(cls) if item.name not in {"cells", "cost", "measured"}
        ]
        zeros: dict[str, Any] = {name: np.zeros(lots) for name in numbers}
        return cls(cells=np.zeros((lots, len(STAGES))), **zeros)

    @property
    def t_cells(self) -> Float[np.ndarray, " lot"]:
        """Viable T cells, (lot,); cell."""
        total: Float[np.ndarray, " lot"] = self.cells.sum(axis=1)
        return total

    @property
    def viable(self) -> Float[np.ndarray, " lot"]:
        """Viable cells of every kind, (lot,); cell."""
        total: Float[np.ndarray, " lot"] = self.t_cells + self.other
        return total

    @property
    def viability(self) -> Float[np.ndarray, " lot"]:
        """Share of all cells that are alive, (lot,); NaN where there are no cells."""
        return share(self.viable, self.viable + self.dead)

    @property
    def purity(self) -> Float[np.ndarray, " lot"]:
        """Share of viable cells that are T cells, (lot,); NaN where there are no cells."""
        return share(self.t_cells, self.viable)

    @property
    def fold(self) -> Float[np.ndarray, " lot"]:
        """T cells per T cell seeded, (lot,); NaN before seeding."""
        return share(self.t_cells, self.seeded)

    @property
    def vcn_per_car_cell(self) -> Float[np.ndarray, " lot"]:
        """Mean vector copies over receptor-positive cells, (lot,); 0 where there are none."""
        copies: Float[np.ndarray, " lot"] = np.zeros_like(self.car_fraction)
        np.divide(self.vcn_per_cell, self.car_fraction, out=copies, where=self.car_fraction != 0)
        return copies

    @property
    def phenotypes(self) -> Float[np.ndarray, "lot phenotype"]:
        """Viable T cells by product phenotype, (lot, phenotype); cell."""
        grouped = np.zeros((len(self.day), len(PHENOTYPES)))
        for position, stage in enumerate(STAGES):
            grouped[:, PHENOTYPES.index(_PHENOTYPE_OF[stage])] += self.cells[:, position]
        return grouped

    @property
    def total_cost(self) -> Float[np.ndarray, " lot"]:
        """Everything spent so far, (lot,); USD."""
        total: Float[np.ndarray, " lot"] = np.zeros_like(self.day)
        for amount in self.cost.values():  # in turn: the order decides the last bit
            total = total + amount
        return total

    def spend(self, line: str, amount: Float[np.ndarray, " lot"]) -> "CellState":
        """Add an expense to one cost line."""
        return replace(self, cost={**self.cost, line: self.cost.get(line, 0.0) + amount})

    def wait(self, days: Float[np.ndarray, " lot"]) -> "CellState":
        """Let days pass."""
        return replace(self, day=self.day + days)


def share(
    part: Float[np.ndarray, " lot"], whole: Float[np.ndarray, " lot"]
) -> Float[np.ndarray, " lot"]:
    """``part / whole``, NaN where the whole is nothing."""
    ratio: Float[np.ndarray, " lot"] = np.full_like(whole, np.nan)
    np.divide(part, whole, out=ratio, where=whole > 0)
    return ratio


def choose(keep: Bool[np.ndarray, " lot"], old: CellState, new: CellState) -> CellState:
    """Lots of ``old`` where ``keep`` is true, lots of ``new`` elsewhere.

    Examples
    --------
    >>> old = CellState.empty(2)
    >>> choose(np.array([True, False]), old, old.wait(np.array([1.0, 1.0]))).day
    array([0., 1.])
    """
    merged: dict[str, Any] = {}
    for name in (item.name for item in fields(CellState)):
        before, after = getattr(old, name), getattr(new, name)
        if isinstance(after, np.ndarray):
            mask = keep[:, np.newaxis] if after.ndim > 1 else keep
            merged[name] = np.where(mask, before, after)
        else:
            missing = 0.0 if name == "cost" else np.nan
            merged[name] = {
                key: np.where(keep, before.get(key, missing), value) for key, value in after.items()
            }
    return CellState(**merged)
