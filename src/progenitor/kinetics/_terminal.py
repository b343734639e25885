"""The terminal slope by the rule of pharmacokinetics, for comparison with published half-lives."""

from typing import Final

import numpy as np
from jaxtyping import Float

from progenitor.kinetics._landmarks import Landmarks
from progenitor.kinetics._line import Line, log_line
from progenitor.kinetics._running_lines import running_lines
from progenitor.kinetics._samples import packed

__all__ = ["terminal_line"]

_FEWEST: Final = 3
_AS_GOOD: Final = 1e-4
"""Difference of adjusted R² at which the line through more samples is taken."""


def terminal_line(
    time: Float[np.ndarray, "patient sample"],
    level: Float[np.ndarray, "patient sample"],
    marks: Landmarks,
) -> Line:
    """Fit the last samples after the peak, as many as give the best adjusted R².

    Of the lines through the last 3, 4, … quantifiable samples after the peak (without it) that
    fall, the one with the largest adjusted R² is taken; of those within 1e-4 of it, the one through
    most samples. ``count`` is 0 where no line falls.

    Parameters
    ----------
    time, level
        Packed samples; levels are NaN where not quantifiable (patient, sample).
    marks
        Where each course peaks.

    References
    ----------
    Gabrielsson, Weiner 2016, Pharmacokinetic and Pharmacodynamic Data Analysis, 5th edition,
    Swedish Pharmaceutical Press.

    Examples
    --------
    >>> from progenitor.kinetics._landmarks import landmarks
    >>> time, level = np.array([[0.0, 1.0, 2.0, 4.0, 6.0]]), np.array([[1.0, 9.0, 8.0, 4.0, 2.0]])
    >>> line = terminal_line(time, level, landmarks(level, level > 0.0))
    >>> (np.log(2.0) / line.slope).round(12).tolist(), line.count.tolist()
    ([-2.0], [3])
    """
    used = ~np.isnan(level) & (np.arange(level.shape[1]) > marks.peak[:, None])
    days, heights = packed(used, time, level)
    count = used.sum(axis=1)
    widest = max(int(count.max(initial=0)), 1)
    days, heights, rank = days[:, :widest], heights[:, :widest], np.arange(widest)
    there = rank < count[:, None]
    lines = running_lines(days, heights, there, backwards=True)
    fits = there & (lines.count >= _FEWEST) & (lines.slope < 0.0)
    quality = np.where(fits, lines.adjusted_r2, -np.inf)
    best = quality.max(axis=1)
    good = np.isfinite(quality) & (quality > best[:, None] - _AS_GOOD)
    first = np.where(np.any(good, axis=1), np.argmax(good, axis=1), count)
    return log_line(days, heights, there & (rank >= first[:, None]))
