"""Cells of comma-separated tables: numbers in full, text that no spreadsheet runs as a formula."""

import math
import re
from typing import Final

__all__ = ["guarded", "is_missing", "number_text"]

_MISSING: Final = frozenset({"", ".", "NA"})
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no value.

    Examples
    --------
    >>> [is_missing(text) for text in ("", ".", "NA", " . ", "0")]
    [True, True, True, True, False]
    """
    return text.strip() in _MISSING


def number_text(value: float) -> str:
    """Write a number so that reading it back gives the same; NA where there is none.

    Examples
    --------
    >>> number_text(0.1), number_text(2.0), number_text(math.nan)
    ('0.1', '2', 'NA')
    """
    if math.isnan(value):
        return "NA"
    text = repr(float(value))
    return text.removesuffix(".0")


def guarded(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run; numbers stay as they are.

    Examples
    --------
    >>> guarded("=HYPERLINK(1)"), guarded("-1.5"), guarded("patient 7")
    ("'=HYPERLINK(1)", '-1.5', 'patient 7')
    """
    if not text.startswith(_FORMULA):
        return text
    return text if _NUMBER.fullmatch(text) else f"'{text}"
