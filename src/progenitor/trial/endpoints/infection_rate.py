"""Infections per 100 patient-days, by severity."""

from dataclasses import dataclass
from typing import NamedTuple, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.trial._thresholds import refuse

__all__ = ["InfectionCounts", "InfectionRate", "PooledRate"]


class InfectionCounts(NamedTuple):
    """Infections and days at risk of each patient, and the worst severity (0 for none)."""

    infections: Float[np.ndarray, " patient"]
    days_at_risk: Float[np.ndarray, " patient"]
    worst: Float[np.ndarray, " patient"]


class PooledRate(NamedTuple):
    """Infections per 100 patient-days with the exact 95 % interval, and what it is made of."""

    rate: float
    low: float
    high: float
    infections: float
    patient_days: float


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class InfectionRate:
    r"""Infections that begin in a window, over the days patients were at risk in it.

    .. math::

        rate = 100 \frac{\sum_i k_i}{\sum_i t_i}, \qquad
        \left(\frac{\chi^2_{2k, 0.025}}{2}, \frac{\chi^2_{2k+2, 0.975}}{2}\right)
        \frac{100}{\sum_i t_i}

    (Garwood's interval of a Poisson count). A patient is at risk from the window's first day to
    the end of follow-up, death, relapse or its last day, whichever comes first. Infections of less
    than the severity asked for do not count. Onsets within ``apart`` days of the last one counted
    are the same infection.

    Parameters
    ----------
    first_day, last_day
        The window, days since infusion; an onset on the last day does not count, it is the first of
        the next window.
    least_severity
        1 mild, 2 moderate, 3 severe, 4 life-threatening, 5 fatal.
    apart
        Days.

    Raises
    ------
    DesignError
        If the window is empty, the severity is not 1 to 5 or the days are negative.

    References
    ----------
    Hill et al. 2018, Blood 131:121–130, doi:10.1182/blood-2017-07-793760 (density of infections
    after CAR-T cells); Garwood 1936, Biometrika 28:437, doi:10.1093/biomet/28.3-4.437.

    Examples
    --------
    >>> rate = InfectionRate(first_day=0.0, last_day=28.0, least_severity=3)
    >>> onset, severity = np.array([[5.0, 40.0], [10.0, 12.0]]), np.array([[3, 4], [1, 5]])
    >>> found = rate.evaluate(onset, severity, np.array([90.0, 12.0]))
    >>> found.infections.tolist(), found.days_at_risk.tolist()
    ([1.0, 1.0], [28.0, 12.0])
    >>> pooled = rate.pooled(found)
    >>> round(pooled.rate, 6), round(pooled.low, 3), round(pooled.high, 3)
    (5.0, 0.606, 18.062)
    """

    first_day: float
    last_day: float
    least_severity: int = 1
    apart: float = 0.0

    def __post_init__(self) -> None:
        window = f"window {self.first_day:g} to {self.last_day:g}"
        checks = [
            (not 0.0 <= self.first_day < self.last_day < np.inf, window),
            (not 1 <= self.least_severity <= 5, f"severity {self.least_severity}"),
            (not self.apart >= 0.0, f"{self.apart:g} days apart"),
        ]
        refuse("rate of infection", checks, "give a window from day 0 on, severity 1 to 5, days")

    def evaluate(
        self,
        onset_day: Float[np.ndarray, "patient infection"],
        severity: Int[np.ndarray, "patient infection"],
        followed_to: Float[np.ndarray, " patient"],
    ) -> InfectionCounts:
        """Count the infections and days at risk of each patient.

        Parameters
        ----------
        onset_day
            Days of onset in any order, NaN for none (patient, infection).
        severity
            1 to 5, anything where there is no onset (patient, infection).
        followed_to
            Last day at risk, NaN for a patient without data (patient,).

        Raises
        ------
        DesignError
            If a severity is not 1 to 5 or an onset lies after the follow-up.
        """
        there = ~np.isnan(onset_day)
        checks = [
            (np.any(there & ((severity < 1) | (severity > 5))), "a severity is not 1 to 5"),
            (np.any(onset_day > followed_to[:, None]), "an infection after the follow-up"),
        ]
        refuse("rate of infection", checks, "give severities and onsets up to the last day at risk")
        order = np.argsort(onset_day, axis=1, kind="stable")
        day = np.take_along_axis(onset_day, order, axis=1)
        worst = np.take_along_axis(severity, order, axis=1)
        counted, previous = np.zeros(day.shape, dtype=bool), np.full(len(day), -np.inf)
        for number in range(day.shape[1]):
            enough = (worst[:, number] >= self.least_severity) & ~np.isnan(day[:, number])
            new = enough & ((day[:, number] - previous > self.apart) | (self.apart == 0.0))
            counted[:, number], previous = new, np.where(new, day[:, number], previous)
        counted &= (day >= self.first_day) & (day < self.last_day)
        risk = np.clip(followed_to, self.first_day, self.last_day) - self.first_day
        known = np.where(np.isnan(followed_to), np.nan, 0.0)
        most = np.where(counted, worst, 0).max(axis=1, initial=0).astype(float)
        return InfectionCounts(counted.sum(axis=1) + known, risk, most + known)

    def pooled(self, found: InfectionCounts) -> PooledRate:
        """Pool patients; NaN without a day at risk.

        Parameters
        ----------
        found
            What :meth:`evaluate` returned.
        """
        from scipy.special import chdtri

        count, days = float(np.nansum(found.infections)), float(np.nansum(found.days_at_risk))
        per = 100.0 / days if days > 0.0 else float("nan")
        low = float(chdtri(2.0 * count, 0.975)) / 2.0 if count else 0.0
        high = float(chdtri(2.0 * count + 2.0, 0.025)) / 2.0
        return PooledRate(count * per, low * per, high * per, count, days)
