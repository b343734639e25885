"""Probabilities and upper tails of every binomial up to a largest number of patients."""

import numpy as np
from jaxtyping import Float

from progenitor.errors import DesignError

__all__ = ["binomial_tables", "check_rates"]


def binomial_tables(
    rate: float, largest: int
) -> tuple[Float[np.ndarray, "n x"], Float[np.ndarray, "n x"]]:
    r"""Tabulate P(X = x) and P(X ≥ x) for X ~ Binomial(n, rate), n = 0 … ``largest``.

    Rows come from the recursion :math:`b(x; n+1) = (1-p)\,b(x; n) + p\,b(x-1; n)`, which only
    adds positive terms, so each entry keeps full relative precision.

    Parameters
    ----------
    rate
        Probability of response of one patient.
    largest
        Largest number of patients.

    Returns
    -------
    pmf, tail
        Both (largest + 1, largest + 2); column x is the number of responders.

    Examples
    --------
    >>> pmf, tail = binomial_tables(0.5, 2)
    >>> pmf[2].tolist(), tail[2].tolist()
    ([0.25, 0.5, 0.25, 0.0], [1.0, 0.75, 0.25, 0.0])
    """
    pmf = np.zeros((largest + 1, largest + 2))
    pmf[0, 0] = 1.0
    for n in range(largest):
        pmf[n + 1] = (1.0 - rate) * pmf[n]
        pmf[n + 1, 1:] += rate * pmf[n, :-1]
    tail = np.cumsum(pmf[:, ::-1], axis=1)[:, ::-1]
    return pmf, tail


def check_rates(design: str, *, p0: float, p1: float) -> None:
    """Refuse response rates between which no single-arm trial can decide.

    Raises
    ------
    DesignError
        Unless 0 < p0 < p1 < 1.

    Examples
    --------
    >>> check_rates("exact_binomial", p0=0.4, p1=0.2)
    Traceback (most recent call last):
    ...
    progenitor.errors.DesignError: exact_binomial: p0 = 0.4 and p1 = 0.2 do not fit. Fix: ...
    """
    if not 0.0 < p0 < p1 < 1.0:
        raise DesignError(
            f"{design}: p0 = {p0:g} and p1 = {p1:g} do not fit. Fix: give response rates with "
            "0 < p0 < p1 < 1, p0 the uninteresting and p1 the hoped-for rate"
        )
