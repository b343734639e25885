"""One number over parameter draws and patients: its value, its doubt and its Monte Carlo error."""

from typing import Literal, NamedTuple, assert_never

import numpy as np
from jaxtyping import Float, Shaped

from progenitor.errors import DesignError
from progenitor.trial._binomial_interval import binomial_interval

__all__ = [
    "Kind",
    "TwoLevel",
    "between_variance",
    "estimate",
    "estimate_from_draws",
    "paired_difference",
    "shrinkage",
]

Kind = Literal["proportion", "median", "mean"]


class TwoLevel(NamedTuple):
    """A simulated number, its interval over parameter draws and its Monte Carlo standard error."""

    value: float
    low: float
    high: float
    mcse: float


def estimate(
    values: Shaped[np.ndarray, "draw patient"], kind: Kind = "mean", *, level: float = 0.9
) -> TwoLevel:
    r"""Summarise a per-patient value over draws (what we do not know) and patients (chance).

    Each draw d gives an estimate :math:`\hat\theta_d` from its own patients with inner variance
    :math:`v_d`: :math:`\hat p(1-\hat p)/(n-1)` for a proportion, :math:`s^2/n` for a mean, Maritz
    and Jarrett's for a median. :func:`estimate_from_draws` turns them into the answer. NaN patients
    do not have the value and are left out, so leave failed simulations NaN and count them.

    Parameters
    ----------
    values
        Value of each patient in each draw; booleans or 0 and 1 for a proportion (draw, patient).
    kind
        What to estimate in each draw.
    level
        Level of the interval.

    Raises
    ------
    DesignError
        If a proportion is asked of values other than 0, 1 and NaN, or a value is infinite.

    References
    ----------
    Maritz, Jarrett 1978, JASA 73:194–196, doi:10.1080/01621459.1978.10480027.

    Examples
    --------
    >>> answers = np.array([[1.0, 0.0, 1.0, np.nan], [1.0, 1.0, 1.0, 0.0]])
    >>> round(estimate(answers, "proportion").value, 4)
    0.7083
    """
    table = np.asarray(values, dtype=float)
    _check(table, kind)
    draws = [row[~np.isnan(row)] for row in table]
    pairs = np.array([_one_draw(row, kind) for row in draws]).reshape(-1, 2)
    answer = estimate_from_draws(
        pairs[:, 0], pairs[:, 1], level=level, centre="median" if kind == "median" else "mean"
    )
    return _at_least_chance(answer, sum(row.size for row in draws), level, kind)


def paired_difference(
    first: Shaped[np.ndarray, "draw patient"],
    second: Shaped[np.ndarray, "draw patient"],
    kind: Kind = "mean",
    *,
    level: float = 0.9,
) -> TwoLevel:
    """Summarise ``first − second`` in the same patients, which cancels what they share.

    For a proportion or a mean this is the mean of the patients' own differences; for a median it is
    the median of those differences, which need not be the difference of the medians. A patient
    counts where both values are known.

    Parameters
    ----------
    first, second
        Value of each patient under one arm and under the other (draw, patient).
    kind, level
        As for :func:`estimate`.

    Raises
    ------
    DesignError
        As for :func:`estimate`.

    Examples
    --------
    >>> tscm = np.array([[3.0, 5.0, 7.0], [4.0, 6.0, 8.0]])
    >>> paired_difference(tscm, tscm - 2.0)
    TwoLevel(value=2.0, low=2.0, high=2.0, mcse=0.0)
    """
    one, other = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    _check(one, kind)
    _check(other, kind)
    return estimate(one - other, "median" if kind == "median" else "mean", level=level)


def estimate_from_draws(
    estimates: Float[np.ndarray, " draw"],
    variances: Float[np.ndarray, " draw"],
    *,
    level: float = 0.9,
    centre: Literal["mean", "median"] = "mean",
) -> TwoLevel:
    r"""Separate doubt about parameters from chance among patients, given one estimate per draw.

    The D estimates scatter by doubt and by chance, :math:`s^2 \approx \tau^2 + \bar v`. Each is
    moved towards the centre :math:`m` so that the chance is removed from their spread,

    .. math::

        \theta_d = m + \lambda\,(\hat\theta_d - m), \qquad
        \lambda^2 = \min\Bigl(1, \frac{E[\tau^2 \mid s^2] + \bar v/(D+1)}{s^2}\Bigr)

    (a constrained Bayes estimate: its spread is :math:`\tau`, where the ordinary one is too
    narrow; :math:`\bar v/(D+1)` keeps the doubt about the centre). ``low`` and ``high`` are the
    quantiles of :math:`\theta_d` at plotting positions :math:`k/(D+1)`: the true value of a fresh
    draw falls between them with probability near ``level`` (0.86–0.97 measured at level 0.9 with 20
    to 40 draws of 25 patients), and more often than that where chance dwarfs doubt. Below
    2/(1 − level) − 1 draws (19 at 90 %) they are the extremes and cover less. One draw says nothing
    about parameters, so its limits are NaN. ``mcse`` is the error of ``value`` from the finite
    number of draws and of patients together.

    Parameters
    ----------
    estimates
        Estimate of each draw; NaN for a draw without patients (draw,).
    variances
        Variance of each estimate by chance among patients; NaN where unknown (draw,).
    level
        Level of the interval.
    centre
        Value and centre: the mean of the draws, or their median.

    Raises
    ------
    DesignError
        If the level is not between 0 and 1.

    References
    ----------
    Louis 1984, JASA 79:393–398, doi:10.1080/01621459.1984.10478062.

    Examples
    --------
    >>> found = estimate_from_draws(np.array([1.0, 2.0, 3.0]), np.zeros(3))
    >>> found.value, found.low, found.high, round(found.mcse, 4)
    (2.0, 1.0, 3.0, 0.5774)
    """
    if not 0.0 < level < 1.0:
        raise DesignError(f"the level {level:g} is not between 0 and 1. Fix: give 0.9 for 90 %")
    present = np.isfinite(estimates)
    known = estimates[present]
    if not known.size:
        return TwoLevel(*[float("nan")] * 4)
    if known.size == 1:
        inner = float(variances[present][0])
        return TwoLevel(float(known[0]), float("nan"), float("nan"), inner**0.5)
    middle = float(np.median(known) if centre == "median" else known.mean())
    moved = middle + shrinkage(known, variances[present]) * (known - middle)
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(moved, [tail, 1.0 - tail], method="weibull")
    error = _median_variance(known) if centre == "median" else known.var(ddof=1) / known.size
    return TwoLevel(middle, min(float(low), middle), max(float(high), middle), float(error) ** 0.5)


def between_variance(
    estimates: Float[np.ndarray, " draw"], variances: Float[np.ndarray, " draw"]
) -> float:
    r"""Variance between draws that is left when chance among patients is taken away.

    With :math:`t = \tau^2 + \bar v`, :math:`(D-1)s^2/t \sim \chi^2_{D-1}` and the reference prior
    :math:`1/t` on :math:`t \ge \bar v`, the posterior mean is

    .. math::

        E[\tau^2 \mid s^2] = \bar v\left(\frac{x}{a - 1}\,\frac{P(a-1, x)}{P(a, x)} - 1\right),
        \qquad a = \frac{D-1}{2}, \quad x = \frac{(D-1)\,s^2}{2 \bar v}

    with P the regularised incomplete gamma function. It is above 0 even where :math:`s^2 < \bar v`,
    as data never show that there is no doubt. With three draws or fewer, or without a known inner
    variance, nothing can be taken away and it is :math:`s^2`.

    Parameters
    ----------
    estimates, variances
        As for :func:`estimate_from_draws`.

    References
    ----------
    Tiao, Tan 1965, Biometrika 52:37–53, doi:10.1093/biomet/52.1-2.37.

    Examples
    --------
    >>> spread = np.array([0.2, 0.3, 0.4, 0.5, 0.6])
    >>> round(between_variance(spread, np.full(5, 1e-6)), 3), round(np.var(spread, ddof=1), 3)
    (0.05, np.float64(0.025))
    """
    from scipy.special import gammainc, hyp1f1

    present = np.isfinite(estimates)
    draws, inner = int(present.sum()), variances[present & np.isfinite(variances)]
    spread = float(estimates[present].var(ddof=1)) if draws > 1 else 0.0
    chance = float(inner.mean()) if inner.size else 0.0
    if draws <= 3 or chance <= 0.0:
        return spread
    a, x = (draws - 1) / 2.0, (draws - 1) * spread / (2.0 * chance)
    mass = float(gammainc(a, x))
    if mass > 0.0:
        total = x / (a - 1.0) * float(gammainc(a - 1.0, x)) / mass
    else:  # x far below a: the same ratio where both masses underflow
        total = a / (a - 1.0) * float(hyp1f1(1.0, a, x) / hyp1f1(1.0, a + 1.0, x))
    return max(0.0, chance * (total - 1.0))


def shrinkage(
    estimates: Float[np.ndarray, " draw"], variances: Float[np.ndarray, " draw"]
) -> float:
    """Return the factor λ of :func:`estimate_from_draws`; 1 where nothing can be taken away.

    Examples
    --------
    >>> spread = np.array([0.2, 0.3, 0.4, 0.5, 0.6])
    >>> round(shrinkage(spread, np.full(5, 0.02)), 2), shrinkage(spread, np.zeros(5))
    (1.0, 1.0)
    """
    spread = float(estimates.var(ddof=1))
    inner = variances[np.isfinite(variances)]
    if not inner.size or spread <= 0.0:
        return 1.0
    kept = between_variance(estimates, variances) + float(inner.mean()) / (estimates.size + 1)
    return float(min(1.0, kept / spread) ** 0.5)


def _check(table: Float[np.ndarray, "draw patient"], kind: Kind) -> None:
    known = table[~np.isnan(table)]
    if np.any(np.isinf(known)):
        raise DesignError("a value is infinite. Fix: give NaN where a patient has no value")
    if kind == "proportion" and np.any((known != 0.0) & (known != 1.0)):
        raise DesignError(
            f"a proportion needs 0, 1 or NaN, got {known[(known != 0.0) & (known != 1.0)][0]:g}. "
            "Fix: ask for the mean or the median, or compare with a threshold first"
        )


def _one_draw(values: Float[np.ndarray, " patient"], kind: Kind) -> tuple[float, float]:
    """Estimate of one draw and its variance; NaN where there are too few patients."""
    if not values.size:
        return float("nan"), float("nan")
    match kind:
        case "proportion" | "mean":
            middle = float(values.mean())
            spread = float(values.var(ddof=1)) / values.size if values.size > 1 else float("nan")
        case "median":
            middle = float(np.median(values))
            spread = _median_variance(values) if values.size > 1 else float("nan")
        case _:
            assert_never(kind)
    return middle, spread


def _median_variance(values: Float[np.ndarray, " patient"]) -> float:
    """Maritz–Jarrett variance of a sample median: its moments under resampling, exactly."""
    from scipy.special import betainc

    n = values.size
    a = np.floor(0.5 * n + 0.5)
    edges = betainc(a, n - a + 1.0, np.arange(n + 1) / n)
    weights = np.diff(edges)
    ordered = np.sort(values)
    first = float(weights @ ordered)
    return max(0.0, float(weights @ (ordered - first) ** 2))


def _at_least_chance(answer: TwoLevel, patients: int, level: float, kind: Kind) -> TwoLevel:
    """Keep a share's interval and error from falling below what so many patients can show.

    Nobody among 500 is no proof of 0: without this, draws that all saw 0 would give a certain 0.
    """
    if kind != "proportion" or np.isnan(answer.low):
        return answer
    seen = round(answer.value * patients)
    low, high = binomial_interval(seen, patients, method="jeffreys", level=level)
    smoothed = (seen + 0.5) / (patients + 1.0)
    error = max(answer.mcse, float(np.sqrt(smoothed * (1.0 - smoothed) / patients)))
    return TwoLevel(answer.value, min(answer.low, low), max(answer.high, high), error)
