"""When patients arrive and when their toxicities come, drawn for many trials."""

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
from jaxtyping import Float

from progenitor.engine import uniforms
from progenitor.errors import DesignError
from progenitor.trial._dose_trials import toxicity_outcomes

__all__ = ["Accrual", "arrival_days", "toxicity_days"]

Accrual = Literal["fixed", "poisson"]
"""``fixed``: equal gaps. ``poisson``: exponential gaps with the same mean."""


def arrival_days(
    *, patients: int, replicates: int, gap: float, accrual: Accrual = "poisson", seed: int = 1
) -> Float[np.ndarray, "replicate patient"]:
    """Draw the day on which each patient can be treated; the first comes one gap after day 0.

    Parameters
    ----------
    patients, replicates
        Size of each trial and number of trials.
    gap
        Mean days between patients.
    accrual
        Equal or exponential gaps.
    seed
        Seed of the study.

    Raises
    ------
    DesignError
        If the gap, the accrual or the numbers make no sense.

    Examples
    --------
    >>> arrival_days(patients=3, replicates=1, gap=14.0, accrual="fixed").tolist()
    [[14.0, 28.0, 42.0]]
    """
    if not gap > 0.0 or accrual not in get_args(Accrual) or min(patients, replicates) < 1:
        raise DesignError(
            f"{patients} patients in {replicates} trials, a patient every {gap:g} days, accrual "
            f"'{accrual}'. Fix: give positive numbers, and fixed or poisson"
        )
    shape = replicates, patients
    if accrual == "fixed":
        return np.broadcast_to(gap * np.arange(1, patients + 1), shape).copy()
    place = np.arange(replicates * patients)
    numbers = uniforms(seed, "dose-finding:arrival", place // patients, place % patients)
    return np.cumsum(-gap * np.log(numbers).reshape(shape), axis=1)


def toxicity_days(
    p_tox: Sequence[float] | Float[np.ndarray, " dose"],
    *,
    patients: int,
    replicates: int,
    window: float,
    seed: int = 1,
) -> Float[np.ndarray, "replicate patient dose"]:
    """Draw days from treatment to toxicity, uniform over the window; infinite without one.

    A patient has one tolerance and one time, the same at every dose that is toxic to them.

    Parameters
    ----------
    p_tox
        True probability of a toxicity within the window at each dose.
    patients, replicates
        Size of each trial and number of trials.
    window
        Days of follow-up for a toxicity.
    seed
        Seed of the study.

    Raises
    ------
    DesignError
        If a probability, the window or the numbers make no sense.

    Examples
    --------
    >>> days = toxicity_days([0.0, 1.0], patients=2, replicates=1, window=28.0)
    >>> bool(np.isinf(days[..., 0]).all()), bool((days[..., 1] <= 28.0).all())
    (True, True)
    """
    if not window > 0.0:
        raise DesignError(f"a window of {window:g} days. Fix: give days above 0, such as 28")
    toxic = toxicity_outcomes(p_tox, patients=patients, replicates=replicates, seed=seed)
    place = np.arange(replicates * patients)
    day = window * uniforms(seed, "dose-finding:onset", place // patients, place % patients)
    return np.where(toxic, day.reshape(replicates, patients, 1), np.inf)
