"""Checks of a group-sequential plan, and how its many trials ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import InputError, Problem
from progenitor.trial._error_spending import ErrorSpending

__all__ = ["SequentialEnds", "check_plan", "equal_looks", "first_crossing"]

_MOST: Final = 50


@final
@dataclass(frozen=True, slots=True, eq=False)
class SequentialEnds:
    """How each of many group-sequential trials ended.

    Parameters
    ----------
    success
        True where Z crossed an upper bound before any futility bound ended the trial (replicate,).
    look
        Look at which the trial ended, 0 the first (replicate,).
    """

    success: Bool[np.ndarray, " replicate"]
    look: Int[np.ndarray, " replicate"]


def equal_looks(count: int) -> tuple[float, ...]:
    """Information of looks after equal numbers of patients or events.

    Examples
    --------
    >>> equal_looks(4)
    (0.25, 0.5, 0.75, 1.0)
    """
    return tuple((look + 1) / count for look in range(count))


def check_plan(
    *,
    alpha: float,
    beta: float,
    info: Sequence[float],
    spending: str | ErrorSpending = "ldof",
    futility: str | ErrorSpending | None = None,
) -> tuple[ErrorSpending, ErrorSpending | None]:
    """Read how errors are spent; refuse what no trial can have, naming all that is wrong.

    Raises
    ------
    InputError
        Unless 0 < alpha < 0.5, 0 < beta < 1 - alpha, 0 < info < … < 1, and spendings can be read
        (that of futility is a function of time).

    Examples
    --------
    >>> check_plan(alpha=0.7, beta=0.1, info=(0.5, 1.0))
    Traceback (most recent call last):
    ...
    progenitor.errors.InputError: alpha: the one-sided error is 0.7. Fix: ...
    """
    problems: list[Problem] = []
    read = []
    for text, field in ((spending, "spending"), (futility or "ldof", "futility")):
        try:
            read.append(ErrorSpending.parse(text, field=field))
        except InputError as error:
            problems += error.problems
    if len(read) == 2 and futility is not None and read[1].shape is not None:
        fix = "choose ldof, ldpocock, hsd:γ or power:ρ"
        words = f"{read[1].words} is a boundary of one constant and spends nothing by time"
        problems.append(Problem(words, fix, field="futility"))
    if not 0.0 < alpha < 0.5:
        fix = "give a number between 0 and 0.5, such as 0.025"
        problems.append(Problem(f"the one-sided error is {alpha:g}", fix, field="alpha"))
    elif not 0.0 < beta < 1.0 - alpha:
        fix = f"give a number between 0 and {1.0 - alpha:g}, such as 0.1"
        problems.append(Problem(f"the type II error is {beta:g}", fix, field="beta"))
    steps = np.diff(np.asarray(info, float), prepend=0.0)
    if not 1 <= len(info) <= _MOST:
        fix = f"give from 1 to {_MOST} looks"
        problems.append(Problem(f"the number of looks is {len(info)}", fix, field="info"))
    elif not (np.all(steps > 1e-9) and abs(info[-1] - 1.0) < 1e-9):
        written = ", ".join(f"{time:g}" for time in info)
        fix = "give increasing fractions above 0 that end with 1, such as 0.5,0.75,1"
        problems.append(Problem(f"the information times are {written}", fix, field="info"))
    if problems:
        raise InputError(problems)
    return read[0], None if futility is None else read[1]


def first_crossing(
    z: Float[np.ndarray, "replicate look"],
    high: Sequence[float],
    low: Sequence[float],
) -> SequentialEnds:
    """End each trial at the first look whose Z is at or above its upper or below its lower bound.

    The last look always ends a trial; success there needs the upper bound.

    Examples
    --------
    >>> ends = first_crossing(np.array([[3.0, 0.0], [0.0, 2.5]]), [2.8, 2.0], [-1.0, 2.0])
    >>> ends.success.tolist(), ends.look.tolist()
    ([True, True], [0, 1])
    """
    over = z >= np.asarray(high, float)
    ended = over | (z < np.asarray(low, float))
    ended[:, -1] = True
    look = ended.argmax(axis=1)
    return SequentialEnds(over[np.arange(look.size), look], look)
