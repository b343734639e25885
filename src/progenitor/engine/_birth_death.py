r"""The exact law of a birth–death population in a changing environment.

Every individual divides at rate λ(t) and dies at rate μ(t), independently. With

.. math::

    \rho(t) = \int (\mu - \lambda)\, ds, \qquad J(t) = \int \mu\, e^{\rho}\, ds

the descendants of one individual are extinct at t with probability J/(1+J); otherwise their number
is geometric on 1, 2, ... with success probability e^ρ/(1+J). Both are carried here by two numbers
that stay in range however strong growth or killing is:

.. math::

    p = \frac{e^{\rho}}{1+J}: \quad \frac{d \log p}{dt} = \mu (1 - p) - \lambda, \qquad
    L = \log(1 + J): \quad \frac{dL}{dt} = \mu\, p

so that an individual's line survives with probability e^{-L} and its mean size is e^{-L}/p.

References
----------
Kendall. On the generalized "birth-and-death" process. Ann Math Stat 1948;19:1-15,
doi:10.1214/aoms/1177730285, equations 9-12.
"""

import math
from typing import Final

import numpy as np
from jaxtyping import Float

__all__ = ["descendants", "immigrants", "slopes", "whole"]

_LEAST_SHARE: Final = -27.0
"""Bound on log p: lines larger than e²⁷ individuals are not met below a threshold."""


def slopes(birth: float, death: float, log_share: float) -> tuple[float, float]:
    """Return d(log p)/dt and dL/dt.

    Parameters
    ----------
    birth, death
        Rates per individual, per day.
    log_share
        log p.

    Examples
    --------
    >>> slopes(0.5, 0.25, 0.0)
    (-0.5, 0.25)
    """
    share = math.exp(min(log_share, 0.0))
    return death * (1.0 - share) - birth, death * share


def descendants(
    generator: np.random.Generator, ancestors: int, log_share: float, hazard: float
) -> int:
    """Draw the number of living descendants of some individuals.

    Parameters
    ----------
    generator
        Source of randomness.
    ancestors
        Individuals at the start.
    log_share, hazard
        log p and L at the end.

    Examples
    --------
    >>> from progenitor.engine import stream
    >>> descendants(stream(1, "demo"), 1000, 0.0, 0.0)
    1000
    >>> descendants(stream(1, "demo"), 1000, -1.0, 40.0)
    0
    """
    lines = int(generator.binomial(ancestors, math.exp(-max(hazard, 0.0))))
    share = math.exp(min(max(log_share, _LEAST_SHARE), 0.0))
    if lines == 0 or share == 1.0:
        return lines
    return lines + int(generator.negative_binomial(lines, share))


def immigrants(
    generator: np.random.Generator,
    arrived: Float[np.ndarray, " point"],
    log_share: Float[np.ndarray, " point"],
    hazard: Float[np.ndarray, " point"],
) -> int:
    """Draw the number of living descendants of individuals that arrived one by one on the way.

    Arrivals are Poisson with the cumulative intensity given; each then lives by the rates that
    remain until the end of the path.

    Parameters
    ----------
    generator
        Source of randomness.
    arrived
        Expected number of arrivals up to each point of the path, from 0.
    log_share, hazard
        log p and L at each point.

    Examples
    --------
    >>> from progenitor.engine import stream
    >>> path = np.linspace(0.0, 1.0, 5)
    >>> immigrants(stream(1, "demo"), 0.0 * path, 0.0 * path, 0.0 * path)
    0
    """
    number = int(generator.poisson(max(float(arrived[-1]), 0.0)))
    if number == 0:
        return 0
    when = generator.random(number) * arrived[-1]
    shares, hazards = np.interp(when, arrived, log_share), np.interp(when, arrived, hazard)
    last = float(log_share[-1]), float(hazard[-1])
    alive = 0
    for share, lost in zip(shares.tolist(), hazards.tolist(), strict=True):
        log_ratio, loss = _remaining(share, lost, *last)
        alive += descendants(generator, 1, log_ratio, loss)
    return alive


def _remaining(
    share_then: float, hazard_then: float, share: float, hazard: float
) -> tuple[float, float]:
    """Return log p and L of a stretch's last part, from those at its beginning and end.

    With ρ = log p + L the last part has J = (J_end − J_then)·exp(−ρ_then).
    """
    rho_then = share_then + hazard_then
    extinct = max(math.expm1(hazard) - math.expm1(hazard_then), 0.0) * math.exp(-rho_then)
    loss = math.log1p(extinct)
    return share + hazard - rho_then - loss, loss


def whole(generator: np.random.Generator, amount: float) -> int:
    """Round an amount up or down by chance so that its mean is kept.

    Examples
    --------
    >>> from progenitor.engine import stream
    >>> whole(stream(1, "demo"), 3.0)
    3
    """
    base = int(amount)
    if amount == base:
        return base
    return base + int(generator.random() < amount - base)
