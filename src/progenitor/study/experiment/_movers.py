"""Which numbers the answer moves with, over what is not known about them."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from jaxtyping import Float

from progenitor.study.experiment._plan import ExperimentPlan, sampled_ids
from progenitor.study.experiment._simulate import subject_numbers
from progenitor.study.experiment.results import Mover

__all__ = ["chance_floor", "find_movers", "rank_correlation"]

_LEAST_DRAWS: Final = 8
_FALSE_ALARM: Final = 0.05
_MOST: Final = 8


def chance_floor(draws: int, numbers: int) -> float:
    r"""Return the rank correlation that chance exceeds anywhere once in twenty searches.

    .. math:: \rho_0 = \frac{z_{1 - 0.05 / 2m}}{\sqrt{D - 1}}

    for D draws and m numbers looked at (Bonferroni; Spearman's coefficient is about normal with
    variance 1/(D − 1) when there is no relation).

    Examples
    --------
    >>> round(chance_floor(101, 1), 3), chance_floor(4, 10)
    (0.196, 1.0)
    """
    from scipy.special import ndtri

    if draws < _LEAST_DRAWS or numbers < 1:
        return 1.0
    z = float(ndtri(1.0 - _FALSE_ALARM / (2.0 * numbers)))
    return min(1.0, z / float(np.sqrt(draws - 1)))


def rank_correlation(one: Float[np.ndarray, " draw"], other: Float[np.ndarray, " draw"]) -> float:
    """Return Spearman's rank correlation; NaN where one of them does not vary.

    Examples
    --------
    >>> rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([1.0, 10.0, 100.0]))
    1.0
    """
    ranks = [_ranks(values) for values in (one, other)]
    spread = [values.std() for values in ranks]
    if min(spread) == 0.0:
        return float("nan")
    covariance = float(np.mean((ranks[0] - ranks[0].mean()) * (ranks[1] - ranks[1].mean())))
    return round(covariance / float(spread[0] * spread[1]), 12)


def find_movers(
    plan: ExperimentPlan, answer: Float[np.ndarray, " draw"]
) -> tuple[tuple[Mover, ...], float]:
    """List the numbers that go with the answer beyond chance, the strongest first.

    Parameters
    ----------
    plan
        The experiment.
    answer
        The answer in each draw.

    Returns
    -------
    tuple of Mover
        At most eight.
    float
        The correlation beyond which a number is listed.
    """
    known = np.isfinite(answer)
    draws = np.arange(len(answer))
    numbers = subject_numbers(plan, draw=draws, patient=np.zeros_like(draws), typical=True)
    varying = [name for name in sampled_ids(plan.part) if np.ptp(numbers[name]) > 0.0]
    floor = chance_floor(int(known.sum()), len(varying))
    found = {name: rank_correlation(numbers[name][known], answer[known]) for name in varying}
    strong = [name for name, value in found.items() if abs(value) > floor]
    return _sorted(plan, strong, found), floor


def _sorted(
    plan: ExperimentPlan, names: Sequence[str], found: dict[str, float]
) -> tuple[Mover, ...]:
    chosen = sorted(names, key=lambda name: -abs(found[name]))[:_MOST]
    records = [plan.catalogue.parameter(name) for name in chosen]
    return tuple(
        Mover(name, record.title, found[name], record.state, record.trust)
        for name, record in zip(chosen, records, strict=True)
    )


def _ranks(values: Float[np.ndarray, " draw"]) -> Float[np.ndarray, " draw"]:
    """Ranks from 0; ties share their mean rank."""
    each, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts) - 1.0
    middle = last - (counts - 1) / 2.0
    ranks: Float[np.ndarray, " draw"] = middle[place] if each.size else values
    return ranks
