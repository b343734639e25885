"""What a patient can be given: lots with their cells, quality, cost and dates."""

from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import InputError, Problem
from progenitor.product.phenotypes import PHENOTYPES

__all__ = ["ReleasedProduct"]

_PER_LOT: Final = (
    "released",
    "failure",
    "viability",
    "car_fraction",
    "vcn_per_cell",
    "vcn_per_car_cell",
    "cost",
    "process_days",
    "vein_to_vein",
)


@final
@dataclass(frozen=True, slots=True)
class ReleasedProduct:
    """Lots of one product, made and judged, array-first over lots.

    A lot that failed keeps the cells, quality and cost it had when it was stopped, so that it can
    be looked at; ``released`` alone says whether it may be given, and ``vein_to_vein`` of a lot
    that was never given is NaN, never a number.

    Parameters
    ----------
    product
        Name of the product.
    lot
        Lot numbers, (lot,).
    released
        Whether the lot met its specification and may be given, (lot,).
    failure
        0 where there was none, else an index into ``failure_reasons``, (lot,).
    failure_reasons
        Words for the codes; the first, for code 0, is ``"none"``.
    cells
        Viable CAR-positive cells at infusion, after thaw, (lot, phenotype) in the order of
        ``phenotypes``; cell.
    viability
        Share of all cells that are alive, (lot,).
    car_fraction
        Share of viable T cells that carry the receptor, (lot,).
    vcn_per_cell, vcn_per_car_cell
        Mean vector copies over all T cells, and over receptor-positive cells, (lot,).
    cost
        Cost of goods up to infusion or failure, (lot,); USD.
    process_days
        From the start of enrichment to harvest, (lot,); day.
    vein_to_vein
        From apheresis to infusion, (lot,); day. From order to infusion for a banked product.
    phenotypes
        What the columns of ``cells`` are; T-cell phenotypes unless the product holds other cells.

    Raises
    ------
    InputError
        If shapes disagree, a failure code has no words, or a released lot has a failure.

    Examples
    --------
    >>> lots = ReleasedProduct(
    ...     product="demo", lot=np.array([7]), released=np.array([True]), failure=np.array([0]),
    ...     failure_reasons=("none",), cells=np.array([[1e7, 3e7, 5e7, 1e7]]),
    ...     viability=np.array([0.9]), car_fraction=np.array([0.4]), vcn_per_cell=np.array([1.2]),
    ...     vcn_per_car_cell=np.array([3.0]), cost=np.array([9e4]), process_days=np.array([10.0]),
    ...     vein_to_vein=np.array([30.0]),
    ... )
    >>> lots.total, lots.composition
    (array([1.e+08]), array([[0.1, 0.3, 0.5, 0.1]]))
    """

    product: str
    lot: Int[np.ndarray, " lot"]
    released: Bool[np.ndarray, " lot"]
    failure: Int[np.ndarray, " lot"]
    failure_reasons: tuple[str, ...]
    cells: Float[np.ndarray, "lot phenotype"]
    viability: Float[np.ndarray, " lot"]
    car_fraction: Float[np.ndarray, " lot"]
    vcn_per_cell: Float[np.ndarray, " lot"]
    vcn_per_car_cell: Float[np.ndarray, " lot"]
    cost: Float[np.ndarray, " lot"]
    process_days: Float[np.ndarray, " lot"]
    vein_to_vein: Float[np.ndarray, " lot"]
    phenotypes: tuple[str, ...] = PHENOTYPES

    def __post_init__(self) -> None:
        lots = self.lot.shape
        problems = [
            Problem(
                f"{name} has shape {getattr(self, name).shape}",
                f"give one value per lot: shape {lots}",
                field=name,
            )
            for name in _PER_LOT
            if getattr(self, name).shape != lots
        ]
        if self.cells.shape != (*lots, len(self.phenotypes)):
            fix = f"give (lot, phenotype): shape {(*lots, len(self.phenotypes))}"
            problems.append(Problem(f"cells has shape {self.cells.shape}", fix, field="cells"))
        if not problems:
            problems = self._contradictions()
        if problems:
            raise InputError(problems)

    def _contradictions(self) -> list[Problem]:
        """Failure codes without words, and lots both released and failed."""
        known = (self.failure >= 0) & (self.failure < len(self.failure_reasons))
        found = [
            Problem(f"lot {lot}: failure code {code}", "add its words", field="failure_reasons")
            for lot, code in zip(self.lot[~known], self.failure[~known], strict=True)
        ]
        wrong = self.released != (self.failure == 0)
        found += [
            Problem(
                f"lot {lot}: released is {bool(released)} with failure code {code}",
                "release exactly the lots without a failure",
                field="released",
            )
            for lot, released, code in zip(
                self.lot[wrong], self.released[wrong], self.failure[wrong], strict=True
            )
        ]
        return found

    @property
    def total(self) -> Float[np.ndarray, " lot"]:
        """Viable CAR-positive cells at infusion, (lot,); cell."""
        total: Float[np.ndarray, " lot"] = self.cells.sum(axis=1)
        return total

    @property
    def composition(self) -> Float[np.ndarray, "lot phenotype"]:
        """Share of each phenotype, (lot, phenotype); NaN where a lot holds no such cell."""
        total = self.total[:, np.newaxis]
        empty = np.full_like(self.cells, np.nan)
        composition: Float[np.ndarray, "lot phenotype"] = np.divide(
            self.cells, total, out=empty, where=total > 0
        )
        return composition
