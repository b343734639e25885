r"""Which candidates are not beaten in everything by another.

Candidate :math:`a` dominates :math:`b` when it is at least as good in every goal and better in
one. The Pareto front is what nothing dominates.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float

from progenitor.errors import InputError, Problem

__all__ = ["pareto_front"]


def pareto_front(
    values: Float[np.ndarray, "candidate goal"], *, maximise: Sequence[bool]
) -> Bool[np.ndarray, " candidate"]:
    """Tell which candidates no other dominates; equal ones stay together.

    Parameters
    ----------
    values
        One row per candidate; a row with NaN is a failed one and never on the front.
    maximise
        Whether more is better, per goal.

    Raises
    ------
    InputError
        When there are not as many directions as goals.

    Examples
    --------
    >>> pareto_front(np.array([[3.0, 1.0], [1.0, 3.0], [1.0, 1.0]]), maximise=[True, True])
    array([ True,  True, False])
    >>> pareto_front(np.array([[3.0, 1.0], [1.0, 3.0], [1.0, 1.0]]), maximise=[True, False])
    array([ True, False, False])
    """
    if values.ndim != 2 or values.shape[1] != len(maximise):
        message = f"{len(maximise)} directions for values of shape {values.shape}"
        raise InputError([Problem(message, "give one direction per goal", field="maximise")])
    gain = np.where(np.asarray(maximise, dtype=bool), values, -values)
    known = np.isfinite(gain).all(axis=1)
    front = np.zeros(len(values), dtype=bool)
    rivals = gain[known]
    for row in np.flatnonzero(known):
        as_good = (rivals >= gain[row]).all(axis=1)
        front[row] = not (as_good & (rivals > gain[row]).any(axis=1)).any()
    return front
