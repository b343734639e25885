"""The bounds of a group-sequential trial, found from the errors it may spend."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float

from progenitor.errors import DesignError
from progenitor.trial._error_spending import ErrorSpending
from progenitor.trial._sequential_density import SequentialDensity, crossing_probabilities

__all__ = ["Bounds", "bounds_with_futility", "drift_for_power", "efficacy_bounds", "fixed_drift"]

_NEVER: Final = float("-inf")
_LARGEST_DRIFT: Final = 30.0


class Bounds(NamedTuple):
    """Bounds of both sides, and the drift at which the trial has its power."""

    upper: Float[np.ndarray, " look"]
    lower: Float[np.ndarray, " look"]
    drift: float


def fixed_drift(alpha: float, beta: float) -> float:
    """Mean of Z that a trial with one look needs.

    Examples
    --------
    >>> round(fixed_drift(0.025, 0.1), 6)
    3.241516
    """
    from scipy.special import ndtri

    return float(-ndtri(alpha) - ndtri(beta))


def efficacy_bounds(
    spending: ErrorSpending, alpha: float, times: Sequence[float]
) -> Float[np.ndarray, " look"]:
    r"""Find the bounds above which Z ends the trial with success, without futility.

    For spending functions :math:`P_0(Z_1 < b_1, \dots, Z_{k-1} < b_{k-1}, Z_k \ge b_k) =
    A(t_k) - A(t_{k-1})`; the classical bounds are :math:`C t_k^\delta` with the C that gives α.

    Parameters
    ----------
    spending
        How α is spent.
    alpha
        One-sided type I error.
    times
        Information at each look, the last 1 (look,).

    Examples
    --------
    >>> efficacy_bounds(ErrorSpending("pocock"), 0.025, [0.2, 0.4, 0.6, 0.8, 1.0]).round(4).tolist()
    [2.4132, 2.4132, 2.4132, 2.4132, 2.4132]
    """
    if spending.shape is not None:
        return _one_constant(spending.shape, alpha, times)
    steps = np.diff(spending.spent(alpha, times), prepend=0.0)
    bounds, state = np.full(len(times), np.inf), SequentialDensity.start()
    for look, time in enumerate(times):
        bounds[look] = state.bound_above(float(steps[look]), time)
        if look + 1 < len(times):
            limits = {"low": _NEVER, "high": float(bounds[look]), "next_time": times[look + 1]}
            state = state.advance(time, **limits)
    return bounds


def drift_for_power(
    times: Sequence[float],
    low: Sequence[float],
    high: Sequence[float],
    *,
    power: float,
) -> float:
    """Find the drift at which the trial crosses its upper bounds with a probability.

    Examples
    --------
    >>> round(drift_for_power([1.0], [-np.inf], [1.959964], power=0.9), 6)
    3.241516
    """

    def lacking(drift: float) -> float:
        return float(crossing_probabilities(times, low, high, drift)[0].sum()) - power

    return _solve(lacking, 0.0, _LARGEST_DRIFT)


def bounds_with_futility(
    upper: Float[np.ndarray, " look"],
    times: Sequence[float],
    *,
    alpha: float,
    beta: float,
    beta_spending: ErrorSpending,
    binding: bool,
) -> Bounds:
    r"""Add bounds below which the trial stops for futility, spending β under the alternative.

    At drift θ, :math:`P_θ(a_j < Z_j < b_j\ (j<k),\ Z_k \le a_k) = B(t_k) - B(t_{k-1})`, and θ is
    such that the last :math:`a_K = b_K`. Non-binding: the upper bounds stay, and ignoring
    a futility bound never costs type I error. Binding: the upper bounds spend the same α at each
    look among trials that *do* stop for futility, and are a little lower.

    Parameters
    ----------
    upper
        Bounds without futility (look,).
    times
        Information at each look (look,).
    alpha, beta
        One-sided errors of the trial.
    beta_spending
        A spending function for β.
    binding
        Whether the trial must stop below the lower bounds.

    Raises
    ------
    DesignError
        If no drift makes the bounds meet at the last look.

    References
    ----------
    Pampallona, Tsiatis 1994, J Stat Plan Inference 42:19–35, doi:10.1016/0378-3758(94)90187-2;
    DeMets, Ware 1980, Biometrika 67:651–660; Anderson, Clark 2010, Statistics in Medicine
    29:219–227, doi:10.1002/sim.3771 (designs of this kind are its test types 3 and 4).

    Examples
    --------
    >>> upper = efficacy_bounds(ErrorSpending("ldof"), 0.025, [0.5, 1.0])
    >>> found = bounds_with_futility(
    ...     upper, [0.5, 1.0], alpha=0.025, beta=0.1, beta_spending=ErrorSpending("hsd", -2.0),
    ...     binding=False,
    ... )
    >>> found.lower.round(4).tolist(), round((found.drift / fixed_drift(0.025, 0.1)) ** 2, 4)
    ([0.4064, 1.9686], 1.0377)
    """
    never = np.full(len(times), _NEVER)
    alpha_steps = crossing_probabilities(times, never.tolist(), upper.tolist())[0]
    beta_steps = np.diff(beta_spending.spent(beta, times), prepend=0.0)

    def both(drift: float) -> tuple[Float[np.ndarray, " look"], Float[np.ndarray, " look"]]:
        high = None if binding else upper
        return _walk(times, alpha_steps, beta_steps, drift, high)

    def gap(drift: float) -> float:
        high, low = both(drift)
        return float(np.clip(low[-1] - high[-1], -1e3, 1e3))

    start = fixed_drift(alpha, beta)
    drift = _solve(gap, 0.5 * start, 3.0 * start + 3.0)
    high, low = both(drift)
    low[-1] = high[-1]
    return Bounds(high, low, drift)


def _walk(
    times: Sequence[float],
    alpha_steps: Float[np.ndarray, " look"],
    beta_steps: Float[np.ndarray, " look"],
    drift: float,
    given: Float[np.ndarray, " look"] | None,
) -> tuple[Float[np.ndarray, " look"], Float[np.ndarray, " look"]]:
    """Find both bounds look by look at a drift; upper bounds may be given."""
    high, low = np.full(len(times), np.inf), np.full(len(times), _NEVER)
    null, hoped = SequentialDensity.start(), SequentialDensity.start()
    for look, time in enumerate(times):
        wanted = float(alpha_steps[look])
        high[look] = null.bound_above(wanted, time) if given is None else given[look]
        low[look] = hoped.bound_below(float(beta_steps[look]), time, drift)
        if look + 1 == len(times):
            break
        low[look] = min(low[look], high[look])
        limits = {"low": float(low[look]), "high": float(high[look]), "next_time": times[look + 1]}
        hoped = hoped.advance(time, **limits, drift=drift)
        if given is None:
            null = null.advance(time, **limits)
    return high, low


def _one_constant(shape: float, alpha: float, times: Sequence[float]) -> Float[np.ndarray, " look"]:
    form = np.asarray(times, float) ** shape
    never = [_NEVER] * len(times)

    def lacking(constant: float) -> float:
        high = (constant * form).tolist()
        return float(np.log(crossing_probabilities(times, never, high)[0].sum() / alpha))

    from scipy.special import ndtri

    least = float(-ndtri(alpha))
    return np.asarray(
        form * _solve(lacking, least - 1e-9, -float(ndtri(alpha / len(times))) + 1e-9)
    )


def _solve(function: Callable[[float], float], low: float, high: float) -> float:
    from scipy.optimize import brentq

    if function(low) * function(high) > 0.0:
        raise DesignError(
            "no group-sequential trial has these errors and looks. Fix: spend less of beta early, "
            "plan fewer looks, or give alpha and beta whose sum is well below 1"
        )
    return float(brentq(function, low, high, xtol=1e-11, rtol=1e-12))
