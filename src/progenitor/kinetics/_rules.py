"""The choices an analysis leaves to its user, in one place, checked together."""

import math
from dataclasses import dataclass, field
from typing import Final, final

from progenitor.documents import suggestion
from progenitor.errors import InputError, Problem
from progenitor.kinetics._area import AREA_METHODS
from progenitor.kinetics._below_limit import BLQ_RULES, BlqRule
from progenitor.kinetics._phases import CONTRACTIONS

__all__ = ["STARTS", "KineticsRules"]

STARTS: Final = ("zero", "sampled")
"""What an area does before the first sample. ``zero``: without a sample on day 0 the level is 0
there, as engineered cells were not there before; ``sampled``: the area has no value."""


@final
@dataclass(frozen=True, slots=True)
class KineticsRules:
    """How samples become metrics.

    Parameters
    ----------
    blq
        What stands for samples below the limit in areas.
    area
        ``linear`` or ``log-down``.
    auc_end
        Last day of the area from the infusion on.
    partial
        Further areas, from one day to another.
    days
        Days at which persistence is asked.
    start
        What an area does before the first sample, see :data:`STARTS`.
    contraction
        How the first of two phases is measured: ``line`` or ``stripped``.

    Raises
    ------
    InputError
        Lists every choice that cannot be.

    Examples
    --------
    >>> KineticsRules(auc_end=0.0, days=(-1.0,))
    Traceback (most recent call last):
    ...
    progenitor.errors.InputError: auc_end: the area ends on day 0. Fix: give a day after the ...
    days: persistence is asked on day -1. Fix: give days from 0 on
    """

    blq: BlqRule = field(default_factory=lambda: BLQ_RULES["profile"])
    area: str = "linear"
    auc_end: float = 28.0
    partial: tuple[tuple[float, float], ...] = ()
    days: tuple[float, ...] = (28.0, 90.0, 180.0, 365.0)
    start: str = "zero"
    contraction: str = "line"

    def __post_init__(self) -> None:
        problems = []
        choices = (
            ("area", "trapezoidal rule", self.area, AREA_METHODS),
            ("start", "start of areas", self.start, STARTS),
            ("contraction", "measure of contraction", self.contraction, CONTRACTIONS),
        )
        for name, what, chosen, known in choices:
            if chosen not in known:
                fix = suggestion(str(chosen), known)
                problems.append(Problem(f"there is no {what} '{chosen}'", fix, field=name))
        if not 0.0 < self.auc_end < math.inf:
            message = f"the area ends on day {self.auc_end:g}"
            problems.append(Problem(message, "give a day after the infusion", field="auc_end"))
        for first, last in self.partial:
            if not 0.0 <= first < last < math.inf:
                message = f"an area runs from day {first:g} to day {last:g}"
                fix = "give the earlier day first, from 0 on"
                problems.append(Problem(message, fix, field="partial"))
        for day in self.days:
            if not 0.0 <= day < math.inf:
                message = f"persistence is asked on day {day:g}"
                problems.append(Problem(message, "give days from 0 on", field="days"))
        if problems:
            raise InputError(problems)
