"""Unit operations, recipes and release: from a donor to a lot that may be given."""

from progenitor.manufacture._batch import Batch, CultureLog, LogEntry
from progenitor.manufacture._cell_state import STAGES, CellState
from progenitor.manufacture._manufacture import manufacture
from progenitor.manufacture._recipe import Recipe, load_recipe
from progenitor.manufacture._recipe_reader import RecipeStep
from progenitor.manufacture._registry import registered_steps
from progenitor.manufacture._step import (
    CULTURE_SOLVER,
    Check,
    Curve,
    Inputs,
    Outcome,
    Setting,
    Step,
)

__all__ = [
    "CULTURE_SOLVER",
    "STAGES",
    "Batch",
    "CellState",
    "Check",
    "CultureLog",
    "Curve",
    "Inputs",
    "LogEntry",
    "Outcome",
    "Recipe",
    "RecipeStep",
    "Setting",
    "Step",
    "load_recipe",
    "manufacture",
    "registered_steps",
]
