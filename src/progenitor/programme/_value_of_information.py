"""What it would be worth to know more before deciding: closed forms and a regression on samples."""

from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Final, final

import numpy as np
from jaxtyping import Float

from progenitor.errors import InputError, Problem

__all__ = ["GaussianDecision", "ValueEstimate", "regression_value", "sample_evpi"]

_BLOCKS: Final = 20
"""Blocks left out in turn for the standard error of a regression estimate."""


@final
@dataclass(frozen=True, slots=True)
class GaussianDecision:
    r"""Decide for or against something whose net benefit is linear in uncertain Gaussian numbers.

    .. math::

        B = c_0 + \sum_i c_i \theta_i, \qquad \theta_i \sim N(m_i, s_i^2)\ \text{independent}

    Doing nothing has benefit 0. If learning something leaves a preposterior standard deviation τ of
    the expected benefit, it is worth

    .. math::

        V(\tau) = E[\max(0, N(\mu, \tau^2))] - \max(0, \mu)
                = \tau\,\bigl[\varphi(z) - |z|\,\Phi(-|z|)\bigr], \quad z = \mu/\tau

    with τ the standard deviation of B for perfect information (EVPI), :math:`|c_i| s_i` for perfect
    information on one number (EVPPI), and :math:`|c_i| s_i^2/\sqrt{s_i^2 + \sigma_i^2/n}` for n
    observations of it with standard deviation :math:`\sigma_i` (EVSI).

    Parameters
    ----------
    coefficients, means, sds
        :math:`c_i`, :math:`m_i` and :math:`s_i`.
    constant
        :math:`c_0`.

    Raises
    ------
    InputError
        Listing every number that is impossible.

    References
    ----------
    Raiffa and Schlaifer 1961, Applied Statistical Decision Theory, chapter 5.

    Examples
    --------
    >>> decision = GaussianDecision((2.0,), (0.0,), (1.0,), 0.0)
    >>> round(decision.evpi, 4), round(decision.evsi(0, observation_sd=1.0, n=1), 4)
    (0.7979, 0.5642)
    """

    coefficients: tuple[float, ...]
    means: tuple[float, ...]
    sds: tuple[float, ...]
    constant: float = 0.0

    def __post_init__(self) -> None:
        problems = []
        sizes = {len(self.coefficients), len(self.means), len(self.sds)}
        if len(sizes) > 1 or not self.coefficients:
            problems.append(
                Problem(
                    f"{len(self.coefficients)} coefficients, {len(self.means)} means and "
                    f"{len(self.sds)} standard deviations",
                    "give one of each for every number",
                )
            )
        if any(not sd >= 0.0 for sd in self.sds):
            problems.append(Problem("a standard deviation is below 0", "give 0 or more"))
        if not np.all(np.isfinite([*self.coefficients, *self.means, *self.sds, self.constant])):
            problems.append(Problem("a number is not finite", "give finite numbers"))
        if problems:
            raise InputError(problems)

    @property
    def expected_benefit(self) -> float:
        """Mean net benefit of doing it, on what is known now."""
        return self.constant + float(np.dot(self.coefficients, self.means))

    @property
    def current(self) -> float:
        """Benefit of the better decision now; 0 where that is to do nothing."""
        return max(0.0, self.expected_benefit)

    @property
    def evpi(self) -> float:
        """Expected value of perfect information on everything."""
        return self._worth(float(np.hypot.reduce(np.multiply(self.coefficients, self.sds))))

    def evppi(self, index: int) -> float:
        """Return the expected value of perfect information on one number."""
        return self._worth(abs(self.coefficients[index]) * self.sds[index])

    def evsi(self, index: int, *, observation_sd: float, n: int) -> float:
        """Return the expected value of n observations of one number."""
        if not (observation_sd >= 0.0 and n >= 0):
            text = f"{n} observations with standard deviation {observation_sd:g}"
            raise InputError([Problem(text, "give at least 0 of both")])
        sd = self.sds[index]
        if n == 0 or sd == 0.0:
            return 0.0
        learned = sd * sd / float(np.hypot(sd, observation_sd / n**0.5))
        return self._worth(abs(self.coefficients[index]) * learned)

    def _worth(self, spread: float) -> float:
        """Gain from choosing after a preposterior spread instead of now."""
        from scipy.special import ndtr

        if spread == 0.0:
            return 0.0
        z = abs(self.expected_benefit) / spread
        density = float(np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi))
        return max(spread * (density - z * float(ndtr(-z))), 0.0)


@final
@dataclass(frozen=True, slots=True)
class ValueEstimate:
    """A value of information estimated from samples.

    Parameters
    ----------
    value
        The estimate, in units of net benefit.
    standard_error
        Jackknife standard error over blocks of samples.
    """

    value: float
    standard_error: float


def sample_evpi(benefits: Float[np.ndarray, "sample option"]) -> ValueEstimate:
    """Estimate the value of perfect information from samples of every option's net benefit.

    Parameters
    ----------
    benefits
        Net benefit of each option under each sample of what is uncertain.

    Examples
    --------
    >>> sample_evpi(np.array([[0.0, 3.0], [0.0, -1.0]] * 20)).value
    0.5
    """
    _check_benefits(benefits)
    return _estimate(benefits, benefits)


def regression_value(
    benefits: Float[np.ndarray, "sample option"],
    known: Float[np.ndarray, "sample number"],
    *,
    degree: int = 3,
) -> ValueEstimate:
    r"""Estimate what knowing some numbers is worth, by regression of the benefits on them.

    .. math::

        EVPPI = E_\phi\Bigl[\max_d E(B_d \mid \phi)\Bigr] - \max_d E(B_d)

    The inner expectation is the regression of each option's benefit on a full polynomial of
    ``known``. With the numbers themselves it is the EVPPI; with a summary of data simulated from
    each sample, such as the mean of the observations, it is the EVSI of those data.

    Parameters
    ----------
    benefits
        Net benefit of each option under each sample.
    known
        The numbers, or summaries of simulated data, of each sample.
    degree
        Degree of the polynomial.

    Raises
    ------
    InputError
        If shapes do not fit, or there are fewer than ten samples for each term.

    References
    ----------
    Strong, Oakley and Brennan 2014, Medical Decision Making 34:311–326,
    doi:10.1177/0272989X13505910; Strong et al. 2015, 35:570–583, doi:10.1177/0272989X15575286.

    Examples
    --------
    >>> x = np.linspace(-2.0, 2.0, 401)[:, None]
    >>> found = regression_value(np.hstack([0.0 * x, x]), x, degree=1)
    >>> round(found.value, 3)
    0.501
    """
    _check_benefits(benefits)
    if known.shape[0] != benefits.shape[0] or degree < 1:
        text = f"{known.shape[0]} samples known of {benefits.shape[0]}, degree {degree}"
        raise InputError([Problem(text, "give one row for each sample and a degree of at least 1")])
    terms = _polynomial(known, degree)
    if terms.shape[0] < 10 * terms.shape[1]:
        text = f"{terms.shape[0]} samples for {terms.shape[1]} terms"
        raise InputError([Problem(text, "give ten samples for each term, or lower the degree")])
    weights, *_ = np.linalg.lstsq(terms, benefits, rcond=None)
    return _estimate(terms @ weights, benefits)


def _polynomial(
    known: Float[np.ndarray, "sample number"], degree: int
) -> Float[np.ndarray, "sample term"]:
    """Every product of up to ``degree`` standardised numbers, and 1."""
    spread = known.std(axis=0)
    scaled = (known - known.mean(axis=0)) / np.where(spread > 0.0, spread, 1.0)
    scaled = scaled[:, spread > 0.0]
    columns = [np.ones(len(known))]
    for power in range(1, degree + 1):
        chosen = combinations_with_replacement(range(scaled.shape[1]), power)
        columns.extend(np.prod(scaled[:, list(which)], axis=1) for which in chosen)
    return np.stack(columns, axis=1)


def _estimate(
    fitted: Float[np.ndarray, "sample option"], benefits: Float[np.ndarray, "sample option"]
) -> ValueEstimate:
    """Mean of the best option less the best mean, with its jackknife error."""
    best, count = fitted.max(axis=1), len(fitted)
    value = float(best.mean() - fitted.mean(axis=0).max())
    blocks = np.array_split(np.arange(count), min(_BLOCKS, count))
    left = []
    for block in blocks:
        keep = count - block.size
        means = (benefits.sum(axis=0) - benefits[block].sum(axis=0)) / keep
        left.append((best.sum() - best[block].sum()) / keep - means.max())
    spread = np.var(left) * (len(blocks) - 1)
    return ValueEstimate(max(value, 0.0), float(np.sqrt(spread)))


def _check_benefits(benefits: Float[np.ndarray, "sample option"]) -> None:
    problems = []
    if benefits.shape[0] < 2 * _BLOCKS or benefits.shape[1] < 2:
        text = f"net benefits of shape {benefits.shape}"
        problems.append(Problem(text, f"give at least {2 * _BLOCKS} samples of 2 options"))
    if not np.all(np.isfinite(benefits)):
        problems.append(Problem("a net benefit is not finite", "drop failed samples first"))
    if problems:
        raise InputError(problems)
