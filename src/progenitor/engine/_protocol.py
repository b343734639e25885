"""What is done to patients and how carefully it is solved: doses and solver options."""

import math
from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.errors import SimulationError

__all__ = ["Dose", "SolverOptions"]

_ENGINES: Final = ("fast", "reference")
_PRECISIONS: Final = ("double", "single")
_FINEST_SINGLE: Final = 1e-6


@final
@dataclass(frozen=True, slots=True)
class Dose:
    """An amount given to each patient at a time, at once or as a constant infusion, perhaps again.

    Parameters
    ----------
    species
        What it is added to.
    time
        Day of the first dose; NaN where a patient does not get it.
    amount
        In the unit of the species, 0 or more.
    duration
        Days of infusion; left out, NaN or 0 for all at once.
    additional
        How many more doses follow.
    interval
        Days between them.

    Examples
    --------
    >>> dose = Dose("drug", np.array([0.0]), np.array([100.0]), additional=2, interval=7.0)
    >>> dose.given(0)
    [(0.0, 100.0, 0.0), (7.0, 100.0, 0.0), (14.0, 100.0, 0.0)]
    """

    species: str
    time: Float[np.ndarray, " patient"]
    amount: Float[np.ndarray, " patient"]
    duration: Float[np.ndarray, " patient"] | None = None
    additional: int = 0
    interval: int | float = 0.0

    def given(self, patient: int) -> list[tuple[float, float, float]]:
        """Return (day, amount, days of infusion) of every dose one patient gets."""
        first = float(self.time[patient])
        if math.isnan(first):
            return []
        lasting = 0.0 if self.duration is None else float(self.duration[patient])
        lasting = 0.0 if math.isnan(lasting) else lasting
        amount = float(self.amount[patient])
        return [
            (first + number * self.interval, amount, lasting)
            for number in range(self.additional + 1)
        ]

    def of(self, rows: Int[np.ndarray, " row"]) -> "Dose":
        """Return the doses of some of the patients."""
        lasting = None if self.duration is None else self.duration[rows]
        return replace(self, time=self.time[rows], amount=self.amount[rows], duration=lasting)


@final
@dataclass(frozen=True, slots=True)
class SolverOptions:
    """How carefully a model is solved and when a patient is given up.

    Parameters
    ----------
    rtol
        Relative tolerance of a step; absolute tolerances belong to species.
    max_steps
        Accepted steps after which a patient is given up.
    deadline
        Seconds of computing after which a patient is given up.
    countable_threshold
        Individuals below which a countable species is a random whole number; 0 for never.
    leap
        Longest stretch, in days, over which such a number is advanced at once.
    max_firings
        Event firings after which a patient is given up.
    atol_scale
        What the absolute tolerances of all species are multiplied by.
    engine
        ``"fast"``: compiled, many patients at a time; ``"reference"``: plain Python and SciPy, one
        patient at a time, against which the fast engine is tested.
    precision
        ``"double"`` (64 bits), or ``"single"`` (32 bits) for tolerances of 1e-5 and wider: about
        twice as fast. The reference engine always computes in double precision.
    threads
        Chunks of patients solved at a time; results do not depend on it.
    chunk
        Patients of a chunk; results do not depend on it.

    Raises
    ------
    SimulationError
        When an option cannot be.

    Examples
    --------
    >>> SolverOptions(rtol=1e-8).max_steps
    100000
    """

    rtol: int | float = 1e-6
    max_steps: int = 100_000
    deadline: int | float = 30.0
    countable_threshold: int | float = 1e4
    leap: int | float = 7.0
    max_firings: int = 1_000
    atol_scale: int | float = 1.0
    engine: str = "fast"
    precision: str = "double"
    threads: int = 1
    chunk: int = 512

    def __post_init__(self) -> None:
        problems = []
        if not 1e-12 <= self.rtol <= 1e-2:
            problems.append(f"rtol is {self.rtol}; give a number from 1e-12 to 1e-2")
        if not 1e-12 <= self.atol_scale <= 1e6:
            problems.append(f"atol_scale is {self.atol_scale}; give a number from 1e-12 to 1e6")
        if self.max_steps < 1:
            problems.append(f"max_steps is {self.max_steps}; give 1 or more")
        if not self.deadline > 0:
            problems.append(f"deadline is {self.deadline} s; give more than 0")
        if not 0 <= self.countable_threshold <= 1e7:
            problems.append(
                f"countable_threshold is {self.countable_threshold}; give a number from 0 to 1e7"
            )
        if not (self.leap > 0 and math.isfinite(self.leap)):
            problems.append(f"leap is {self.leap} day; give more than 0")
        if self.max_firings < 1:
            problems.append(f"max_firings is {self.max_firings}; give 1 or more")
        if self.engine not in _ENGINES:
            problems.append(f"engine is '{self.engine}'; give one of {', '.join(_ENGINES)}")
        if self.precision not in _PRECISIONS:
            problems.append(
                f"precision is '{self.precision}'; give one of {', '.join(_PRECISIONS)}"
            )
        elif self.precision == "single" and self.rtol < _FINEST_SINGLE:
            problems.append(
                f"rtol is {self.rtol} in single precision, which cannot be met; give "
                f"{_FINEST_SINGLE} or more, or precision 'double'"
            )
        for name, value in (("threads", self.threads), ("chunk", self.chunk)):
            if value < 1:
                problems.append(f"{name} is {value}; give 1 or more")
        if problems:
            raise SimulationError("\n".join(problems))
