r"""The survival of one individual's line under rates that are known at some times.

Rates are monotone cubics between the times; L = log(1 + J) is carried from panel to panel as in
:mod:`progenitor.engine._birth_death_kernels`.

References
----------
Fritsch, Butland. A method for constructing local monotone piecewise cubic interpolants. SIAM J Sci
Stat Comput 1984;5:300-304, doi:10.1137/0905021.
"""

import math
from typing import Final

import numpy as np
from jaxtyping import Float

from progenitor.engine._compiled import compiled, compiled_part

__all__ = ["line_hazards"]

_Curves = Float[np.ndarray, "patient time"]
_Curve = Float[np.ndarray, " time"]
_Cubic = tuple[float, float, float, float]

_GAUSS: Final = ((0.5 - 0.15**0.5, 5.0 / 18.0), (0.5, 8.0 / 18.0), (0.5 + 0.15**0.5, 5.0 / 18.0))
_PANEL: Final = 0.5
"""Greatest expected number of births and deaths of an individual within one panel."""
_MOST_PANELS: Final = 100_000
_STEEPEST: Final = 3.0


@compiled
def line_hazards(times: _Curves, birth: _Curves, death: _Curves, hazards: _Curves) -> None:
    """Write L of each patient at each time up to the first that is not known.

    Examples
    --------
    >>> times, hazards = np.array([[0.0, 1.0]]), np.zeros((1, 2))
    >>> line_hazards(times, 0.0 * times, 0.0 * times + 0.5, hazards)
    >>> hazards.round(6).tolist()
    [[0.0, 0.5]]
    """
    for patient in range(times.shape[0]):
        length = 0
        while length < times.shape[1] and math.isfinite(
            times[patient, length] + birth[patient, length] + death[patient, length]
        ):
            length += 1
        if length > 0:
            _line(
                times[patient, :length],
                birth[patient, :length],
                death[patient, :length],
                hazards[patient],
            )


@compiled_part
def _line(times: _Curve, birth: _Curve, death: _Curve, hazards: _Curve) -> None:
    rho, hazard = 0.0, 0.0
    hazards[0] = 0.0
    for k in range(len(times) - 1):
        step = times[k + 1] - times[k]
        deaths, births = _cubic(times, death, k), _cubic(times, birth, k)
        excess = (
            deaths[0] - births[0],
            deaths[1] - births[1],
            deaths[2] - births[2],
            deaths[3] - births[3],
        )
        most = max(birth[k], birth[k + 1]) + max(death[k], death[k + 1])
        panels = min(max(math.ceil(most * step / _PANEL), 1), _MOST_PANELS)
        for panel in range(panels):
            start = _integral(excess, panel / panels)
            extinct = 0.0
            for place, weight in _GAUSS:
                at = (panel + place) / panels
                rate = deaths[0] + at * (deaths[1] + at * (deaths[2] + at * deaths[3]))
                extinct += weight * rate * math.exp(step * (_integral(excess, at) - start))
            share = math.exp(min(rho - hazard, 0.0))
            hazard += math.log1p(share * max(extinct, 0.0) * step / panels)
            rho += step * (_integral(excess, (panel + 1) / panels) - start)
        hazards[k + 1] = hazard


@compiled_part
def _integral(cubic: _Cubic, end: float) -> float:
    """Integral of a cubic from 0."""
    return end * (cubic[0] + end * (cubic[1] / 2 + end * (cubic[2] / 3 + end * cubic[3] / 4)))


@compiled_part
def _cubic(times: _Curve, values: _Curve, k: int) -> _Cubic:
    """Coefficients of the cubic on a step, lowest power first, the step being 1 long."""
    step: float = times[k + 1] - times[k]
    rise: float = values[k + 1] - values[k]
    first, last = step * _slope(times, values, k), step * _slope(times, values, k + 1)
    start: float = values[k]
    return start, first, 3.0 * rise - 2.0 * first - last, first + last - 2.0 * rise


@compiled_part
def _slope(times: _Curve, values: _Curve, k: int) -> float:
    """Slope at a time: a weighted harmonic mean inside, flat at extremes, one-sided at the ends."""
    last = len(times) - 1
    if last == 1:
        only: float = (values[1] - values[0]) / (times[1] - times[0])
        return only
    if k == 0:
        return _end_slope(times, values, 0, 1, 2)
    if k == last:
        return _end_slope(times, values, last, last - 1, last - 2)
    left_step: float = times[k] - times[k - 1]
    right_step: float = times[k + 1] - times[k]
    left = (values[k] - values[k - 1]) / left_step
    right = (values[k + 1] - values[k]) / right_step
    if left * right <= 0.0:
        return 0.0
    before, after = 2.0 * right_step + left_step, right_step + 2.0 * left_step
    mean: float = (before + after) / (before / left + after / right)
    return mean


@compiled_part
def _end_slope(times: _Curve, values: _Curve, end: int, one: int, two: int) -> float:
    """Slope of the parabola through three points at its end, kept monotone."""
    near, far = times[one] - times[end], times[two] - times[one]
    first = (values[one] - values[end]) / near
    second = (values[two] - values[one]) / far
    slope: float = ((2.0 * near + far) * first - near * second) / (near + far)
    if slope * first <= 0.0:
        return 0.0
    if first * second <= 0.0 and abs(slope) > _STEEPEST * abs(first):
        return float(_STEEPEST * first)
    return slope
