"""Factorial designs: what each switch does, and what they do together."""

from collections.abc import Mapping
from itertools import combinations, product
from typing import Final

import numpy as np
from jaxtyping import Float

from progenitor.study._estimates import Table
from progenitor.study.experiment._condition import Condition
from progenitor.study.experiment._file import ExperimentFile, Factorial
from progenitor.study.experiment._measure import Measures, logarithms
from progenitor.study.experiment._readout_kinds import KINDS
from progenitor.study.experiment._words import name_words
from progenitor.study.experiment.results import FactorialOutcome
from progenitor.study.results import Estimate

__all__ = ["contrasts", "factorial_cells", "read_factorial"]

_LEVELS: Final = 2


def factorial_cells(
    factors: list[str], inputs: Mapping[str, Mapping[str, float]]
) -> dict[tuple[int, ...], str] | None:
    """Sort arms into the cells of a two-level design; ``None`` where they make none.

    Parameters
    ----------
    factors
        Inputs that differ between the arms.
    inputs
        Arm → input → value.

    Examples
    --------
    >>> cells = factorial_cells(["car", "signal"], {
    ...     "neither": {"car": 0.0, "signal": 0.0}, "both": {"car": 1.0, "signal": 1.0},
    ...     "car": {"car": 1.0, "signal": 0.0}, "signal": {"car": 0.0, "signal": 1.0}})
    >>> cells[(1, 0)], cells[(0, 1)]
    ('car', 'signal')
    """
    if not all(factor in own for own in inputs.values() for factor in factors):
        return None
    levels = [sorted({own[factor] for own in inputs.values()}) for factor in factors]
    if any(len(values) != _LEVELS for values in levels):
        return None
    cells: dict[tuple[int, ...], str] = {}
    for arm, own in inputs.items():
        place = tuple(
            values.index(own[factor]) for factor, values in zip(factors, levels, strict=True)
        )
        if place in cells:
            return None
        cells[place] = arm
    return cells if len(cells) == _LEVELS ** len(factors) else None


def contrasts(
    factors: list[str], values: Mapping[tuple[int, ...], Float[np.ndarray, "..."]]
) -> dict[str, Float[np.ndarray, "..."]]:
    r"""Return main effects and interactions of a two-level design.

    For a set S of the factors, with :math:`y_c` the value of cell c,

    .. math:: e_S = 2^{|S| - k} \sum_c \Bigl(\prod_{j \in S} (2 c_j - 1)\Bigr) y_c

    A main effect is the mean change when the factor is switched on; an interaction of two is the
    difference between what one does with and without the other.

    Parameters
    ----------
    factors
        Names of the k factors.
    values
        Levels (0 or 1) → values, all of one shape.

    References
    ----------
    Box, Hunter, Hunter, Statistics for Experimenters, 2nd ed. 2005, chapter 5; there interactions
    are half of this.

    Examples
    --------
    >>> cells = {(0, 0): np.array(1.0), (1, 0): np.array(3.0),
    ...          (0, 1): np.array(2.0), (1, 1): np.array(9.0)}
    >>> {name: float(effect) for name, effect in contrasts(["car", "signal"], cells).items()}
    {'car': 4.5, 'signal': 3.5, 'car × signal': 5.0}
    """
    count = len(factors)
    found = {}
    for size in range(1, count + 1):
        for chosen in combinations(range(count), size):
            signs = {
                cell: float(np.prod([2 * cell[place] - 1 for place in chosen])) for cell in values
            }
            total = np.sum([signs[cell] * one for cell, one in values.items()], axis=0)
            words = " × ".join(factors[place] for place in chosen)
            found[words] = np.asarray(total * 2.0 ** (size - count))
    return found


def read_factorial(
    asked: Factorial,
    conditions: Mapping[str, Condition],
    tables: Mapping[str, Table],
    measures: Measures,
) -> FactorialOutcome:
    """Analyse a factorial design on the same subjects.

    Contrasts are formed in every subject and then summarised, so that what subjects share cancels.
    An event is analysed as the share of subjects with it by the end of its window.

    Parameters
    ----------
    asked
        The analysis.
    conditions, tables
        Arms by name.
    measures
        Reads them.
    """
    arms = asked.arms or list(conditions)
    inputs = {arm: _levels(measures.file, arm, arms, conditions) for arm in arms}
    cells = factorial_cells(asked.factors, inputs) or {}
    name = asked.readout
    happens = KINDS[measures.file.readouts[name].kind].happens
    mean = happens or KINDS[measures.file.readouts[name].kind].share
    mean = mean or measures.file.readouts[name].summary == "mean"
    columns = {
        cell: measures.events(tables[arm], name)[1]
        if happens
        else measures.values(tables[arm], name)
        for cell, arm in cells.items()
    }
    if asked.scale == "ratio":
        columns = dict(zip(columns, logarithms(list(columns.values())), strict=True))
    nothing = np.zeros_like(next(iter(columns.values())))
    measure = "ratio" if asked.scale == "ratio" else "difference"
    effects: dict[str, Estimate] = {
        words: measures.contrast(contrast, nothing, name, measure, mean=mean).estimate
        for words, contrast in contrasts(asked.factors, columns).items()
    }
    return FactorialOutcome(
        title=asked.title,
        readout=name,
        factors=tuple(asked.factors),
        scale=asked.scale,
        levels={factor: _pair(factor, inputs) for factor in asked.factors},
        cells=cells,
        values={
            cell: measures.one(tables[cells[cell]], name).estimate
            for cell in product(range(_LEVELS), repeat=len(asked.factors))
        },
        effects=effects,
        words={factor: name_words(factor) for factor in asked.factors},
    )


def _levels(
    file: ExperimentFile, arm: str, arms: list[str], conditions: Mapping[str, Condition]
) -> dict[str, float]:
    """Levels of an arm: its inputs, and 1 or 0 for what is given to it or to others alone."""
    given = {name for one in arms for name in file.arms[one].given}
    return {
        **{name: float(name in file.arms[arm].given) for name in given},
        **conditions[arm].inputs,
    }


def _pair(factor: str, inputs: Mapping[str, Mapping[str, float]]) -> tuple[float, float]:
    values = sorted({own[factor] for own in inputs.values()})
    return values[0], values[-1]
