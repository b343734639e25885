"""Every step of every recipe keeps every promise of a step, on the lots that reach it."""

import importlib
import pkgutil
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from progenitor.cohort import sample_numbers
from progenitor.evidence import default_catalogue
from progenitor.manufacture import (
    CellState,
    Inputs,
    Outcome,
    Recipe,
    Step,
    load_recipe,
    manufacture,
    registered_steps,
    steps,
)
from progenitor.testing import StepContract, promises

CATALOGUE = default_catalogue()
RECIPES = {name: load_recipe(CATALOGUE, name) for name in CATALOGUE.names("recipes")}
USES = [
    (name, entry.label, position)
    for name, recipe in RECIPES.items()
    for position, entry in enumerate(recipe.steps)
]
LOTS = np.arange(5)


@cache
def arriving(recipe: str) -> tuple[CellState, ...]:
    """The lots as they reach each step."""
    made: Recipe = RECIPES[recipe]
    numbers = sample_numbers(CATALOGUE, made.parameter_ids, seed=1, draw=LOTS, patient=LOTS)
    log = manufacture(made, numbers, seed=1, draw=LOTS, lot=LOTS).log
    return (CellState.empty(len(LOTS)), *(entry.state for entry in log[:-1]))


def contract(recipe: str, position: int) -> StepContract:
    entry = RECIPES[recipe].steps[position]
    return StepContract.of(
        entry.step,
        CATALOGUE,
        {**entry.constants, **entry.references},
        before=arriving(recipe)[position],
        culture=RECIPES[recipe].culture,
        words=entry.words,
        specification=RECIPES[recipe].specification,
        gives=RECIPES[recipe].gives,
    )


@pytest.mark.parametrize("promise", promises(StepContract))
@pytest.mark.parametrize(("recipe", "label", "position"), USES, ids=str)
def test_step_keeps(recipe: str, label: str, position: int, promise: str) -> None:
    getattr(contract(recipe, position), promise)()


def test_every_step_is_used_by_a_recipe() -> None:
    """A step that no recipe uses would escape the contract."""
    used = {entry.step.name for recipe in RECIPES.values() for entry in recipe.steps}
    assert set(registered_steps()) == used


@pytest.mark.parametrize("name", [module.name for module in pkgutil.iter_modules(steps.__path__)])
def test_each_file_registers_one_step_under_its_name(name: str) -> None:
    module = importlib.import_module(f"{steps.__name__}.{name}")
    assert "STEP" in module.__all__
    assert module.STEP.name == name
    found = [key for key, value in vars(module).items() if isinstance(value, Step)]
    assert found == ["STEP"]


def _loses_cells(state: CellState, inputs: Inputs) -> Outcome:
    return Outcome(replace(state, cells=state.cells / 2), gained=np.zeros_like(state.day))


def _borrows_cells(state: CellState, inputs: Inputs) -> Outcome:
    taken = state.viable + 1.0
    left = replace(state, cells=-np.ones_like(state.cells) / state.cells.shape[1], other=0 * taken)
    return Outcome(left, gained=np.zeros_like(taken), lost={"taken": taken})


def _turns_back_time(state: CellState, inputs: Inputs) -> Outcome:
    return Outcome(state.wait(-np.ones_like(state.day)), gained=np.zeros_like(state.day))


def _fails_in_secret(state: CellState, inputs: Inputs) -> Outcome:
    return Outcome(state, np.zeros_like(state.day), failures={"bad luck": state.day < 0})


def _looks_at_the_neighbour(state: CellState, inputs: Inputs) -> Outcome:
    return Outcome(state.wait(np.arange(float(len(state.day)))), np.zeros_like(state.day))


def _changes_its_input(state: CellState, inputs: Inputs) -> Outcome:
    state.dead[:] += 1.0
    return Outcome(state, np.zeros_like(state.day))


@pytest.mark.parametrize(
    ("promise", "step"),
    [
        ("names_sourced_numbers", Step("s", "S", _fails_in_secret, parameters=("x/unmeasured",))),
        ("accounts_for_every_cell", Step("s", "S", _loses_cells)),
        ("has_no_negative_cells", Step("s", "S", _borrows_cells)),
        ("never_turns_back_the_clock_or_the_bill", Step("s", "S", _turns_back_time)),
        ("declares_its_failures", Step("s", "S", _fails_in_secret)),
        ("treats_each_lot_alone", Step("s", "S", _looks_at_the_neighbour)),
    ],
)
def test_the_contract_finds_what_is_wrong(promise: str, step: Step) -> None:
    broken = replace(contract("conventional_car_t", 3), step=step)
    with pytest.raises(AssertionError):
        getattr(broken, promise)()
