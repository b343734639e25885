"""What a cytometer says a product is made of, with its doubt."""

from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np
from jaxtyping import Float

from progenitor.errors import InputError, Problem
from progenitor.product.phenotypes import MEMORY_PHENOTYPES, PHENOTYPES
from progenitor.product.released_product import ReleasedProduct

__all__ = ["MeasuredComposition"]

_QUADRANTS: Final = ("early", "tcm", "tem", "teff")
"""CD45RA+CCR7+ (naive and stem memory together), and the three other quadrants."""


@final
@dataclass(frozen=True, slots=True)
class MeasuredComposition:
    r"""Shares of memory phenotypes as two Dirichlet distributions, one within the other.

    The four quadrants of CD45RA and CCR7 follow :math:`\mathrm{Dirichlet}(\alpha)`; stem memory is
    a :math:`\mathrm{Beta}(a, b)` part of the CD45RA+CCR7+ quadrant. Large numbers mean little
    doubt: :math:`\alpha` adds up to about as many events as would leave the same doubt by counting
    alone.

    Parameters
    ----------
    quadrants
        α of early (CD45RA+CCR7+), tcm, tem and teff; above 0.
    stem_memory
        a and b of the CD95+ part of the early quadrant; above 0.
    source
        Where it was measured.

    Raises
    ------
    InputError
        Listing every number that is not above 0.

    Examples
    --------
    >>> MeasuredComposition((300.0, 400.0, 200.0, 100.0), (50.0, 250.0)).mean.round(3).tolist()
    [0.25, 0.05, 0.4, 0.2, 0.1]
    """

    quadrants: tuple[float, ...]
    stem_memory: tuple[float, ...]
    source: str = ""

    def __post_init__(self) -> None:
        problems = []
        for name, values, count in (
            ("quadrants", self.quadrants, len(_QUADRANTS)),
            ("stem_memory", self.stem_memory, 2),
        ):
            fine = len(values) == count and all(np.isfinite(v) and v > 0 for v in values)
            if not fine:
                fix = f"give {count} numbers above 0"
                problems.append(Problem(f"{name} is {list(values)}", fix, field=name))
        if problems:
            raise InputError(problems)

    @property
    def mean(self) -> Float[np.ndarray, " phenotype"]:
        """Expected share of each phenotype, in the order of ``MEMORY_PHENOTYPES``."""
        quadrant = np.array(self.quadrants) / sum(self.quadrants)
        stem = self.stem_memory[0] / sum(self.stem_memory)
        return np.array([quadrant[0] * (1 - stem), quadrant[0] * stem, *quadrant[1:]])

    def quantile(
        self, chance: Float[np.ndarray, "number draw"]
    ) -> Float[np.ndarray, "draw phenotype"]:
        """Turn uniform numbers into shares, in the order of ``MEMORY_PHENOTYPES``.

        A Dirichlet is made of gamma quantiles divided by their sum.

        Parameters
        ----------
        chance
            Numbers between 0 and 1: four for the quadrants, one for stem memory.

        Examples
        --------
        >>> measured = MeasuredComposition((3e6, 4e6, 2e6, 1e6), (5e5, 25e5))
        >>> measured.quantile(np.full((5, 1), 0.5)).round(3).tolist()
        [[0.25, 0.05, 0.4, 0.2, 0.1]]
        """
        from scipy.special import betaincinv, gammaincinv

        gamma = gammaincinv(np.array(self.quadrants)[:, np.newaxis], chance[:4])
        quadrant = gamma / gamma.sum(axis=0)
        stem = betaincinv(*self.stem_memory, chance[4])
        rows = [quadrant[0] * (1 - stem), quadrant[0] * stem, *quadrant[1:]]
        return np.column_stack(rows)

    def applied_to(
        self, lots: ReleasedProduct, chance: Float[np.ndarray, "number lot"]
    ) -> ReleasedProduct:
        """Return lots with the measured composition, and as many cells as before.

        Naive and stem memory are ``tscm`` of the product, CCR7- cells its ``teff`` and ``tex``:
        the panel does not stain exhaustion, so these two keep the proportion they were made with.

        Parameters
        ----------
        lots
            T-cell lots as they were made.
        chance
            As for :meth:`quantile`, for every lot.

        Raises
        ------
        InputError
            When the lots hold other cells.
        """
        if lots.phenotypes != PHENOTYPES:
            message = f"{lots.product} holds {', '.join(lots.phenotypes)}"
            fix = "measure a composition of T-cell products only; leave it out here"
            raise InputError([Problem(message, fix, field="composition")])
        share = self.quantile(chance)
        late = lots.cells[:, 2:]
        total = late.sum(axis=1, keepdims=True)
        kept = np.divide(late, total, out=np.full_like(late, 0.0), where=total > 0)
        kept[total[:, 0] <= 0, 0] = 1.0
        ccr7_negative = (share[:, 3] + share[:, 4])[:, np.newaxis] * kept
        parts = np.column_stack([share[:, 0] + share[:, 1], share[:, 2], ccr7_negative])
        return replace(lots, cells=parts * lots.total[:, np.newaxis])

    def intervals(
        self, chance: Float[np.ndarray, "number draw"], level: float = 0.95
    ) -> dict[str, tuple[float, float]]:
        """Return the central interval of each phenotype's share.

        Parameters
        ----------
        chance
            As for :meth:`quantile`; thousands of draws.
        level
            Probability inside.
        """
        tail = 50 * (1 - level)
        ends = np.percentile(self.quantile(chance), [tail, 100 - tail], axis=0)
        return {
            name: (float(ends[0, place]), float(ends[1, place]))
            for place, name in enumerate(MEMORY_PHENOTYPES)
        }
