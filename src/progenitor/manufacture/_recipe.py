"""A recipe: the steps that make a product, in order, with their settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import final

from progenitor.engine import Model
from progenitor.errors import InputError, Problem
from progenitor.evidence import Catalogue
from progenitor.manufacture._culture import culture_model
from progenitor.manufacture._recipe_reader import read_recipe
from progenitor.manufacture._recipe_step import RecipeStep
from progenitor.manufacture._setting_bounds import out_of_bounds
from progenitor.manufacture._specification import Specification
from progenitor.manufacture._specification_reader import load_specification
from progenitor.manufacture._step import Setting
from progenitor.product import PHENOTYPES

__all__ = ["Recipe", "load_recipe", "with_settings"]


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
    gives
        Phenotypes of the product, in the order in which bodies are given them.
    specification
        What lots must meet, where a step judges them by one.
    numbers
        Catalogue id → the id whose value is used in its place (another donor, another process).

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
    gives: tuple[str, ...] = PHENOTYPES
    specification: Specification | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)

    @property
    def parameter_ids(self) -> tuple[str, ...]:
        """Catalogue ids of every number the recipe needs, sorted."""
        return tuple(
            sorted({self.used(name) for step in self.steps for name in step.parameter_ids})
        )

    def used(self, identifier: str) -> str:
        """Catalogue id whose value this recipe uses for an id."""
        return self.numbers.get(identifier, identifier)

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
    wanted = text.pop("specification")
    return Recipe(
        **text,
        steps=steps,
        culture=culture_model(catalogue),
        specification=load_specification(catalogue, wanted) if wanted else None,
    )


def with_settings(recipe: Recipe, changes: Mapping[str, Mapping[str, float]]) -> Recipe:
    """Return the recipe with settings of some steps changed, for sweeps and optimisers.

    Parameters
    ----------
    recipe
        From :func:`load_recipe`.
    changes
        Label of a step → setting → value in the step's unit.

    Raises
    ------
    InputError
        Listing every label and setting that does not exist, and every value that is not a number.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> recipe = load_recipe(default_catalogue(), "tscm_car_t")
    >>> later = with_settings(recipe, {"expand": {"maximum_duration": 8.5}})
    >>> [step.constants["maximum_duration"] for step in later.steps if step.label == "expand"]
    [8.5]
    """
    known = {step.label: {item.name for item in step.step.settings} for step in recipe.steps}
    problems = [
        Problem(f"recipe '{recipe.name}' has no step '{label}'", f"known: {', '.join(known)}")
        for label in changes
        if label not in known
    ]
    problems += [
        Problem(f"step '{label}' has no setting '{name}'", f"known: {sorted(known[label])}")
        for label, settings in changes.items()
        for name in settings
        if label in known and name not in known[label]
    ]
    declared = {
        (step.label, item.name): item for step in recipe.steps for item in step.step.settings
    }
    for label, settings in changes.items():
        for name, value in settings.items():
            item = declared.get((label, name), Setting(name, "1"))
            if wrong := out_of_bounds(item, value):
                message = f"{label}.{name} is {value}, which {wrong[0]}"
                problems.append(Problem(message, wrong[1], field=f"{label}.{name}"))
    if problems:
        raise InputError(problems)
    return replace(
        recipe, steps=tuple(step.changed(changes.get(step.label, {})) for step in recipe.steps)
    )
