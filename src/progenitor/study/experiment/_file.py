"""The experiment file as pydantic models: the one schema behind checks, editors and manual."""

from typing import Annotated, Any, Literal, final

from pydantic import BeforeValidator, Field, WithJsonSchema

from progenitor.study._quantities import Days
from progenitor.study._sections import (
    Name,
    Outputs,
    Question,
    Reference,
    Section,
    Solver,
    Text,
    Uncertainty,
    json_schema_of,
)
from progenitor.study.experiment._amount import Amount, WhatIf
from progenitor.study.experiment._animal_file import AnimalTrial

__all__ = [
    "Arm",
    "Axis",
    "Comparator",
    "Comparison",
    "EveryArm",
    "Expectation",
    "ExperimentFile",
    "Factorial",
    "Given",
    "Looks",
    "Map",
    "Readout",
    "Structure",
    "Subjects",
    "experiment_json_schema",
]

Measure = Literal["difference", "ratio", "hazard_ratio"]


@final
class Subjects(Section):
    """Who takes part: patients or animals."""

    disease: Reference
    """Disease in the catalogue."""
    host: Reference
    """Host in the catalogue: a human, or a strain of mouse."""
    per_draw: int = Field(ge=1, le=100_000)
    """Virtual subjects for every draw; each of them is followed in every arm."""


@final
class Given(Section):
    """One substance that is given: how much, and when."""

    dose: Amount
    """Amount at each time, per kilogram (cell/kg) or per subject (cell)."""
    on: list[Days] | None = Field(default=None, min_length=1, max_length=200)
    """Days on which it is given; left out, those of the arm."""


def _as_given(value: Any) -> Any:
    """Take a bare dose for a substance given on the days of the arm."""
    return value if isinstance(value, dict) else {"dose": value}


def _as_days(value: Any) -> Any:
    """Take the word none for a list of no days."""
    return [] if value == "none" else value


GivenOrDose = Annotated[
    Given,
    BeforeValidator(_as_given),
    WithJsonSchema(
        {
            "description": "A dose, given on the days of the arm; or {dose: …, on: [days]}.",
            "anyOf": [
                {"type": ["number", "string"]},
                {
                    "type": "object",
                    "properties": {
                        "dose": {"type": ["number", "string"]},
                        "on": {"type": "array", "items": {"type": "string"}},
                    },
                    "required": ["dose"],
                    "additionalProperties": False,
                },
            ],
        }
    ),
]
Conditioning = Annotated[
    list[Days],
    BeforeValidator(_as_days),
    Field(max_length=14),
    WithJsonSchema(
        {
            "description": "Days of conditioning chemotherapy, or none.",
            "anyOf": [{"const": "none"}, {"type": "array", "items": {"type": "string"}}],
        }
    ),
]


@final
class EveryArm(Section):
    """What holds in every arm unless the arm says otherwise."""

    set: dict[str, Amount] = Field(default_factory=dict, max_length=50)
    """Inputs of the model, such as switches → value."""
    numbers: dict[str, WhatIf] = Field(default_factory=dict, max_length=50)
    """Catalogue id → the value that takes the place of what would be drawn, or a multiple of it."""
    alternatives: dict[str, Reference] = Field(default_factory=dict, max_length=20)
    """Mechanism → structural alternative that takes its place."""
    conditioning: Conditioning = Field(default_factory=list)
    """Days of conditioning chemotherapy, or none."""


@final
class Arm(Section):
    """What a group of subjects lives through."""

    title: Text
    """Name of the arm in tables and figures."""
    chassis: Reference
    """Chassis in the catalogue, or none for subjects who are given no cells."""
    given: dict[str, GivenOrDose] = Field(default_factory=dict, max_length=20)
    """A phenotype of the chassis, or a species of the model such as a drug → its dose."""
    on: list[Days] = Field(default_factory=list, max_length=200)
    """Days on which it is given."""
    set: dict[str, Amount] = Field(default_factory=dict, max_length=50)
    """Inputs of the model, such as switches → value."""
    numbers: dict[str, WhatIf] = Field(default_factory=dict, max_length=50)
    """Catalogue id → the value that takes the place of what would be drawn, or a multiple of it."""
    alternatives: dict[str, Reference] = Field(default_factory=dict, max_length=20)
    """Mechanism → structural alternative that takes its place."""
    conditioning: Conditioning | None = None
    """Days of conditioning chemotherapy, or none; left out, those of every arm."""


@final
class Looks(Section):
    """When subjects are looked at; day 0 is when the experiment begins."""

    until: Days
    """Last day."""
    every: Days
    """Days between two looks."""
    plus: list[Days] = Field(default_factory=list, max_length=500)
    """Further days."""


@final
class Readout(Section):
    """One number that is read from the course of every subject."""

    title: Text
    """What it is called in tables and figures."""
    kind: Literal[
        "value_at",
        "area",
        "maximum",
        "lowest",
        "time_of",
        "event",
        "chance_event",
        "share",
        "fold_change",
    ]
    """How it is read: value_at (one day), area, maximum, lowest or time_of (the maximum) within a
    window, event (first time beyond a level), chance_event (a cumulative hazard strikes), share
    (of subjects beyond a level on a day), fold_change (between two days)."""
    observable: Reference
    """Observable of the model."""
    over: Reference | None = None
    """Observable it is divided by, such as the cells of all organs."""
    at: Days | None = None
    """Day on which it is read."""
    since: Days | None = None
    """Beginning of the window; day 0 when left out."""
    until: Days | None = None
    """End of the window; the last look when left out."""
    above: Amount | None = None
    """Level to reach from below."""
    below: Amount | None = None
    """Level to reach from above."""
    unit: str | None = Field(default=None, min_length=1, max_length=40)
    """Unit it is printed in."""
    summary: Literal["median", "mean"] = "median"
    """What is reported of the subjects of an arm."""
    after_end: Literal["counts_as_no", "left_out"] = "counts_as_no"
    """What becomes, in a share, of subjects followed no more, such as the dead."""
    better: Literal["higher", "lower"] | None = None
    """Which way is good for the subject, for the words of the answer."""


@final
class Comparison(Section):
    """Two arms held against each other on the same subjects: first − second, or first ÷ second."""

    arms: list[Reference] = Field(min_length=2, max_length=2)
    """First and second arm."""
    readout: Reference
    """Readout compared."""
    measure: Measure | None = None
    """difference, ratio, or hazard_ratio (events only, and their default)."""


@final
class Factorial(Section):
    """Switches that are on or off in every combination: main effects and interactions."""

    title: Text
    """What the figure is called."""
    factors: list[Reference] = Field(min_length=2, max_length=3)
    """Inputs under ``set``, or substances under ``given``, each with two levels over the arms."""
    readout: Reference
    """Readout analysed."""
    arms: list[Reference] | None = Field(default=None, min_length=4, max_length=8)
    """Arms of the design; left out, all arms."""
    scale: Literal["difference", "ratio"] = "difference"
    """Whether effects add up or multiply."""


@final
class Axis(Section):
    """One direction of a map."""

    title: Text
    """What the axis is called."""
    number: Reference | None = None
    """Catalogue id that takes the values; the arm it is held against has it too."""
    given: Reference | None = None
    """Substance whose dose takes the values."""
    set: Reference | None = None
    """Input that takes the values."""
    values: list[WhatIf] = Field(min_length=2, max_length=25)
    """Values, increasing."""


@final
class Map(Section):
    """A grid of what-if values, with a readout on it: what must be true for benefit."""

    title: Text
    """What the figure is called."""
    arm: Reference
    """Arm that is changed."""
    against: Reference | None = None
    """Arm it is held against."""
    readout: Reference
    """Readout on the map."""
    measure: Literal["value", "difference", "ratio"] = "value"
    """What is drawn: the readout itself, or its difference or ratio to the other arm."""
    axes: list[Axis] = Field(min_length=2, max_length=3)
    """Across, up, and panels."""
    above: Amount | None = None
    """Benefit is a measure of at least this."""
    below: Amount | None = None
    """Benefit is a measure of at most this."""
    answers: bool = False
    """Whether the answer of the report begins with where on this map there is benefit."""
    draws: int | None = Field(default=None, ge=1, le=10_000)
    """Parameter draws, at most those of the experiment, which it has when this is left out."""
    per_draw: int | None = Field(default=None, ge=1, le=100_000)
    """Subjects of each draw, at most those of the experiment, likewise."""


@final
class Expectation(Section):
    """A statement that must hold, such as a null result; checked and reported."""

    statement: Text
    """What is expected, in words."""
    readout: Reference
    """Readout it is checked on."""
    arm: Reference
    """Arm it is checked in."""
    against: Reference | None = None
    """Arm it is held against."""
    measure: Measure | None = None
    """difference, ratio or hazard_ratio to the other arm."""
    above: Amount | None = None
    """It holds from here on up."""
    below: Amount | None = None
    """It holds from here on down."""


@final
class Comparator(Section):
    """A published value beside a readout."""

    observed: Reference
    """Catalogue id of the published value."""
    readout: Reference
    """Readout it belongs to."""
    arm: Reference
    """Arm it belongs to."""
    against: Reference | None = None
    """Arm it is held against, where the published value compares two."""
    measure: Measure | None = None
    """difference, ratio or hazard_ratio to the other arm."""


@final
class Structure(Section):
    """A set of structural alternatives under which the experiment is repeated."""

    title: Text
    """What it is called in the table."""
    alternatives: dict[str, Reference] = Field(min_length=1, max_length=20)
    """Mechanism → structural alternative that takes its place."""


@final
class ExperimentFile(Section):
    """An experiment in patients or animals: arms, looks, readouts and what is made of them."""

    experiment: Name
    """Name of the experiment; it begins the name of the run folder."""
    title: Text
    """Title in the report."""
    question: Question
    seed: int = Field(ge=0, le=2**63 - 1)
    """Seed of all random streams: same seed, same numbers."""
    uncertainty: Uncertainty
    subjects: Subjects
    every_arm: EveryArm = Field(default_factory=EveryArm)
    arms: dict[Name, Arm] = Field(min_length=1, max_length=12)
    """Arms by name; the same subjects live through all of them."""
    looks: Looks
    ends: list[Reference] = Field(default_factory=list, max_length=5)
    """Event readouts after which a subject is followed no more, such as death."""
    curves: list[Reference] = Field(default_factory=list, max_length=20)
    """Observables drawn over time; those of the readouts when left out."""
    readouts: dict[Name, Readout] = Field(min_length=1, max_length=40)
    """Readouts by name, the most important first."""
    comparisons: list[Comparison] = Field(default_factory=list, max_length=40)
    """Pairs of arms; the first gives the answer its words."""
    factorials: list[Factorial] = Field(default_factory=list, max_length=10)
    """Factorial analyses."""
    maps: dict[Name, Map] = Field(default_factory=dict, max_length=10)
    """What-if maps by name."""
    expectations: list[Expectation] = Field(default_factory=list, max_length=40)
    """Statements that must hold."""
    comparators: list[Comparator] = Field(default_factory=list, max_length=100)
    """Published values shown beside the simulation."""
    structures: dict[Name, Structure] = Field(default_factory=dict, max_length=10)
    """Alternative sets under which everything is repeated (structure risk)."""
    animal_trial: AnimalTrial | None = None
    """A study in mice, planned and conducted many times on the simulated ones."""
    solver: Solver = Field(default_factory=Solver)
    outputs: Outputs = Field(default_factory=Outputs)


def experiment_json_schema() -> str:
    """Return the JSON Schema of experiment files, which gives editors completion and checks.

    Examples
    --------
    >>> '"$schema"' in experiment_json_schema()
    True
    """
    return json_schema_of(ExperimentFile)
