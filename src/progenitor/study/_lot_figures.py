"""What the figures of a manufacturing campaign are drawn from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.evidence import Catalogue
from progenitor.manufacture import (
    PRECURSORS,
    STAGES,
    Batch,
    Recipe,
    RecipeStep,
    SpecificationLine,
    doses_of,
    split_cost,
)
from progenitor.study._dose_bill import dose_bill

__all__ = ["CultureCourses", "PowerCurve", "cost_steps", "culture_courses", "power_curves"]

_PERCENTILES: Final = (5, 25, 50, 75, 95)
_FEWEST: Final = 5
"""Lots that must still be in culture for a day to be shown."""

_GRID: Final = 401


@final
@dataclass(frozen=True, slots=True)
class CultureCourses:
    """Growth, viability and phenotype over the days of a process.

    Parameters
    ----------
    days
        Days since the culture began, or since collection where ``steps`` are named, (time,).
    cells, viability
        The 5th, 25th, 50th, 75th and 95th percentile of viable cells and of the share of cells
        alive, over all lots, those already harvested as they were then, (percentile, time).
    kinds
        What the cells are told apart by.
    shares
        Mean share of each kind, (time, kind).
    lots
        Lots still in culture, (time,).
    steps
        Step after which each point was read; empty where a culture was followed by the day.
    """

    days: Float[np.ndarray, " time"]
    cells: Float[np.ndarray, "percentile time"]
    viability: Float[np.ndarray, "percentile time"]
    kinds: tuple[str, ...]
    shares: Float[np.ndarray, "time kind"]
    lots: Float[np.ndarray, " time"]
    steps: tuple[str, ...] = ()


@final
@dataclass(frozen=True, slots=True)
class PowerCurve:
    """How likely a release test passes a lot, over what the lot truly is.

    Parameters
    ----------
    line
        The line of the specification.
    truth, chance
        True value and probability of passing, (point,).
    measured
        The 5th, 50th and 95th percentile of what lots measured; NaN where none was.
    """

    line: SpecificationLine
    truth: Float[np.ndarray, " point"]
    chance: Float[np.ndarray, " point"]
    measured: tuple[float, float, float]


def culture_courses(batch: Batch) -> CultureCourses:
    """Follow lots through their culture; step by step where none was followed by the day.

    A lot that was harvested or stopped stays at what it held then, so that the last day shows what
    all lots came to and not the slow ones alone.

    Parameters
    ----------
    batch
        Lots made by one recipe.
    """
    if all(entry.curve is None for entry in batch.log):
        return _by_step(batch)
    culture = batch.culture
    known = np.isfinite(culture.days)
    kept = known.sum(axis=0) >= min(_FEWEST, len(batch.lot))
    last = np.maximum.accumulate(np.where(known, np.arange(known.shape[1]), 0), axis=1)[:, kept]
    days, cells = culture.days[:, kept], np.take_along_axis(culture.cells, last[..., None], axis=1)
    middle = np.array([np.median(column[np.isfinite(column)]) for column in days.T])
    total = cells.sum(axis=2)
    with np.errstate(invalid="ignore"):
        shares = cells / total[..., np.newaxis]
    return CultureCourses(
        days=middle,
        cells=_bands(total),
        viability=_bands(np.take_along_axis(culture.viability, last, axis=1)),
        kinds=STAGES,
        shares=_means(shares),
        lots=known[:, kept].sum(axis=0).astype(float),
    )


def _by_step(batch: Batch) -> CultureCourses:
    """States after every step in which cells were changed, up to the product."""
    entries = [
        entry
        for entry in batch.log
        if entry.active.sum() >= min(_FEWEST, len(batch.lot)) and (entry.state.viable > 0).any()
    ]
    days = [float(np.nanmedian(entry.state.process_days)) for entry in entries]
    entries = entries[: days.index(days[-1]) + 1]  # what follows is storage and transport
    rows = [np.where(entry.active, entry.day_out, np.nan) for entry in entries]
    viable = np.stack([_of(entry.state.viable, entry.active) for entry in entries], axis=1)
    alive = np.stack([_of(entry.state.viability, entry.active) for entry in entries], axis=1)
    kinds = (*PRECURSORS, "T cells", "other")
    counts = np.stack(
        [
            np.column_stack([entry.state.precursors, entry.state.t_cells, entry.state.other])
            for entry in entries
        ],
        axis=1,
    )
    whole = counts.sum(axis=2, keepdims=True)
    shares = _means(np.divide(counts, whole, out=np.full_like(counts, np.nan), where=whole > 0))
    present = shares.max(axis=0) > 0
    return CultureCourses(
        days=np.array([np.median(row[np.isfinite(row)]) for row in rows]),
        cells=_bands(viable),
        viability=_bands(alive),
        kinds=tuple(kind for kind, there in zip(kinds, present, strict=True) if there),
        shares=shares[:, present],
        lots=np.array([float(entry.active.sum()) for entry in entries]),
        steps=tuple(entry.title for entry in entries),
    )


def power_curves(batch: Batch, catalogue: Catalogue) -> tuple[PowerCurve, ...]:
    """Draw the power of every release test of a recipe over the true quality of a lot.

    Parameters
    ----------
    batch
        Lots made by the recipe.
    catalogue
        Where limits and assay errors are that the recipe names.
    """
    rules = batch.recipe.specification
    lines = _release_lines(batch.recipe, catalogue) if rules is None else rules.judged
    return tuple(
        _curve(line, batch.measured.get(line.quantity))
        for line in lines
        if line.quantity != "contamination" and np.isfinite(line.limit) and line.limit > 0
    )


def _curve(line: SpecificationLine, values: Float[np.ndarray, " lot"] | None) -> PowerCurve:
    known = np.zeros(0) if values is None else values[np.isfinite(values)]
    seen = tuple(float(q) for q in np.percentile(known, (5, 50, 95))) if known.size else ()
    low, middle, high = seen or (float("nan"),) * 3
    if line.cells > 0:
        error = 6 * np.sqrt(line.limit * (1 - line.limit) / line.cells)
        ends = (max(0.0, line.limit - error), min(1.0, line.limit + error))
        truth = np.linspace(*_wider(ends, low, high), _GRID)
    else:
        spread = max(4 * np.sqrt(np.log1p(line.variation**2)), np.log(1.2))
        ends = (line.limit * np.exp(-spread), line.limit * np.exp(spread))
        truth = np.geomspace(*_wider(ends, low, high), _GRID)
    return PowerCurve(line, truth, line.pass_chance(truth), (low, middle, high))


def _wider(ends: tuple[float, float], low: float, high: float) -> tuple[float, float]:
    """Widen the ends to hold what lots measured."""
    return float(np.nanmin([ends[0], low])), float(np.nanmax([ends[1], high]))


_TESTS: Final = (
    ("viability", "Viability", "minimum_viability", "cells_counted", "", True, "1"),
    ("purity", "T cells", "minimum_purity", "cells_gated", "", True, "1"),
    ("car_fraction", "CAR+ share", "minimum_car_fraction", "cells_gated", "", True, "1"),
    (
        "vcn_per_cell",
        "Vector copies per cell",
        "maximum_vector_copies",
        "",
        "manufacture/vector_copy_error",
        False,
        "copy/cell",
    ),
    (
        "car_cells",
        "CAR+ cells",
        "minimum_car_cells",
        "",
        "manufacture/cell_count_error",
        True,
        "cell",
    ),
)


def _release_lines(recipe: Recipe, catalogue: Catalogue) -> tuple[SpecificationLine, ...]:
    """Lines of a recipe whose limits are settings of its release step."""
    steps = {step.step.name: step for step in recipe.steps}
    if not {"release", "quality_control"} <= steps.keys():
        return ()
    found = []
    for quantity, title, limit, cells, error, at_least, unit in _TESTS:
        counted = _value(recipe, steps["quality_control"], cells, catalogue) if cells else 0.0
        used = catalogue.parameter(error).used if error else None
        found.append(
            SpecificationLine(
                quantity,
                title,
                unit=unit,
                limit=_value(recipe, steps["release"], limit, catalogue),
                at_least=at_least,
                cells=counted,
                variation=0.0 if used is None else used.median,
            )
        )
    return tuple(found)


def _value(recipe: Recipe, step: RecipeStep, setting: str, catalogue: Catalogue) -> float:
    if setting in step.constants:
        return step.constants[setting]
    used = catalogue.parameter(recipe.used(step.references[setting])).used
    return float("nan") if used is None else used.median


def cost_steps(batch: Batch) -> Mapping[str, float]:
    """Split the mean cost of a released dose into its lines and the share of failed lots; USD.

    Parameters
    ----------
    batch
        Lots made by one recipe; empty where none was released.
    """
    return dose_bill(split_cost(batch), doses=doses_of(batch), released=batch.product.released)


def _of(
    values: Float[np.ndarray, " lot"], active: Bool[np.ndarray, " lot"]
) -> Float[np.ndarray, " lot"]:
    return np.where(active, values, np.nan)


def _bands(values: Float[np.ndarray, "lot time"]) -> Float[np.ndarray, "percentile time"]:
    columns: Sequence[np.ndarray] = [column[np.isfinite(column)] for column in values.T]
    return np.array(
        [
            np.percentile(column, _PERCENTILES) if column.size else np.full(5, np.nan)
            for column in columns
        ]
    ).T


def _means(values: Float[np.ndarray, "lot time kind"]) -> Float[np.ndarray, "time kind"]:
    known = np.isfinite(values)
    count = np.maximum(known.sum(axis=0), 1)
    means: Float[np.ndarray, "time kind"] = np.where(known, values, 0.0).sum(axis=0) / count
    return means
