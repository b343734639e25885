"""Which recipes `progenitor make` was asked for."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from progenitor.documents import suggestion
from progenitor.errors import Problem, StudyError
from progenitor.evidence import default_catalogue
from progenitor.manufacture import (
    Recipe,
    load_off_targets,
    load_recipe,
    load_specification,
    with_settings,
    with_specification,
)
from progenitor.product import MeasuredComposition
from progenitor.study import load_pipeline

__all__ = ["measured_products", "wanted_recipes"]

_SEED: Final = 1


def wanted_recipes(
    study: Path | None,
    recipe: str | None,
    product: str | None,
    *,
    specification: str | None,
    off_targets: Path | None,
    seed: int | None,
) -> tuple[Mapping[str, Recipe], int]:
    """Name of each product asked for and its recipe, and the seed.

    Raises
    ------
    StudyError
        When neither or both of a study and a recipe are given, or a product is unknown.
    CatalogueError
        When a recipe or specification is unknown.
    InputError
        When the table of off-target sites cannot be read, or the recipe cuts nothing.
    """
    catalogue = default_catalogue()
    if (study is None) == (recipe is None):
        given = "neither" if study is None else "both"
        message = f"{given} of a study and a recipe given"
        known = ", ".join(catalogue.names("recipes"))
        raise StudyError(
            [Problem(message, f"give one of them; recipes: {known}", field="--recipe")]
        )
    if recipe is not None:
        if product is not None:
            fix = "a recipe makes one product: leave --product out"
            raise StudyError([Problem(f"--product '{product}' with --recipe", fix)])
        names, number = {recipe: recipe}, _SEED if seed is None else seed
    else:
        assert study is not None
        loaded = load_pipeline(study, catalogue=catalogue).with_options(seed=seed)
        if product is not None and product not in loaded.products:
            fix = suggestion(product, loaded.products)
            raise StudyError([Problem(f"unknown product '{product}'", fix, field="--product")])
        wanted = [product] if product is not None else list(loaded.products)
        names = {name: loaded.file.products[name].recipe for name in wanted}
        number = loaded.seed
    recipes = {name: load_recipe(catalogue, source) for name, source in names.items()}
    if specification is not None:
        rules = load_specification(catalogue, specification)
        recipes = {name: with_specification(found, rules) for name, found in recipes.items()}
    if off_targets is not None:
        load = load_off_targets(off_targets).load
        recipes = {
            name: with_settings(
                found,
                {
                    step.label: {"off_target_load": load}
                    for step in found.steps
                    if step.step.name == "electroporate"
                },
            )
            for name, found in recipes.items()
        }
    return recipes, number


def measured_products(study: Path | None) -> Mapping[str, MeasuredComposition]:
    """Products of a study whose composition was measured, and what was found."""
    if study is None:
        return {}
    products = load_pipeline(study, catalogue=default_catalogue()).products
    return {
        name: product.composition.measured()
        for name, product in products.items()
        if product.composition is not None
    }
