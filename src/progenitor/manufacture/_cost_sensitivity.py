r"""What the cost of a dose depends on: one number at a time, and shares of its variance.

.. math:: c = \frac{collection + materials + vector + editing + QC + release + labour + storage
   + facility / u}{n\,(1 - p_{fail})} + delivery

The share of variance due to a number alone and with all its interactions are those of Saltelli and
Jansen, from one set of random points for all numbers.

References
----------
Saltelli et al. Variance based sensitivity analysis of model output. Comput Phys Commun
2010;181:259-270, doi:10.1016/j.cpc.2009.09.018, table 2 (b) and (f).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Float

from progenitor.engine import uniforms
from progenitor.errors import InputError, Problem
from progenitor.manufacture._batch import Batch
from progenitor.manufacture._dose_cost import BATCH_LINES, DOSE_LINES, doses_of, split_cost

__all__ = ["CostFactor", "CostShare", "CostSwing", "cost_factors", "cost_shares", "cost_tornado"]

OTHERS: Final = ("utilisation", "doses", "failure")
"""Numbers that are no lines of the bill."""


@final
@dataclass(frozen=True, slots=True)
class CostFactor:
    """A number the cost of a dose depends on, and how far it may go.

    Parameters
    ----------
    name
        A cost line, or ``utilisation``, ``doses`` or ``failure``.
    low, middle, high
        USD of a lot (of a dose, for delivery), share, or doses.
    """

    name: str
    low: float
    middle: float
    high: float


@final
@dataclass(frozen=True, slots=True)
class CostSwing:
    """What one number does to the cost of a dose while the others stay in the middle; USD."""

    name: str
    at_low: float
    at_high: float

    @property
    def width(self) -> float:
        """Distance between both ends; USD."""
        return abs(self.at_high - self.at_low)


@final
@dataclass(frozen=True, slots=True)
class CostShare:
    """Share of the variance of the cost that a number makes alone, and with interactions."""

    name: str
    alone: float
    total: float


def cost_factors(
    batch: Batch, *, utilisation: tuple[float, float, float] = (0.6, 0.8, 0.95)
) -> tuple[CostFactor, ...]:
    """Return what the lots of a batch say: 5 %, median and 95 % of each line, and of what divides.

    The share of failed lots goes from its 95 % Wilson limits.

    Parameters
    ----------
    batch
        Lots made by one recipe.
    utilisation
        Low, middle and high share of the facility's time that is used.

    Raises
    ------
    InputError
        When no lot was released.
    """
    ok = batch.product.released
    if not ok.any():
        fix = "make more lots, or mend the recipe"
        raise InputError([Problem("no lot was released", fix, field="lots")])
    factors = [
        CostFactor(line, *(float(one) for one in np.quantile(amount[ok], (0.05, 0.5, 0.95))))
        for line, amount in split_cost(batch).items()
        if line in (*BATCH_LINES, *DOSE_LINES)
    ]
    doses = doses_of(batch)[ok]
    factors.append(CostFactor("doses", *(float(x) for x in np.quantile(doses, (0.05, 0.5, 0.95)))))
    factors.append(CostFactor("utilisation", *utilisation))
    factors.append(CostFactor("failure", *_wilson(float(1.0 - ok.mean()), ok.size)))
    return tuple(factors)


def _wilson(share: float, count: int) -> tuple[float, float, float]:
    z = 1.959963984540054
    centre = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2)) / (1 + z**2 / count)
    low = min(max(float(centre - half), 0.0), share)  # rounding, where no lot failed
    return low, share, min(float(centre + half), 1 - 1 / (count + 1))


def _cost(values: Mapping[str, Float[np.ndarray, " n"]]) -> Float[np.ndarray, " n"]:
    """Cost of a dose by the formula above; USD."""
    size = next(iter(values.values())).shape
    none, one = np.zeros(size), np.ones(size)
    lot = none + sum(values.get(line, none) for line in BATCH_LINES if line != "facility")
    lot = lot + values.get("facility", none) / values.get("utilisation", one)
    yielded = values.get("doses", one) * (1.0 - values.get("failure", none))
    return np.asarray(lot / yielded + sum(values.get(line, none) for line in DOSE_LINES))


def _checked(factors: tuple[CostFactor, ...]) -> None:
    known = (*BATCH_LINES, *DOSE_LINES, *OTHERS)
    problems = []
    for one in factors:
        if one.name not in known:
            message, fix = f"unknown cost '{one.name}'", f"give one of {', '.join(known)}"
            problems.append(Problem(message, fix, field=one.name))
        if not 0 <= one.low <= one.middle <= one.high < np.inf:
            message = f"{one.name} goes from {one.low:g} over {one.middle:g} to {one.high:g}"
            fix = "give numbers from 0 up that do not fall"
            problems.append(Problem(message, fix, field=one.name))
        positive = one.name in ("utilisation", "doses") and one.low <= 0
        too_high = (one.name == "failure" and one.high >= 1) or (
            one.name == "utilisation" and one.high > 1
        )
        if positive or too_high:
            message = f"{one.name} goes from {one.low:g} to {one.high:g}"
            fix = "utilisation is above 0 and up to 1, doses above 0, failure below 1"
            problems.append(Problem(message, fix, field=one.name))
    if problems:
        raise InputError(problems)


def cost_tornado(factors: tuple[CostFactor, ...]) -> tuple[float, tuple[CostSwing, ...]]:
    """Return the cost of a dose in the middle, and what each number does to it, widest first.

    Parameters
    ----------
    factors
        Numbers and how far they may go.

    Raises
    ------
    InputError
        Listing every number that cannot be, such as a negative cost.

    Examples
    --------
    >>> middle, swings = cost_tornado((CostFactor("vector", 10.0, 20.0, 30.0),
    ...                                CostFactor("failure", 0.0, 0.5, 0.75)))
    >>> middle, swings[0].name, swings[0].at_low, swings[0].at_high
    (40.0, 'failure', 20.0, 80.0)
    """
    _checked(factors)
    middle = {one.name: np.array([one.middle]) for one in factors}
    swings = [
        CostSwing(
            one.name,
            *(
                float(_cost({**middle, one.name: np.array([value])})[0])
                for value in (one.low, one.high)
            ),
        )
        for one in factors
    ]
    order = sorted(swings, key=lambda one: -one.width)
    return float(_cost(middle)[0]), tuple(order)


def cost_shares(
    factors: tuple[CostFactor, ...], *, seed: int, points: int = 4096
) -> tuple[CostShare, ...]:
    """Return shares of the variance of the cost, each number evenly between its ends.

    Parameters
    ----------
    factors
        Numbers and how far they may go, independent of each other.
    seed, points
        Of the random points; how many.

    Raises
    ------
    InputError
        Listing every number that cannot be.

    Examples
    --------
    Two lines that add up have no interaction; the wider one makes nearly all of the variance.

    >>> shares = cost_shares((CostFactor("vector", 0.0, 5.0, 10.0),
    ...                       CostFactor("labour", 0.0, 0.5, 1.0)), seed=1)
    >>> [(one.name, round(one.total, 1)) for one in shares]
    [('vector', 1.0), ('labour', 0.0)]
    """
    _checked(factors)
    first, second = (_points(factors, seed, which, points) for which in ("one", "other"))
    base, other = _cost(first), _cost(second)
    middle = 0.5 * (base.mean() + other.mean())
    variance = float(np.concatenate([base, other]).var())
    shares = []
    for one in factors:
        mixed = _cost({**first, one.name: second[one.name]})
        alone = float(((other - middle) * (mixed - base)).mean())
        total = float(0.5 * ((base - mixed) ** 2).mean())
        known = variance > 0
        shares.append(
            CostShare(one.name, alone / variance if known else 0.0,
                      total / variance if known else 0.0)
        )  # fmt: skip
    return tuple(sorted(shares, key=lambda one: -one.total))


def _points(
    factors: tuple[CostFactor, ...], seed: int, which: str, points: int
) -> dict[str, Float[np.ndarray, " point"]]:
    zero, index = np.zeros(points, dtype=np.int64), np.arange(points)
    return {
        one.name: one.low
        + (one.high - one.low) * uniforms(seed, f"cost/{which}/{one.name}", zero, index)
        for one in factors
    }
