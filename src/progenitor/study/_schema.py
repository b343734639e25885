"""The study file as pydantic models: the one schema behind checks, editors and documentation."""

from typing import Annotated, Any, Final, final

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from progenitor.study._facility_section import FacilitySection
from progenitor.study._measured import Composition
from progenitor.study._optimise_section import OptimiseSection
from progenitor.study._quantities import Days, Dose
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
from progenitor.study._trial_section import Trial

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
    also: list[Reference] | None = Field(default=None, min_length=1, max_length=10)
    """Mechanisms the disease may have besides those it always has, such as `neurotoxicity`."""

    @model_serializer(mode="wrap")
    def _without_nothing(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what is not asked for: studies without it keep their hash."""
        content: dict[str, Any] = handler(self)
        if content.get("also") is None:
            content.pop("also", None)
        return content


_OPTIONAL: Final = ("composition", "facility")
"""What a product may have, and what does not count in the hash of a study where it is not given."""


def _or_a_file(schema: dict[str, Any]) -> None:
    """Let the schema of a composition also be the name of a file."""
    schema["anyOf"] = [{"type": "string", "minLength": 1}, *schema["anyOf"]]


@final
class Product(Section):
    """What is made: a recipe and the cell it makes."""

    recipe: Reference
    """Manufacturing recipe in the catalogue."""
    chassis: Reference
    """Chassis in the catalogue."""
    composition: Annotated[Composition | None, Field(json_schema_extra=_or_a_file)] = None
    """What the product was measured to be made of, instead of what the recipe makes: the name of a
    file beside this one, written by `progenitor flow --composition`, or its content."""
    facility: Reference | None = None
    """One of the facilities of this study, in which the lots wait for their turn, instead of the
    wait for a slot that the recipe takes."""

    @model_serializer(mode="wrap")
    def _without_nothing(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what is not given: studies without it keep their hash."""
        content: dict[str, Any] = handler(self)
        return {
            name: value
            for name, value in content.items()
            if value is not None or name not in _OPTIONAL
        }


@final
class Arm(Section):
    """What a group of patients receives."""

    title: Text
    """Name of the arm in tables and figures."""
    product: Reference
    """One of the products of this study."""
    dose: Dose | None = None
    """Dose aimed at, in viable CAR+ cells per kilogram."""
    doses: list[Dose] | None = Field(default=None, min_length=2, max_length=10)
    """Instead of `dose`: rising dose levels; every patient is followed at each of them."""
    minimum_dose: Dose
    """Smallest dose still infused when the lot yields less."""
    set: dict[str, float] | None = Field(default=None, min_length=1, max_length=20)
    """Values of switches of the body. `mhc_mismatch` 0 is a bank of the patient's tissue type;
    without it a lot of another donor is mismatched."""

    @model_serializer(mode="wrap")
    def _without_nothing(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out switches that are not set: studies without them keep their hash."""
        content: dict[str, Any] = handler(self)
        if content.get("set") is None:
            content.pop("set", None)
        return content

    @property
    def levels(self) -> tuple[float, ...]:
        """Doses aimed at, rising; one where the arm has one dose."""
        if self.doses is not None:
            return tuple(self.doses)
        return () if self.dose is None else (self.dose,)


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
    facilities: dict[Name, FacilitySection] = Field(default_factory=dict, max_length=20)
    """Facilities by name, in which lots of products wait for suites, staff and the laboratory."""
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
    optimise: OptimiseSection | None = Field(default=None, exclude=True)
    """What `progenitor make --optimise` varies and looks for; it changes no number of a run."""

    def facility_of(self, product: str) -> FacilitySection | None:
        """Return where the lots of a product queue, if they do."""
        name = self.products[product].facility
        return None if name is None else self.facilities[name]

    @model_serializer(mode="wrap")
    def _without_facilities(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out facilities where there is none: studies without one keep their hash."""
        content: dict[str, Any] = handler(self)
        if not content.get("facilities"):
            content.pop("facilities", None)
        return content


def study_json_schema() -> str:
    """Return the JSON Schema of study files, which gives editors completion and checks.

    Examples
    --------
    >>> '"$schema"' in study_json_schema()
    True
    """
    return json_schema_of(StudyFile)
