"""How likely a running trial is to succeed, given what it has shown so far."""

from typing import NamedTuple

from progenitor.errors import InputError, Problem

__all__ = ["ConditionalPower", "conditional_power"]


class ConditionalPower(NamedTuple):
    """Probability of success at the end: under the plan, the trend, and averaged."""

    design: float
    trend: float
    predictive: float


def conditional_power(
    z: float,
    time: float,
    *,
    critical: float,
    drift: float,
    prior_mean: float = 0.0,
    prior_sd: float = float("inf"),
) -> ConditionalPower:
    r"""Find the probability that the last statistic exceeds a critical value.

    After a statistic z at information :math:`t`, with drift :math:`\theta` (mean of Z at the end),

    .. math::

        CP(\theta) = \Phi\Bigl(\frac{z\sqrt t + \theta(1-t) - c}{\sqrt{1-t}}\Bigr), \qquad
        \hat\theta = z/\sqrt t

    ``design`` uses the planned drift, ``trend`` the estimate. ``predictive`` averages over the
    posterior of θ, :math:`N(m, v)` with :math:`1/v = t + 1/\sigma_0^2` and
    :math:`m = v(z\sqrt t + \mu_0/\sigma_0^2)`, which adds :math:`(1-t)^2 v` to the variance; with
    the flat prior :math:`PP = \Phi\bigl((z - c\sqrt t)/\sqrt{1-t}\bigr)`.

    Parameters
    ----------
    z, time
        Statistic at the look, and its information between 0 and 1.
    critical
        Value the statistic must exceed at the end.
    drift
        Planned mean of the last statistic.
    prior_mean, prior_sd
        Prior of the drift; flat by default.

    Raises
    ------
    InputError
        If the time is not between 0 and 1, the standard deviation not above 0, or a number missing.

    References
    ----------
    Lan, Wittes 1988, Biometrics 44:579–585, doi:10.2307/2531870; Spiegelhalter, Freedman,
    Blackburn 1986, Controlled Clinical Trials 7:8–17, doi:10.1016/0197-2456(86)90003-6.

    Examples
    --------
    >>> [round(p, 6) for p in conditional_power(1.0, 0.5, critical=1.959964, drift=3.24)]
    [0.698196, 0.220114, 0.292619]
    """
    from scipy.special import ndtr

    _check(z, time, critical, drift, prior_mean, prior_sd)
    left = 1.0 - time
    seen = z * time**0.5

    def chance(theta: float, variance: float) -> float:
        spread = (left + left * left * variance) ** 0.5
        return float(ndtr((seen + theta * left - critical) / spread))

    variance = 1.0 / (time + prior_sd**-2.0)
    mean = variance * (seen + prior_mean * prior_sd**-2.0)
    return ConditionalPower(chance(drift, 0.0), chance(seen / time, 0.0), chance(mean, variance))


def _check(
    z: float, time: float, critical: float, drift: float, prior_mean: float, prior_sd: float
) -> None:
    problems = []
    numbers = {"z": z, "critical": critical, "drift": drift, "prior_mean": prior_mean}
    for name, value in numbers.items():
        if not abs(value) < float("inf"):
            problems.append(Problem(f"the number is {value:g}", "give a finite one", field=name))
    if not 0.0 < time < 1.0:
        fix = "give the share of the information that is in, between 0 and 1"
        problems.append(Problem(f"the information is {time:g}", fix, field="time"))
    if not prior_sd > 0.0:
        fix = "give a number above 0, or leave it out for a flat prior"
        problems.append(Problem(f"the standard deviation is {prior_sd:g}", fix, field="prior_sd"))
    if problems:
        raise InputError(problems)
