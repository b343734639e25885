"""The state of every lot between two steps: its cells, their quality, its clock and its bill."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, Self, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.manufacture._genotype import spread_over
from progenitor.product import PHENOTYPES

__all__ = ["PRECURSORS", "STAGES", "CellState", "choose", "share"]

STAGES: Final = ("tn", "tscm", "tcm", "tem", "teff", "tex")
"""Naive, stem memory, central memory, effector memory, effector and dysfunctional T cells."""

PRECURSORS: Final = ("hsc", "lymphoid", "gmp", "monocyte", "macrophage", "ipsc")
"""Cells that are not yet, or never become, T cells: stem cells, lymphoid and myeloid progenitors,
monocytes, macrophages and pluripotent cells."""

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

    Neither receptor nor genotype changes a cell's fate in culture, so one receptor-positive share
    and one genotype vector on either side of it hold for all stages of a lot; :attr:`counts` is
    their product.

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
    precursors
        Viable cells that are not T cells but belong to the product, (lot, precursor) in the order
        of ``PRECURSORS``; cell.
    genotypes
        Share of each joint genotype among receptor-negative (row 0) and receptor-positive cells
        (row 1), (lot, receptor, genotype); bit ``i`` of the genotype is locus ``loci[i]``.
    vcn_dispersion
        Gamma-Poisson shape of copies between cells, (lot,); 0 before any vector.
    divisions
        Population doublings since the culture began, the dead counted as made, (lot,).
    volume
        Volume of the suspension, (lot,); L.
    contaminated
        Whether microbes are in the lot, (lot,), 0 or 1: the truth, not the test.
    translocated, chromosome_loss
        Share of cells with a rearrangement between two cuts, or that lost the arm beyond one,
        (lot,).
    off_target_load
        Expected edits elsewhere per cell, (lot,); NaN where no table of sites was given.
    doses
        Bags of one dose that were filled, (lot,).
    ordered_day
        Day on which a banked product was ordered, (lot,); 0 where the donor is the patient.
    donor, hla
        Number of the donor, and of the donor's tissue type, (lot,): that of the patient with the
        lot's number, or below 0 of nobody who is treated.
    process_days
        Days since enrichment began, counted to harvest, (lot,); day.
    day
        Days since apheresis began, (lot,); day.
    cost
        Cost line → amount spent, (lot,); USD.
    measured
        What quality control measured, (lot,).
    loci
        Edited loci, in the order of the bits of a genotype.
    vessel
        What the cells are in.

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
    precursors: Float[np.ndarray, "lot precursor"]
    genotypes: Float[np.ndarray, "lot receptor genotype"]
    vcn_dispersion: Float[np.ndarray, " lot"]
    divisions: Float[np.ndarray, " lot"]
    volume: Float[np.ndarray, " lot"]
    contaminated: Float[np.ndarray, " lot"]
    translocated: Float[np.ndarray, " lot"]
    chromosome_loss: Float[np.ndarray, " lot"]
    off_target_load: Float[np.ndarray, " lot"]
    doses: Float[np.ndarray, " lot"]
    ordered_day: Float[np.ndarray, " lot"]
    donor: Int[np.ndarray, " lot"]
    hla: Int[np.ndarray, " lot"]
    process_days: Float[np.ndarray, " lot"]
    day: Float[np.ndarray, " lot"]
    cost: Mapping[str, Float[np.ndarray, " lot"]] = field(default_factory=dict)
    measured: Mapping[str, Float[np.ndarray, " lot"]] = field(default_factory=dict)
    loci: tuple[str, ...] = ()
    vessel: str = ""

    @classmethod
    def empty(cls, lots: int, *, donor: Int[np.ndarray, " lot"] | None = None) -> Self:
        """Lots before anything was collected, of donors 0, 1, 2, … unless others are named."""
        special: dict[str, Any] = {
            "cells": np.zeros((lots, len(STAGES))),
            "precursors": np.zeros((lots, len(PRECURSORS))),
            "genotypes": np.ones((lots, 2, 1)),
            "donor": np.arange(lots) if donor is None else donor,
            "hla": np.arange(lots) if donor is None else donor,
            "off_target_load": np.full(lots, np.nan),
            "cost": {},
            "measured": {},
            "loci": (),
            "vessel": "",
        }
        plain = [item.name for item in fields(cls) if item.name not in special]
        zeros: dict[str, Any] = {name: np.zeros(lots) for name in plain}
        return cls(**zeros, **special)

    @property
    def counts(self) -> Float[np.ndarray, "lot stage genotype receptor"]:
        """Viable T cells by stage, genotype and receptor, (lot, stage, genotype, receptor)."""
        receptor = np.stack([1 - self.car_fraction, self.car_fraction], axis=1)
        shares = receptor[:, np.newaxis, :] * np.swapaxes(self.genotypes, 1, 2)
        counts: Float[np.ndarray, "lot stage genotype receptor"] = (
            self.cells[:, :, np.newaxis, np.newaxis] * shares[:, np.newaxis]
        )
        return counts

    @property
    def genotype_shares(self) -> Float[np.ndarray, "lot genotype"]:
        """Share of each joint genotype among all cells of the product, (lot, genotype)."""
        car = self.car_fraction[:, np.newaxis]
        shares: Float[np.ndarray, "lot genotype"] = (1 - car) * self.genotypes[
            :, 0
        ] + car * self.genotypes[:, 1]
        return shares

    def edited(self, locus: str) -> Float[np.ndarray, " lot"]:
        """Share of cells edited at a locus, (lot,); 0 where the locus was never cut."""
        if locus not in self.loci:
            return np.zeros_like(self.day)
        has = (np.arange(2 ** len(self.loci)) >> self.loci.index(locus)) & 1 == 1
        total: Float[np.ndarray, " lot"] = self.genotype_shares[:, has].sum(axis=1)
        return total

    @property
    def t_cells(self) -> Float[np.ndarray, " lot"]:
        """Viable T cells, (lot,); cell."""
        return _sum_of_columns(self.cells)

    @property
    def viable(self) -> Float[np.ndarray, " lot"]:
        """Viable cells of every kind, (lot,); cell."""
        total: Float[np.ndarray, " lot"] = (
            self.t_cells + self.other + _sum_of_columns(self.precursors)
        )
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

    def kept(self, share: Float[np.ndarray, " lot"]) -> "CellState":
        """Keep a share of the viable cells of every kind; the dead stay as they are."""
        return replace(
            self,
            cells=self.cells * share[:, np.newaxis],
            precursors=self.precursors * share[:, np.newaxis],
            other=self.other * share,
        )

    def spend(self, line: str, amount: Float[np.ndarray, " lot"]) -> "CellState":
        """Add an expense to one cost line."""
        return replace(self, cost={**self.cost, line: self.cost.get(line, 0.0) + amount})

    def wait(self, days: Float[np.ndarray, " lot"]) -> "CellState":
        """Let days pass."""
        return replace(self, day=self.day + days)


def _sum_of_columns(values: Float[np.ndarray, "lot column"]) -> Float[np.ndarray, " lot"]:
    """Sum over the few columns of many rows: ``values.sum(axis=1)`` to the last bit, but faster."""
    total: Float[np.ndarray, " lot"] = values[:, 0]
    for column in range(1, values.shape[1]):
        total = total + values[:, column]
    return total


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
    if not keep.any():
        return new
    merged: dict[str, Any] = {}
    old = replace(old, loci=new.loci, genotypes=spread_over(old.genotypes, old.loci, new.loci))
    for name in (item.name for item in fields(CellState)):
        before, after = getattr(old, name), getattr(new, name)
        if before is after:
            merged[name] = after
        elif isinstance(after, np.ndarray):
            mask = keep.reshape(-1, *[1] * (after.ndim - 1))
            merged[name] = np.where(mask, before, after)
        elif isinstance(after, Mapping):
            missing = 0.0 if name == "cost" else np.nan
            merged[name] = {
                key: value
                if before.get(key) is value
                else np.where(keep, before.get(key, missing), value)
                for key, value in after.items()
            }
        else:
            merged[name] = after
    return CellState(**merged)
