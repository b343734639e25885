"""Amounts of an experiment file: a plain number, or text with any unit; and what-if values."""

import re
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from progenitor.errors import UnitError
from progenitor.study._wording import shorten, shown
from progenitor.units import convert, parse_quantity

__all__ = ["Amount", "WhatIf", "amount_in", "read_amount", "read_what_if", "times_of"]

_TIMES: Final = re.compile(r"\s*([0-9.]+(?:[eE][-+]?[0-9]+)?)\s+times\s*")
_LARGEST: Final = 1e30


def read_amount(value: Any) -> str:
    """Read a plain number or a quantity as text that :func:`amount_in` converts.

    Raises
    ------
    PydanticCustomError
        If it is neither; the context carries the fix.

    Examples
    --------
    >>> read_amount(1), read_amount("1e6 cell/kg")
    ('1.0', '1e6 cell/kg')
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = repr(float(value))
    if not isinstance(value, str):
        raise _refused(f"{shown(value)} is not an amount", "write a number and a unit: '5 %'")
    try:
        amount = parse_quantity(value)
    except UnitError as error:
        raise _refused(
            f"'{shorten(value)}' is not an amount ({shorten(str(error), 160)})",
            "write a number and a unit, such as '1e6 cell/kg' or '5 %'",
        ) from None
    if not abs(amount.value) <= _LARGEST:
        raise _refused(f"'{shorten(value)}' is too large", "write a number below 1e30")
    return value.strip()


def amount_in(text: str, unit: str) -> float:
    """Return an amount in a unit.

    Parameters
    ----------
    text
        What :func:`read_amount` returned.
    unit
        Unit wanted.

    Raises
    ------
    PydanticCustomError
        If the units do not fit; the context carries the fix.

    Examples
    --------
    >>> amount_in("48 hour", "day"), amount_in("5 %", "1")
    (2.0, 0.05)
    """
    amount = parse_quantity(text)
    try:
        return float(convert(amount.value, amount.unit, unit))
    except UnitError as error:
        example = f"{amount.value:g}" if unit == "1" else f"{amount.value:g} {unit}"
        raise _refused(
            f"'{shorten(text)}' is not in {unit} ({shorten(str(error), 160)})",
            f"write an amount that converts to {unit}: '{example}'",
        ) from None


def read_what_if(value: Any) -> str:
    """Read a value in place of a number, or a multiple of what it would have been.

    Raises
    ------
    PydanticCustomError
        If it is neither.

    Examples
    --------
    >>> read_what_if("3 times"), read_what_if("0.5 1/day")
    ('3 times', '0.5 1/day')
    """
    if isinstance(value, str) and _TIMES.fullmatch(value):
        times_of(value)
        return value.strip()
    return read_amount(value)


def times_of(text: str) -> float | None:
    """Return by what a what-if multiplies a number; ``None`` where it replaces it.

    Examples
    --------
    >>> times_of("3 times"), times_of("3 1/day")
    (3.0, None)
    """
    found = _TIMES.fullmatch(text)
    if found is None:
        return None
    try:
        factor = float(found[1])
    except ValueError:
        factor = float("nan")
    if not 0.0 < factor <= _LARGEST:
        raise _refused(f"'{shorten(text)}' is no multiple", "write a number above 0: '3 times'")
    return factor


def _refused(message: str, fix: str) -> PydanticCustomError:
    return PydanticCustomError("quantity", "{message}", {"message": message, "fix": fix})


Amount = Annotated[
    str,
    BeforeValidator(read_amount),
    WithJsonSchema(
        {
            "type": ["number", "string"],
            "description": "A number with its unit as text; plain where it has none.",
            "examples": ["1e6 cell/kg", 1],
        }
    ),
]
WhatIf = Annotated[
    str,
    BeforeValidator(read_what_if),
    WithJsonSchema(
        {
            "type": ["number", "string"],
            "description": "A value with its unit for everybody, or a multiple: '3 times'.",
            "examples": ["0.6", "0.02 1/day", "3 times"],
        }
    ),
]
