"""Exact binomial test of a rate."""

from progenitor.errors import InputError, Problem

__all__ = ["binomial_p_value"]


def binomial_p_value(x: int, n: int, *, p0: float) -> float:
    r"""Return the one-sided exact p-value of a rate above ``p0``: :math:`P(X \ge x \mid n, p_0)`.

    Parameters
    ----------
    x, n
        Responders and patients.
    p0
        Rate of no interest.

    Raises
    ------
    InputError
        Unless 0 ≤ x ≤ n, n ≥ 1 and 0 < p0 < 1.

    References
    ----------
    Clopper and Pearson 1934, Biometrika 26:404–413, doi:10.1093/biomet/26.4.404.

    Examples
    --------
    >>> round(binomial_p_value(6, 12, p0=0.2), 6)
    0.019405
    """
    problems = []
    if not (n >= 1 and 0 <= x <= n):
        problems.append(Problem(f"{x} responders of {n} patients", "give 0 ≤ x ≤ n, n at least 1"))
    if not 0.0 < p0 < 1.0:
        problems.append(Problem(f"p0 = {p0:g}", "give a rate between 0 and 1"))
    if problems:
        raise InputError(problems)
    from scipy.special import bdtrc

    return 1.0 if x == 0 else float(bdtrc(x - 1, n, p0))
