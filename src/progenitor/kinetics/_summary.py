"""A metric over patients: how many, their middle and their spread, and who is not counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from progenitor.kinetics._metric import Metric
from progenitor.kinetics._reason import Reason

__all__ = ["MetricSummary", "summarise_metric"]


@final
@dataclass(frozen=True, slots=True)
class MetricSummary:
    r"""A metric over the patients in whom it could be found.

    Parameters
    ----------
    count
        Patients with a value, n.
    missing
        Patients without one, by reason.
    geometric_mean
        :math:`\exp(\bar{\ln x})`; NaN where a value is 0.
    geometric_cv
        :math:`\sqrt{\exp(s^2) - 1}` with s the standard deviation of :math:`\ln x` (divisor n - 1),
        a fraction; NaN for fewer than two values.
    mean
        Arithmetic mean; for yes and no the share of yes.
    p5, p25, median, p75, p95
        Percentiles, linear between order statistics (type 7 of Hyndman and Fan 1996).
    """

    count: int
    missing: Mapping[Reason, int]
    geometric_mean: float
    geometric_cv: float
    mean: float
    p5: float
    p25: float
    median: float
    p75: float
    p95: float

    @property
    def not_estimable(self) -> int:
        """Patients without a value."""
        return sum(self.missing.values())


def summarise_metric(metric: Metric) -> MetricSummary:
    r"""Summarise one metric over patients; those without a value are counted by reason.

    Parameters
    ----------
    metric
        Values of all patients.

    Examples
    --------
    >>> from progenitor.kinetics import Profiles, analyse_kinetics
    >>> days, level = np.array([0.0, 7.0]), np.array([[1.0, 4.0], [1.0, 9.0], [np.nan, np.nan]])
    >>> found = summarise_metric(analyse_kinetics(Profiles.of(days, level)).metrics["cmax"])
    >>> found.count, found.not_estimable, round(found.geometric_mean, 12), found.median
    (2, 1, 6.0, 6.5)
    """
    known = metric.values[~np.isnan(metric.values)]
    codes, numbers = np.unique(metric.reasons[metric.reasons > 0], return_counts=True)
    missing = {Reason(int(c)): int(n) for c, n in zip(codes, numbers, strict=True)}
    middle = spread = mean = float("nan")
    ranks = np.full(5, np.nan)
    if known.size:
        mean, ranks = float(known.mean()), np.percentile(known, (5.0, 25.0, 50.0, 75.0, 95.0))
    if known.size and (known > 0.0).all() and metric.kind != "share":
        logs = np.log(known)
        middle = float(np.exp(logs.mean()))
        spread = float(np.sqrt(np.expm1(logs.var(ddof=1)))) if known.size > 1 else spread
    return MetricSummary(int(known.size), missing, middle, spread, mean, *map(float, ranks))
