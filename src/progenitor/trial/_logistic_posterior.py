"""The posterior of a two-parameter logistic dose–toxicity curve, for many trials at once."""

from typing import NamedTuple, final

import numpy as np
from jaxtyping import Bool, Float

__all__ = ["LogisticPosterior", "LogisticPrior", "logistic_log_density", "logistic_posterior"]

_REACH = 8.0  # prior standard deviations searched
_COARSE = 65  # points of the search on each axis
_FINE = 97  # points of the quadrature on each axis
_NEGLIGIBLE = 32.0  # log density below the highest that is left out; exp(−32) ≈ 1e-14
_GROUP = 32  # patients whose odds are multiplied before a logarithm is taken
_BLOCK = 150_000  # numbers held at once


@final
class LogisticPrior(NamedTuple):
    r"""Bivariate normal prior of :math:`\theta = (\ln\alpha, \ln\beta)`.

    Parameters
    ----------
    mean, sd
        Means and standard deviations of both.
    correlation
        Between them.
    """

    mean: tuple[float, float]
    sd: tuple[float, float]
    correlation: float


@final
class LogisticPosterior(NamedTuple):
    """What is known of the probability of toxicity at each dose of a grid.

    Parameters
    ----------
    mean, sd
        Of the probability (trial, dose).
    under, target, over
        Probability that it is below the first cut, between, and above the second (trial, dose).
    """

    mean: Float[np.ndarray, "trial dose"]
    sd: Float[np.ndarray, "trial dose"]
    under: Float[np.ndarray, "trial dose"]
    target: Float[np.ndarray, "trial dose"]
    over: Float[np.ndarray, "trial dose"]


def logistic_posterior(
    log_dose: Float[np.ndarray, "trial patient"],
    toxic: Bool[np.ndarray, "trial patient"],
    counted: Bool[np.ndarray, "trial patient"],
    grid: Float[np.ndarray, " dose"],
    *,
    prior: LogisticPrior,
    cuts: tuple[float, float],
) -> LogisticPosterior:
    r"""Return the posterior of p at each dose of a grid, given every patient's own dose.

    .. math::

        \mathrm{logit}\,p(d) = \theta_1 + e^{\theta_2} \ln(d/d^*), \qquad
        \theta \sim N_2(\mu, \Sigma)

    A coarse grid over the prior finds where the density is; a fine one of 97 × 97 points on that
    rectangle integrates. For each θ₂ the event p < c is θ₁ below a limit, so that the intervals are
    cut inside the cells and not at grid points.

    Parameters
    ----------
    log_dose
        :math:`\ln(d/d^*)` of the dose each patient really got.
    toxic, counted
        Whether the patient had a toxicity; whether there is a patient in that place.
    grid
        :math:`\ln(d/d^*)` of the doses asked.
    prior
        Of θ.
    cuts
        Limits of the target interval.

    References
    ----------
    Neuenschwander, Branson, Gsponer 2008, Statistics in Medicine 27:2420–2439,
    doi:10.1002/sim.3230.

    Examples
    --------
    >>> dose, nobody = np.log([[0.1] * 4]), np.full((1, 4), False)
    >>> prior = LogisticPrior((-1.386, 0.0), (1.5, 0.7), 0.0)
    >>> found = logistic_posterior(dose, nobody, ~nobody, np.log([0.1, 1.0]), prior=prior,
    ...                            cuts=(0.16, 0.33))
    >>> found.mean.round(3).tolist(), found.over.round(3).tolist()
    ([[0.033, 0.221]], [[0.005, 0.241]])
    """
    rows = max(1, _BLOCK // _FINE**2)
    blocks = []
    for start in range(0, len(log_dose), rows):
        part = slice(start, start + rows)
        data = _Data(log_dose[part], toxic[part], counted[part])
        blocks.append(_block(data, grid, prior, cuts))
    return LogisticPosterior(*(np.concatenate(parts) for parts in zip(*blocks, strict=True)))


class _Data(NamedTuple):
    log_dose: Float[np.ndarray, "trial patient"]
    toxic: Bool[np.ndarray, "trial patient"]
    counted: Bool[np.ndarray, "trial patient"]


def _block(
    data: _Data,
    grid: Float[np.ndarray, " dose"],
    prior: LogisticPrior,
    cuts: tuple[float, float],
) -> LogisticPosterior:
    trials = len(data.log_dose)
    whole = [
        np.broadcast_to(m + s * np.linspace(-_REACH, _REACH, _COARSE), (trials, _COARSE))
        for m, s in zip(prior.mean, prior.sd, strict=True)
    ]
    coarse = logistic_log_density(whole[0], whole[1], *data, prior)
    inside = coarse > coarse.max(axis=(1, 2), keepdims=True) - _NEGLIGIBLE
    first, second = (
        _axis(points, inside.any(axis=other)) for points, other in zip(whole, (2, 1), strict=True)
    )
    density = logistic_log_density(first, second, *data, prior)
    density = np.exp(density - density.max(axis=(1, 2), keepdims=True))
    density /= density.sum(axis=(1, 2), keepdims=True)
    slope = np.exp(second)
    cumulative = _Cumulative(first, density)
    answers = []
    for dose in grid:
        score = first[:, :, None] + slope[:, None, :] * dose
        p = 1.0 / (1.0 + np.exp(-np.clip(score, -700.0, 700.0)))
        mean = (density * p).sum(axis=(1, 2))
        spread = (density * (p - mean[:, None, None]) ** 2).sum(axis=(1, 2))
        low, high = (cumulative.below(np.log(cut / (1.0 - cut)) - slope * dose) for cut in cuts)
        answers.append((mean, np.sqrt(spread), low, high - low, 1.0 - high))
    return LogisticPosterior(*(np.stack(parts, axis=1) for parts in zip(*answers, strict=True)))


def logistic_log_density(
    first: Float[np.ndarray, "trial first"],
    second: Float[np.ndarray, "trial second"],
    log_dose: Float[np.ndarray, "trial patient"],
    toxic: Bool[np.ndarray, "trial patient"],
    counted: Bool[np.ndarray, "trial patient"],
    prior: LogisticPrior,
) -> Float[np.ndarray, "trial first second"]:
    """Return log likelihood plus log prior on the product of two axes, up to a constant.

    log(1 + e^{±η}) is summed as the logarithm of a product of 1 + e^{±θ₁}·e^{±slope·x}, one
    exponential per axis. A product that overflows belongs to a density of 0.

    Parameters
    ----------
    first, second
        Values of ln α and ln β.
    log_dose, toxic, counted, prior
        As for :func:`logistic_posterior`.

    Examples
    --------
    >>> axis, nobody = np.zeros((1, 1)), np.full((1, 1), False)
    >>> prior = LogisticPrior((0.0, 0.0), (1.0, 1.0), 0.0)
    >>> float(logistic_log_density(axis, axis, axis, nobody, ~nobody, prior)[0, 0, 0].round(4))
    -0.6931
    """
    z1 = ((first - prior.mean[0]) / prior.sd[0])[:, :, None]
    z2 = ((second - prior.mean[1]) / prior.sd[1])[:, None, :]
    rho = prior.correlation
    total = -0.5 * (z1**2 - 2.0 * rho * z1 * z2 + z2**2) / (1.0 - rho**2)
    up, slope = np.exp(first), np.exp(second)
    down = 1.0 / up
    patients = np.flatnonzero(counted.any(axis=0))
    with np.errstate(over="ignore"):
        for start in range(0, patients.size, _GROUP):
            product = np.ones_like(total)
            for place in patients[start : start + _GROUP]:
                ill = toxic[:, place, None]
                sign = np.where(ill, -1.0, 1.0)
                axis = np.exp(sign * slope * log_dose[:, place, None])
                axis = np.where(counted[:, place, None], axis, 0.0)
                odds = np.where(ill, down, up)
                product *= 1.0 + odds[:, :, None] * axis[:, None, :]
            total -= np.log(product)
    return total


def _axis(
    points: Float[np.ndarray, "trial point"], inside: Bool[np.ndarray, "trial point"]
) -> Float[np.ndarray, "trial fine"]:
    """Return equidistant points over what is inside, one coarse step wider on either side."""
    last = points.shape[1] - 1
    low = np.maximum(np.argmax(inside, axis=1) - 1, 0)
    high = np.minimum(last - np.argmax(inside[:, ::-1], axis=1) + 1, last)
    rows = np.arange(len(points))
    return np.linspace(points[rows, low], points[rows, high], _FINE, axis=1)


class _Cumulative:
    """Distribution of θ₁ for each θ₂, between grid points too."""

    def __init__(
        self,
        points: Float[np.ndarray, "trial first"],
        density: Float[np.ndarray, "trial first second"],
    ) -> None:
        self.start, self.step = points[:, 0], points[:, 1] - points[:, 0]
        self.density = density
        slope = np.gradient(density, axis=1)
        pieces = (density[:, 1:] + density[:, :-1]) / 2.0 + (slope[:, :-1] - slope[:, 1:]) / 12.0
        self.sums = np.zeros_like(density)
        np.cumsum(pieces, axis=1, out=self.sums[:, 1:])

    def below(self, limit: Float[np.ndarray, "trial second"]) -> Float[np.ndarray, " trial"]:
        """P(θ₁ < limit(θ₂)): cubic between grid points, where sum and density are known."""
        last = self.density.shape[1] - 1
        place = np.clip((limit - self.start[:, None]) / self.step[:, None], 0.0, last)
        cell = np.minimum(place.astype(np.intp), last - 1)
        t = place - cell
        rows, columns = np.indices(limit.shape)
        f0, f1 = (self.sums[rows, cell + k, columns] for k in (0, 1))
        d0, d1 = (self.density[rows, cell + k, columns] for k in (0, 1))
        value = (
            f0 * (1.0 + 2.0 * t) * (1.0 - t) ** 2
            + d0 * t * (1.0 - t) ** 2
            + f1 * t**2 * (3.0 - 2.0 * t)
            + d1 * t**2 * (t - 1.0)
        )
        share: Float[np.ndarray, " trial"] = np.clip(value.sum(axis=1), 0.0, 1.0)
        return share
