"""The same recipe judged by another specification."""

from dataclasses import replace

from progenitor.errors import InputError, Problem
from progenitor.manufacture._recipe import Recipe
from progenitor.manufacture._recipe_step import RecipeStep
from progenitor.manufacture._registry import registered_steps
from progenitor.manufacture._specification import Specification
from progenitor.manufacture._step import address

__all__ = ["with_specification"]


def with_specification(recipe: Recipe, specification: Specification) -> Recipe:
    """Return the recipe with its lots tested and judged by a specification.

    A recipe that tests and releases in two steps does both in one, ``certify``, with the time and
    the cost of the two; its own limits no longer apply.

    Parameters
    ----------
    recipe
        From :func:`load_recipe`.
    specification
        From :func:`load_specification`.

    Raises
    ------
    InputError
        When the recipe tests nothing.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> from progenitor.manufacture import load_recipe, load_specification
    >>> catalogue = default_catalogue()
    >>> rules = load_specification(catalogue, "tisagenlecleucel_us")
    >>> recipe = with_specification(load_recipe(catalogue, "conventional_car_t"), rules)
    >>> [step.label for step in recipe.steps][-5:]
    ['cryopreserve', 'certify', 'ship_to_hospital', 'hospital_scheduling', 'thaw']
    """
    names = [step.step.name for step in recipe.steps]
    if "certify" in names:
        return replace(recipe, specification=specification)
    if "quality_control" not in names or "release" not in names:
        message = f"recipe '{recipe.name}' has no step that tests its lots"
        raise InputError([Problem(message, "add 'certify' to the recipe", field="specification")])
    tested = recipe.steps[names.index("quality_control")]
    released = recipe.steps[names.index("release")]
    frozen = "thaw" in names
    constants = {} if frozen else {"recovery": 1.0}
    references = {"recovery": address("post_thaw_recovery")} if frozen else {}
    for setting, step, name in (
        ("duration", tested, "duration"),
        ("cost", tested, "cost"),
        ("release_cost", released, "cost"),
    ):
        if name in step.references:
            references[setting] = step.references[name]
        else:
            constants[setting] = step.constants[name]
    certify = RecipeStep("certify", registered_steps()["certify"], constants, references)
    steps = [certify if step is tested else step for step in recipe.steps if step is not released]
    return replace(recipe, steps=tuple(steps), specification=specification)
