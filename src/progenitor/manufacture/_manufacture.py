"""Run a recipe over many lots at once."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.engine import SolverOptions
from progenitor.errors import InputError, Problem
from progenitor.manufacture._batch import Batch, LogEntry
from progenitor.manufacture._cell_state import CellState, choose
from progenitor.manufacture._conservation import check_conservation
from progenitor.manufacture._product_cells import product_cells
from progenitor.manufacture._recipe import Recipe
from progenitor.manufacture._recipe_step import RecipeStep
from progenitor.manufacture._step import CULTURE_SOLVER, Inputs, Outcome
from progenitor.product import ReleasedProduct

__all__ = ["manufacture"]


def manufacture(
    recipe: Recipe,
    numbers: Mapping[str, Float[np.ndarray, " lot"]],
    *,
    seed: int,
    draw: Int[np.ndarray, " lot"],
    lot: Int[np.ndarray, " lot"],
    solver: SolverOptions = CULTURE_SOLVER,
) -> Batch:
    """Make one lot for each donor.

    A lot depends on its own numbers, seed, draw and lot number only: not on which other lots are
    in the batch, nor on their order.

    Parameters
    ----------
    recipe
        From :func:`load_recipe`.
    numbers
        Catalogue id → value of each donor or lot, (lot,), for every id of ``recipe.parameter_ids``.
    seed
        Of the study; random streams are keyed by it, the draw and the lot number.
    draw, lot
        Parameter draw and lot number, (lot,).
    solver
        How the culture model is solved.

    Raises
    ------
    InputError
        If numbers are missing or have the wrong shape.
    SimulationError
        If a step does not account for its cells.
    """
    _check_numbers(recipe, numbers, draw, lot)
    state = CellState.empty(len(lot), donor=lot)
    failure = np.zeros(len(lot), dtype=np.int64)
    decided = np.zeros(len(lot))
    log: list[LogEntry] = []
    for entry in recipe.steps:
        before, active = state, failure == 0
        inputs = replace(_inputs(entry, recipe, numbers, seed, draw, lot), solver=solver)
        outcome = entry.step.run(before, inputs)
        check_conservation(before, outcome, entry.label)
        state = choose(~active, before, outcome.state)
        log.append(_logged(entry, before, state, outcome, active))
        for reason, stops in outcome.failures.items():
            code = recipe.failure_reasons.index(reason)
            failure = np.where((failure == 0) & stops, code, failure)
        if outcome.failures:
            decided = np.where(active, state.day, decided)
    product = _product(recipe, lot, state, failure)
    return Batch(
        recipe=recipe, draw=draw, lot=lot, product=product, log=tuple(log), decided_day=decided
    )


def _check_numbers(
    recipe: Recipe,
    numbers: Mapping[str, Float[np.ndarray, " lot"]],
    draw: Int[np.ndarray, " lot"],
    lot: Int[np.ndarray, " lot"],
) -> None:
    problems = [
        Problem(f"no numbers for '{name}'", "sample every id of recipe.parameter_ids", field=name)
        for name in recipe.parameter_ids
        if name not in numbers
    ]
    given = {"draw": draw} | {
        name: numbers[name] for name in recipe.parameter_ids if name in numbers
    }
    problems += [
        Problem(f"{name} has shape {np.shape(values)}", f"give shape {lot.shape}", field=name)
        for name, values in given.items()
        if np.shape(values) != lot.shape
    ]
    if problems:
        raise InputError(problems)


def _inputs(
    entry: RecipeStep,
    recipe: Recipe,
    numbers: Mapping[str, Float[np.ndarray, " lot"]],
    seed: int,
    draw: Int[np.ndarray, " lot"],
    lot: Int[np.ndarray, " lot"],
) -> Inputs:
    """Gather what one step of the recipe may look at."""
    settings = {name: np.full(len(lot), value) for name, value in entry.constants.items()}
    settings |= {
        name: numbers[recipe.used(reference)] for name, reference in entry.references.items()
    }
    return Inputs(
        label=entry.label,
        settings=settings,
        numbers={name.rpartition("/")[2]: numbers[recipe.used(name)] for name in entry.parameters},
        culture=recipe.culture,
        seed=seed,
        draw=draw,
        lot=lot,
        words=entry.words,
        specification=recipe.specification,
        gives=recipe.gives,
    )


def _logged(
    entry: RecipeStep,
    before: CellState,
    after: CellState,
    outcome: Outcome,
    active: Bool[np.ndarray, " lot"],
) -> LogEntry:
    spent = {
        line: amount - before.cost.get(line, 0.0)
        for line, amount in after.cost.items()
        if before.cost.get(line) is not amount
    }
    return LogEntry(
        label=entry.label,
        title=entry.step.title,
        day_in=before.day,
        day_out=after.day,
        state=after,
        gained=np.where(active, outcome.gained, 0.0),
        lost={where: np.where(active, amount, 0.0) for where, amount in outcome.lost.items()},
        spent={line: amount for line, amount in spent.items() if (amount != 0).any()},
        checks=outcome.checks,
        active=active,
        curve=outcome.curve,
    )


def _product(
    recipe: Recipe,
    lot: Int[np.ndarray, " lot"],
    state: CellState,
    failure: Int[np.ndarray, " lot"],
) -> ReleasedProduct:
    """Describe the lots as a patient could be given them."""
    released = failure == 0
    return ReleasedProduct(
        product=recipe.name,
        lot=lot,
        released=released,
        failure=failure,
        failure_reasons=recipe.failure_reasons,
        cells=product_cells(state, recipe.gives) * state.car_fraction[:, np.newaxis],
        viability=state.viability,
        car_fraction=state.car_fraction,
        vcn_per_cell=state.vcn_per_cell,
        vcn_per_car_cell=state.vcn_per_car_cell,
        cost=state.total_cost,
        process_days=state.process_days,
        vein_to_vein=np.where(released, state.day - state.ordered_day, np.nan),
        phenotypes=recipe.gives,
    )
