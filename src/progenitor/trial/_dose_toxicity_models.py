"""One-parameter dose–toxicity curves of the continual reassessment method, and their skeletons."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
from jaxtyping import Float

from progenitor.errors import DesignError

__all__ = [
    "INTERCEPT",
    "CurveModel",
    "check_skeleton",
    "curve",
    "indifference_skeleton",
    "log_curve",
]

CurveModel = Literal["power", "logistic"]
"""``power``: skeleton^exp(β). ``logistic``: logit p = a + exp(β)·x with a fixed intercept a."""

INTERCEPT = 3.0
"""Intercept of the logistic curve (Goodman, Zahurak, Piantadosi 1995)."""


def log_curve(
    skeleton: Float[np.ndarray, " dose"],
    beta: Float[np.ndarray, " point"],
    model: CurveModel,
    intercept: float = INTERCEPT,
) -> tuple[Float[np.ndarray, "dose point"], Float[np.ndarray, "dose point"]]:
    r"""Return log p and log(1 − p) of every dose at every value of β.

    .. math::

        p_k = s_k^{e^\beta} \quad\text{or}\quad
        \mathrm{logit}\,p_k = a + e^\beta x_k, \quad x_k = \mathrm{logit}\,s_k - a

    Both give the skeleton s at β = 0.

    Parameters
    ----------
    skeleton
        Prior guess of the probability of toxicity at each dose (dose,).
    beta
        Values of the parameter (point,).
    model, intercept
        Which curve; a counts for the logistic curve only.

    References
    ----------
    O'Quigley, Pepe, Fisher 1990, Biometrics 46:33–48, doi:10.2307/2531628.

    Examples
    --------
    >>> happen, spared = log_curve(np.array([0.1, 0.3]), np.array([0.0]), "power")
    >>> np.exp(happen).round(3).ravel().tolist(), np.exp(spared).round(3).ravel().tolist()
    ([0.1, 0.3], [0.9, 0.7])
    """
    slope = np.exp(beta)[None, :]
    if model == "power":
        log_p = slope * np.log(skeleton)[:, None]
        return log_p, np.log(-np.expm1(log_p))
    x = np.log(skeleton) - np.log1p(-skeleton) - intercept
    score = intercept + slope * x[:, None]
    return -np.logaddexp(0.0, -score), -np.logaddexp(0.0, score)


def curve(
    skeleton: Float[np.ndarray, " dose"],
    beta: Float[np.ndarray, " point"],
    model: CurveModel,
    intercept: float = INTERCEPT,
) -> Float[np.ndarray, "point dose"]:
    """Return the probability of toxicity at every dose for every value of β.

    Parameters
    ----------
    skeleton, beta, model, intercept
        As for :func:`log_curve`.

    Examples
    --------
    >>> curve(np.array([0.1, 0.3]), np.array([0.0, 0.5]), "power").round(3).tolist()
    [[0.1, 0.3], [0.022, 0.137]]
    """
    return np.asarray(np.exp(log_curve(skeleton, beta, model, intercept)[0].T))


def indifference_skeleton(
    *,
    target: float,
    halfwidth: float,
    nu: int,
    levels: int,
    model: CurveModel = "power",
    intercept: float = INTERCEPT,
) -> Float[np.ndarray, " dose"]:
    r"""Return the skeleton whose indifference intervals all have the same half-width δ.

    Dose ν is guessed to sit at the target θ. Neighbours k and k + 1 are placed so that, at the β
    where the method is indifferent between them, one is at θ + δ or θ − δ:

    .. math::

        F(x_{k}, \beta_{k+1}) = \theta - \delta, \qquad F(x_{k+1}, \beta_{k+1}) = \theta + \delta

    Parameters
    ----------
    target
        Target probability of toxicity θ.
    halfwidth
        δ, with 0 < θ − δ and θ + δ < 1.
    nu
        Prior guess of the maximum tolerated dose, counted from 1.
    levels
        Number of doses.
    model, intercept
        Curve of the design.

    Raises
    ------
    DesignError
        If the numbers do not describe a skeleton; lists every problem.

    References
    ----------
    Lee, Cheung 2009, Clinical Trials 6:227–238, doi:10.1177/1740774509105076.

    Examples
    --------
    >>> indifference_skeleton(target=0.25, halfwidth=0.05, nu=2, levels=3).round(4).tolist()
    [0.1567, 0.25, 0.3545]
    """
    _check_indifference(target, halfwidth, nu, levels, model, intercept)

    def scale_of(p: float) -> float:
        return float(np.log(p)) if model == "power" else float(np.log(p / (1.0 - p))) - intercept

    low, high = scale_of(target - halfwidth), scale_of(target + halfwidth)
    steps = np.arange(levels) - (nu - 1)
    scaled = scale_of(target) * (high / low) ** steps
    if model == "power":
        return np.asarray(np.exp(scaled))
    return np.asarray(1.0 / (1.0 + np.exp(-intercept - scaled)))


def check_skeleton(skeleton: Sequence[float]) -> list[str]:
    """List what is wrong with a skeleton: it must rise strictly between 0 and 1.

    Examples
    --------
    >>> check_skeleton((0.1, 0.3)), check_skeleton((0.3, 0.1))
    ([], ['the skeleton 0.3, 0.1 does not rise strictly. Fix: give rising probabilities'])
    """
    words = ", ".join(f"{value:g}" for value in skeleton)
    problems = []
    if not skeleton:
        problems.append("the skeleton is empty. Fix: give one probability for each dose")
    if not all(0.0 < value < 1.0 for value in skeleton):
        problems.append(f"the skeleton {words} leaves (0, 1). Fix: give probabilities inside")
    if not all(b > a for a, b in pairwise(skeleton)):
        problems.append(
            f"the skeleton {words} does not rise strictly. Fix: give rising probabilities"
        )
    return problems


def _check_indifference(
    target: float, halfwidth: float, nu: int, levels: int, model: str, intercept: float
) -> None:
    problems = []
    if model not in get_args(CurveModel):
        problems.append(f"model '{model}' is not known. Fix: choose power or logistic")
    if not 0.0 < target < 1.0:
        problems.append(f"target {target:g} is not inside (0, 1). Fix: give 0.3 for 30 %")
    elif not 0.0 < halfwidth < min(target, 1.0 - target):
        problems.append(
            f"half-width {halfwidth:g} is not above 0 and below {min(target, 1 - target):g}. "
            "Fix: give a smaller one, such as 0.05"
        )
    elif model == "logistic" and np.log((target + halfwidth) / (1 - target - halfwidth)) >= (
        intercept
    ):
        problems.append(
            f"target + half-width {target + halfwidth:g} reaches the intercept {intercept:g} of "
            "the logistic curve. Fix: raise the intercept"
        )
    if levels < 1:
        problems.append(f"{levels} levels. Fix: give at least one")
    elif not 1 <= nu <= levels:
        problems.append(f"nu {nu} is not among doses 1 to {levels}. Fix: give the number of a dose")
    if problems:
        raise DesignError(f"no skeleton: {'; '.join(problems)}")
