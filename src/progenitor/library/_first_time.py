"""When a course first reaches a level."""

import numpy as np
from jaxtyping import Float

__all__ = ["first_time"]


def first_time(
    times: Float[np.ndarray, " time"],
    values: Float[np.ndarray, " time"],
    level: float,
    *,
    falling: bool = False,
    after: float = -np.inf,
) -> float:
    r"""Return when a course first is at or above a level, or at or below it, by interpolation.

    .. math:: t = t_{k-1} + (t_k - t_{k-1})\frac{\ell - y_{k-1}}{y_k - y_{k-1}}

    where :math:`k` is the first look at which the level :math:`\ell` has been reached.

    Parameters
    ----------
    times, values
        The course.
    level
        What is to be reached, in the unit of the values.
    falling
        Whether it is to be reached from above.
    after
        Looks before this time do not count.

    Returns
    -------
    float
        In the unit of the times; NaN when it is never reached.

    Examples
    --------
    >>> first_time(np.array([0.0, 1.0, 3.0]), np.array([1.0, 2.0, 6.0]), 4.0)
    2.0
    >>> first_time(np.array([0.0, 1.0]), np.array([1.0, 2.0]), 0.0, falling=True)
    nan
    """
    reached = (values <= level if falling else values >= level) & (times >= after)
    if not reached.any():
        return float("nan")
    at = int(reached.argmax())
    if at == 0 or values[at] == values[at - 1]:
        return float(times[at])
    share = (level - values[at - 1]) / (values[at] - values[at - 1])
    share = min(max(share, 0.0), 1.0)
    return float(times[at - 1] + share * (times[at] - times[at - 1]))
