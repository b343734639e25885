"""What kinds of readouts there are: what each needs, and how it is read from a course."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Float

from progenitor.engine.reducers import Area, Course, Crossing, Maximum

__all__ = ["KINDS", "ReadoutKind", "Window"]

Values = Float[np.ndarray, " patient"]


@final
@dataclass(frozen=True, slots=True)
class Window:
    """When and against what a readout is read; day and level are NaN where there is none.

    Parameters
    ----------
    at
        Day of the readout.
    since, until
        Window, both days included.
    level
        In the unit of the observable.
    rising
        Whether the level is reached from below.
    """

    at: float
    since: float
    until: float
    level: float
    rising: bool


@final
@dataclass(frozen=True, slots=True)
class ReadoutKind:
    """One kind of readout.

    Parameters
    ----------
    read
        Reads a course.
    unit
        The observable's unit → the readout's.
    needs
        Keys without which it cannot be read.
    may
        Keys it may have besides.
    level
        Whether it needs a level, above or below.
    happens
        Whether it is the time of an event that need not happen.
    share
        Whether it is 0 or 1 in each subject.
    """

    read: Callable[[Course, Window], Values]
    unit: Callable[[str], str]
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    level: bool = False
    happens: bool = False
    share: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key that belongs to the kind, the common ones left out."""
        return (*self.needs, *self.may, *(("above", "below") if self.level else ()))


def _at(course: Course, day: float) -> Values:
    """Return the values of a day that is looked at."""
    return course.values[:, np.searchsorted(course.times, day)]


def _value_at(course: Course, window: Window) -> Values:
    return _at(course, window.at)


def _area(course: Course, window: Window) -> Values:
    return Area("", window.since, window.until)(course)[:, 0]


def _maximum(course: Course, window: Window) -> Values:
    return Maximum("", window.since, window.until)(course)[:, 0]


def _time_of(course: Course, window: Window) -> Values:
    """Return the day of the highest value; a course that stays at zero has none."""
    found = Maximum("", window.since, window.until)(course)
    return np.where(found[:, 0] > 0.0, found[:, 1], np.nan)


def _lowest(course: Course, window: Window) -> Values:
    return -Maximum("", window.since, window.until)(Course(course.times, -course.values))[:, 0]


def _event(course: Course, window: Window) -> Values:
    within = course.within(-np.inf, window.until)
    return Crossing("", window.level, rising=window.rising, start=window.since)(within)[:, 0]


def _share(course: Course, window: Window) -> Values:
    value = _at(course, window.at)
    beyond = value >= window.level if window.rising else value <= window.level
    return np.where(np.isnan(value), np.nan, beyond)


def _fold_change(course: Course, window: Window) -> Values:
    first, last = _at(course, window.since), _at(course, window.at)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(first > 0.0, last / first, np.nan)


def _same(unit: str) -> str:
    return unit


def _days(_: str) -> str:
    return "day"


def _plain(_: str) -> str:
    return "1"


def _times_days(unit: str) -> str:
    return "day" if unit == "1" else f"{unit}*day"


_WINDOW: Final = ("since", "until")

KINDS: Final[Mapping[str, ReadoutKind]] = {
    "value_at": ReadoutKind(_value_at, _same, ("at",), ("unit", "summary")),
    "area": ReadoutKind(_area, _times_days, (), (*_WINDOW, "unit", "summary")),
    "maximum": ReadoutKind(_maximum, _same, (), (*_WINDOW, "unit", "summary")),
    "lowest": ReadoutKind(_lowest, _same, (), (*_WINDOW, "unit", "summary")),
    "time_of": ReadoutKind(_time_of, _days, (), (*_WINDOW, "summary")),
    "event": ReadoutKind(_event, _days, (), _WINDOW, level=True, happens=True),
    "chance_event": ReadoutKind(_event, _days, (), _WINDOW, happens=True),
    "share": ReadoutKind(_share, _plain, ("at",), ("after_end",), level=True, share=True),
    "fold_change": ReadoutKind(_fold_change, _plain, ("at",), ("since", "summary")),
}
"""Kinds by name."""
