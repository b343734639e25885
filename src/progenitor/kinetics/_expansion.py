"""The rise to the peak: doubling time and fold expansion."""

import numpy as np
from jaxtyping import Bool, Float

from progenitor.kinetics._landmarks import Landmarks
from progenitor.kinetics._line import Line, log_line

__all__ = ["doubling_time", "fold_expansion", "rise_line"]


def rise_line(
    time: Float[np.ndarray, "patient sample"],
    level: Float[np.ndarray, "patient sample"],
    found: Bool[np.ndarray, "patient sample"],
    marks: Landmarks,
) -> Line:
    """Fit a line to the logarithms from the last lowest quantifiable sample to the peak."""
    index = np.arange(time.shape[1])
    used = found & (index >= marks.start[:, None]) & (index <= marks.peak[:, None])
    return log_line(time, level, used)


def doubling_time(line: Line) -> Float[np.ndarray, " patient"]:
    r"""Divide :math:`\ln 2` by the slope of the rise; NaN for one sample or without growth.

    It averages the whole rise, so it exceeds the doubling time of its fastest part.

    Parameters
    ----------
    line
        The rise, see :func:`rise_line`.

    Examples
    --------
    >>> from progenitor.kinetics._landmarks import landmarks
    >>> time, level = np.array([[0.0, 2.0, 4.0, 9.0]]), np.array([[3.0, 1.0, 4.0, 2.0]])
    >>> marks = landmarks(level, level > 0.0)
    >>> doubling_time(rise_line(time, level, level > 0.0, marks)).round(12).tolist()
    [1.0]
    """
    grows = (line.rise > 0.0) & (line.run > 0.0)
    return np.where(grows, np.log(2.0) * line.run / np.where(grows, line.rise, 1.0), np.nan)


def fold_expansion(
    level: Float[np.ndarray, "patient sample"], marks: Landmarks
) -> Float[np.ndarray, " patient"]:
    """Divide the peak by the lowest quantifiable level before it; NaN where there is none."""
    rows = np.arange(level.shape[0])
    rises = marks.any & (marks.start < marks.peak)
    lowest = np.where(rises, level[rows, marks.start], 1.0)
    return np.where(rises, level[rows, marks.peak] / lowest, np.nan)
