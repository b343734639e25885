"""Exact probabilities that a count of toxicities reaches a stopping boundary."""

from dataclasses import dataclass
from typing import final

import numpy as np

from progenitor.errors import InputError, Problem
from progenitor.trial._looks import check_looks, walk

__all__ = ["ToxicityCharacteristics", "toxicity_characteristics"]


@final
@dataclass(frozen=True, slots=True)
class ToxicityCharacteristics:
    """How a toxicity boundary behaves at one true rate.

    Parameters
    ----------
    rate
        True toxicity rate.
    crossing
        Probability to reach the boundary at any look.
    early_stop
        Probability to reach it before the last look.
    expected_patients
        Mean number of patients enrolled.
    """

    rate: float
    crossing: float
    early_stop: float
    expected_patients: float


def toxicity_characteristics(
    looks: tuple[int, ...], stop_if_ge: tuple[int, ...], rate: float
) -> ToxicityCharacteristics:
    """Follow the count of toxicities from look to look, exactly.

    Parameters
    ----------
    looks
        Patients at each look.
    stop_if_ge
        Smallest count that stops at each look; more than its patients where none does.
    rate
        True toxicity rate.

    Raises
    ------
    DesignError
        If the looks do not increase.
    InputError
        If a boundary is missing or the rate is no probability.

    Examples
    --------
    >>> toxicity_characteristics((1, 2), (2, 2), 0.5)  # doctest: +ELLIPSIS
    ToxicityCharacteristics(rate=0.5, crossing=0.25, early_stop=0.0, expected_patients=2.0)
    """
    check_looks("toxicity boundary", looks)
    problems = []
    if len(stop_if_ge) != len(looks) or min(stop_if_ge) < 0:
        text = f"{len(stop_if_ge)} stopping numbers for {len(looks)} looks"
        problems.append(Problem(text, "give one of at least 0 for each look"))
    if not 0.0 <= rate <= 1.0:
        problems.append(Problem(f"rate = {rate:g}", "give a probability"))
    if problems:
        raise InputError(problems)
    # not to reach k toxicities is to have at most k − 1: the complement leaves downwards at the end
    high = np.array([stop_if_ge])
    low = np.full_like(high, -1)
    low[0, -1] = high[0, -1] - 1
    _, up = walk(looks, low, high, rate)
    sizes = np.asarray(looks, dtype=float)
    early = float(up[0, :-1].sum())
    expected = float(up[0, :-1] @ sizes[:-1] + (1.0 - early) * sizes[-1])
    return ToxicityCharacteristics(rate, float(up[0].sum()), early, expected)
