"""A population as a trial sees it: percentiles on visit days, and kinetics from those samples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.documents import suggestion
from progenitor.errors import InputError, Problem
from progenitor.kinetics import (
    KineticsRules,
    Metric,
    MetricSummary,
    Profiles,
    analyse_kinetics,
    summarise_metric,
)
from progenitor.library._population import Population

__all__ = [
    "PERCENTILES",
    "Seen",
    "checked_visits",
    "metrics_of",
    "percentiles_at",
    "sample_days",
    "visit_days",
]

PERCENTILES: Final = (5.0, 25.0, 50.0, 75.0, 95.0)
"""What is told of the patients on each visit."""

_CLOSE: Final = 14.0
"""Days after the start of which none is left out."""
_SCHEDULE: Final = (17, 21, 24, 28, 35, 42, 49, 56, 70, 90, 120, 150, 180, 225, 270, 315, 365)
"""Visits after those days; then every quarter."""
_QUARTER: Final = 91.0
_FEWEST: Final = 15
_EXPANSION: Final = 28.0
"""Days after the start within which a peak is looked for closely."""
_HALF_DAY: Final = 0.5


@final
@dataclass(frozen=True, slots=True)
class Seen:
    """One metric over the patients of a population.

    Parameters
    ----------
    title, unit
        As a table prints them.
    summary
        Geometric mean, coefficient of variation and percentiles.
    """

    title: str
    unit: str
    summary: MetricSummary


def visit_days(last: float) -> tuple[float, ...]:
    """Return days on which patients are seen: often at first, rarely later, and on the last.

    Every day for two weeks, then at longer and longer intervals, every quarter after a year; a
    model that is followed for less than two weeks is looked at fifteen times.

    Parameters
    ----------
    last
        Day of the last visit.

    Raises
    ------
    InputError
        When it is not a day after the start.

    Examples
    --------
    >>> visit_days(28.0)[-6:]
    (13.0, 14.0, 17.0, 21.0, 24.0, 28.0)
    >>> visit_days(7.0)[:3]
    (0.0, 0.5, 1.0)
    """
    if not (np.isfinite(last) and last > 0.0):
        raise InputError([Problem(f"the last day is {last:g}", "give a day after the start")])
    if last < _CLOSE:
        return tuple(np.linspace(0.0, last, _FEWEST).tolist())
    days = [*np.arange(_CLOSE + 1.0).tolist(), *map(float, _SCHEDULE)]
    days += np.arange(days[-1] + _QUARTER, last - _CLOSE, _QUARTER).tolist()
    return (*(day for day in days if day < last), float(last))


def sample_days(visits: Sequence[float]) -> tuple[float, ...]:
    """Return visits with a sample every half day of the first four weeks between them.

    Peaks are sharp: seen once a day, that of a patient is missed by some percent.

    Parameters
    ----------
    visits
        Days in order.

    Examples
    --------
    >>> sample_days([0.0, 1.0, 2.0, 90.0])[:4], len(sample_days([0.0, 90.0]))
    ((0.0, 0.5, 1.0, 1.5), 58)
    """
    last = min(visits[-1], _EXPANSION)
    close = np.arange(0.0, last + _HALF_DAY / 2.0, _HALF_DAY)
    return tuple(np.unique(np.concatenate([close, visits])).tolist())


def percentiles_at(
    population: Population, visits: Sequence[float]
) -> dict[str, Float[np.ndarray, "percentile visit"]]:
    """Return the percentiles of each observable over the patients that were solved.

    Parameters
    ----------
    population
        Patients that were looked at on the same days, those of the visits among them.
    visits
        Days of which to tell.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> days = np.tile([0.0, 14.0, 28.0], (9, 1))
    >>> found = simulate_population("stein_2019", patients=9, seed=1, times=days)
    >>> percentiles_at(found, [0.0, 28.0])["level"].shape
    (5, 2)
    """
    solved = population.status == 0
    if not solved.any():
        empty = np.full((len(PERCENTILES), len(visits)), np.nan)
        return dict.fromkeys(population.observables, empty)
    places = np.searchsorted(population.times[0], visits)
    return {
        name: np.asarray(np.percentile(population.of(name)[solved][:, places], PERCENTILES, axis=0))
        for name in population.observables
    }


def metrics_of(
    population: Population,
    observable: str,
    *,
    lower_limit: float = float("nan"),
    rules: KineticsRules | None = None,
) -> dict[str, Seen]:
    """Return the kinetics of an observable over the patients that were solved, by metric.

    A level of 0 is below any limit of quantification.

    Parameters
    ----------
    population
        Patients and when they were looked at.
    observable
        Which of its observables.
    lower_limit
        Limit of quantification, in the unit of the observable; NaN for none.
    rules
        How samples become metrics; by default as a kinetics analysis does.

    Raises
    ------
    InputError
        When there is no such observable; the message names the nearest.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> days = np.tile(np.arange(29.0), (9, 1))
    >>> found = simulate_population("stein_2019", patients=9, seed=1, times=days, typical=True)
    >>> float(metrics_of(found, "level")["tmax"].summary.median)
    10.0
    """
    if observable not in population.observables:
        message = f"'{observable}' is not observed in {population.model}"
        raise InputError([Problem(message, suggestion(observable, population.observables))])
    solved: Bool[np.ndarray, " patient"] = population.status == 0
    level = np.maximum(population.of(observable)[solved], 0.0)
    unit = population.units[population.observables.index(observable)]
    profiles = Profiles.of(
        population.times[solved], level, below=level == 0.0, lower_limit=lower_limit, unit=unit
    )
    found: Mapping[str, Metric] = analyse_kinetics(profiles, rules or KineticsRules()).metrics
    return {
        name: Seen(metric.title, metric.unit, summarise_metric(metric))
        for name, metric in found.items()
    }


def checked_visits(days: Sequence[float], last: float) -> tuple[float, ...]:
    """Return visits asked for, in order and once each; complain about what is none.

    Parameters
    ----------
    days
        As asked.
    last
        Day to which the model is followed.

    Raises
    ------
    InputError
        When a day is before the start, after the last or no number.

    Examples
    --------
    >>> checked_visits([28.0, 0.0, 7.0], 28.0)
    (0.0, 7.0, 28.0)
    """
    wrong = [day for day in days if not 0.0 <= day <= last]
    if wrong:
        fix = f"give days from 0 to {last:g}, or follow patients for longer with --end"
        raise InputError([Problem(f"there is no visit on day {day:g}", fix) for day in wrong])
    return tuple(sorted(set(days)))
