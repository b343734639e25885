"""Lines through the first samples of each patient, for every number of first samples at once."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.kinetics._samples import row_sums

__all__ = ["RunningLines", "running_lines"]

_Grid = Float[np.ndarray, "patient sample"]


@final
@dataclass(frozen=True, slots=True)
class RunningLines:
    """Least-squares lines of the logarithm up to each sample, or from each sample on.

    They choose among lines: sums that run on keep about ten figures. The line chosen is fitted anew
    by :func:`~progenitor.kinetics.log_line`.

    Parameters
    ----------
    count
        Samples behind each line (patient, sample).
    slope
        Change of the logarithm per day, NaN for fewer than two samples (patient, sample).
    misfit
        Sum of squared residuals (patient, sample).
    spread
        Sum of squared deviations from the mean (patient, sample).
    """

    count: Int[np.ndarray, "patient sample"]
    slope: Float[np.ndarray, "patient sample"]
    misfit: Float[np.ndarray, "patient sample"]
    spread: Float[np.ndarray, "patient sample"]

    @property
    def adjusted_r2(self) -> Float[np.ndarray, "patient sample"]:
        """As that of :class:`~progenitor.kinetics.Line`; NaN for fewer than three samples."""
        able = (self.count > 2) & (self.spread > 0.0)
        share = self.misfit / np.where(able, self.spread, 1.0)
        adjusted = 1.0 - share * (self.count - 1) / np.maximum(self.count - 2, 1)
        return np.where(able, adjusted, np.nan)


def running_lines(
    time: Float[np.ndarray, "patient sample"],
    level: Float[np.ndarray, "patient sample"],
    used: Bool[np.ndarray, "patient sample"],
    *,
    backwards: bool = False,
) -> RunningLines:
    """Fit a line up to each sample, or from each sample on.

    Parameters
    ----------
    time, level
        Days and levels (patient, sample).
    used
        Which samples count; their levels are above 0 (patient, sample).
    backwards
        Whether the lines run from each sample to the last.

    Examples
    --------
    >>> time, level = np.array([[0.0, 1.0, 2.0, 3.0]]), np.array([[1.0, 2.0, 4.0, 4.0]])
    >>> lines = running_lines(time, np.exp(level), level > 0.0)
    >>> lines.slope.round(12).tolist(), lines.misfit.round(12).tolist()
    ([[nan, 1.0, 1.5, 1.1]], [[0.0, 0.0, 0.166666666667, 0.7]])
    """
    some = np.maximum(used.sum(axis=1), 1)
    day, logs = np.where(used, time, 0.0), np.log(np.where(used, level, 1.0))
    x = np.where(used, day - (row_sums(day) / some)[:, None], 0.0)
    y = np.where(used, logs - (row_sums(logs) / some)[:, None], 0.0)

    def running(values: _Grid) -> _Grid:
        return np.cumsum(values[:, ::-1], axis=1)[:, ::-1] if backwards else np.cumsum(values, 1)

    count = running(used.astype(float))
    per = 1.0 / np.maximum(count, 1.0)
    sum_x, sum_y = running(x), running(y)
    run = running(x * x) - sum_x * sum_x * per
    rise = running(x * y) - sum_x * sum_y * per
    spread = np.maximum(running(y * y) - sum_y * sum_y * per, 0.0)
    able = (count > 1.0) & (run > 0.0)
    slope = np.where(able, rise / np.where(able, run, 1.0), np.nan)
    misfit = np.maximum(spread - np.where(able, rise * slope, 0.0), 0.0)
    return RunningLines(count.astype(np.int64), slope, np.where(able, misfit, 0.0), spread)
