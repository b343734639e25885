"""The fall after the peak: a fast contraction, and a slow persistence where there is one."""

from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.documents import suggestion
from progenitor.errors import InputError, Problem
from progenitor.kinetics._landmarks import Landmarks
from progenitor.kinetics._line import Line, log_line
from progenitor.kinetics._running_lines import running_lines
from progenitor.kinetics._samples import packed

__all__ = ["CONTRACTIONS", "Phases", "half_life", "phases_of"]

CONTRACTIONS: Final = ("line", "stripped")
"""How the first of two phases is measured, see :func:`phases_of`."""

_FEWEST: Final = 3
_COST: Final = 5.0
"""Parameters that a second line and a free split cost."""

_EXACT: Final = 1e-9
"""Residuals of the logarithm, root mean square, that are rounding and no second phase."""


@final
@dataclass(frozen=True, slots=True)
class Phases:
    """The fall of each patient.

    Parameters
    ----------
    two
        Whether two phases were believed (patient,).
    contraction
        Line of the first or only phase; its ``count`` is 0 for fewer than three samples.
    persistence
        Line of the second phase, where ``two``.
    change
        Day on which the second begins, NaN for one phase (patient,).
    """

    two: Bool[np.ndarray, " patient"]
    contraction: Line
    persistence: Line
    change: Float[np.ndarray, " patient"]


def half_life(line: Line) -> Float[np.ndarray, " patient"]:
    """Divide ln 2 by the rate of a fall; NaN where it does not fall."""
    falls = line.slope < 0.0
    return np.where(falls, np.log(2.0) / np.where(falls, -line.slope, 1.0), np.nan)


def phases_of(
    time: Float[np.ndarray, "patient sample"],
    level: Float[np.ndarray, "patient sample"],
    marks: Landmarks,
    *,
    contraction: str = "line",
) -> Phases:
    r"""Describe the fall of each patient by one or two straight lines of the logarithm.

    The quantifiable samples from the peak on are :math:`(t_i, \ln C_i)`, :math:`i = 1, 2, ..., n`.

    *One phase*: a least-squares line through all of them leaves the sum of squares :math:`S_1`.

    *Two phases*: for each split after :math:`k = 3, 4, ..., n - 3` samples, a line through the
    first :math:`k` and one through the others. Of the splits whose first line falls and whose
    second is less steep, the one with the smallest sum of squares :math:`S_2` is taken. The day of
    the change is where the lines meet, but not outside of the two samples around the split.

    Two phases are believed if

    .. math:: n \ln(S_1/S_2) > 5 \ln n

    which is Schwarz's criterion with two parameters for the second line and three for the split,
    whose place is free; three was chosen by simulation. There, with log-normal errors of 0.3 to
    0.56, single exponentials were called two phases in 1 to 15 of 100 patients with 6 to 20 samples
    (most often with 7 to 9), and the typical tisagenlecleucel course in 97 or more of 100 from 7
    samples on, but in half or fewer with 6.

    ``stripped`` measures the first of two phases by the method of residuals: what the line of
    persistence explains is taken off its levels before they are fitted, which gives the faster rate
    of a sum of two exponentials. A plain ``line`` through the bend is slower.

    Parameters
    ----------
    time, level
        Packed samples; levels are NaN where not quantifiable (patient, sample).
    marks
        Where each course peaks.
    contraction
        One of :data:`CONTRACTIONS`.

    Raises
    ------
    InputError
        When there is no such way to measure it.

    References
    ----------
    Hudson 1966, Journal of the American Statistical Association 61:1097 (two lines that meet).
    Schwarz 1978, Annals of Statistics 6:461, doi:10.1214/aos/1176344136. Zhang, Siegmund 2007,
    Biometrics 63:22 (a free place costs more than a parameter). Gibaldi, Perrier 1982,
    Pharmacokinetics, 2nd edition, Dekker (method of residuals).

    Examples
    --------
    >>> from progenitor.kinetics._landmarks import landmarks
    >>> days = np.array([[0.0, 4.0, 8.0, 12.0, 20.0, 40.0, 60.0]])
    >>> level = np.array([[64.0, 16.0, 4.0, 1.0, 2.0**-0.1, 2.0**-0.3, 2.0**-0.5]])
    >>> found = phases_of(days, level, landmarks(level, level > 0.0))
    >>> [float(half_life(line)[0].round(6)) for line in (found.contraction, found.persistence)]
    [2.0, 100.0]
    """
    if contraction not in CONTRACTIONS:
        fix = suggestion(contraction, CONTRACTIONS)
        raise InputError([Problem(f"there is no '{contraction}'", fix, field="contraction")])
    used = ~np.isnan(level) & (np.arange(level.shape[1]) >= marks.peak[:, None])
    days, heights = packed(used, time, level)
    count = used.sum(axis=1)
    widest = max(int(count.max(initial=0)), 1)
    days, heights, rank = days[:, :widest], heights[:, :widest], np.arange(widest)
    there = rank < np.where(count >= _FEWEST, count, 0)[:, None]
    split = _best_split(days, heights, there)
    one = log_line(days, heights, there)
    early, late = (log_line(days, heights, there & part) for part in _parts(rank, split))
    two = (split > 0) & _believed(one.misfit, early.misfit + late.misfit, count)
    cut = np.where(two, split, count)
    first_line, second_line = (log_line(days, heights, there & part) for part in _parts(rank, cut))
    change = _meeting(first_line, second_line, two)
    if contraction == "stripped":
        first_line = _stripped(days, heights, there & (rank < cut[:, None]), second_line, two)
    return Phases(two, first_line, second_line, change)


def _best_split(
    days: Float[np.ndarray, "patient sample"],
    heights: Float[np.ndarray, "patient sample"],
    there: Bool[np.ndarray, "patient sample"],
) -> Int[np.ndarray, " patient"]:
    """Find how many samples the first of two lines holds; 0 where no split is allowed."""
    upto = running_lines(days, heights, there)
    since = running_lines(days, heights, there, backwards=True)
    misfit = upto.misfit[:, :-1] + since.misfit[:, 1:]
    fits = (upto.count[:, :-1] >= _FEWEST) & (since.count[:, 1:] >= _FEWEST) & there[:, 1:]
    fits &= (upto.slope[:, :-1] < 0.0) & (since.slope[:, 1:] > upto.slope[:, :-1])
    if not misfit.shape[1]:
        return np.zeros(len(days), dtype=np.int64)
    best = np.argmin(np.where(fits, misfit, np.inf), axis=1)
    return np.where(np.any(fits, axis=1), best + 1, 0)


def _parts(
    rank: Int[np.ndarray, " sample"], cut: Int[np.ndarray, " patient"]
) -> tuple[Bool[np.ndarray, "patient sample"], Bool[np.ndarray, "patient sample"]]:
    """Tell the samples before a split from those after it."""
    before = rank < cut[:, None]
    return before, ~before


def _believed(
    one: Float[np.ndarray, " patient"],
    two: Float[np.ndarray, " patient"],
    count: Int[np.ndarray, " patient"],
) -> Bool[np.ndarray, " patient"]:
    """Whether two lines describe the samples better than one, for what they cost."""
    rounding = count * _EXACT**2
    known = one > rounding
    least = np.maximum(np.where(known, two, 1.0), np.maximum(rounding, np.finfo(float).tiny))
    gain = count * np.log(np.where(known, one, 1.0) / least)
    return np.asarray(known & (gain > _COST * np.log(np.maximum(count, 1))))


def _meeting(
    first: Line, second: Line, two: Bool[np.ndarray, " patient"]
) -> Float[np.ndarray, " patient"]:
    """Day on which two lines meet, between the samples on both sides of the split."""
    apart = second.slope - first.slope
    at_zero = (
        first.height - first.slope * first.middle - second.height + second.slope * second.middle
    )
    day = at_zero / np.where(two, apart, 1.0)
    return np.where(two, np.clip(day, first.end, second.begin), np.nan)


def _stripped(
    time: Float[np.ndarray, "patient sample"],
    level: Float[np.ndarray, "patient sample"],
    early: Bool[np.ndarray, "patient sample"],
    late: Line,
    two: Bool[np.ndarray, " patient"],
) -> Line:
    """Fit the first phase to what the second does not explain; needs three positive residuals."""
    rest = np.where(two[:, None], level - late.level(time), level)
    used = early & (rest > 0.0)
    enough = used.sum(axis=1) >= _FEWEST
    return log_line(time, rest, used & enough[:, None])
