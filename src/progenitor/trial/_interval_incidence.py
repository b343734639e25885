"""Incidence of an event known only to lie between two samples, with competing events."""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from progenitor.trial._thresholds import refuse

__all__ = ["IntervalIncidence", "interval_incidence"]

_STEPS: Final = 5_000
_CLOSE: Final = 1e-10


class IntervalIncidence(NamedTuple):
    """Shares by a day: lost for certain, lost at most, ended by a competing event, and neither.

    Between ``lost_least`` and ``lost_most`` lies what the samples around the day cannot tell;
    ``present_most`` and ``present_least`` are what they leave of everybody.
    """

    lost_least: float
    lost_most: float
    competing: float
    present_least: float
    present_most: float


def interval_incidence(
    lower: Float[np.ndarray, " patient"],
    upper: Float[np.ndarray, " patient"],
    cause: Float[np.ndarray, " patient"],
    *,
    at: float,
) -> IntervalIncidence:
    r"""Estimate cumulative incidences from interval-censored times by maximum likelihood.

    Patient i lost the cells in :math:`(L_i, R_i]` (cause 1), had a competing event at
    :math:`R_i` (cause 2), or had neither by :math:`L_i` (cause 0). The masses :math:`p_{jk}` of
    cause k on the smallest intervals that the data tell apart maximise the likelihood by the
    self-consistent step

    .. math::

        p_{jk} \leftarrow \frac{1}{n} \sum_i
            \frac{a_{ijk}\, p_{jk}}{\sum_{j'k'} a_{ij'k'}\, p_{j'k'}}

    with :math:`a_{ijk}` 1 where the patient's data allow mass jk. A patient who was only followed
    to :math:`L_i` may have either event later, or none by the last follow-up.

    Parameters
    ----------
    lower, upper
        Days; ``upper`` is NaN for cause 0 (patient,). NaN in ``lower`` for who does not count.
    cause
        0, 1 or 2 (patient,).
    at
        Day of interest.

    Raises
    ------
    DesignError
        If an interval is empty, a cause unknown, or nobody counts.

    References
    ----------
    Hudgens, Satten, Longini 2001, Biometrics 57:74–80, doi:10.1111/j.0006-341X.2001.00074.x;
    Turnbull 1976, Journal of the Royal Statistical Society B 38:290; Varadhan, Roland 2008,
    Scandinavian Journal of Statistics 35:335, doi:10.1111/j.1467-9469.2007.00585.x (extrapolation).

    Examples
    --------
    >>> nan = float("nan")
    >>> found = interval_incidence(np.array([90.0, 0.0, 365.0, 90.0]),
    ...     np.array([180.0, 28.0, nan, 200.0]), np.array([1.0, 1.0, 0.0, 2.0]), at=365.0)
    >>> [round(value, 9) for value in found]
    [0.5, 0.5, 0.25, 0.25, 0.25]
    """
    kept = ~np.isnan(lower)
    low, high, kind = lower[kept], upper[kept], cause[kept]
    lost, competing = kind == 1.0, kind == 2.0
    checks = [
        (not len(low), "nobody has data"),
        (np.any(~np.isin(kind, (0.0, 1.0, 2.0))), "a cause is not 0, 1 or 2"),
        (np.any(lost & ~(high > low)), "an interval does not end after it begins"),
        (np.any(competing & ~(high >= low)), "a competing event before the last sample"),
        (not 0.0 <= at < np.inf, f"the day is {at:g}"),
    ]
    refuse("incidence between samples", checks, "give lower < upper, causes 0 to 2, a day from 0")
    grid = np.unique(np.concatenate([[0.0, at], low, np.where(kind == 0.0, low, high)]))
    left, right, days = grid[:-1], grid[1:], np.unique(high[competing])
    open_ = (kind == 0.0)[:, None]
    inside = (left >= low[:, None]) & (open_ | (right <= high[:, None])) & ~competing[:, None]
    on_day = np.where(open_, days > low[:, None], competing[:, None] & (days == high[:, None]))
    allowed = np.concatenate([inside, on_day, open_], axis=1)
    begin = np.concatenate([left, days, [np.inf]])
    end = np.concatenate([right, days, [np.inf]])
    is_loss = np.arange(len(begin)) < len(left)
    begin, end, is_loss, mass = _maximal(allowed, begin, end, is_loss)
    least = float(mass[is_loss & (end <= at)].sum())
    most = float(mass[is_loss & (begin < at)].sum())
    other = float(mass[~is_loss & (end <= at)].sum())
    return IntervalIncidence(least, most, other, 1.0 - most - other, 1.0 - least - other)


def _maximal(
    allowed: Bool[np.ndarray, "patient cell"],
    begin: Float[np.ndarray, " cell"],
    end: Float[np.ndarray, " cell"],
    is_loss: Bool[np.ndarray, " cell"],
) -> tuple[
    Float[np.ndarray, " group"],
    Float[np.ndarray, " group"],
    Bool[np.ndarray, " group"],
    Float[np.ndarray, " group"],
]:
    """Join cells that the data cannot tell apart, drop those that others dominate, and weigh.

    A cell whose patients are all allowed in another one too needs no mass at the maximum. The last
    cell, neither event within the follow-up, comes before cells with the same patients.
    """
    shown = allowed.T.astype(float)
    size, common = shown.sum(axis=1), shown @ shown.T
    within = common == size[:, None]
    strict = within & (size[None, :] > size[:, None])
    same_as_last = within[:, -1] & (np.arange(len(size)) < len(size) - 1)
    keep = ~strict.any(axis=1) & ~same_as_last & (size > 0.0)
    kinds = np.concatenate([shown[keep], is_loss[keep][:, None]], axis=1)
    groups, index = np.unique(kinds, axis=0, return_inverse=True)
    first, last = np.full(len(groups), np.inf), np.full(len(groups), -np.inf)
    np.minimum.at(first, index.ravel(), begin[keep])
    np.maximum.at(last, index.ravel(), end[keep])
    mass = _masses(groups[:, :-1].T)
    return first, last, groups[:, -1] == 1.0, mass


def _masses(allowed: Float[np.ndarray, "patient cell"]) -> Float[np.ndarray, " cell"]:
    """Find the self-consistent masses of the columns, with the steps extrapolated (SQUAREM)."""
    mass = np.full(allowed.shape[1], 1.0 / allowed.shape[1])
    for _ in range(_STEPS):
        once = _step(allowed, mass)
        twice = _step(allowed, once)
        change = once - mass
        if np.abs(change).max() < _CLOSE:
            return twice
        bend = twice - once - change
        length = max(1.0, np.sqrt((change @ change) / max(float(bend @ bend), 1e-300)))
        far = mass + 2.0 * length * change + length**2 * bend
        far = np.maximum(far, 1e-3 * twice)  # a mass of 0 could never grow again
        far = _step(allowed, far / far.sum())
        mass = far if _fit(allowed, far) >= _fit(allowed, twice) else twice
    return mass


def _step(
    allowed: Float[np.ndarray, "patient cell"], mass: Float[np.ndarray, " cell"]
) -> Float[np.ndarray, " cell"]:
    """Give each patient's share to the cells it may belong to, in proportion to their masses."""
    return np.asarray(mass * (allowed.T @ (1.0 / (allowed @ mass))) / len(allowed))


def _fit(allowed: Float[np.ndarray, "patient cell"], mass: Float[np.ndarray, " cell"]) -> float:
    """Logarithm of the likelihood."""
    return float(np.log(allowed @ mass).sum())
