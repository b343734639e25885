"""Sections that every kind of study file shares, and the words they are made of."""

import json
from typing import Annotated, Literal, final

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "Level",
    "Name",
    "Outputs",
    "Question",
    "Reference",
    "Section",
    "Solver",
    "Text",
    "Uncertainty",
    "json_schema_of",
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


class Section(BaseModel):
    """A mapping of the study file: no unknown keys, no silent conversion, never changed."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


@final
class Question(Section):
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
class Uncertainty(Section):
    """How much parameter uncertainty is explored."""

    draws: int = Field(ge=1, le=10_000)
    """Parameter sets drawn from what the evidence leaves open."""


@final
class Solver(Section):
    """How patients are solved; every choice gives the same answer within its tolerance."""

    engine: Literal["fast", "reference"] = "fast"
    """Compiled, many patients at a time; or plain Python, one at a time and a hundred times slower,
    to check the other against."""
    precision: Literal["double", "single"] = "double"
    """Numbers of 64 bits at a relative tolerance of 1e-6, or of 32 bits at 1e-5."""


@final
class Outputs(Section):
    """What is written besides the results."""

    report: bool = True
    """Write the HTML report."""


def json_schema_of(model: type[BaseModel]) -> str:
    """Return the JSON Schema of a kind of file, which gives editors completion and checks.

    Parameters
    ----------
    model
        The outermost section.

    Examples
    --------
    >>> '"$schema"' in json_schema_of(Question)
    True
    """
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
