"""Where on a map there is benefit, in words."""

from itertools import groupby
from typing import Final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.study.experiment._plain_numbers import dose_text
from progenitor.study.experiment._words import small_start
from progenitor.study.experiment.results import MapOutcome

__all__ = ["benefit_ranges", "map_sentence"]

_HALF: Final = 0.5


def benefit_ranges(
    values: tuple[str, ...], benefit: Float[np.ndarray, "..."]
) -> tuple[tuple[str, ...], ...]:
    """Name the values of the first axis at which half of the draws benefit.

    Parameters
    ----------
    values
        The first axis as written, rising.
    benefit
        Share of draws with benefit at every point, (first, second[, third]); NaN without a rule.

    Returns
    -------
    tuple of tuples
        A row for each value of the second axis and a column for each of the third; empty text
        where there is no benefit.

    Examples
    --------
    >>> benefit_ranges(("1e6 cell", "1e7 cell"), np.array([[0.0, 0.6, 0.1], [0.1, 1.0, 0.5]]))
    (('',), ('any',), ('10⁷ cells or more',))
    """
    if np.isnan(benefit).all():
        return ()
    grid = benefit if benefit.ndim > 2 else benefit[..., np.newaxis]
    return tuple(
        tuple(_range(values, grid[:, row, column] >= _HALF) for column in range(grid.shape[2]))
        for row in range(grid.shape[1])
    )


def map_sentence(found: MapOutcome) -> str:
    """Say what must be true for benefit, with the thresholds read from the map.

    Parameters
    ----------
    found
        A map with a rule.
    """
    rule = f"{small_start(found.label)} {found.rule} in at least half of the draws"
    across, up = (small_start(axis.title) for axis in found.axes[:2])
    panels = [_panel(found, column) for column in range(len(found.needed[0]))]
    if len(found.axes) < 3:
        return f"Benefit, that is {rule}, needs {across}, by {up}: {panels[0]}."
    third = found.axes[2]
    parts, at = [], 0
    for words, group in groupby(panels):
        size = len(list(group))
        parts.append(f"where it is {_between(third.values[at : at + size])}, {words}")
        at += size
    by = f"by {up} and {small_start(third.title)}"
    return f"Benefit, that is {rule}, needs {across}, {by}: {'; '.join(parts)}."


def _panel(found: MapOutcome, column: int) -> str:
    """Say for one panel which values of the first axis are enough at the ends of the second."""
    rows = [row[column] for row in found.needed]
    if not any(rows):
        return "nothing on the map is enough"
    values = found.axes[1].values
    if len(set(rows)) == 1:
        return f"{_amount(rows[0])} at {_between(values)}"
    parts, at = [], 0
    for words, group in groupby(rows):
        size = len(list(group))
        parts.append(f"{_amount(words)} at {_between(values[at : at + size])}")
        at += size
    return f"{parts[0]} and {parts[-1]}"


def _amount(words: str) -> str:
    return "any amount on the map" if words == "any" else words or "no amount on the map"


def _range(values: tuple[str, ...], inside: Bool[np.ndarray, " value"]) -> str:
    """Name the runs of an axis that are inside."""
    if inside.all():
        return "any"
    parts, at = [], 0
    for held, group in groupby(inside):
        size = len(list(group))
        if held:
            first, last = dose_text(values[at]), dose_text(values[at + size - 1])
            if at + size == len(values):
                parts.append(f"{first} or more")
            elif at == 0:
                parts.append(f"{last} or less")
            else:
                parts.append(first if size == 1 else f"{first} to {last}")
        at += size
    return " and ".join(parts)


def _between(values: tuple[str, ...]) -> str:
    return values[0] if len(values) == 1 else f"{values[0]} to {values[-1]}"
