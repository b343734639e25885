"""Numbers of an experiment inside a sentence: figures, units, intervals."""

import math
from typing import Final

from progenitor.study.results import Estimate
from progenitor.units import parse_quantity

__all__ = ["amount_text", "dose_text", "estimate_text"]

_PERCENT: Final = 100.0
_PLAIN: Final = (1e-3, 1e6)
_PLAIN_DOSE: Final = (1e-4, 1e4)
_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_UNITS: Final = {
    "cell": "cells",
    "cell/kg": "cells/kg",
    "cell/mL": "cells/mL",
    "1/day": "per day",
    "1/year": "per year",
}


def estimate_text(one: Estimate, *, signed: bool = False) -> str:
    """Write an estimate with its unit and interval.

    Parameters
    ----------
    one
        The estimate; shares are written as percentages.
    signed
        Whether it is a difference: it carries its sign, and shares are percentage points.

    Examples
    --------
    >>> estimate_text(Estimate(0.25, 0.1, 0.9961, "1", "response", 40), signed=True)
    '+25 percentage points (90 % interval +10 to +100)'
    """
    text = amount_text(one.value, one.unit, signed=signed)
    if math.isnan(one.low):
        return f"{text} (one draw: no interval)"
    factor = _PERCENT if one.unit == "1" else 1.0
    low, high = (_number(factor * side, signed=signed) for side in (one.low, one.high))
    return f"{text} (90 % interval {low} to {high})"


def amount_text(value: float, unit: str, *, signed: bool = False) -> str:
    """Write a number with its unit; shares as percentages.

    Examples
    --------
    >>> amount_text(0.4, "1"), amount_text(2.0e7, "cell"), amount_text(0.5, "ratio")
    ('40 %', '2.0 × 10⁷ cells', '0.5')
    """
    factor, words = (_PERCENT, "%") if unit == "1" else (1.0, unit)
    if signed and words == "%":
        words = "percentage points"
    words = "" if words == "ratio" else words.replace("uL", "µL").replace("ug", "µg")
    words = words.replace("*", " · ").replace("cell/", "cells/")
    return f"{_number(factor * value, signed=signed)} {_UNITS.get(words, words)}".strip()


def dose_text(text: str) -> str:
    """Write an amount of an experiment file for a reader.

    Examples
    --------
    >>> dose_text("1e7 cell"), dose_text("0.06e6 cell/kg"), dose_text("3 times"), dose_text("0.5")
    ('10⁷ cells', '6 × 10⁴ cells/kg', '3 times', '0.5')
    """
    if text.endswith(" times"):
        return text
    amount = parse_quantity(text)
    unit = "" if amount.unit == "1" else amount.unit.replace("uL", "µL").replace("ug", "µg")
    size = abs(amount.value)
    if size == 0.0 or _PLAIN_DOSE[0] <= size < _PLAIN_DOSE[1]:
        figures = f"{amount.value:g}"
    else:
        mantissa, power = f"{amount.value:.6e}".split("e")
        raised = f"10{str(int(power)).translate(_RAISED)}"
        figures = raised if float(mantissa) == 1.0 else f"{float(mantissa):g} × {raised}"
    unit = _UNITS.get(unit, unit) if figures != "1" else unit
    return f"{figures} {unit}".strip().replace("-", "−")


def _number(value: float, *, signed: bool = False) -> str:
    if not math.isfinite(value):
        return "–"
    size, sign = abs(value), "+" if signed and value > 0 else ""
    if value == 0.0 or _PLAIN[0] <= size < _PLAIN[1]:
        rounded = float(f"{value:.2g}")
        text = f"{value:,.0f}" if abs(rounded) >= _PERCENT else f"{value:.2g}"
    else:
        mantissa, power = f"{value:.1e}".split("e")
        text = f"{mantissa} × 10{str(int(power)).translate(_RAISED)}"
    return (sign + text).replace("-", "−")
