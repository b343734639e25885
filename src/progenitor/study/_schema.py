"""The study file as pydantic models: the one schema behind checks, editors and documentation."""

import json
from typing import Annotated, Literal, final

from pydantic import BaseModel, ConfigDict, Field

from progenitor.study._quantities import Days, Dose, Probability

__all__ = [
    "Arm",
    "Lymphodepletion",
    "Outputs",
    "Population",
    "Product",
    "Question",
    "Regimen",
    "Solver",
    "StudyFile",
    "Trial",
    "Uncertainty",
    "Visits",
    "study_json_schema",
]

Name = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9_]*$",
        max_length=60,
        description="Small letters, digits and underscores, beginning with a letter.",
        examples=["tscm_car_t"],
    ),
]
Reference = Annotated[
    str, Field(min_length=1, description="A name given elsewhere: in this file or the catalogue.")
]
Text = Annotated[str, Field(min_length=1, max_length=4000, pattern=r"\S")]
Level = Literal["low", "medium", "high"]


class _Section(BaseModel):
    """A mapping of the study file: no unknown keys, no silent conversion, never changed."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


@final
class Question(_Section):
    """What is asked, in the words of ICH M15."""

    of_interest: Text
    """The question of interest: what somebody wants to know."""
    context_of_use: Text
    """What the answer is for, and what it must not be used for."""
    influence: Level
    """How much the answer weighs beside other evidence."""
    consequence: Level
    """How bad a wrong decision would be."""


@final
class Uncertainty(_Section):
    """How much parameter uncertainty is explored."""

    draws: int = Field(ge=1, le=10_000)
    """Parameter sets drawn from what the evidence leaves open."""


@final
class Population(_Section):
    """Who is treated."""

    disease: Reference
    """Disease in the catalogue."""
    host: Reference
    """Host in the catalogue."""
    patients_per_draw: int = Field(ge=1, le=100_000)
    """Virtual patients for every draw; each of them is followed in every arm."""


@final
class Product(_Section):
    """What is made: a recipe and the cell it makes."""

    recipe: Reference
    """Manufacturing recipe in the catalogue."""
    chassis: Reference
    """Chassis in the catalogue."""


@final
class Arm(_Section):
    """What a group of patients receives."""

    title: Text
    """Name of the arm in tables and figures."""
    product: Reference
    """One of the products of this study."""
    dose: Dose
    """Dose aimed at, in viable CAR+ cells per kilogram."""
    minimum_dose: Dose
    """Smallest dose still infused when the lot yields less."""


@final
class Lymphodepletion(_Section):
    """When lymphodepleting chemotherapy is given."""

    days: list[Days] = Field(min_length=1, max_length=14)
    """Days of treatment; infusion is day 0, so they are negative."""


@final
class Regimen(_Section):
    """What patients receive besides the product."""

    lymphodepletion: Lymphodepletion
    """Lymphodepletion before infusion."""


@final
class Visits(_Section):
    """When patients are looked at."""

    response: list[Days] = Field(min_length=1, max_length=100)
    """Times of response assessment after infusion, increasing."""
    kinetics_until: Days
    """Until when blood levels are followed closely (Cmax, Tmax, AUC)."""


@final
class Trial(_Section):
    """A single-arm Phase II design conducted on the simulated patients of every arm."""

    design: Literal["exact_binomial", "simon_two_stage"]
    """Design of the trial."""
    arms: list[Reference] = Field(min_length=1, max_length=20)
    """Arms the design is conducted on, one trial each."""
    endpoint: Literal["complete_response", "objective_response", "pfs_12_months"]
    """What counts as success in one patient."""
    analysis_set: Literal["infused", "itt"]
    """Who is counted: patients infused, or everybody enrolled (intention to treat)."""
    null: Probability
    """Success rate that would not be worth more work (p0)."""
    alternative: Probability
    """Success rate hoped for (p1)."""
    alpha: Probability
    """One-sided probability of declaring success at the null rate, at most."""
    power: Probability
    """Probability of declaring success at the alternative rate, at least."""
    replicates: int = Field(ge=1, le=1_000_000)
    """Trials drawn from the simulated patients."""


@final
class Solver(_Section):
    """How patients are solved; every choice gives the same answer within its tolerance."""

    engine: Literal["fast", "reference"] = "fast"
    """Compiled, many patients at a time; or plain Python, one at a time and a hundred times slower,
    to check the other against."""
    precision: Literal["double", "single"] = "double"
    """Numbers of 64 bits at a relative tolerance of 1e-6, or of 32 bits at 1e-5."""


@final
class Outputs(_Section):
    """What is written besides the results."""

    report: bool = True
    """Write the HTML report."""


@final
class StudyFile(_Section):
    """A Progenitor study: question, products, arms, visits and trials."""

    study: Name
    """Name of the study; it begins the name of the run folder."""
    title: Text
    """Title in the report."""
    question: Question
    seed: int = Field(ge=0, le=2**63 - 1)
    """Seed of all random streams: same seed, same numbers."""
    uncertainty: Uncertainty
    population: Population
    products: dict[Name, Product] = Field(min_length=1, max_length=20)
    """Products by name."""
    arms: dict[Name, Arm] = Field(min_length=1, max_length=20)
    """Arms by name; all patients are simulated under every arm."""
    regimen: Regimen
    visits: Visits
    trials: dict[Name, Trial] = Field(default_factory=dict, max_length=20)
    """Trial designs by name."""
    comparators: list[Reference] = Field(default_factory=list, max_length=200)
    """Published values shown beside the simulation: parameter ids of the catalogue."""
    solver: Solver = Field(default_factory=Solver)
    outputs: Outputs = Field(default_factory=Outputs)


def study_json_schema() -> str:
    """Return the JSON Schema of study files, which gives editors completion and checks.

    Examples
    --------
    >>> '"$schema"' in study_json_schema()
    True
    """
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **StudyFile.model_json_schema(),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
