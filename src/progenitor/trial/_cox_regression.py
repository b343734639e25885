"""Cox regression with ties, strata and covariates, and Firth's penalty where events are missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Float, Shaped

from progenitor.errors import InputError, Problem
from progenitor.trial._ordered_trials import check_censored
from progenitor.trial._partial_likelihood import PartialLikelihood, Ties

__all__ = ["CoxFit", "cox_regression", "maximise", "require_covariates"]

_ROUNDS: Final = 100
_CLOSE: Final = 1e-12
_FAR: Final = 15.0
"""Standardised coefficient beyond which the likelihood has no maximum."""


@final
@dataclass(frozen=True, slots=True, eq=False)
class CoxFit:
    """A fitted Cox regression.

    Parameters
    ----------
    coefficients
        Logarithms of hazard ratios; NaN where there is no maximum (covariate,).
    covariance
        Inverse of the information (covariate, covariate).
    log_likelihood, null_log_likelihood
        At the coefficients and at 0; with Firth's penalty both have it.
    score_chi_square
        Score test of all coefficients at 0 (log-rank with one group), unpenalised.
    converged
        False where the likelihood has no maximum.
    """

    coefficients: Float[np.ndarray, " covariate"]
    covariance: Float[np.ndarray, "covariate covariate"]
    log_likelihood: float
    null_log_likelihood: float
    score_chi_square: float
    converged: bool

    @property
    def standard_errors(self) -> Float[np.ndarray, " covariate"]:
        """Standard errors of the coefficients."""
        return np.asarray(np.sqrt(np.diagonal(self.covariance)))

    @property
    def z(self) -> Float[np.ndarray, " covariate"]:
        """Coefficients over their standard errors."""
        return np.asarray(self.coefficients / self.standard_errors)

    @property
    def p_values(self) -> Float[np.ndarray, " covariate"]:
        """Two-sided Wald p-values."""
        from scipy.special import ndtr

        return np.asarray(2.0 * ndtr(-np.abs(self.z)))

    @property
    def likelihood_ratio(self) -> float:
        """Likelihood-ratio χ² of all coefficients."""
        return 2.0 * (self.log_likelihood - self.null_log_likelihood)


def cox_regression(
    time: Float[np.ndarray, " patient"],
    event: Shaped[np.ndarray, " patient"],
    covariates: Float[np.ndarray, "patient covariate"],
    *,
    stratum: Shaped[np.ndarray, " patient"] | None = None,
    ties: Ties = "efron",
    penalised: bool = False,
    held: Sequence[int] = (),
) -> CoxFit:
    r"""Fit proportional hazards :math:`h(t \mid x) = h_{0s}(t)\,e^{\beta x}`.

    The partial likelihood handles ties as Efron or Breslow did and has a baseline for each stratum.
    Firth's penalty, :math:`\ell^*(\beta) = \ell(\beta) + \tfrac12 \ln|I(\beta)|`, takes away the
    first-order bias and gives a finite estimate to a group in which nothing happened.

    Parameters
    ----------
    time, event
        Days to event or censoring; 1 for an event (patient,).
    covariates
        One column for each coefficient (patient, covariate).
    stratum
        Label of each patient's stratum.
    ties
        ``efron`` or ``breslow``.
    penalised
        Whether to use Firth's penalty.
    held
        Columns whose coefficients stay 0, for likelihood-ratio tests: with the penalty, the
        information of *all* columns counts.

    Returns
    -------
    CoxFit
        NaN and not ``converged`` where the likelihood has no maximum: use the penalty there.

    Raises
    ------
    InputError
        If a time, an event or a covariate is impossible, or a column says nothing new.

    References
    ----------
    Cox 1972, JRSS B 34:187–220; Efron 1977, JASA 72:557–565, doi:10.1080/01621459.1977.10480613;
    Breslow 1974, Biometrics 30:89–99; Firth 1993, Biometrika 80:27–38,
    doi:10.1093/biomet/80.1.27; Heinze, Schemper 2001, Biometrics 57:114–119,
    doi:10.1111/j.0006-341X.2001.00114.x.

    Examples
    --------
    >>> time, event = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1, 1, 1, 1])
    >>> fit = cox_regression(time, event, np.array([[0.0], [1.0], [1.0], [0.0]]))
    >>> fit.coefficients.round(4).tolist(), fit.standard_errors.round(4).tolist()
    ([0.4812], [1.238])
    """
    require_covariates(time, event, covariates)
    likelihood = PartialLikelihood.of(time, event != 0, covariates, stratum=stratum, ties=ties)
    return maximise(likelihood, penalised=penalised, held=held)


def maximise(
    likelihood: PartialLikelihood, *, penalised: bool = False, held: Sequence[int] = ()
) -> CoxFit:
    """Climb to the maximum of a partial likelihood by Newton's method with halved steps.

    Examples
    --------
    >>> likelihood = PartialLikelihood.of(
    ...     np.array([1.0, 2.0, 3.0]), np.array([True] * 3), np.array([[0.0], [1.0], [0.0]])
    ... )
    >>> maximise(likelihood).coefficients.round(4).tolist()
    [0.3466]
    """
    count = likelihood.covariates.shape[1]
    free = np.setdiff1d(np.arange(count), np.asarray(held, int))
    scale = likelihood.covariates.std(axis=0)
    beta = np.zeros(count)
    start = likelihood.at(beta)
    value, push, information = _objective(likelihood, beta, penalised=penalised)
    null, converged = value, not free.size
    for _ in range(_ROUNDS if free.size else 0):
        step = np.zeros(count)
        step[free] = _solve(information[np.ix_(free, free)], push[free])
        nearest = 1.0
        while True:
            tried = beta + nearest * step
            found = _objective(likelihood, tried, penalised=penalised)
            if found[0] >= value - 1e-10 * (1.0 + abs(value)) or nearest < 1e-8:
                break
            nearest /= 2.0
        beta, (value, push, information) = tried, found
        if not np.all(np.abs(beta * scale) < _FAR):
            break
        if np.all(np.abs(push[free] * _solve_diagonal(information)[free]) < _CLOSE):
            converged = True
            break
    covariance = _inverse(information)
    chi = float(start.score @ _solve(start.information, start.score))
    if not converged:
        beta, covariance = np.full(count, np.nan), np.full((count, count), np.nan)
    return CoxFit(beta, covariance, value, null, chi, converged)


def require_covariates(
    time: Float[np.ndarray, " patient"],
    event: Shaped[np.ndarray, " patient"],
    covariates: Float[np.ndarray, "patient covariate"],
    *,
    causes: int = 1,
) -> None:
    """Refuse times, events and covariates that cannot be fitted, naming all that is wrong.

    Examples
    --------
    >>> require_covariates(np.array([1.0]), np.array([0]), np.array([[1.0]]))
    Traceback (most recent call last):
    ...
    progenitor.errors.InputError: event: nobody has an event. Fix: ...
    covariates: columns 0 are combinations of others. Fix: ...
    """
    problems = check_censored(time, event, causes=causes)
    if not np.any(event == 1):
        problems.append(Problem("nobody has an event", "follow longer", field="event"))
    if not np.all(np.isfinite(time)):
        fix = "leave patients without a time out"
        problems.append(Problem("a time is missing", fix, field="time"))
    if not np.all(np.isfinite(covariates)):
        fix = "leave patients without a covariate out, or impute it"
        problems.append(Problem("a covariate is missing or infinite", fix, field="covariates"))
    elif alike := _redundant(covariates):
        fix = "leave constant and repeated columns out"
        words = ", ".join(str(column) for column in alike)
        problems.append(
            Problem(f"columns {words} are combinations of others", fix, field="covariates")
        )
    if problems:
        raise InputError(problems)


def _redundant(covariates: Float[np.ndarray, "patient covariate"]) -> list[int]:
    """Columns that are linear in those before them and a constant."""
    centred = covariates - covariates.mean(axis=0)
    size = np.abs(covariates).max(axis=0, initial=0.0) + np.finfo(float).tiny
    kept: list[int] = []
    alike = []
    for column in range(covariates.shape[1]):
        chosen = centred[:, [*kept, column]] / size[[*kept, column]]
        if np.linalg.matrix_rank(chosen, tol=1e-9 * np.sqrt(len(centred))) == len(kept) + 1:
            kept.append(column)
        else:
            alike.append(column)
    return alike


def _objective(
    likelihood: PartialLikelihood, beta: Float[np.ndarray, " covariate"], *, penalised: bool
) -> tuple[float, Float[np.ndarray, " covariate"], Float[np.ndarray, "covariate covariate"]]:
    """Return the (penalised) log-likelihood, its gradient, and the information."""
    found = likelihood.at(beta)
    if not penalised:
        return found.value, found.score, found.information
    sign, logarithm = np.linalg.slogdet(found.information)
    if sign <= 0.0:
        return -np.inf, found.score, found.information
    inverse = np.linalg.inv(found.information)
    pull = 0.5 * np.einsum("ab,abc->c", inverse, found.slope)
    return found.value + 0.5 * float(logarithm), found.score + pull, found.information


def _solve(
    matrix: Float[np.ndarray, "covariate covariate"], vector: Float[np.ndarray, " covariate"]
) -> Float[np.ndarray, " covariate"]:
    return np.asarray(np.linalg.lstsq(matrix, vector, rcond=1e-14)[0])


def _solve_diagonal(
    matrix: Float[np.ndarray, "covariate covariate"],
) -> Float[np.ndarray, " covariate"]:
    diagonal = np.diagonal(matrix)
    return np.asarray(1.0 / np.sqrt(np.where(diagonal > 0.0, diagonal, np.inf)))


def _inverse(
    matrix: Float[np.ndarray, "covariate covariate"],
) -> Float[np.ndarray, "covariate covariate"]:
    sign, _ = np.linalg.slogdet(matrix)
    return np.linalg.inv(matrix) if sign > 0.0 else np.full(matrix.shape, np.nan)
