"""A published number in the parameter's own unit, to put beside a simulated one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import final

from progenitor.errors import CatalogueError, Problem
from progenitor.evidence._parameter import Parameter, Reported
from progenitor.evidence.derivations import CENTRES, derive
from progenitor.units import convert

__all__ = ["Published", "published"]


@final
@dataclass(frozen=True, slots=True)
class Published:
    """What a source reports, after the derivation and in the parameter's unit.

    Parameters
    ----------
    value, low, high
        NaN where the source gives none.
    unit, interval
        The parameter's unit, and what ``low`` and ``high`` are.
    reported
        The entry as printed.
    """

    value: float
    low: float
    high: float
    unit: str
    interval: str
    reported: Reported


def published(parameter: Parameter, index: int = 0) -> Published:
    """Return one reported number in the parameter's unit.

    Parameters
    ----------
    parameter
        The record.
    index
        Which of its reported numbers.

    Raises
    ------
    CatalogueError
        When the record reports no such number.

    Examples
    --------
    >>> read = Reported("a_2019", "Median PFS", 6.0, "month", 3.0, 9.0, "95 % CI")
    >>> number = Parameter("observed/pfs", "PFS", "", "day", "verification", (read,))
    >>> published(number).value
    182.625
    """
    if not 0 <= index < len(parameter.reported):
        message = f"'{parameter.id}' has no reported number {index}"
        fix = f"ask for 0 to {len(parameter.reported) - 1}" if parameter.reported else "report one"
        raise CatalogueError([Problem(message, fix)])
    entry = parameter.reported[index]
    others = parameter.reported[index + 1 :]
    bounds = [_derived(parameter, entry, bound, others) for bound in (entry.low, entry.high)]
    if all(math.isfinite(bound) for bound in bounds):
        bounds.sort()
    value = derive(parameter.derivation.name, (entry, *others), parameter.derivation.arguments)
    return Published(
        value=value.to(parameter.unit).value,
        low=bounds[0],
        high=bounds[1],
        unit=parameter.unit,
        interval=entry.interval,
        reported=entry,
    )


def _derived(
    parameter: Parameter, entry: Reported, bound: float | None, others: Sequence[Reported]
) -> float:
    """Return a bound after the same derivation; a centre of a range keeps the range itself."""
    if bound is None:
        return math.nan
    name, arguments = parameter.derivation.name, parameter.derivation.arguments
    if name in CENTRES:
        return convert(bound, entry.unit, parameter.unit)
    moved = (replace(entry, value=bound), *others)
    return derive(name, moved, arguments).to(parameter.unit).value
