"""The record of the error that the solver made, and on whom it is looked at."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from jaxtyping import Int

from progenitor.engine import Accuracy, SolverOptions, uniforms

__all__ = ["checked_patients", "error_record"]

_SHARE: Final = 0.01
_MOST: Final = 1_000
_NAMES: Final = {
    "fast": "Rodas5P, compiled for this machine (fast engine)",
    "reference": "LSODA of SciPy (reference engine)",
}


def checked_patients(
    seed: int, draws: Sequence[int], patients: int
) -> tuple[Int[np.ndarray, " patient"], Int[np.ndarray, " patient"]]:
    """Choose about one patient in a hundred by chance, the same in every arm.

    Parameters
    ----------
    seed
        Of the run.
    draws
        Candidate number of each draw.
    patients
        How many each draw has.

    Returns
    -------
    tuple of arrays
        The draw and the number of each; at least one, at most a thousand.

    Examples
    --------
    >>> draw, patient = checked_patients(1, [0, 4], 500)
    >>> len(draw) == len(patient) >= 1, set(draw.tolist()) <= {0, 4}
    (True, True)
    """
    found = []
    for draw in draws:
        who = np.arange(patients)
        chance = uniforms(seed, "accuracy", np.full(patients, draw), who)
        found += [(draw, number) for number in np.flatnonzero(chance < _SHARE).tolist()]
    pairs = np.array(found[:_MOST] or [(draws[0], 0)], dtype=np.int64)
    return pairs[:, 0], pairs[:, 1]


def error_record(options: SolverOptions, found: Sequence[Accuracy]) -> Mapping[str, Any]:
    """Put what was found in several arms into one record.

    Parameters
    ----------
    options
        How patients were solved.
    found
        The error in each arm.

    Examples
    --------
    >>> found = Accuracy(np.array([0, 1]), np.array([1e-6, np.nan]), "cells")
    >>> record = error_record(SolverOptions(), [found])
    >>> record["largest relative error"], record["could not be checked"]
    (1e-06, 1)
    """
    errors = [one.errors for one in found]
    every = np.concatenate(errors) if errors else np.zeros(0)
    known = every[~np.isnan(every)]
    solved = [one for one in found if one.largest > 0.0]
    worst = max(solved, key=lambda one: one.largest).worst if solved else ""
    return {
        "solver": _NAMES[options.engine],
        "precision": f"{options.precision}",
        "rtol": options.rtol,
        "checked at rtol 1e-8": len(every),
        "could not be checked": sum(one.failed for one in found),
        "median of largest relative errors": float(np.median(known)) if known.size else None,
        "largest relative error": float(known.max()) if known.size else None,
        "observable with the largest error": worst,
    }
