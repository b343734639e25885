"""Boundaries of the Bayesian optimal interval design and of its time-to-event form."""

import math

import numpy as np
from jaxtyping import Int

from progenitor.errors import DesignError

__all__ = ["boin_lambdas", "check_boin", "check_safety", "counts_at"]

WHOLE = 1e-12
"""A product this near to a whole number is that number: 0.3 · 10 is not 3 in floating point."""


def boin_lambdas(target: float, p_saf: float, p_tox: float) -> tuple[float, float]:
    r"""Find the rates of toxicity at which to escalate and to de-escalate.

    .. math::

        \lambda_e = \frac{\ln\frac{1-\phi_1}{1-\phi}}{\ln\frac{\phi(1-\phi_1)}{\phi_1(1-\phi)}},
        \qquad
        \lambda_d = \frac{\ln\frac{1-\phi}{1-\phi_2}}{\ln\frac{\phi_2(1-\phi)}{\phi(1-\phi_2)}}

    Parameters
    ----------
    target
        Target rate φ.
    p_saf, p_tox
        Highest rate φ₁ that is too low, and lowest rate φ₂ that is too high.

    References
    ----------
    Liu & Yuan 2015, Journal of the Royal Statistical Society C 64:507–523,
    doi:10.1111/rssc.12089.

    Examples
    --------
    >>> [round(rate, 3) for rate in boin_lambdas(0.3, 0.18, 0.42)]
    [0.236, 0.359]
    """
    escalate = math.log((1.0 - p_saf) / (1.0 - target)) / math.log(
        target * (1.0 - p_saf) / (p_saf * (1.0 - target))
    )
    deescalate = math.log((1.0 - target) / (1.0 - p_tox)) / math.log(
        p_tox * (1.0 - target) / (target * (1.0 - p_tox))
    )
    return escalate, deescalate


def counts_at(rate: float, sizes: Int[np.ndarray, " size"]) -> Int[np.ndarray, " size"]:
    """Largest count whose share of n is at most a rate.

    BOIN escalates up to that count for λ_e and de-escalates above that for λ_d: a count that equals
    λ_d n exactly is not enough to de-escalate.

    Examples
    --------
    >>> counts_at(0.3, np.array([3, 10])).tolist()
    [0, 3]
    """
    counts: Int[np.ndarray, " size"] = np.floor(rate * sizes + WHOLE).astype(np.int64)
    return counts


def check_boin(design: str, *, target: float, p_saf: float, p_tox: float) -> None:
    """Refuse rates between which no interval can lie.

    Raises
    ------
    DesignError
        Unless 0 < p_saf < target < p_tox < 1.

    Examples
    --------
    >>> check_boin("boin", target=0.3, p_saf=0.4, p_tox=0.42)
    Traceback (most recent call last):
    ...
    progenitor.errors.DesignError: boin: p_saf = 0.4, target = 0.3 and p_tox = 0.42 do not fit. ...
    """
    if not 0.0 < p_saf < target < p_tox < 1.0:
        raise DesignError(
            f"{design}: p_saf = {p_saf:g}, target = {target:g} and p_tox = {p_tox:g} do not fit. "
            "Fix: give rates with 0 < p_saf < target < p_tox < 1; by default they are 0.6 and 1.4 "
            "times the target"
        )


def check_safety(design: str, cutoff: float, offset: float, early_stop: int | None) -> None:
    """Refuse a safety rule that can never hold or always does, all problems at once.

    Raises
    ------
    DesignError
        Unless 0 < cutoff < 1, 0 ≤ offset < cutoff and early_stop is at least 1.

    Examples
    --------
    >>> check_safety("boin", 0.95, 0.05, None)
    """
    problems = []
    if not 0.0 < cutoff < 1.0:
        problems.append(f"cutoff = {cutoff:g} (give a probability such as 0.95)")
    elif not 0.0 <= offset < cutoff:
        problems.append(f"offset = {offset:g} (give one below the cutoff, such as 0.05)")
    if early_stop is not None and early_stop < 1:
        problems.append(f"early_stop = {early_stop} (give at least 1 patient, or leave it out)")
    if problems:
        raise DesignError(f"{design}: the safety rules do not fit. Fix: {'; '.join(problems)}")
