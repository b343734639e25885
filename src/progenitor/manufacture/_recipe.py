"""A recipe: the steps that make a product, in order, with their settings."""

from dataclasses import dataclass, field
from typing import final

from progenitor.engine import Model
from progenitor.evidence import Catalogue
from progenitor.manufacture._culture import culture_model
from progenitor.manufacture._recipe_reader import RecipeStep, read_recipe

__all__ = ["Recipe", "load_recipe"]


@final
@dataclass(frozen=True, slots=True)
class Recipe:
    """How a product is made.

    Parameters
    ----------
    name, title, description
        Its name in studies, and in words; lots carry the name as their product.
    steps
        In order.
    culture
        The culture model, one for every recipe.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> recipe = load_recipe(default_catalogue(), "tscm_car_t")
    >>> recipe.steps[0].label, recipe.steps[-1].label
    ('apheresis', 'thaw')
    """

    name: str
    title: str
    description: str
    steps: tuple[RecipeStep, ...]
    culture: Model = field(repr=False)

    @property
    def parameter_ids(self) -> tuple[str, ...]:
        """Catalogue ids of every number the recipe needs, sorted."""
        return tuple(sorted({name for step in self.steps for name in step.parameter_ids}))

    @property
    def failure_reasons(self) -> tuple[str, ...]:
        """Words for failure codes: ``"none"`` and every failure mode in order of first use."""
        modes = [mode for step in self.steps for mode in step.step.failure_modes]
        return ("none", *dict.fromkeys(modes))


def load_recipe(catalogue: Catalogue, name: str) -> Recipe:
    """Read ``catalogue/recipes/<name>.yaml`` and check it against the steps it uses.

    Parameters
    ----------
    catalogue
        Where recipes and numbers are.
    name
        The recipe.

    Raises
    ------
    CatalogueError
        Listing every unknown step, missing or unknown setting, unknown record and wrong unit.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> recipe = load_recipe(default_catalogue(), "conventional_car_t")
    >>> "manufacture/enrichment_recovery" in recipe.parameter_ids
    True
    """
    text, steps = read_recipe(catalogue, catalogue.entry("recipes", name))
    return Recipe(**text, steps=steps, culture=culture_model(catalogue))
