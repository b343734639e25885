"""One simulated trial as plain arrays, for writers of other tools' tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np
from jaxtyping import Float, Int, Shaped

__all__ = ["ExportedDoses", "ExportedEvents", "ExportedLevels", "ExportedScores", "ExportedTrial"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class ExportedEvents:
    """Times to one kind of event.

    Parameters
    ----------
    code, label
        Short name (8 letters and digits) and words.
    start
        What days are counted from.
    time
        Days to the event or censoring; NaN for subjects outside the analysis (subject,).
    event
        1 for the event, 0 for censoring (subject,).
    words
        What happened (subject,).
    """

    code: str
    label: str
    start: str
    time: Float[np.ndarray, " subject"]
    event: Float[np.ndarray, " subject"]
    words: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True, eq=False)
class ExportedScores:
    """One judgement of each subject, such as the best response; ``text`` is empty where none."""

    code: str
    label: str
    value: Float[np.ndarray, " subject"]
    text: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True, eq=False)
class ExportedLevels:
    """Levels of something over days.

    Parameters
    ----------
    code, label, unit
        Short name, words, unit.
    what
        ``concentration`` of a product, or ``tumour``.
    limit
        Lower limit of quantification; NaN where there is none.
    days
        Days (time,).
    values
        NaN where there is no sample (subject, time).
    """

    code: str
    label: str
    unit: str
    what: str
    limit: float
    days: Float[np.ndarray, " time"]
    values: Float[np.ndarray, "subject time"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class ExportedDoses:
    """What each subject is given of one substance on one day; NaN for nothing."""

    code: str
    label: str
    unit: str
    day: float
    amount: Float[np.ndarray, " subject"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class ExportedTrial:
    """One simulated trial.

    Parameters
    ----------
    study, title
        Name and title of the study.
    words
        Which trial, and what its subjects are.
    digest, seed
        Of the run.
    arms
        Code and title of each arm.
    arm
        Position of each subject's arm (subject,).
    subjects
        Identifier of each subject, unlike any other.
    facts
        Name of a subject-level variable → one value for each subject; booleans for flags.
    events, scores, levels, doses
        What happened, was judged, measured and given.
    results
        What the trial itself concluded, by name: the look at which it stopped, the dose it chose.
    """

    study: str
    title: str
    words: str
    digest: str
    seed: int
    arms: tuple[tuple[str, str], ...]
    arm: Int[np.ndarray, " subject"]
    subjects: tuple[str, ...]
    facts: Mapping[str, Shaped[np.ndarray, " subject"] | tuple[Any, ...]]
    events: tuple[ExportedEvents, ...]
    scores: tuple[ExportedScores, ...]
    levels: tuple[ExportedLevels, ...]
    doses: tuple[ExportedDoses, ...]
    results: Mapping[str, Any] = field(default_factory=dict)
