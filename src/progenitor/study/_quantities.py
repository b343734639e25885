"""Quantities of a study file: text with a unit in, a float in the canonical unit out."""

import math
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from progenitor.errors import UnitError
from progenitor.study._wording import shorten, shown
from progenitor.units import convert, parse_quantity

__all__ = ["Days", "Dose", "Probability", "read_probability", "read_quantity"]

_EXAMPLES = {"day": "28 day", "cell/kg": "2e6 cell/kg", "%": "20 %"}


def read_quantity(value: Any, unit: str) -> float:
    """Read ``"4 week"`` as 28.0 when ``unit`` is ``day``.

    Parameters
    ----------
    value
        What the file holds.
    unit
        Canonical unit wanted.

    Raises
    ------
    PydanticCustomError
        If it is not text with a number and a unit, or the unit does not fit; the context carries
        the fix.

    Examples
    --------
    >>> read_quantity("4 week", "day")
    28.0
    >>> read_quantity(28, "day")
    Traceback (most recent call last):
    ...
    pydantic_core._pydantic_core.PydanticCustomError: 28 has no unit
    """
    example = _EXAMPLES[unit]
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise _refused(f"{value:g} has no unit", f"write '{value:g} {unit}'")
    if not isinstance(value, str):
        raise _refused(
            f"{shown(value)} is not a quantity", f"write a number and a unit: '{example}'"
        )
    try:
        quantity = parse_quantity(value)
        result = float(convert(quantity.value, quantity.unit, unit))
    except UnitError as error:
        if _is_number(value):
            raise _refused(f"'{value}' has no unit", f"write '{value.strip()} {unit}'") from None
        raise _refused(
            f"'{shorten(value)}' is not a quantity in {unit} ({shorten(str(error), 160)})",
            f"write a number and a unit that converts to {unit}: '{example}'",
        ) from None
    if not math.isfinite(result):
        raise _refused(f"'{shorten(value)}' is not finite", f"write a number such as '{example}'")
    return result


def _read_days(value: Any) -> float:
    return read_quantity(value, "day")


def _read_dose(value: Any) -> float:
    dose = read_quantity(value, "cell/kg")
    if not 0.0 < dose <= 1e10:
        raise _refused(
            f"a dose of {shorten(str(value))} cannot be given",
            "write a dose above zero and at most 1e10 cell/kg: '2e6 cell/kg'",
        )
    return dose


def read_probability(value: Any) -> float:
    """Read ``"20 %"`` or ``0.2`` as 0.2.

    Raises
    ------
    PydanticCustomError
        If it does not lie between 0 and 1.

    Examples
    --------
    >>> read_probability(0.05)
    0.05
    """
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    probability = float(value) if plain else read_quantity(value, "%") / 100.0
    if not 0.0 < probability < 1.0:
        raise _refused(
            f"{shown(value)} is not a probability between 0 and 1",
            "write it as a percentage, '20 %', or as a number between 0 and 1, 0.2",
        )
    return probability


def _refused(message: str, fix: str) -> PydanticCustomError:
    return PydanticCustomError("quantity", "{message}", {"message": message, "fix": fix})


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _text(unit: str, description: str) -> WithJsonSchema:
    return WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\s*[+-]?[0-9.]+([eE][+-]?[0-9]+)?\s*[^0-9\s].*$",
            "description": description,
            "examples": [_EXAMPLES[unit]],
        }
    )


Days = Annotated[
    float, BeforeValidator(_read_days), _text("day", "Time with its unit, counted from infusion.")
]
Dose = Annotated[
    float, BeforeValidator(_read_dose), _text("cell/kg", "Viable CAR+ cells per kilogram.")
]
Probability = Annotated[
    float,
    BeforeValidator(read_probability),
    WithJsonSchema(
        {
            "type": ["number", "string"],
            "description": "Probability between 0 and 1, or a percentage as text.",
            "examples": ["20 %", 0.2],
        }
    ),
]
