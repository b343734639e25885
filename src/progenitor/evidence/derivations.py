"""Named functions that turn what a source reported into the number a model uses.

Each takes the reported numbers (the first is the one that matters unless it says otherwise) and
keyword arguments with units, and returns a quantity. To add one, write the function here and list
it in ``DERIVATIONS``.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from typing import Final

from progenitor.errors import InputError, Problem
from progenitor.evidence._parameter import Reported
from progenitor.units import Quantity, convert

__all__ = ["CENTRES", "DERIVATIONS", "arguments_of", "derive"]


def identity(reported: Sequence[Reported]) -> Quantity:
    """Use the number as reported."""
    return reported[0].measured


def percent_to_fraction(reported: Sequence[Reported]) -> Quantity:
    """Turn a percentage into a fraction between zero and one."""
    return Quantity(_fraction(reported[0].measured), "1")


def complement(reported: Sequence[Reported]) -> Quantity:
    r"""Return the other part of a whole, :math:`1 - f`."""
    return Quantity(1.0 - _fraction(reported[0].measured), "1")


def rate_from_half_life(reported: Sequence[Reported]) -> Quantity:
    r"""Return the first-order rate :math:`\ln 2 / t_{1/2}`."""
    return Quantity(math.log(2.0) / _days(reported[0].measured), "1/day")


def rate_from_doubling_time(reported: Sequence[Reported]) -> Quantity:
    r"""Return the growth rate :math:`\ln 2 / t_2`."""
    return Quantity(math.log(2.0) / _days(reported[0].measured), "1/day")


def rate_from_mean_time(reported: Sequence[Reported]) -> Quantity:
    r"""Return the rate of leaving a state stayed in for a mean time, :math:`1/\tau`."""
    return Quantity(1.0 / _days(reported[0].measured), "1/day")


def mean_time_from_rate(reported: Sequence[Reported]) -> Quantity:
    r"""Return the mean time :math:`\tau = 1/k` of a first-order process."""
    return Quantity(1.0 / _above_zero(reported[0].measured.to("1/day")), "day")


def half_life_from_rate(reported: Sequence[Reported]) -> Quantity:
    r"""Return the half-life :math:`\ln 2 / k` of a first-order process."""
    return Quantity(math.log(2.0) / _above_zero(reported[0].measured.to("1/day")), "day")


def rate_from_fold_change(reported: Sequence[Reported], *, period: Quantity) -> Quantity:
    r"""Return the growth rate :math:`\ln(F)/T` behind a fold change over a period."""
    return Quantity(math.log(_above_zero(reported[0].measured.to("1"))) / _days(period), "1/day")


def hazard_from_fraction(reported: Sequence[Reported], *, period: Quantity) -> Quantity:
    r"""Return the constant hazard :math:`-\ln(1-f)/T` behind a fraction affected by a time."""
    fraction = _fraction(reported[0].measured)
    if fraction >= 1.0:
        raise _refusal("no hazard makes everyone affected by a finite time", "give less than 100 %")
    return Quantity(-math.log1p(-fraction) / _days(period), "1/day")


def fraction_from_hazard(reported: Sequence[Reported], *, period: Quantity) -> Quantity:
    r"""Return the fraction :math:`1 - e^{-hT}` affected by a time under a constant hazard."""
    return Quantity(-math.expm1(-reported[0].measured.to("1/day").value * _days(period)), "1")


def geometric_centre(reported: Sequence[Reported]) -> Quantity:
    r"""Return :math:`\sqrt{low \cdot high}` of a reported range."""
    low, high = _range(reported[0])
    if low <= 0.0:
        raise _refusal(f"low is {low:g}, so the range has no geometric centre", "use 'midpoint'")
    return Quantity(math.sqrt(low) * math.sqrt(high), reported[0].unit)


def midpoint(reported: Sequence[Reported]) -> Quantity:
    r"""Return :math:`(low + high)/2` of a reported range."""
    low, high = _range(reported[0])
    return Quantity(low + (high - low) / 2.0, reported[0].unit)


def geometric_mean_of_reported(reported: Sequence[Reported]) -> Quantity:
    """Return the geometric mean of all reported numbers, in the unit of the first."""
    unit = reported[0].unit
    logs = [math.log(_above_zero(entry.measured.to(unit))) for entry in reported]
    return Quantity(math.exp(math.fsum(logs) / len(logs)), unit)


def pooled_fraction(reported: Sequence[Reported]) -> Quantity:
    r"""Return :math:`\sum n_i f_i / \sum n_i` over all reported fractions."""
    sizes = [entry.n for entry in reported]
    known = [size for size in sizes if size]
    if len(known) < len(sizes):
        raise _refusal("a reported fraction has no n", "give n for each, or drop it")
    fractions = [_fraction(entry.measured) for entry in reported]
    total = math.fsum(n * f for n, f in zip(known, fractions, strict=True))
    return Quantity(total / sum(known), "1")


def ratio_of_reported(reported: Sequence[Reported]) -> Quantity:
    """Return the first reported number divided by the second."""
    first, second = _pair(reported)
    return Quantity(first.value / _nonzero(second), _joined(first, "/", second))


def difference_of_reported(reported: Sequence[Reported]) -> Quantity:
    """Return the first reported number minus the second."""
    first, second = _pair(reported)
    return Quantity(first.value - convert(second.value, second.unit, first.unit), first.unit)


def multiplied_by(reported: Sequence[Reported], *, factor: Quantity) -> Quantity:
    """Return the reported number times a quantity, such as a dose per kilogram times a weight."""
    first = reported[0].measured
    return Quantity(first.value * factor.value, _joined(first, "*", factor))


def divided_by(reported: Sequence[Reported], *, divisor: Quantity) -> Quantity:
    """Return the reported number divided by a quantity, such as a count by a volume."""
    first = reported[0].measured
    return Quantity(first.value / _nonzero(divisor), _joined(first, "/", divisor))


def allometric(
    reported: Sequence[Reported], *, from_weight: Quantity, to_weight: Quantity, exponent: Quantity
) -> Quantity:
    r"""Carry a number from one body to another, :math:`x (W_{to}/W_{from})^b`.

    Cell numbers and volumes take an exponent near 1, amounts per volume and cell near -1, and the
    times and rates of cells near 0: a mouse cell lives about as long as a human one.
    """
    first = reported[0].measured
    ratio = _above_zero(to_weight.to("kg")) / _above_zero(from_weight.to("kg"))
    return Quantity(first.value * ratio ** exponent.to("1").value, first.unit)


def median_from_mean(reported: Sequence[Reported], *, cv: Quantity) -> Quantity:
    r"""Return the median :math:`m/\sqrt{1+CV^2}` of a lognormal with mean :math:`m`."""
    first = reported[0].measured
    return Quantity(first.value / math.sqrt(1.0 + cv.to("1").value ** 2), first.unit)


def cv_from_log_variance(reported: Sequence[Reported]) -> Quantity:
    r"""Return the coefficient of variation :math:`\sqrt{e^{\omega^2}-1}` of a lognormal."""
    return Quantity(math.sqrt(math.expm1(_not_negative(reported[0].measured.to("1")))), "1")


def cv_from_log_sd(reported: Sequence[Reported]) -> Quantity:
    r"""Return the coefficient of variation :math:`\sqrt{e^{\omega^2}-1}`, given :math:`\omega`."""
    deviation = _not_negative(reported[0].measured.to("1"))
    return Quantity(math.sqrt(math.expm1(deviation**2)), "1")


DERIVATIONS: Final[Mapping[str, Callable[..., Quantity]]] = {
    function.__name__: function
    for function in (
        allometric,
        complement,
        cv_from_log_sd,
        cv_from_log_variance,
        difference_of_reported,
        divided_by,
        fraction_from_hazard,
        geometric_centre,
        geometric_mean_of_reported,
        half_life_from_rate,
        hazard_from_fraction,
        identity,
        mean_time_from_rate,
        median_from_mean,
        midpoint,
        multiplied_by,
        percent_to_fraction,
        pooled_fraction,
        rate_from_doubling_time,
        rate_from_fold_change,
        rate_from_half_life,
        rate_from_mean_time,
        ratio_of_reported,
    )
}
"""Name in a record → function."""

CENTRES: Final = frozenset({"geometric_centre", "midpoint"})
"""Derivations of a range rather than of the reported value."""


def arguments_of(name: str) -> tuple[str, ...]:
    """Return the further arguments a derivation needs.

    Examples
    --------
    >>> arguments_of("hazard_from_fraction")
    ('period',)
    """
    return tuple(signature(DERIVATIONS[name]).parameters)[1:]


def derive(name: str, reported: Sequence[Reported], arguments: Mapping[str, Quantity]) -> Quantity:
    """Apply a derivation by name.

    Parameters
    ----------
    name
        One of ``DERIVATIONS``.
    reported
        At least one reported number.
    arguments
        Exactly the arguments named by :func:`arguments_of`.

    Raises
    ------
    UnitError
        When a unit does not fit the derivation.
    InputError
        When a value lies outside what the derivation accepts.

    Examples
    --------
    >>> doubling = Reported("stein_2019", "Expansion doubling time", 18.72, "h")
    >>> print(derive("rate_from_doubling_time", [doubling], {}))
    0.88865 1/day
    """
    return DERIVATIONS[name](reported, **arguments)


def _refusal(message: str, fix: str) -> InputError:
    return InputError([Problem(message, fix)])


def _above_zero(quantity: Quantity) -> float:
    if quantity.value <= 0.0:
        raise _refusal(f"{quantity} must be above zero", "check the reported value")
    return quantity.value


def _not_negative(quantity: Quantity) -> float:
    if quantity.value < 0.0:
        raise _refusal(f"{quantity} must not be negative", "check the reported value")
    return quantity.value


def _nonzero(quantity: Quantity) -> float:
    if quantity.value == 0.0:
        raise _refusal("the divisor is zero", "check the reported value")
    return quantity.value


def _joined(first: Quantity, sign: str, second: Quantity) -> str:
    return f"({first.unit or 1}){sign}({second.unit or 1})"


def _days(quantity: Quantity) -> float:
    return _above_zero(quantity.to("day"))


def _fraction(quantity: Quantity) -> float:
    value = quantity.to("1").value
    if not 0.0 <= value <= 1.0:
        raise _refusal(f"{quantity} is not a fraction", "give 0 to 1, or 0 to 100 with unit '%'")
    return value


def _range(entry: Reported) -> tuple[float, float]:
    if entry.low is None or entry.high is None:
        raise _refusal("the reported number has no low and high", "give both")
    return entry.low, entry.high


def _pair(reported: Sequence[Reported]) -> tuple[Quantity, Quantity]:
    if len(reported) != 2:
        raise _refusal(f"{len(reported)} numbers are reported, two are needed", "give exactly two")
    return reported[0].measured, reported[1].measured
