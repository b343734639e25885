"""The study file as pydantic models: the one schema behind checks, editors and documentation."""

from typing import Literal, final

from pydantic import Field

from progenitor.study._quantities import Days, Dose, Probability
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

__all__ = [
    "Arm",
    "Lymphodepletion",
    "Population",
    "Product",
    "Regimen",
    "StudyFile",
    "Trial",
    "Visits",
    "study_json_schema",
]


@final
class Population(Section):
    """Who is treated."""

    disease: Reference
    """Disease in the catalogue."""
    host: Reference
    """Host in the catalogue."""
    patients_per_draw: int = Field(ge=1, le=100_000)
    """Virtual patients for every draw; each of them is followed in every arm."""


@final
class Product(Section):
    """What is made: a recipe and the cell it makes."""

    recipe: Reference
    """Manufacturing recipe in the catalogue."""
    chassis: Reference
    """Chassis in the catalogue."""


@final
class Arm(Section):
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
class Lymphodepletion(Section):
    """When lymphodepleting chemotherapy is given."""

    days: list[Days] = Field(min_length=1, max_length=14)
    """Days of treatment; infusion is day 0, so they are negative."""


@final
class Regimen(Section):
    """What patients receive besides the product."""

    lymphodepletion: Lymphodepletion
    """Lymphodepletion before infusion."""


@final
class Visits(Section):
    """When patients are looked at."""

    response: list[Days] = Field(min_length=1, max_length=100)
    """Times of response assessment after infusion, increasing."""
    kinetics_until: Days
    """Until when blood levels are followed closely (Cmax, Tmax, AUC)."""


@final
class Trial(Section):
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
class StudyFile(Section):
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
    return json_schema_of(StudyFile)
