"""What a plain word means in YAML 1.2: a number, true or false, nothing, or text."""

import math
import re
from dataclasses import dataclass
from typing import final

__all__ = ["Refusal", "Scalar", "plain_value"]

Scalar = str | int | float | bool | None

_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_STARTS_LIKE_A_NUMBER = frozenset("+-.0123456789nNiI")
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_PREFIXED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.?(nan|inf|infinity)", re.IGNORECASE)
_LARGEST_INTEGER = 2**63
_MOST_DIGITS = 40


@final
@dataclass(frozen=True, slots=True)
class Refusal:
    """A plain word that is not accepted, and what to write instead."""

    message: str
    fix: str


def plain_value(text: str) -> Scalar | Refusal:
    """Read a plain (unquoted) scalar by the YAML 1.2 core schema.

    Text that only YAML 1.1 takes for something else (``NO``, ``yes``, ``1_000``, ``12:30``,
    dates) stays text. NaN and infinities are refused in every spelling, because a quantity that
    is not a number must never start a simulation.

    Parameters
    ----------
    text
        The scalar as written.

    References
    ----------
    YAML Ain't Markup Language version 1.2.2, section 10.3.2 (tag resolution of the core schema).

    Examples
    --------
    >>> [plain_value(word) for word in ("1e3", "0x1F", "NO", "true", "~", "007")]
    [1000.0, 31, 'NO', True, None, 7]
    >>> plain_value(".nan").message
    "'.nan' is not a finite number"
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _STARTS_LIKE_A_NUMBER:
        return text
    if _DECIMAL.fullmatch(text):
        return _integer(text, 10)
    if _PREFIXED.fullmatch(text):
        return _integer(text, 8 if text[1] == "o" else 16)
    if _FLOAT.fullmatch(text):
        value = float(text)
        return value if math.isfinite(value) else _not_finite(text)
    if _NOT_FINITE.fullmatch(text):
        return _not_finite(text)
    return text


def _integer(text: str, base: int) -> int | Refusal:
    digits = text if base == 10 else text[2:]
    if len(digits) <= _MOST_DIGITS:
        value = int(digits, base)
        if abs(value) < _LARGEST_INTEGER:
            return value
    shown = text if len(text) <= _MOST_DIGITS else text[:_MOST_DIGITS] + "…"
    return Refusal(
        f"integer {shown} is too large", "write it with an exponent, such as 1e20, or in quotes"
    )


def _not_finite(text: str) -> Refusal:
    return Refusal(
        f"'{text[:_MOST_DIGITS]}' is not a finite number",
        "give a finite number, leave the field out, or put the word in quotes if it is text",
    )
