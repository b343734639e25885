"""Kaplan–Meier curves with Greenwood errors, intervals on three scales and numbers at risk."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, final

import numpy as np
from jaxtyping import Float, Int, Shaped

from progenitor.errors import DesignError

__all__ = ["KaplanMeier", "LimitScale", "TimeInterval", "kaplan_meier"]

LimitScale = Literal["log-log", "log", "plain"]

_SAME = 1e-9
"""Two survival probabilities closer than this are one: they are products of rounded fractions."""


class TimeInterval(NamedTuple):
    """A time with its confidence limits; NaN where the curve does not reach it."""

    value: float
    low: float
    high: float


@final
@dataclass(frozen=True, slots=True, eq=False)
class KaplanMeier:
    """A survival curve that steps down at ``times``; before the first it is 1.

    Parameters
    ----------
    times
        Distinct event times, increasing (step,).
    survival
        Probability of being event-free just after each (step,).
    standard_error
        Greenwood standard error of ``survival`` (step,); NaN once the curve is 0.
    low, high
        Pointwise confidence limits (step,); NaN once the curve is 0.
    events
        Events at each time (step,).
    followed
        Time at which each patient had the event or was censored, increasing (patient,).
    level
        Confidence level.
    """

    times: Float[np.ndarray, " step"]
    survival: Float[np.ndarray, " step"]
    standard_error: Float[np.ndarray, " step"]
    low: Float[np.ndarray, " step"]
    high: Float[np.ndarray, " step"]
    events: Int[np.ndarray, " step"]
    followed: Float[np.ndarray, " patient"]
    level: float

    def at_risk(self, at: Float[np.ndarray, " time"]) -> Int[np.ndarray, " time"]:
        """Patients still followed and event-free just before each time."""
        return self.followed.size - np.searchsorted(self.followed, at, side="left")

    def survival_at(
        self, at: Float[np.ndarray, " time"], *, extend: bool = False
    ) -> Float[np.ndarray, " time"]:
        """Survival at each time; after the last follow-up NaN, unless 0 or told to ``extend``."""
        return self._read(self.survival, at, start=1.0, extend=extend)

    def standard_error_at(
        self, at: Float[np.ndarray, " time"], *, extend: bool = False
    ) -> Float[np.ndarray, " time"]:
        """Greenwood standard error at each time; 0 before the first event."""
        return self._read(self.standard_error, at, start=0.0, extend=extend)

    def interval_at(
        self, at: Float[np.ndarray, " time"], *, extend: bool = False
    ) -> tuple[Float[np.ndarray, " time"], Float[np.ndarray, " time"]]:
        """Lower and upper limit at each time; both 1 before the first event."""
        low = self._read(self.low, at, start=1.0, extend=extend)
        return low, self._read(self.high, at, start=1.0, extend=extend)

    def quantile(self, share: float = 0.5) -> TimeInterval:
        """Time by which a share of patients had the event, with limits read off the limits' curves.

        If a curve is flat at exactly ``1 − share`` the middle of the flat is taken, as for the
        median of an even number of uncensored times; a flat at the end ends at the last follow-up.
        """
        curves = (self.survival, self.low, self.high)
        return TimeInterval(*(self._crossing(curve, 1.0 - share) for curve in curves))

    @property
    def median(self) -> TimeInterval:
        """Median time with its limits."""
        return self.quantile(0.5)

    def _read(
        self,
        curve: Float[np.ndarray, " step"],
        at: Float[np.ndarray, " time"],
        *,
        start: float,
        extend: bool,
    ) -> Float[np.ndarray, " time"]:
        values = np.concatenate([[start], curve])[np.searchsorted(self.times, at, side="right")]
        ended = self.survival.size > 0 and self.survival[-1] == 0.0
        unknown = (at > self.followed[-1]) & (not (ended or extend))
        return np.where(unknown, np.nan, values)

    def _crossing(self, curve: Float[np.ndarray, " step"], height: float) -> float:
        below = np.flatnonzero(curve <= height + _SAME)
        if not below.size:
            return float("nan")
        first = float(self.times[below[0]])
        if abs(curve[below[0]] - height) > _SAME:
            return first
        lower = np.flatnonzero(curve < height - _SAME)
        end = self.times[lower[0]] if lower.size else self.followed[-1]
        return (first + float(end)) / 2.0


def kaplan_meier(
    time: Float[np.ndarray, " patient"],
    event: Shaped[np.ndarray, " patient"],
    *,
    level: float = 0.95,
    limits: LimitScale = "log-log",
) -> KaplanMeier:
    r"""Estimate the survival curve of right-censored times.

    With :math:`d_i` events among :math:`n_i` at risk at the event time :math:`t_i`,

    .. math::

        \hat S(t) = \prod_{t_i \le t} \Bigl(1 - \frac{d_i}{n_i}\Bigr), \qquad
        \hat\sigma^2(t) = \sum_{t_i \le t} \frac{d_i}{n_i (n_i - d_i)}, \qquad
        se(t) = \hat S(t)\,\hat\sigma(t)

    and limits :math:`\hat S^{\exp(\pm z \hat\sigma / \ln \hat S)}` (log-log), which stay between 0
    and 1, :math:`\hat S e^{\pm z \hat\sigma}` (log) or :math:`\hat S \pm z\,se` (plain), cut off
    at 0 and 1. A patient censored at the time of an event is at risk of it. An event at time 0
    counts.

    Parameters
    ----------
    time
        Days from time zero to event or censoring, 0 or later (patient,).
    event
        True or 1 for an event, False or 0 for censoring (patient,).
    level
        Confidence level of the limits.
    limits
        Scale of the limits: ``log-log``, ``log`` or ``plain``.

    Raises
    ------
    DesignError
        If nobody is followed, a time is negative or missing, or an event is not 0 or 1.

    References
    ----------
    Kaplan, Meier 1958, JASA 53:457–481, doi:10.1080/01621459.1958.10501452; Kalbfleisch, Prentice,
    The Statistical Analysis of Failure Time Data, 2nd ed. 2002, section 1.4 (log-log limits).

    Examples
    --------
    >>> curve = kaplan_meier(np.array([1.0, 2.0, 2.0, 3.0]), np.array([1, 1, 0, 0]))
    >>> curve.times.tolist(), curve.survival.tolist(), curve.at_risk(np.array([0.0, 2.0])).tolist()
    ([1.0, 2.0], [0.75, 0.5], [4, 3])
    >>> curve.median.value
    2.5
    """
    _check(time, event, level)
    order = np.argsort(time, kind="stable")
    followed = time[order]
    happened = event[order].astype(bool)
    times, counts = np.unique(followed[happened], return_counts=True)
    at_risk = followed.size - np.searchsorted(followed, times, side="left")
    survival = np.cumprod(1.0 - counts / at_risk)
    left = at_risk - counts
    hazard_variance = np.where(left > 0, counts / (at_risk * np.maximum(left, 1)), np.nan)
    spread = np.sqrt(np.cumsum(hazard_variance))
    low, high = _limits(survival, spread, level, limits)
    return KaplanMeier(
        times=times,
        survival=survival,
        standard_error=survival * spread,
        low=low,
        high=high,
        events=counts,
        followed=followed,
        level=level,
    )


def _limits(
    survival: Float[np.ndarray, " step"],
    spread: Float[np.ndarray, " step"],
    level: float,
    limits: LimitScale,
) -> tuple[Float[np.ndarray, " step"], Float[np.ndarray, " step"]]:
    from scipy.special import ndtri

    z = float(ndtri(0.5 + level / 2.0))
    inside = np.where(survival > 0.0, survival, np.nan)
    if limits == "log":
        return inside * np.exp(-z * spread), np.minimum(inside * np.exp(z * spread), 1.0)
    if limits == "plain":
        half = z * inside * spread
        return np.maximum(inside - half, 0.0), np.minimum(inside + half, 1.0)
    power = np.exp(-z * spread / np.log(inside))  # above 1, as ln S is negative
    return inside**power, inside ** (1.0 / power)


def _check(
    time: Float[np.ndarray, " patient"], event: Shaped[np.ndarray, " patient"], level: float
) -> None:
    problems = []
    if not time.size:
        problems.append("nobody is followed")
    if not np.all(np.isfinite(time)) or not np.all(np.isfinite(event.astype(float))):
        problems.append("a time or event is missing or infinite")
    elif np.any(time < 0.0):
        problems.append(f"the time {time.min():g} lies before time zero")
    if not np.all((event == 0) | (event == 1)):
        problems.append("an event is neither 0 nor 1")
    if not 0.0 < level < 1.0:
        problems.append(f"the level {level:g} is not between 0 and 1")
    if problems:
        raise DesignError(
            f"no survival curve: {'; '.join(problems)}. Fix: keep the patients of one analysis set "
            "with a known time (0 days or later) and an event of 0 or 1"
        )
