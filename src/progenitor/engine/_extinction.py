r"""The chance that a birth–death population has died out, without drawing a single number.

For a population of n individuals that divide at rate λ(t) and die at rate μ(t), each by itself,

.. math::

    P(t) = \left( \frac{J}{1 + J} \right)^{n}, \qquad
    J(t) = \int_0^t \mu(s)\, e^{\rho(s)}\, ds, \qquad
    \rho(t) = \int_0^t (\mu - \lambda)\, ds .

Drawing runs estimates a chance of cure of a half to ±0.01 with 2,500 of them; this is exact for
one patient, so that all that is left is the difference between patients.

References
----------
Kendall. On the generalized "birth-and-death" process. Ann Math Stat 1948;19:1-15,
doi:10.1214/aoms/1177730285, equation 12.
"""

import numpy as np
from jaxtyping import Float

from progenitor.errors import SimulationError

__all__ = ["extinction_probability"]

_Curves = Float[np.ndarray, "patient time"]


def extinction_probability(
    times: Float[np.ndarray, "patient time"],
    birth: Float[np.ndarray, "patient time"],
    death: Float[np.ndarray, "patient time"],
    number: Float[np.ndarray, " patient"],
) -> Float[np.ndarray, "patient time"]:
    """Return the probability that a population has died out by each time.

    Rates are read as monotone cubics between the times given; half a day between times makes the
    error of a chance of cure after CAR-T cells less than 1e-4, and a jump needs a time on either
    side of it. Individuals must not influence each other: rates that depend on the number itself,
    such as those of a filled niche, describe another population.

    Parameters
    ----------
    times
        Increasing; the population has ``number`` individuals at the first.
    birth, death
        Rates per individual, per unit of the times, 0 or more: observables of a run, for example.
        From the first NaN of a row on, as in a run that failed or ended early, the answer is NaN.
    number
        Individuals at the first time, 0 or more.

    Raises
    ------
    SimulationError
        When an input does not fit; lists every problem.

    Examples
    --------
    One cell that divides every second day and dies every fourth is lost in the end with
    probability a half.

    >>> times = np.linspace(0.0, 100.0, 11)[None]
    >>> birth, death = np.full_like(times, 0.5), np.full_like(times, 0.25)
    >>> extinction_probability(times, birth, death, np.array([1.0]))[0, [0, 1, -1]].round(4)
    array([0.    , 0.4786, 0.5   ])
    """
    _check(times, birth, death, number)
    from progenitor.engine._line_hazard import line_hazards

    hazards = np.full(times.shape, np.nan)
    line_hazards(_doubles(times), _doubles(birth), _doubles(death), hazards)
    return _all_lost(hazards, number)


def _doubles(values: _Curves) -> _Curves:
    return np.ascontiguousarray(values, dtype=np.float64)


def _check(times: _Curves, birth: _Curves, death: _Curves, number: Float[np.ndarray, " p"]) -> None:
    problems = []
    if times.ndim != 2 or times.shape[1] == 0:
        raise SimulationError(f"times has shape {times.shape}; give (patient, time), not empty")
    if (np.diff(times, axis=1) <= 0).any() or np.isinf(times).any():
        problems.append("times must be finite and increasing in each row")
    for name, rates in (("birth", birth), ("death", death)):
        if rates.shape != times.shape:
            problems.append(f"{name} has shape {rates.shape}; the times have {times.shape}")
        elif (wrong := rates[(rates < 0) | np.isinf(rates)]).size:
            problems.append(f"{name} has a rate of {wrong[0]:g}; give finite rates of 0 or more")
    if number.shape != times.shape[:1]:
        problems.append(f"number has shape {number.shape}; give one for each of {len(times)} rows")
    elif not (number >= 0).all():
        problems.append(f"number is {number[~(number >= 0)][0]:g}; give 0 or more")
    if problems:
        raise SimulationError("\n".join(problems))


def _all_lost(hazard: _Curves, number: Float[np.ndarray, " patient"]) -> _Curves:
    """(1 - e^-L)^n, also where L is tiny or huge; a population of none is lost from the start."""
    with np.errstate(divide="ignore", invalid="ignore"):
        small = np.log(-np.expm1(-hazard))
        one_lost = np.where(hazard > 1.0, np.log1p(-np.exp(-hazard)), small)
        answer: _Curves = np.exp(number[:, None] * one_lost)
    answer[number == 0] = 1.0
    return answer
