"""How a number is written for a reader: figures, units, intervals, no false precision."""

import math
from dataclasses import replace
from typing import SupportsFloat

from progenitor.study.results import Estimate

__all__ = [
    "count_text",
    "estimate_parts",
    "estimate_text",
    "interval_text",
    "number_text",
    "percent",
    "ratio_text",
    "shown",
    "unit_text",
]

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_THIN = "\u202f"
_MISSING = "–"
_ROUNDING = 1e-9
_UNITS = {
    "": "",
    "1": "",
    "fraction": "",
    "day": "days",
    "cell": "cells",
    "cell/uL": "cells/µL",
    "cell/kg": "cells/kg",
    "cell/mL": "cells/mL",
    "copy/ug": "copies/µg",
    "copy/cell": "copies/cell",
    "ratio": "",
    "USD": "US$",
    "1/day": "per day",
    "umol/L": "µmol/L",
}


def percent(unit: str) -> tuple[float, str]:
    """Return the factor and unit under which a quantity is printed: fractions become %.

    Examples
    --------
    >>> percent("1"), percent("day")
    ((100.0, '%'), (1.0, 'day'))
    """
    return (100.0, "%") if unit in {"1", "fraction"} else (1.0, unit)


def shown(estimate: Estimate) -> Estimate:
    """Return an estimate in the unit in which it is printed.

    An error that is only rounding, a billionth of the value or less, is 0.

    Examples
    --------
    >>> shown(Estimate(0.5, 0.25, 0.75, "1", "ORR", 500)).value
    50.0
    """
    factor, unit = percent(estimate.unit)
    rounding = abs(estimate.mcse) <= _ROUNDING * abs(estimate.value)
    return replace(
        estimate,
        value=factor * estimate.value,
        low=factor * estimate.low,
        high=factor * estimate.high,
        mcse=0.0 if rounding else factor * estimate.mcse,
        unit=unit,
    )


def unit_text(unit: str) -> str:
    """Return a canonical unit as it is printed.

    Examples
    --------
    >>> unit_text("cell/uL"), unit_text("copies/ug*day"), unit_text("%")
    ('cells/µL', 'copies/µg · days', '%')
    """
    factors = [factor.strip() for factor in unit.replace("·", "*").split("*")]
    return " · ".join(
        _UNITS.get(factor, factor.replace("uL", "µL").replace("ug", "µg").replace("^2", "²"))
        for factor in factors
    )


def _decimals(magnitude: float, digits: int) -> int:
    """Return how many decimals show ``digits`` significant figures of a number this large."""
    if magnitude == 0:
        return 0
    rounded = float(f"{magnitude:.{digits - 1}e}")  # 0.9996 has the figures of 1.00
    return max(0, digits - 1 - math.floor(math.log10(rounded)))


def _fixed(value: float, decimals: int) -> str:
    text = f"{value:,.{decimals}f}".replace(",", _THIN)
    if text.startswith("-"):
        return text[1:] if not text.strip("-0." + _THIN) else "−" + text[1:]
    return text


def number_text(value: float, *, digits: int = 3) -> str:
    """Return a number with so many significant figures; powers of ten where they read better.

    Examples
    --------
    >>> number_text(27.5), number_text(-0.1234), number_text(2.0e6), number_text(float("nan"))
    ('27.5', '−0.123', '2.00 × 10⁶', '–')
    """
    if math.isnan(value):
        return _MISSING
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    magnitude = abs(value)
    if magnitude != 0 and not 1e-3 <= magnitude < 1e6:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        power = str(int(exponent)).translate(_SUPERSCRIPT)
        return f"{mantissa.replace('-', '−')} × 10{power}"
    return _fixed(_rounded(value), _decimals(magnitude, digits))


def count_text(count: SupportsFloat) -> str:
    r"""Return a whole number in groups of three, other numbers to three significant figures.

    Examples
    --------
    >>> count_text(33), count_text(12000), count_text(0.25)
    ('33', '12\u202f000', '0.250')
    """
    value = float(count)
    return _fixed(value, 0) if value.is_integer() else number_text(value)


def interval_text(value: float, low: float, high: float, unit: str = "") -> tuple[str, str]:
    """Return a value and its interval written to the same precision.

    Percentages have one decimal, those below one as many as other numbers. Otherwise the value
    shows three significant figures, two below ten; numbers that span more than a factor of a
    hundred, or would be rounded to nothing, are written one by one.

    Examples
    --------
    >>> interval_text(52.34, 44.1, 60.21)
    ('52.3', '44.1 to 60.2')
    >>> interval_text(0.1, 0.01, 40.0)
    ('0.10', '0.010 to 40.0')
    >>> interval_text(0.04, 0.0004, 3.3, "%"), interval_text(1.0, 0.04, 1.0)
    (('0.040', '4.0 × 10⁻⁴ to 3.3'), ('1.0', '0.040 to 1.0'))
    """
    numbers = [value, low, high]
    sizes = [abs(n) for n in numbers if math.isfinite(n) and n != 0]
    wide = not sizes or max(sizes) >= 1e6 or max(sizes) / min(sizes) > 100
    signs = {n > 0 for n in numbers if math.isfinite(n) and n != 0}
    if unit == "%" and (len(signs) > 1 or not 0.0 < abs(value) < 1.0):
        texts = [_fixed(n, 1) if math.isfinite(n) else number_text(n) for n in numbers]
    elif wide and len(signs) < 2:
        return _one_by_one(numbers)
    else:
        leading = abs(value) if math.isfinite(value) and value != 0 else max(sizes, default=0.0)
        decimals = _decimals(leading, 3 if leading >= 10 else 2)
        if len(signs) < 2 and min(sizes, default=leading) < 0.5 * 10.0**-decimals:
            return _one_by_one(numbers)
        texts = [_fixed(_rounded(n), decimals) if math.isfinite(n) else "–" for n in numbers]
    return _joined(numbers, texts)


def _one_by_one(numbers: list[float]) -> tuple[str, str]:
    return _joined(numbers, [number_text(n, digits=3 if abs(n) >= 10 else 2) for n in numbers])


def _joined(numbers: list[float], texts: list[str]) -> tuple[str, str]:
    if math.isnan(numbers[1]) and math.isnan(numbers[2]):
        return texts[0], ""
    return texts[0], f"{texts[1]} to {texts[2]}"


def _rounded(value: float) -> float:
    """Return a number above a thousand with three significant figures; others unchanged."""
    return float(f"{value:.2e}") if abs(value) >= 1000 else value


def estimate_parts(estimate: Estimate) -> tuple[str, str]:
    """Return the value and the interval of an estimate, both in the estimate's own unit.

    Examples
    --------
    >>> estimate_parts(Estimate(8.14, 0.0, 22.2, "%", "PFS", 40))
    ('8.1', '0.0 to 22.2')
    """
    return interval_text(estimate.value, estimate.low, estimate.high, estimate.unit)


def estimate_text(estimate: Estimate) -> str:
    """Return an estimate on one line: value, unit and interval.

    Examples
    --------
    >>> estimate_text(Estimate(52.34, 44.1, 60.2, "%", "ORR", 500))
    '52.3 % (44.1 to 60.2)'
    """
    value, interval = estimate_parts(estimate)
    unit = unit_text(estimate.unit)
    return " ".join(part for part in (value, unit, f"({interval})" if interval else "") if part)


def ratio_text(ratio: float) -> str:
    """Return a simulated ÷ published ratio with two decimals, or a dash when it is unknown.

    Examples
    --------
    >>> ratio_text(0.4567), ratio_text(float("nan"))
    ('0.46', '–')
    """
    if not math.isfinite(ratio):
        return _MISSING
    return number_text(ratio, digits=2) if 0 < abs(ratio) < 0.1 else f"{ratio:.2f}"
