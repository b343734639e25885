"""Patients lost between enrolment and infusion while the product is made."""

import numpy as np
from jaxtyping import Bool, Float

from progenitor.errors import DesignError

__all__ = ["waiting_attrition"]


def waiting_attrition(
    hazard: Float[np.ndarray, " patient"],
    wait: Float[np.ndarray, " patient"],
    uniform: Float[np.ndarray, " patient"],
) -> tuple[Bool[np.ndarray, " patient"], Float[np.ndarray, " patient"]]:
    r"""Decide who is lost while waiting, at a constant hazard of dropping out.

    .. math::

        T = -\ln(1 - U)/h, \qquad lost \iff T < w

    so :math:`P(lost) = 1 - e^{-h w}`. The day T does not depend on the wait: with the same U, a
    product that comes sooner loses a subset of the patients whom a slower one loses.

    Parameters
    ----------
    hazard
        Hazard of progression, death or withdrawal before infusion, 1/day (patient,).
    wait
        Days from enrolment to infusion; infinite for a product that never comes (patient,).
    uniform
        Uniform numbers from 0 up to below 1, the same for the same patient in every arm (patient,).

    Returns
    -------
    lost
        True where the patient is lost (patient,).
    day
        Day after enrolment of the loss; NaN for patients who reach infusion (patient,).

    Raises
    ------
    DesignError
        If a hazard or wait is negative or missing, or a uniform number is outside [0, 1).

    References
    ----------
    Enrolled and infused: JULIET 165 and 115, ZUMA-1 111 and 101 (evidence rows LOG).

    Examples
    --------
    >>> hazard, wait = np.full(3, 0.004), np.array([20.0, 40.0, np.inf])
    >>> lost, day = waiting_attrition(hazard, wait, np.full(3, 0.1))
    >>> lost.tolist(), day.round(1).tolist()
    ([False, True, True], [nan, 26.3, 26.3])
    """
    problems = []
    if not np.all(hazard >= 0.0) or not np.all(np.isfinite(hazard)):
        problems.append("a hazard is negative, missing or infinite")
    if not np.all(wait >= 0.0):
        problems.append("a wait is negative or missing")
    if not np.all((uniform >= 0.0) & (uniform < 1.0)):
        problems.append("a uniform number is outside [0, 1)")
    if problems:
        raise DesignError(
            f"waiting attrition: {'; '.join(problems)}. Fix: give hazards in 1/day, waits in days "
            "(infinite where the product never comes) and uniform numbers from a random stream"
        )
    waited = -np.log1p(-uniform)
    day = np.divide(waited, hazard, out=np.full(waited.shape, np.inf), where=hazard > 0.0)
    lost = day < wait
    return lost, np.where(lost, day, np.nan)
