"""Every metric of every patient."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.errors import InputError, Problem
from progenitor.kinetics._area import area
from progenitor.kinetics._definitions import definitions
from progenitor.kinetics._expansion import doubling_time, fold_expansion, rise_line
from progenitor.kinetics._landmarks import Landmarks, landmarks
from progenitor.kinetics._line import Line
from progenitor.kinetics._metric import Metric, judged
from progenitor.kinetics._persistence import present_on, time_below_limit
from progenitor.kinetics._phases import Phases, half_life, phases_of
from progenitor.kinetics._profiles import Profiles
from progenitor.kinetics._reason import Reason
from progenitor.kinetics._rules import KineticsRules
from progenitor.kinetics._samples import packed
from progenitor.kinetics._terminal import terminal_line

__all__ = ["Kinetics", "analyse_kinetics"]

_USUAL: Final = KineticsRules()
_Where = Bool[np.ndarray, " patient"]
_Values = Float[np.ndarray, " patient"]
_Reasons = tuple[tuple[_Where, Reason], ...]


@final
@dataclass(frozen=True, slots=True)
class Kinetics:
    """What :func:`analyse_kinetics` found.

    Parameters
    ----------
    profiles
        The samples.
    rules
        The choices made.
    metrics
        By name, in the order of a table.
    phases
        The fall of each patient.
    rise, terminal
        Lines behind the doubling time and the terminal half-life.
    assumed_start
        Patients without a sample on day 0, whose areas begin at 0 (patient,).
    """

    profiles: Profiles
    rules: KineticsRules
    metrics: Mapping[str, Metric]
    phases: Phases
    rise: Line
    terminal: Line
    assumed_start: Bool[np.ndarray, " patient"]


@final
@dataclass(frozen=True, slots=True)
class _Course:
    """What several metrics share."""

    profiles: Profiles
    rules: KineticsRules
    marks: Landmarks
    time: Float[np.ndarray, "patient sample"]
    level: Float[np.ndarray, "patient sample"]
    absent: _Reasons

    def metric(self, name: str, values: _Values, *reasons: tuple[_Where, Reason]) -> Metric:
        """Put values, their definition and the reasons against them together."""
        known, why = judged(values, *reasons)
        defined = definitions(self.rules)[name]
        unit = defined.unit(self.profiles.unit)
        return Metric(name, defined.title, unit, defined.text, defined.kind, known, why)


def analyse_kinetics(profiles: Profiles, rules: KineticsRules = _USUAL) -> Kinetics:
    r"""Find the metrics of cellular kinetics without a compartment model.

    * ``cmax``, ``tmax``: highest quantifiable level and its first day.
    * ``clast``, ``tlast``: last quantifiable level and its day, whatever happened in between;
      ``quantifiable_at_end`` is 1 where that is the last sample, so that Tlast is a lower bound.
    * ``auc_0_28``, ``auc_0_last``, ``auc_<a>_<b>``: areas by :func:`~progenitor.kinetics.area`,
      with samples below the limit as ``rules.blq`` says.
    * ``doubling_time``: :math:`\ln 2` over the least-squares slope of :math:`\ln C` from the last
      lowest quantifiable sample before the peak to the peak.
    * ``fold_expansion``: peak over that lowest level; ``fold_from_dose``: peak over the level the
      dose alone would make, where it is given.
    * ``contraction_half_life``, ``persistence_half_life``, ``phase_change``: one or two log-linear
      phases after the peak, see :func:`~progenitor.kinetics.phases_of`.
    * ``terminal_half_life``: last samples after the peak, by the best adjusted R².
    * ``time_below_limit``: days below the limit between the first and the last sample.
    * ``persistent_<d>``: whether cells are quantifiable on day d.

    Parameters
    ----------
    profiles
        The samples of each patient.
    rules
        Choices; by default those of :class:`KineticsRules`.

    Returns
    -------
    Kinetics
        Every metric, NaN with a reason where a patient has none.

    Raises
    ------
    InputError
        When the rule needs a limit of quantification that is not known.

    References
    ----------
    Mueller et al. 2018, Clinical Cancer Research 24:6175, doi:10.1158/1078-0432.CCR-18-0758
    (parameters as defined for tisagenlecleucel). Gabrielsson, Weiner 2016, Pharmacokinetic and
    Pharmacodynamic Data Analysis, 5th edition, Swedish Pharmaceutical Press.

    Examples
    --------
    >>> days = np.array([0.0, 3.0, 7.0, 14.0, 21.0, 28.0])
    >>> level = np.array([[2.0, 8.0, 128.0, 32.0, 8.0, 2.0], [np.nan] * 6])
    >>> found = analyse_kinetics(Profiles.of(days, level, lower_limit=1.0, unit="cell/uL"))
    >>> {name: float(found.metrics[name].values[0].round(6)) for name in ("cmax", "tmax")}
    {'cmax': 128.0, 'tmax': 7.0}
    >>> half_life = found.metrics["contraction_half_life"]
    >>> half_life.values.round(6).tolist(), half_life.unit, half_life.reason(1).words
    ([3.5, nan], 'day', 'no sample after the infusion')
    """
    _require_limits(profiles, rules)
    level, found = profiles.level, profiles.found
    marks = landmarks(level, found)
    stands = rules.blq.levels(level, profiles.below, profiles.limit)
    time, heights = packed(~np.isnan(stands), profiles.time, stands)
    late = np.isnan(time[:, 0]) | (time[:, 0] > 0.0)
    if rules.start == "zero":
        time, heights = _from_zero(time, late), _from_zero(heights, late)
    sampled = np.any(profiles.taken, axis=1)
    absent = ((~sampled, Reason.NOT_SAMPLED), (~marks.any, Reason.NEVER_QUANTIFIABLE))
    course = _Course(profiles, rules, marks, time, heights, absent)
    phases = phases_of(profiles.time, level, marks, contraction=rules.contraction)
    rise = rise_line(profiles.time, level, found, marks)
    terminal = terminal_line(profiles.time, level, marks)
    metrics = [
        *_landmark_metrics(course),
        *_areas(course),
        *_expansion(course, rise),
        *_fall(course, phases, terminal),
        *_lasting(course),
    ]
    begins = late & marks.any & (rules.start == "zero")
    return Kinetics(profiles, rules, {m.name: m for m in metrics}, phases, rise, terminal, begins)


def _require_limits(profiles: Profiles, rules: KineticsRules) -> None:
    unknown = (profiles.below & np.isnan(profiles.limit)).any(axis=1)
    if rules.blq.needs_limit and unknown.any():
        names = [profiles.patients[row] for row in np.flatnonzero(unknown)[:5]]
        message = f"BLQ rule '{rules.blq.name}' needs the limit of quantification, which is not "
        message += f"known for {int(unknown.sum())} patients ({', '.join(names)} …)"
        fix = "give the limit, or a rule that needs none, such as profile or m1"
        raise InputError([Problem(message, fix, field="blq")])


def _from_zero(
    grid: Float[np.ndarray, "patient sample"], late: _Where
) -> Float[np.ndarray, "patient longer"]:
    """Put a 0 before the rows that have no sample on day 0."""
    added = np.concatenate([np.where(late, 0.0, np.nan)[:, None], grid], axis=1)
    return packed(np.ones_like(added, dtype=bool) & ~np.isnan(added), added)[0]


def _landmark_metrics(course: _Course) -> Iterator[Metric]:
    marks, profiles = course.marks, course.profiles
    rows = np.arange(len(profiles.patients))
    end = np.maximum(profiles.taken.sum(axis=1) - 1, 0)
    yield course.metric("cmax", profiles.level[rows, marks.peak], *course.absent)
    yield course.metric("tmax", profiles.time[rows, marks.peak], *course.absent)
    yield course.metric("clast", profiles.level[rows, marks.last], *course.absent)
    yield course.metric("tlast", profiles.time[rows, marks.last], *course.absent)
    still = profiles.found[rows, end].astype(float)
    yield course.metric("quantifiable_at_end", still, course.absent[0])


def _areas(course: _Course) -> Iterator[Metric]:
    rules, marks, profiles = course.rules, course.marks, course.profiles
    rows = np.arange(len(profiles.patients))
    last = np.where(marks.any, profiles.time[rows, marks.last], np.nan)
    asked: list[tuple[str, float, float | _Values]] = [
        (f"auc_{first:g}_{end:g}", first, end)
        for first, end in dict.fromkeys([(0.0, rules.auc_end), *rules.partial])
    ]
    asked.insert(1, ("auc_0_last", 0.0, last))
    for name, first, end in asked:
        found = area(course.time, course.level, first, end, method=rules.area)
        begun = np.any(course.time <= first, axis=1)
        unknown = (~begun, Reason.STARTS_LATE), (np.isnan(found), Reason.ENDS_EARLY)
        yield course.metric(name, found, *course.absent, *unknown)


def _expansion(course: _Course, rise: Line) -> Iterator[Metric]:
    unseen = (rise.count < 2, Reason.NO_RISE)
    yield course.metric("doubling_time", doubling_time(rise), *course.absent, unseen)
    fold = fold_expansion(course.profiles.level, course.marks)
    yield course.metric("fold_expansion", fold, *course.absent, unseen)
    dose = course.profiles.dose_level
    if np.isfinite(dose).any():
        peak = course.profiles.level[np.arange(dose.size), course.marks.peak]
        given = dose > 0.0
        fold = peak / np.where(given, dose, 1.0)
        yield course.metric("fold_from_dose", fold, *course.absent, (~given, Reason.NO_DOSE))


def _fall(course: _Course, phases: Phases, terminal: Line) -> Iterator[Metric]:
    first, second, marks = phases.contraction, phases.persistence, course.marks
    index = np.arange(course.profiles.level.shape[1])
    count = (course.profiles.found & (index >= marks.peak[:, None])).sum(axis=1)
    one = (count < 6, Reason.TOO_FEW_SAMPLES), (~phases.two, Reason.ONE_PHASE)
    yield course.metric(
        "contraction_half_life",
        half_life(first),
        *course.absent,
        (first.count < 3, Reason.TOO_FEW_SAMPLES),
        (~(first.slope < 0.0), Reason.NOT_DECLINING),
    )
    still = (~(second.slope < 0.0), Reason.NOT_DECLINING)
    yield course.metric("persistence_half_life", half_life(second), *course.absent, *one, still)
    yield course.metric("phase_change", phases.change, *course.absent, *one)
    yield course.metric(
        "terminal_half_life",
        half_life(terminal),
        *course.absent,
        (count < 4, Reason.TOO_FEW_SAMPLES),
        (terminal.count == 0, Reason.NOT_DECLINING),
    )


def _lasting(course: _Course) -> Iterator[Metric]:
    profiles = course.profiles
    unknown = np.all(np.isnan(profiles.limit) & ~profiles.below, axis=1)
    few = profiles.taken.sum(axis=1) < 2
    yield course.metric(
        "time_below_limit",
        time_below_limit(profiles),
        course.absent[0],
        (unknown, Reason.NO_LIMIT),
        (few, Reason.TOO_FEW_SAMPLES),
    )
    for day in dict.fromkeys(course.rules.days):
        begun = np.any(profiles.time <= day, axis=1)
        ended = np.any(profiles.time >= day, axis=1)
        present = present_on(profiles, day)
        yield course.metric(
            f"persistent_{day:g}",
            present,
            course.absent[0],
            (~begun, Reason.STARTS_LATE),
            (~ended, Reason.ENDS_EARLY),
            (np.isnan(present), Reason.NO_LIMIT),
        )
