"""Tests of proportional hazards, and how well a Cox regression orders patients."""

from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Float, Shaped

from progenitor.errors import InputError, Problem
from progenitor.trial._cox_regression import maximise, require_covariates
from progenitor.trial._kaplan_meier import kaplan_meier
from progenitor.trial._ordered_trials import check_censored
from progenitor.trial._partial_likelihood import PartialLikelihood, Ties

__all__ = ["Concordance", "PhTest", "TimeTransform", "concordance", "proportional_hazards_test"]

TimeTransform = Literal["km", "identity", "log"]


class PhTest(NamedTuple):
    """χ² of each covariate with one degree of freedom, and of all together."""

    chi_square: Float[np.ndarray, " covariate"]
    everything: float
    p_values: Float[np.ndarray, " covariate"]


class Concordance(NamedTuple):
    """Share of comparable pairs in which the higher risk had the earlier event."""

    value: float
    concordant: int
    discordant: int
    tied: int


def proportional_hazards_test(
    time: Float[np.ndarray, " patient"],
    event: Shaped[np.ndarray, " patient"],
    covariates: Float[np.ndarray, "patient covariate"],
    *,
    transform: TimeTransform = "km",
    stratum: Shaped[np.ndarray, " patient"] | None = None,
    ties: Ties = "efron",
) -> PhTest:
    r"""Test whether hazard ratios change with time (Grambsch and Therneau's score test).

    With coefficients :math:`\beta + \gamma g(t)`, the score and information at
    :math:`\hat\beta, \gamma = 0` are sums over events with residual :math:`r_i` and variance
    :math:`V_i`,

    .. math::

        u = \sum_i g(t_i) r_i, \qquad
        \chi^2 = u^T \Bigl(\sum g^2 V - \sum g V \bigl(\sum V\bigr)^{-1} \sum g V\Bigr)^{-1} u

    Parameters
    ----------
    time, event, covariates, stratum, ties
        As in `cox_regression`.
    transform
        g: ``km`` (1 minus the survival of all before t), ``identity`` or ``log``.

    Raises
    ------
    InputError
        If the regression cannot be fitted.

    References
    ----------
    Grambsch, Therneau 1994, Biometrika 81:515–526, doi:10.1093/biomet/81.3.515; Therneau, Grambsch
    2000, Modeling Survival Data, section 6.2.

    Examples
    --------
    >>> time, event = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), np.array([1, 1, 1, 1, 0, 1])
    >>> arm = np.array([[0.0], [1.0], [1.0], [0.0], [1.0], [0.0]])
    >>> proportional_hazards_test(time, event, arm, transform="identity").chi_square.round(4)
    array([0.0765])
    """
    require_covariates(time, event, covariates)
    likelihood = PartialLikelihood.of(time, event != 0, covariates, stratum=stratum, ties=ties)
    fit = maximise(likelihood)
    if not fit.converged:
        fix = "leave out the covariate in one level of which nobody has an event"
        raise InputError([Problem("the regression has no maximum", fix, field="covariates")])
    found = likelihood.at(fit.coefficients)
    g = _transformed(likelihood.event_times, time, event, transform)
    push = g @ found.residual
    mixed = np.einsum("t,tab->ab", g, found.spread)
    square = np.einsum("t,tab->ab", g**2, found.spread)
    left = square - mixed @ np.linalg.solve(found.information, mixed)
    # one covariate at a time: only its own interaction is added, all main effects stay
    single = np.diagonal(square) - np.einsum(
        "ab,bc,ca->a", mixed, np.linalg.inv(found.information), mixed
    )
    from scipy.special import chdtrc

    chi = push**2 / single
    return PhTest(chi, float(push @ np.linalg.solve(left, push)), np.asarray(chdtrc(1.0, chi)))


def concordance(
    time: Float[np.ndarray, " patient"],
    event: Shaped[np.ndarray, " patient"],
    risk: Float[np.ndarray, " patient"],
) -> Concordance:
    r"""Count pairs whose order of events agrees with a score of risk (Harrell's C).

    A pair is comparable if the earlier time is an event, or both times are the same and one is.
    With equal scores it counts half: :math:`C = (n_c + n_t/2)/(n_c + n_d + n_t)`.

    Parameters
    ----------
    time, event
        Days to event or censoring; 1 for an event (patient,).
    risk
        Higher for earlier events, such as :math:`\beta x` (patient,).

    Raises
    ------
    InputError
        If a time or event is impossible.

    References
    ----------
    Harrell et al. 1982, JAMA 247:2543–2546, doi:10.1001/jama.1982.03320430047030.

    Examples
    --------
    >>> concordance(np.array([1.0, 2.0, 3.0]), np.array([1, 1, 0]), np.array([2.0, 0.5, 1.0])).value
    0.6666666666666666
    """
    if problems := check_censored(time, event):
        raise InputError(problems)
    counts = np.zeros(3, int)
    for moment, score in zip(time[event != 0], risk[event != 0], strict=True):
        later = (time > moment) | ((time == moment) & (event == 0))
        difference = risk[later] - score
        counts += [(difference < 0).sum(), (difference > 0).sum(), (difference == 0).sum()]
    total = counts.sum()
    value = float((counts[0] + counts[2] / 2.0) / total) if total else float("nan")
    return Concordance(value, int(counts[0]), int(counts[1]), int(counts[2]))


def _transformed(
    at: Float[np.ndarray, " term"],
    time: Float[np.ndarray, " patient"],
    event: Shaped[np.ndarray, " patient"],
    transform: TimeTransform,
) -> Float[np.ndarray, " term"]:
    if transform == "identity":
        return at
    if transform == "log":
        if np.any(at <= 0.0):
            fix = "use the transform km or identity"
            raise InputError([Problem("an event at time 0 has no logarithm", fix, field="time")])
        return np.asarray(np.log(at))
    curve = kaplan_meier(time, event)
    before = np.concatenate([[1.0], curve.survival])
    return np.asarray(1.0 - before[np.searchsorted(curve.times, at, side="left")])
