"""Digital PCR: from positive partitions to copies, with the interval of the count."""

from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import InputError, Problem

__all__ = ["DigitalCount", "digital_count"]

_FEWEST: Final = 1000


@final
@dataclass(frozen=True, slots=True)
class DigitalCount:
    """Copies per partition with 95 % intervals.

    Parameters
    ----------
    mean, low, high
        Copies per partition, (sample,); NaN and infinite where every partition is positive.
    partitions
        Accepted partitions, (sample,).
    saturated
        Whether every partition is positive, (sample,): only a lower end is known.
    """

    mean: Float[np.ndarray, " sample"]
    low: Float[np.ndarray, " sample"]
    high: Float[np.ndarray, " sample"]
    partitions: Int[np.ndarray, " sample"]
    saturated: Bool[np.ndarray, " sample"]

    def concentration(self, volume: float) -> Float[np.ndarray, "end sample"]:
        """Return copies per microlitre of reaction: estimate, low and high.

        Parameters
        ----------
        volume
            Of a partition, in nanolitres.

        Examples
        --------
        >>> count = digital_count(np.array([18358]), np.array([20000]))
        >>> count.concentration(1.0)[0].round().tolist()
        [2500.0]
        """
        return np.stack([self.mean, self.low, self.high]) * (1e3 / volume)

    def ratio_to(self, reference: "DigitalCount") -> Float[np.ndarray, "end sample"]:
        """Return copies per copy of a reference: estimate and 95 % interval of the logarithm.

        Each has ``var(ln λ) = p/(n(1 − p)λ²)``; twice the ratio to a gene of two copies is the
        vector copy number of a cell.

        Parameters
        ----------
        reference
            Count of the reference in the same sample.

        Examples
        --------
        >>> target = digital_count(np.array([8000]), np.array([20000]))
        >>> target.ratio_to(target)[0].tolist()
        [1.0]
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            error = np.sqrt(_log_variance(self) + _log_variance(reference))
            ratio = self.mean / reference.mean
            reach = np.exp(1.959963984540054 * error)
            return np.stack([ratio, ratio / reach, ratio * reach])


def digital_count(
    positive: Int[np.ndarray, " sample"], partitions: Int[np.ndarray, " sample"]
) -> DigitalCount:
    r"""Correct positive partitions for those that hold several copies.

    With n partitions of which k are positive, :math:`\hat\lambda = -\ln(1 - k/n)` copies per
    partition; the interval is that of Clopper and Pearson for k/n, carried over.

    Parameters
    ----------
    positive
        Partitions with a signal.
    partitions
        Accepted partitions.

    Raises
    ------
    InputError
        When there are more positive than accepted partitions, fewer than 1,000 of these, or a
        negative number; every sample at once.

    References
    ----------
    Hindson BJ et al. Anal Chem 2011;83:8604-8610, doi:10.1021/ac202028g. Dube S, Qin J,
    Ramakrishnan R. PLoS ONE 2008;3:e2876, doi:10.1371/journal.pone.0002876.

    Examples
    --------
    >>> found = digital_count(np.array([8000, 0]), np.array([20000, 20000]))
    >>> found.mean.round(2).tolist(), found.low[1], bool(found.high[1] > 0)
    ([0.51, 0.0], np.float64(0.0), True)
    """
    from scipy.special import betaincinv

    positive, partitions = np.asarray(positive), np.asarray(partitions)
    problems = [
        Problem(
            f"sample {place + 1}: {k} of {n} partitions are positive",
            f"give 0 to n positive ones, of at least {_FEWEST} accepted",
            field="POSITIVE",
        )
        for place, (k, n) in enumerate(zip(positive.tolist(), partitions.tolist(), strict=True))
        if not 0 <= k <= n or n < _FEWEST
    ]
    if problems:
        raise InputError(problems)
    full = positive == partitions
    low = np.where(
        positive == 0, 0.0, betaincinv(np.maximum(positive, 1), partitions - positive + 1, 0.025)
    )
    high = np.where(
        full, 1.0, betaincinv(positive + 1, np.maximum(partitions - positive, 1), 0.975)
    )
    with np.errstate(divide="ignore"):
        mean, least, most = (-np.log1p(-share) for share in (positive / partitions, low, high))
    return DigitalCount(
        np.where(full, np.nan, mean) + 0.0, least + 0.0, most + 0.0, partitions, full
    )


def _log_variance(count: DigitalCount) -> Float[np.ndarray, " sample"]:
    """Return the variance of the logarithm of copies per partition."""
    negative = np.exp(-count.mean)
    found: Float[np.ndarray, " sample"] = (1 - negative) / (
        negative * count.partitions * count.mean**2
    )
    return found
