"""Straight lines through logarithms of levels, one for each patient."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.kinetics._samples import row_sums

__all__ = ["Line", "log_line"]


@final
@dataclass(frozen=True, slots=True)
class Line:
    r"""Least-squares lines :math:`\ln C = m + s\,(t - \bar t)`; NaN where they are not.

    Parameters
    ----------
    count
        Samples behind each line.
    middle
        Mean day of the samples, :math:`\bar t`.
    height
        Mean logarithm of the levels, :math:`m`.
    rise, run
        :math:`\sum (t - \bar t)\ln C` and :math:`\sum (t - \bar t)^2`.
    misfit
        Sum of squared residuals of the logarithm.
    spread
        Sum of squared deviations of the logarithm from its mean.
    begin, end
        First and last day of the samples.
    """

    count: Int[np.ndarray, " patient"]
    middle: Float[np.ndarray, " patient"]
    height: Float[np.ndarray, " patient"]
    rise: Float[np.ndarray, " patient"]
    run: Float[np.ndarray, " patient"]
    misfit: Float[np.ndarray, " patient"]
    spread: Float[np.ndarray, " patient"]
    begin: Float[np.ndarray, " patient"]
    end: Float[np.ndarray, " patient"]

    @property
    def slope(self) -> Float[np.ndarray, " patient"]:
        """Change of the logarithm per day; NaN for fewer than two days."""
        able = self.run > 0.0
        return np.where(able, self.rise / np.where(able, self.run, 1.0), np.nan)

    @property
    def adjusted_r2(self) -> Float[np.ndarray, " patient"]:
        r""":math:`1 - (1 - R^2)(n - 1)/(n - 2)`; NaN for fewer than three samples."""
        able = (self.count > 2) & (self.spread > 0.0)
        share = self.misfit / np.where(able, self.spread, 1.0)
        adjusted = 1.0 - share * (self.count - 1) / np.maximum(self.count - 2, 1)
        return np.where(able, adjusted, np.nan)

    def level(
        self, time: Float[np.ndarray, "patient sample"]
    ) -> Float[np.ndarray, "patient sample"]:
        """Levels on the lines (patient, sample)."""
        logs = self.height[:, None] + self.slope[:, None] * (time - self.middle[:, None])
        return np.asarray(np.exp(logs))

    def course(self, patient: int, days: Float[np.ndarray, " day"]) -> Float[np.ndarray, " day"]:
        """Levels on the line of one patient (day,)."""
        logs = self.height[patient] + self.slope[patient] * (days - self.middle[patient])
        return np.asarray(np.exp(logs))


def log_line(
    time: Float[np.ndarray, "patient sample"],
    level: Float[np.ndarray, "patient sample"],
    used: Bool[np.ndarray, "patient sample"],
) -> Line:
    """Fit a line to the logarithm of some samples of each patient.

    Parameters
    ----------
    time, level
        Days and levels (patient, sample).
    used
        Which samples count; their levels are above 0 (patient, sample).

    Examples
    --------
    >>> time, level = np.array([[0.0, 1.0, 3.0]]), np.array([[8.0, 4.0, 1.0]])
    >>> line = log_line(time, level, level > 0.0)
    >>> (np.log(2.0) / line.slope).round(12).tolist(), line.count.tolist()
    ([-1.0], [3])
    """
    count = used.sum(axis=1)
    some = np.maximum(count, 1)
    logs = np.log(np.where(used, level, 1.0))
    day = np.where(used, time, 0.0)
    middle, height = row_sums(day) / some, row_sums(logs) / some
    apart = np.where(used, time - middle[:, None], 0.0)
    rise, run = row_sums(apart * logs), row_sums(apart**2)
    able = run > 0.0
    slope = np.where(able, rise / np.where(able, run, 1.0), 0.0)
    centred = np.where(used, logs - height[:, None], 0.0)
    return Line(
        count=count,
        middle=middle,
        height=height,
        rise=rise,
        run=run,
        misfit=row_sums((centred - slope[:, None] * apart) ** 2),
        spread=row_sums(centred**2),
        begin=np.where(count > 0, np.min(np.where(used, time, np.inf), axis=1), np.nan),
        end=np.where(count > 0, np.max(np.where(used, time, -np.inf), axis=1), np.nan),
    )
