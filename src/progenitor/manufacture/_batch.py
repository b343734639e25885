"""What came of a batch of lots: the product, and the log that explains it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import SimulationError
from progenitor.manufacture._cell_state import PRECURSORS, STAGES, CellState
from progenitor.manufacture._recipe import Recipe
from progenitor.manufacture._step import Check, Curve
from progenitor.product import ReleasedProduct

__all__ = ["Batch", "CultureLog", "LogEntry"]


@final
@dataclass(frozen=True, slots=True)
class LogEntry:
    """One step of every lot.

    Parameters
    ----------
    label, title
        The step's name in the recipe, and in words.
    day_in, day_out
        Days since apheresis began, (lot,); day.
    state
        The lots afterwards; lots stopped before this step are unchanged.
    gained, lost
        Viable cells that came, and where others went, (lot,); cell.
    spent
        Cost line → amount spent in this step, (lot,); USD.
    checks
        Specifications judged in this step.
    active
        Whether each lot was still being made, (lot,).
    curve
        The culture over time, if the step grew cells.
    """

    label: str
    title: str
    day_in: Float[np.ndarray, " lot"]
    day_out: Float[np.ndarray, " lot"]
    state: CellState
    gained: Float[np.ndarray, " lot"]
    lost: Mapping[str, Float[np.ndarray, " lot"]]
    spent: Mapping[str, Float[np.ndarray, " lot"]]
    checks: tuple[Check, ...]
    active: Bool[np.ndarray, " lot"]
    curve: Curve | None

    @property
    def composition(self) -> Float[np.ndarray, "lot stage"]:
        """Share of viable T cells by culture stage afterwards, (lot, stage)."""
        total = self.state.t_cells[:, np.newaxis]
        empty = np.full_like(self.state.cells, np.nan)
        composition: Float[np.ndarray, "lot stage"] = np.divide(
            self.state.cells, total, out=empty, where=total > 0
        )
        return composition


@final
@dataclass(frozen=True, slots=True)
class CultureLog:
    """All cultures of a batch, one after the other; NaN after a lot was harvested or stopped.

    Parameters
    ----------
    days
        Days in culture, (lot, time); day.
    cells
        Viable T cells by stage, (lot, time, stage) in the order of ``STAGES``; cell.
    viability
        Share of all cells that are alive, (lot, time).
    """

    days: Float[np.ndarray, "lot time"]
    cells: Float[np.ndarray, "lot time stage"]
    viability: Float[np.ndarray, "lot time"]


@final
@dataclass(frozen=True, slots=True)
class Batch:
    """Lots made by one recipe.

    Parameters
    ----------
    recipe
        How they were made.
    draw, lot
        Parameter draw and lot number of each, (lot,).
    product
        What can be given.
    log
        Every step of every lot, in order.
    decided_day
        Day on which a lot was released or stopped, (lot,); day since apheresis.
    """

    recipe: Recipe
    draw: Int[np.ndarray, " lot"]
    lot: Int[np.ndarray, " lot"]
    product: ReleasedProduct
    log: tuple[LogEntry, ...]
    decided_day: Float[np.ndarray, " lot"]

    @property
    def cost_lines(self) -> Mapping[str, Float[np.ndarray, " lot"]]:
        """Cost line → amount spent over the whole process, (lot,); USD."""
        return self.log[-1].state.cost

    @property
    def measured(self) -> Mapping[str, Float[np.ndarray, " lot"]]:
        """What quality control measured, (lot,); NaN for lots that never came so far."""
        return self.log[-1].state.measured

    @property
    def culture(self) -> CultureLog:
        """Growth, phenotype and viability of every lot over its days in culture."""
        days, cells, viability = [], [], []
        before = np.zeros(len(self.lot))
        for entry in self.log:
            if entry.curve is None:
                continue
            curve, steps = entry.curve, np.arange(entry.curve.days.shape[1])
            shown = entry.active[:, np.newaxis] & (steps <= curve.harvested[:, np.newaxis])
            days.append(np.where(shown, before[:, np.newaxis] + curve.days, np.nan))
            cells.append(np.where(shown[..., np.newaxis], curve.cells, np.nan))
            viability.append(np.where(shown, curve.viability, np.nan))
            before = before + curve.days[np.arange(len(before)), curve.harvested]
        return CultureLog(
            days=np.concatenate(days, axis=1),
            cells=np.concatenate(cells, axis=1),
            viability=np.concatenate(viability, axis=1),
        )

    def explain(self, lot: int, *, draw: int | None = None) -> str:
        """Tell what happened to one lot, in prose.

        Parameters
        ----------
        lot
            Its number.
        draw
            Its parameter draw; needed where several draws made a lot of that number.

        Raises
        ------
        SimulationError
            If there is no such lot, or more than one.
        """
        found = np.flatnonzero((self.lot == lot) & ((self.draw == draw) | (draw is None)))
        if len(found) != 1:
            message = f"{len(found)} lots have number {lot}" + (
                "" if draw is None else f" in draw {draw}"
            )
            way_out = (
                "give draw= to tell them apart" if len(found) else "see .lot and .draw of the batch"
            )
            raise SimulationError(f"{message}; {way_out}.")
        index = int(found[0])
        lines = [self._headline(index)]
        for entry in self.log:
            if not entry.active[index]:
                break
            lines.append(_sentence(entry, index))
        return "\n".join(lines)

    def _headline(self, index: int) -> str:
        lot, product = int(self.lot[index]), self.product
        if product.released[index]:
            return (
                f"Lot {lot} was released: {product.total[index]:.3g} viable receptor-positive "
                f"cells on day {product.vein_to_vein[index]:.0f}, USD {product.cost[index]:,.0f}."
            )
        failed = [
            check.sentence(index)
            for entry in self.log
            if entry.active[index]
            for check in entry.checks
            if not check.passed[index]
        ]
        reason = product.failure_reasons[int(product.failure[index])]
        return (
            f"Lot {lot} failed on day {self.decided_day[index]:.0f} for {reason}: "
            f"{'; '.join(failed) or 'the solver did not reach the end of the culture'}."
        )


def _shares(cells: Float[np.ndarray, " stage"]) -> Float[np.ndarray, " stage"]:
    """Share of each stage in one lot; 0 where it holds no T cell."""
    total = cells.sum()
    return cells / total if total > 0 else np.zeros_like(cells)


def _cells_left(state: CellState, index: int) -> str:
    """Viable cells of one lot by stage; by kind where some of them are no T cells."""
    kinds: tuple[str, ...] = STAGES
    cells, what = state.cells[index], "viable T cells"
    if state.precursors[index].any():
        kinds, what = (*PRECURSORS, "T cells", "other cells"), "viable cells"
        t_cells, other = state.t_cells[[index]], state.other[[index]]
        cells = np.concatenate([state.precursors[index], t_cells, other])
    shares = [
        f"{kind} {100 * share:.0f} %"
        for kind, share in zip(kinds, _shares(cells), strict=True)
        if share >= 0.005
    ]
    words = f" ({', '.join(shares)})" if shares else ""
    return f"{cells.sum():.3g} {what}{words}"


def _sentence(entry: LogEntry, index: int) -> str:
    """One step of one lot: when, what is left, what was lost, what was judged."""
    state = entry.state
    days = f"day {entry.day_in[index]:.1f} to {entry.day_out[index]:.1f}"
    parts = [f"{entry.title} ({entry.label}), {days}: {_cells_left(state, index)}"]
    alive = state.viability[index]
    parts += [f"viability {100 * alive:.0f} %"] if np.isfinite(alive) else []
    parts += [
        f"{amount[index]:.3g} cells {where}"
        for where, amount in entry.lost.items()
        if amount[index] > 0
    ]
    parts += [check.sentence(index) for check in entry.checks]
    cost = sum(float(amount[index]) for amount in entry.spent.values())
    if cost > 0:
        parts.append(f"USD {cost:,.0f}")
    return "; ".join(parts) + "."
