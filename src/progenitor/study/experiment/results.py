"""What a finished experiment hands to its report and the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, final

import numpy as np
from jaxtyping import Float

from progenitor.evidence import Ledger
from progenitor.study.experiment.animal_results import AnimalTrialOutcome
from progenitor.study.results import Band, Estimate, PublishedComparison

__all__ = [
    "NOT_SEPARATED",
    "ArmOutcome",
    "ArmWords",
    "EventOutcome",
    "ExpectationOutcome",
    "ExperimentResult",
    "FactorialOutcome",
    "MapAxis",
    "MapOutcome",
    "Mover",
    "PairOutcome",
    "StructureOutcome",
]

NOT_SEPARATED: Final = "not separated"
"""What a comparison favours whose interval holds no effect; no arm can be called this."""


@final
@dataclass(frozen=True, slots=True)
class ArmWords:
    """What an arm is, in words for the table of arms."""

    chassis: str
    given: tuple[str, ...]
    conditioning: str
    changes: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True)
class EventOutcome:
    """An event in the subjects of an arm: days from the beginning of its window.

    Parameters
    ----------
    time
        To the event or the end of follow-up, (subject,); NaN for failed simulations.
    event
        1 for the event, 0 for the end of follow-up, (subject,).
    by_end
        Share of subjects with the event by the end of the window (Kaplan–Meier).
    median
        Median time; infinite where fewer than half have the event.
    """

    time: Float[np.ndarray, " subject"]
    event: Float[np.ndarray, " subject"]
    by_end: Estimate
    median: Estimate


@final
@dataclass(frozen=True, slots=True)
class ArmOutcome:
    """Everything one arm produced; ``readouts`` holds the share by the end for events.

    ``changes`` holds tumour readouts that are relative to a beginning, subject by subject.
    """

    name: str
    title: str
    words: ArmWords
    readouts: Mapping[str, Estimate]
    events: Mapping[str, EventOutcome]
    bands: Mapping[str, Band]
    failed: int
    changes: Mapping[str, Float[np.ndarray, " subject"]] = field(default_factory=dict)


@final
@dataclass(frozen=True, slots=True)
class PairOutcome:
    """Two arms on one readout; ``measure`` is difference, ratio or hazard_ratio.

    ``favours`` is the arm that does better, :data:`NOT_SEPARATED`, or nothing where the file does
    not say which way is good.
    """

    readout: str
    title: str
    first: str
    second: str
    measure: str
    estimate: Estimate
    favours: str = ""


@final
@dataclass(frozen=True, slots=True)
class FactorialOutcome:
    """A factorial design read out.

    Parameters
    ----------
    title, readout
        What was analysed.
    factors
        Names of the factors, in the order of ``cells``.
    scale
        difference or ratio.
    cells
        Levels of the factors (0 lower, 1 higher) → arm.
    values
        Levels → estimate of the readout.
    effects
        Main effects and interactions by their words.
    words
        Factor → what a reader calls it.
    """

    title: str
    readout: str
    factors: tuple[str, ...]
    scale: str
    levels: Mapping[str, tuple[float, float]]
    cells: Mapping[tuple[int, ...], str]
    values: Mapping[tuple[int, ...], Estimate]
    effects: Mapping[str, Estimate]
    words: Mapping[str, str] = field(default_factory=dict)


@final
@dataclass(frozen=True, slots=True)
class MapAxis:
    """One direction of a map: its title, its values for a reader, and what it changes."""

    title: str
    values: tuple[str, ...]
    source: str


@final
@dataclass(frozen=True, slots=True)
class MapOutcome:
    """A what-if map.

    Parameters
    ----------
    name, title, readout
        What was asked.
    measure
        value, difference or ratio.
    label, unit
        What is drawn.
    axes
        Two or three.
    values
        Measure at every point, in the order of the axes.
    benefit
        Share of draws in which the benefit is there, the same shape; NaN without a rule.
    rule
        What counts as benefit, in words.
    draws, subjects
        How many there were at each point.
    needed
        Values of the first axis at which half of the draws benefit, in words, in a row for each
        value of the second axis and a column for each of the third; empty where there are none.
    better
        Which way is good for the subject: higher, lower, or nothing.
    answers
        Whether the answer begins with this map.
    """

    name: str
    title: str
    readout: str
    measure: str
    label: str
    unit: str
    axes: tuple[MapAxis, ...]
    values: Float[np.ndarray, "..."]
    benefit: Float[np.ndarray, "..."]
    rule: str
    draws: int
    subjects: int
    needed: tuple[tuple[str, ...], ...]
    better: str = ""
    answers: bool = False


@final
@dataclass(frozen=True, slots=True)
class ExpectationOutcome:
    """A statement that had to hold; ``share`` of the draws in which it did."""

    statement: str
    rule: str
    found: Estimate
    met: bool
    share: float
    measure: str = "value"


@final
@dataclass(frozen=True, slots=True)
class Mover:
    """A number whose draws go with the answer: rank correlation over parameter draws."""

    id: str
    title: str
    correlation: float
    state: str
    trust: str


@final
@dataclass(frozen=True, slots=True)
class StructureOutcome:
    """The readouts and comparisons again under another structure."""

    name: str
    title: str
    words: str
    readouts: Mapping[str, Mapping[str, Estimate]]
    pairs: tuple[PairOutcome, ...]
    failed: int


@final
@dataclass(frozen=True, slots=True)
class ExperimentResult:
    """A finished experiment: what was asked, what came out, what is weak, how to repeat it.

    ``movers_floor`` is the correlation that chance alone exceeds once in twenty such searches.
    """

    name: str
    title: str
    subjects_words: str
    question: Mapping[str, str]
    study_text: str
    study_path: Path
    run_dir: Path
    digest: str
    seed: int
    draws: int
    subjects: int
    simulations: int
    failed: int
    status_counts: Mapping[str, int]
    seconds: float
    solving_seconds: float
    headline: str
    weaknesses: tuple[str, ...]
    readout_titles: Mapping[str, str]
    arms: Mapping[str, ArmOutcome]
    pairs: tuple[PairOutcome, ...]
    factorials: tuple[FactorialOutcome, ...]
    maps: tuple[MapOutcome, ...]
    expectations: tuple[ExpectationOutcome, ...]
    comparisons: tuple[PublishedComparison, ...]
    structures: tuple[StructureOutcome, ...]
    movers: tuple[Mover, ...]
    movers_floor: float
    movers_of: str
    ledger: Ledger
    references: tuple[str, ...]
    solver: Mapping[str, Any]
    versions: Mapping[str, str]
    hashes: Mapping[str, str]
    ended: Mapping[str, str] = field(default_factory=dict)
    animal_trial: AnimalTrialOutcome | None = None
