"""From courses to readouts: one column each, censored where a subject is followed no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.body import Body
from progenitor.engine import Trajectories, uniforms
from progenitor.engine.reducers import Course
from progenitor.study.experiment._amount import amount_in
from progenitor.study.experiment._file import ExperimentFile, Readout
from progenitor.study.experiment._plan import ExperimentPlan
from progenitor.study.experiment._readout_kinds import KINDS, Window

__all__ = ["Read", "column", "course_unit", "followed_column", "read_courses", "window_of"]

_STRUCK: Final = 1.0


@final
@dataclass(frozen=True, slots=True)
class Read:
    """What was read of some subjects.

    Parameters
    ----------
    outcomes
        Column → value, (subject,).
    followed
        Last day on which each subject is followed, (subject,).
    """

    outcomes: Mapping[str, Float[np.ndarray, " subject"]]
    followed: Float[np.ndarray, " subject"]


def column(name: str) -> str:
    """Return the column of a readout: its value, or the day of the event and NaN where none.

    Examples
    --------
    >>> column("tumour")
    'readout_tumour'
    """
    return f"readout_{name}"


def followed_column(name: str) -> str:
    """Return the column that says until when a subject was watched for an event.

    Examples
    --------
    >>> followed_column("death")
    'followed_death'
    """
    return f"followed_{name}"


def course_unit(readout: Readout, units: Mapping[str, str]) -> str:
    """Return the unit of what a readout is read from: an observable, or one over another.

    Parameters
    ----------
    readout
        The readout.
    units
        Observable → unit.

    Examples
    --------
    >>> readout = Readout(title="t", kind="maximum", observable="a", over="b")
    >>> course_unit(readout, {"a": "cell", "b": "cell"})
    '1'
    """
    unit = units[readout.observable]
    if readout.over is None:
        return unit
    return "1" if units[readout.over] == unit else f"{unit}/({units[readout.over]})"


def window_of(readout: Readout, file: ExperimentFile, unit: str) -> Window:
    """Return when and against what a readout is read.

    Parameters
    ----------
    readout, file
        The readout and its experiment.
    unit
        Of the observable.
    """
    level = readout.above if readout.above is not None else readout.below
    return Window(
        at=float("nan") if readout.at is None else readout.at,
        since=0.0 if readout.since is None else readout.since,
        until=file.looks.until if readout.until is None else readout.until,
        level=_STRUCK if level is None else amount_in(level, unit),
        rising=readout.below is None,
    )


def read_courses(
    plan: ExperimentPlan,
    body: Body,
    found: Trajectories,
    *,
    draw: Int[np.ndarray, " subject"],
    patient: Int[np.ndarray, " subject"],
) -> Read:
    r"""Read every readout of the experiment.

    A chance event strikes when a cumulative hazard, counted from the beginning of its window,
    reaches :math:`-\ln u`, with one :math:`u` per subject and event, the same in every arm. Events
    that end the follow-up are read first; courses are NaN after them.

    Parameters
    ----------
    plan, body
        The experiment, and the model that was simulated.
    found
        Courses of some subjects.
    draw, patient
        Who they are.
    """
    file = plan.file
    units = {one.name: one.unit for one in body.model.observables}
    reader = _Reader(plan, units, found, draw, patient)
    until = np.where(found.status == 0, file.looks.until, np.nan)
    until = np.fmin(until, found.stopped_at)
    ends = {name: reader.values(name, until) for name in file.ends}
    followed = until
    for day in ends.values():
        followed = np.fmin(followed, day)
    outcomes: dict[str, np.ndarray[Any, Any]] = {}
    for name, readout in file.readouts.items():
        outcomes[column(name)] = ends[name] if name in ends else reader.values(name, followed)
        if KINDS[readout.kind].happens:
            last = file.looks.until if readout.until is None else readout.until
            outcomes[followed_column(name)] = np.where(
                reader.known(name), np.minimum(followed, last), np.nan
            )
    return Read(outcomes, followed)


@final
@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the readouts of some subjects."""

    plan: ExperimentPlan
    units: Mapping[str, str]
    found: Trajectories
    draw: Int[np.ndarray, " subject"]
    patient: Int[np.ndarray, " subject"]

    def known(self, name: str) -> bool:
        """Whether the model has what a readout asks for."""
        readout = self.plan.file.readouts[name]
        wanted = [readout.observable, *([] if readout.over is None else [readout.over])]
        return all(one in self.units for one in wanted)

    def values(
        self, name: str, followed: Float[np.ndarray, " subject"]
    ) -> Float[np.ndarray, " subject"]:
        """Read one readout as long as subjects are followed."""
        file = self.plan.file
        readout = file.readouts[name]
        if not self.known(name):
            return np.full(len(followed), np.nan)
        window = window_of(readout, file, course_unit(readout, self.units))
        values = self._course(readout)
        if readout.kind == "chance_event":
            fate = -np.log(uniforms(self.plan.seed, f"event:{name}", self.draw, self.patient))
            begin = values[:, np.searchsorted(self.plan.days, window.since), np.newaxis]
            values = (values - begin) / fate[:, np.newaxis]
        values = np.where(self.plan.days <= followed[:, np.newaxis], values, np.nan)
        found = KINDS[readout.kind].read(Course(self.plan.days, values), window)
        if KINDS[readout.kind].share and readout.after_end == "counts_as_no":
            found = np.where(np.isnan(found) & (followed < window.at), 0.0, found)
        return found

    def _course(self, readout: Readout) -> Float[np.ndarray, "subject time"]:
        values = self.found.observable(readout.observable)
        if readout.over is None:
            return values
        below = self.found.observable(readout.over)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(below > 0.0, values / below, np.nan)
