"""How many times faster at equal error.

Tolerance is not accuracy, so two solvers are compared where their errors agree. A peer's points
(error, speed) at several tolerances give its *front*: the fastest it goes at each error or less.
Between two points of the front the logarithm of the speed is linear in the logarithm of the error;
at errors smaller than its smallest, the speed of its most accurate point stands for it, which
favours the peer; at errors larger than its largest there is no comparison. The error is the median
over the reference patients.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

__all__ = ["Point", "front", "speed_at"]


@final
@dataclass(frozen=True, slots=True)
class Point:
    """An error and a speed, patients/s."""

    error: float
    speed: float


def front(points: Sequence[Point]) -> list[Point]:
    """Keep the points that no more accurate point outruns, most accurate first.

    Examples
    --------
    >>> front([Point(1e-5, 3.0), Point(1e-6, 5.0), Point(1e-4, 7.0)])
    [Point(error=1e-06, speed=5.0), Point(error=0.0001, speed=7.0)]
    """
    kept: list[Point] = []
    for point in sorted(points, key=lambda each: (each.error, -each.speed)):
        if not kept or point.speed > kept[-1].speed:
            kept.append(point)
    return kept


def speed_at(points: Sequence[Point], error: float) -> float | None:
    """Speed of a solver at an error, None where it was not that inaccurate.

    Examples
    --------
    >>> speed_at([Point(1e-6, 100.0), Point(1e-4, 400.0)], 1e-5)
    200.0
    >>> speed_at([Point(1e-6, 100.0), Point(1e-4, 400.0)], 1e-3) is None
    True
    """
    if error > max(point.error for point in points):
        return None
    best = front(points)
    errors = np.log([point.error for point in best])
    speeds = np.log([point.speed for point in best])
    return round(float(np.exp(np.interp(np.log(error), errors, speeds))), 9)
