"""Samples of many patients in one array: gaps closed, sums in a fixed order, levels in between."""

import numpy as np
from jaxtyping import Bool, Float, Int

__all__ = ["level_on", "packed", "row_sums"]


def row_sums(values: Float[np.ndarray, "patient sample"]) -> Float[np.ndarray, " patient"]:
    """Sum of each row, one number after the other.

    NumPy adds in an order that may depend on how many rows there are; the last bit of a patient's
    sum would then depend on the other patients.

    Examples
    --------
    >>> row_sums(np.array([[1.0, 2.0, 4.0], [0.5, 0.0, 0.25]])).tolist()
    [7.0, 0.75]
    """
    if values.shape[1] == 0:
        return np.zeros(values.shape[0])
    return np.cumsum(values, axis=1)[:, -1]


def packed(
    taken: Bool[np.ndarray, "patient sample"], *columns: Float[np.ndarray, "patient sample"]
) -> tuple[Float[np.ndarray, "patient sample"], ...]:
    """Move the samples that were taken to the left of their row; NaN follows them.

    Parameters
    ----------
    taken
        Which samples count (patient, sample).
    columns
        What belongs to each sample, such as its day and its level (patient, sample).

    Examples
    --------
    >>> level = np.array([[np.nan, 2.0, np.nan, 4.0]])
    >>> day = np.array([[0.0, 1.0, 2.0, 3.0]])
    >>> [column.tolist() for column in packed(~np.isnan(level), day, level)]
    [[[1.0, 3.0, nan, nan]], [[2.0, 4.0, nan, nan]]]
    """
    if taken.all():
        return columns
    order: Int[np.ndarray, "patient sample"] = np.argsort(~taken, axis=1, kind="stable")
    rows = np.arange(taken.shape[0])[:, None]
    there = taken[rows, order]
    return tuple(np.where(there, column[rows, order], np.nan) for column in columns)


def level_on(
    time: Float[np.ndarray, "patient sample"],
    level: Float[np.ndarray, "patient sample"],
    day: float | Float[np.ndarray, " patient"],
) -> Float[np.ndarray, " patient"]:
    """Level on a day on the straight line between its neighbours; NaN outside of the samples.

    Parameters
    ----------
    time, level
        Packed samples, see :func:`packed` (patient, sample).
    day
        One for all patients or one for each.

    Examples
    --------
    >>> time, level = np.array([[0.0, 10.0], [0.0, np.nan]]), np.array([[0.0, 5.0], [1.0, np.nan]])
    >>> level_on(time, level, 4.0).tolist()
    [2.0, nan]
    """
    patients, samples = time.shape
    on = np.broadcast_to(np.asarray(day, dtype=float), patients)
    if not samples:
        return np.full(patients, np.nan)
    rows, passed = np.arange(patients), (time < on[:, None]).sum(axis=1)
    after = np.minimum(passed, samples - 1)
    before = np.maximum(after - 1, 0)
    late, early = time[rows, after], time[rows, before]
    exact = (passed < samples) & (late == on)
    between = (passed < samples) & (passed > 0) & ~exact & ~np.isnan(late)
    share = (on - early) / np.where(between, late - early, 1.0)
    mixed = (1.0 - share) * level[rows, before] + share * level[rows, after]
    return np.where(exact, level[rows, after], np.where(between, mixed, np.nan))
