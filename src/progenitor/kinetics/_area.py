"""Area under the level between two days, by trapezoids."""

from typing import Final

import numpy as np
from jaxtyping import Float

from progenitor.documents import suggestion
from progenitor.errors import InputError, Problem
from progenitor.kinetics._samples import row_sums

__all__ = ["AREA_METHODS", "area"]

AREA_METHODS: Final = ("linear", "log-down")
"""``linear``: straight lines throughout. ``log-down``: exponentials where the level falls."""

_Days = float | Float[np.ndarray, " patient"]
_Grid = Float[np.ndarray, "patient sample"]


def area(
    time: Float[np.ndarray, "patient sample"],
    level: Float[np.ndarray, "patient sample"],
    start: float | Float[np.ndarray, " patient"],
    end: float | Float[np.ndarray, " patient"],
    *,
    method: str = "linear",
) -> Float[np.ndarray, " patient"]:
    r"""Integrate the level from ``start`` to ``end``; NaN unless the samples reach over both.

    Between two samples a time :math:`\Delta` apart

    .. math::

        A = \Delta\,\frac{C_1 + C_2}{2} \qquad\text{or, falling by ``log-down'',}\qquad
        A = \Delta\,\frac{C_1 - C_2}{\ln(C_1/C_2)} \quad (C_1 > C_2 > 0)

    A limit between two samples takes the level on that line or exponential.

    Parameters
    ----------
    time, level
        Packed samples, days increasing, levels from 0 on (patient, sample).
    start, end
        Days between which to integrate, for all patients or for each.
    method
        One of :data:`AREA_METHODS`.

    Raises
    ------
    InputError
        When there is no such method.

    References
    ----------
    Gabrielsson, Weiner 2016, Pharmacokinetic and Pharmacodynamic Data Analysis, 5th edition,
    Swedish Pharmaceutical Press (both rules).

    Examples
    --------
    >>> time, level = np.array([[0.0, 2.0, 6.0]]), np.array([[0.0, 16.0, 1.0]])
    >>> area(time, level, 0.0, 4.0).tolist()
    [40.5]
    >>> falling = area(time, level, 2.0, 6.0, method="log-down")
    >>> bool(abs(falling[0] - 15.0 * 4.0 / np.log(16.0)) < 1e-12)
    True
    """
    if method not in AREA_METHODS:
        fix = suggestion(method, AREA_METHODS)
        raise InputError([Problem(f"there is no '{method}'", fix, field="method")])
    patients = time.shape[0]
    first = np.broadcast_to(np.asarray(start, dtype=float), patients)
    last = np.broadcast_to(np.asarray(end, dtype=float), patients)
    if not time.shape[1]:
        return np.full(patients, np.nan)
    left, right, high, low = time[:, :-1], time[:, 1:], level[:, :-1], level[:, 1:]
    begin = np.maximum(left, first[:, None])
    stop = np.minimum(right, last[:, None])
    inside = stop > begin
    falls = inside & (high > low) & (low > 0.0) & (method == "log-down")
    at_begin = np.where(begin == left, high, _between(left, right, high, low, begin, falls))
    at_stop = np.where(stop == right, low, _between(left, right, high, low, stop, falls))
    width = np.where(inside, stop - begin, 0.0)
    pieces = width * _mean(at_begin, at_stop, falls)
    total = row_sums(np.where(inside, pieces, 0.0))
    taken = ~np.isnan(time) & ~np.isnan(level)
    reaches = (taken & (time <= first[:, None])).any(axis=1)
    reaches &= (taken & (time >= last[:, None])).any(axis=1)
    return np.where(reaches, total, np.nan)


def _between(
    left: _Grid, right: _Grid, high: _Grid, low: _Grid, day: _Grid, falls: np.ndarray
) -> _Grid:
    """Level on a day between two samples: on the line, or on the exponential where it falls."""
    gap = right - left
    share = (day - left) / np.where(gap > 0.0, gap, 1.0)
    line = (1.0 - share) * high + share * low
    ratio = np.where(falls, low / np.where(falls, high, 1.0), 1.0)
    return np.asarray(np.where(falls, high * ratio**share, line))


def _mean(first: _Grid, second: _Grid, falls: np.ndarray) -> _Grid:
    """Mean level between two: arithmetic, or logarithmic where it falls."""
    falling = falls & (first > second) & (second > 0.0)
    high, low = np.where(falling, first, 2.0), np.where(falling, second, 1.0)
    near = high < 2.0 * low
    excess = np.where(near, (high - low) / np.where(near, low, 1.0), 1.0)
    apart = np.where(near, np.log1p(excess), np.log(high) - np.log(low))
    return np.where(falling, (high - low) / apart, (first + second) / 2.0)
