"""Where each observation stands among its simulated copies: pd and npde."""

from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.engine import stream
from progenitor.errors import InputError, Problem
from progenitor.inference._measurements import Measurements
from progenitor.inference._predictive_check import checked_replicates

__all__ = ["PredictionErrors", "normalised_prediction_errors"]

_PURPOSE: Final = "prediction errors"
_ALIKE: Final = 1e-9
"""Relative range within which copies are one value, and nothing can be compared with them."""


@final
@dataclass(frozen=True, slots=True)
class PredictionErrors:
    """Prediction discrepancies and errors; see :func:`normalised_prediction_errors`.

    Parameters
    ----------
    mean
        Mean over replicates of each observation.
    discrepancy
        pd: probability under the model of a smaller value, between 0 and 1.
    error
        npde: standard normal under the model, and independent between the observations of a
        subject; NaN where it could not be formed.
    undecided
        Measurements without an error: the model gives them one value only, or observations of the
        subject cannot be told apart.
    replicates
        Simulated copies of the data set.
    """

    mean: Float[np.ndarray, " observation"]
    discrepancy: Float[np.ndarray, " observation"]
    error: Float[np.ndarray, " observation"]
    undecided: Int[np.ndarray, " undecided"]
    replicates: int


def normalised_prediction_errors(
    observed: Measurements,
    simulated: Float[np.ndarray, "replicate observation"],
    *,
    seed: int,
    logarithms: bool = False,
    randomised: bool = True,
) -> PredictionErrors:
    r"""Compare each observation with its simulated copies, correlations within subjects removed.

    With replicates :math:`y_i^{(k)}` of the observations :math:`y_i` of subject :math:`i`, their
    mean :math:`\mu_i` and covariance :math:`V_i = L_i L_i^\top` (Cholesky, in order of time),

    .. math::

        pd_{ij} = \frac1K\sum_k 1[y_{ij}^{(k)} < y_{ij}], \qquad
        y^* = L_i^{-1}(y - \mu_i), \qquad
        npde_{ij} = \Phi^{-1}\Bigl(\frac1K\sum_k 1[y_{ij}^{(k)*} < y_{ij}^*]\Bigr)

    The count :math:`m` of smaller copies is spread to :math:`(m + U)/(K + 1)`, :math:`U` uniform,
    which under the model is uniform however few replicates there are. Values below the limit of
    quantification, observed and simulated alike, are replaced by one drawn among the simulated
    values below it, so that a discrepancy is uniform between 0 and the probability of lying there.

    Parameters
    ----------
    observed
        The data.
    simulated
        Replicates with between-patient variability and residual error; NaN where one failed.
    seed
        Of the uniform numbers; those of a subject do not depend on other subjects.
    logarithms
        Whether to remove correlations from logarithms, which suits values that spread over
        decades. A simulated 0 counts as the smallest copy above 0. Discrepancies are the same.
    randomised
        False counts without spreading, :math:`m/K` with 0 and 1 moved by :math:`1/2K`, as programs
        that report a reproducible npde do.

    Raises
    ------
    InputError
        When a subject has too many observations for the replicates, or logarithms are asked of
        values that are not above 0.
    SimulationError
        When more than 5 % of the simulated values failed.

    References
    ----------
    Brendel, Comets, Laffont, Laveille, Mentré. Pharm Res 2006;23:2036-2049,
    doi:10.1007/s11095-006-9067-5. Comets, Brendel, Mentré. Comput Methods Programs Biomed
    2008;90:154-166, doi:10.1016/j.cmpb.2007.12.002. Below the limit: Nguyen, Comets, Mentré.
    J Pharmacokinet Pharmacodyn 2012;39:499-518, doi:10.1007/s10928-012-9264-2.

    Examples
    --------
    >>> from progenitor.inference import measurements
    >>> copies = stream(1, "example").normal(size=(400, 6))
    >>> seen = measurements(np.arange(6) // 2, np.tile([1.0, 2.0], 3), copies[0])
    >>> found = normalised_prediction_errors(seen, copies[1:], seed=1)
    >>> found.error.shape, bool(((found.discrepancy > 0) & (found.discrepancy < 1)).all())
    ((6,), True)
    """
    from scipy.special import ndtri

    simulated, _ = checked_replicates(observed, simulated)
    _refuse(observed, simulated, logarithms=logarithms)
    discrepancy = np.full(len(observed), np.nan)
    share = np.full(len(observed), np.nan)
    for subject in np.unique(observed.subject).tolist():
        mine = np.flatnonzero(observed.subject == subject)
        mine = mine[np.argsort(observed.time[mine], kind="stable")]
        copies = simulated[:, mine]
        copies = copies[np.isfinite(copies).all(axis=1)]
        random = stream(seed, _PURPOSE, patient=subject)
        value, copies = _imputed(
            observed.value[mine], observed.censored[mine], observed.limit[mine], copies, random
        )
        discrepancy[mine] = _rank(value, copies, random, randomised=randomised)
        if logarithms:
            value, copies = _logarithms(value, copies)
        share[mine] = _decorrelated_rank(value, copies, random, randomised=randomised)
    return PredictionErrors(
        mean=np.nanmean(simulated, axis=0),
        discrepancy=discrepancy,
        error=ndtri(share),
        undecided=np.flatnonzero(np.isnan(share)),
        replicates=len(simulated),
    )


def _refuse(
    observed: Measurements,
    simulated: Float[np.ndarray, "replicate observation"],
    *,
    logarithms: bool,
) -> None:
    problems = []
    most = int(np.bincount(observed.subject).max())
    if len(simulated) < 2 * most:
        message = f"{len(simulated)} replicates for subjects of up to {most} observations"
        fix = f"give at least {2 * most} replicates; 1000 are usual"
        problems.append(Problem(message, fix))
    if logarithms:
        wrong = int((observed.value <= 0).sum()), int((simulated < 0).sum())
        names = "observed values are not above", "simulated values are below"
        for name, count in zip(names, wrong, strict=True):
            if count:
                message = f"{count} {name} 0 and have no logarithm"
                problems.append(Problem(message, "ask for npde without logarithms"))
    if problems:
        raise InputError(problems)


def _imputed(
    value: Float[np.ndarray, " look"],
    censored: Bool[np.ndarray, " look"],
    limit: Float[np.ndarray, " look"],
    copies: Float[np.ndarray, "replicate look"],
    random: np.random.Generator,
) -> tuple[Float[np.ndarray, " look"], Float[np.ndarray, "replicate look"]]:
    """Replace what lies below the limit by values drawn among the simulated below it."""
    value, changed = value.copy(), copies.copy()
    for look in np.flatnonzero(np.isfinite(limit)).tolist():
        below = np.flatnonzero(copies[:, look] < limit[look])
        pool = copies[below, look] if below.size else copies[:, look].min(keepdims=True)
        drawn = pool[random.integers(pool.size, size=below.size + 1)]
        changed[below, look] = drawn[1:]
        if censored[look]:
            value[look] = drawn[0]
    return value, changed


def _logarithms(
    value: Float[np.ndarray, " look"], copies: Float[np.ndarray, "replicate look"]
) -> tuple[Float[np.ndarray, " look"], Float[np.ndarray, "replicate look"]]:
    """Return logarithms; 0 counts as the smallest copy above 0, or as 1 where there is none."""
    least = np.where(copies > 0, copies, np.inf).min(axis=0)
    least = np.where(np.isfinite(least), least, 1.0)
    return np.log(np.where(value > 0, value, least)), np.log(np.where(copies > 0, copies, least))


def _rank(
    value: Float[np.ndarray, " look"],
    copies: Float[np.ndarray, "replicate look"],
    random: np.random.Generator,
    *,
    randomised: bool,
) -> Float[np.ndarray, " look"]:
    """Return the share of copies below each value, inside 0 and 1."""
    count = len(copies)
    below = (copies < value).sum(axis=0)
    if randomised:
        ties = (copies == value).sum(axis=0)
        spread = random.random(len(value))
        share: Float[np.ndarray, " look"] = (below + spread * (ties + 1)) / (count + 1)
        return share
    return np.asarray(np.clip(below / count, 0.5 / count, 1.0 - 0.5 / count))


def _decorrelated_rank(
    value: Float[np.ndarray, " look"],
    copies: Float[np.ndarray, "replicate look"],
    random: np.random.Generator,
    *,
    randomised: bool,
) -> Float[np.ndarray, " look"]:
    """Return the rank after correlations were removed; NaN where that is impossible."""
    from scipy.linalg import solve_triangular

    found = np.full(len(value), np.nan)
    varies = np.ptp(copies, axis=0) > _ALIKE * np.abs(copies).max(axis=0)
    if not varies.any():
        return found
    value, copies = value[varies], copies[:, varies]
    centre = copies.mean(axis=0)
    spread = copies.std(axis=0, ddof=1)
    standard = (copies - centre) / spread
    try:
        root = np.linalg.cholesky(standard.T @ standard / (len(copies) - 1))
    except np.linalg.LinAlgError:
        return found
    apart = solve_triangular(root, standard.T, lower=True).T
    own = solve_triangular(root, (value - centre) / spread, lower=True)
    found[varies] = _rank(own, apart, random, randomised=randomised)
    return found
