"""Read a simulated population the way papers report one: bands, peaks and levels on a day."""

import re
from typing import Final

import numpy as np
from jaxtyping import Float

from progenitor.library._population import Population

__all__ = [
    "area_to_day",
    "bands",
    "decline_half_life",
    "level_on_day",
    "peak",
    "rise_doubling_time",
    "trough",
]

_TAIL: Final = 0.05
_DAY: Final = re.compile(r"_day_(\d+)\Z")


def bands(symbol: str, values: Float[np.ndarray, " patient"]) -> dict[str, float]:
    r"""Return the geometric mean and the 5 % and 95 % quantiles of patients that have a value.

    .. math:: g = \exp\Bigl(\frac1n\sum_i \ln x_i\Bigr)

    Parameters
    ----------
    symbol
        Of the mean; the quantiles get ``_low`` and ``_high`` behind it.
    values
        One per patient, above 0; NaN is left out.

    Examples
    --------
    >>> found = bands("peak", np.array([1.0, np.nan, 4.0]))
    >>> round(found["peak"], 6), round(found["peak_high"], 2)
    (2.0, 3.85)
    """
    known = values[np.isfinite(values) & (values > 0.0)]
    low, high = np.quantile(known, [_TAIL, 1.0 - _TAIL])
    mean = float(np.exp(np.log(known).mean()))
    return {symbol: mean, f"{symbol}_low": float(low), f"{symbol}_high": float(high)}


def peak(
    population: Population, observable: str
) -> tuple[Float[np.ndarray, " patient"], Float[np.ndarray, " patient"]]:
    """Return the highest value of every patient and the day it was seen.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> level, day = peak(simulate_population("stein_2019", patients=2, seed=1), "level")
    >>> bool((level > 0.0).all()), bool((day > 0.0).all())
    (True, True)
    """
    values = population.of(observable)
    place = np.nanargmax(values, axis=1)
    row = np.arange(len(values))
    return values[row, place], population.times[row, place]


def trough(
    population: Population, observable: str
) -> tuple[Float[np.ndarray, " patient"], Float[np.ndarray, " patient"]]:
    """Return the lowest value of every patient and the day it was seen.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> level, day = trough(simulate_population("stein_2019", patients=2, seed=1), "level")
    >>> bool((level > 0.0).all()), bool((day >= 0.0).all())
    (True, True)
    """
    values = population.of(observable)
    place = np.nanargmin(values, axis=1)
    row = np.arange(len(values))
    return values[row, place], population.times[row, place]


def rise_doubling_time(
    population: Population, observable: str, start: Float[np.ndarray, " patient"]
) -> Float[np.ndarray, " patient"]:
    r"""Return the doubling time between the first two looks at or after a day of each patient.

    .. math:: t_2 = \frac{\ln 2\,\Delta}{\ln(C_2/C_1)}

    Patients that do not rise there are NaN.

    Parameters
    ----------
    population, observable
        What was looked at.
    start
        The day of each patient.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> population = simulate_population("stein_2019", patients=1, seed=1, typical=True)
    >>> round(float(rise_doubling_time(population, "level", np.zeros(1))[0]), 3)
    0.78
    """
    place = np.argmax(population.times >= start[:, None], axis=1)
    return -_halving(population, observable, place)


def decline_half_life(
    population: Population, observable: str, start: Float[np.ndarray, " patient"]
) -> Float[np.ndarray, " patient"]:
    r"""Return the half-life between the first two looks after a day of each patient.

    .. math:: t_{1/2} = \frac{\ln 2\,\Delta}{\ln(C_1/C_2)}

    Patients that do not fall there, or are not looked at twice after it, are NaN.

    Parameters
    ----------
    population, observable
        What was looked at.
    start
        The day of each patient.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> population = simulate_population("stein_2019", patients=1, seed=1, typical=True)
    >>> round(float(decline_half_life(population, "level", np.array([363.0]))[0]))
    217
    """
    place = np.argmax(population.times > start[:, None], axis=1)
    return _halving(population, observable, place)


def _halving(
    population: Population, observable: str, place: np.ndarray
) -> Float[np.ndarray, " patient"]:
    """Return the time of halving between a look and the next; below 0 where it doubles."""
    values, row = population.of(observable), np.arange(len(place))
    last = values.shape[1] - 1
    first, second = np.minimum(place, last), np.minimum(place + 1, last)
    gap = population.times[row, second] - population.times[row, first]
    with np.errstate(divide="ignore", invalid="ignore"):
        halving = np.log(2.0) * gap / np.log(values[row, first] / values[row, second])
    return np.where(np.isfinite(halving) & (gap > 0.0), halving, np.nan)


def level_on_day(population: Population, observable: str, symbol: str) -> float:
    """Return the median over patients on the day a symbol ends with, on the line between looks.

    Parameters
    ----------
    population, observable
        What was looked at.
    symbol
        Ends with ``_day_`` and the day.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> population = simulate_population("stein_2019", patients=1, seed=1, typical=True)
    >>> round(level_on_day(population, "level", "observed_level_day_28"))
    1374
    """
    day, values = _day(symbol), population.of(observable)
    levels = [
        np.interp(day, time, value) for time, value in zip(population.times, values, strict=True)
    ]
    return float(np.nanmedian(levels))


def area_to_day(population: Population, observable: str, symbol: str) -> float:
    r"""Return the median over patients of the area from day 0 to the day a symbol ends with.

    .. math:: A = \int_0^{d} C\,dt

    By trapezoids over the looks up to that day.

    Parameters
    ----------
    population, observable
        What was looked at.
    symbol
        Ends with ``_day_`` and the day.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> population = simulate_population("stein_2019", patients=1, seed=1, typical=True)
    >>> round(area_to_day(population, "level", "observed_area_to_day_28"), -3)
    172000.0
    """
    day, values = _day(symbol), population.of(observable)
    areas = [
        np.trapezoid(value[time <= day], time[time <= day])
        for time, value in zip(population.times, values, strict=True)
    ]
    return float(np.nanmedian(areas))


def _day(symbol: str) -> float:
    found = _DAY.search(symbol)
    if found is None:
        raise ValueError(f"'{symbol}' does not end with '_day_' and a number")
    return float(found[1])
