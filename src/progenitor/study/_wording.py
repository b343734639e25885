"""Words for messages: values named by their kind or cut short."""

from typing import Any

__all__ = ["dose_words", "shorten", "shown"]


def shown(value: Any) -> str:
    """Show a value in a message: scalars as they are, the rest by its kind.

    Examples
    --------
    >>> shown("28 dya"), shown([1, 2]), shown(None)
    ("'28 dya'", 'a list of 2', 'an empty value')
    """
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "an empty value" if value is None else f"'{shorten(str(value))}'"


def shorten(text: str, most: int = 60) -> str:
    """Cut a long text, and keep it on one line.

    Examples
    --------
    >>> shorten("abcdef", 4)
    'abc…'
    """
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def dose_words(cells_per_kg: float) -> str:
    """Write a dose level briefly.

    Examples
    --------
    >>> dose_words(2.5e6)
    '2.5e6/kg'
    """
    mantissa, _, power = f"{cells_per_kg:.3e}".partition("e")
    return f"{float(mantissa):g}e{int(power)}/kg"
