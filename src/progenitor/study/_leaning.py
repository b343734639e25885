"""How much is built on a number: bodies, recipes, a study and published models that use it."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from progenitor.body import body_names, named_body
from progenitor.evidence import Catalogue
from progenitor.manufacture import load_recipe
from progenitor.study._plan import Plan, used_ids
from progenitor.study._study import Study
from progenitor.study._templates import template_path

__all__ = ["answer_ids", "leaning"]

_FIRST_ANSWER: Final = "tscm_vs_cart_dlbcl"


def answer_ids(catalogue: Catalogue) -> frozenset[str]:
    """Return the ids of every number that the first answer uses: the study a newcomer runs.

    Parameters
    ----------
    catalogue
        Where the numbers are.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> "t_cell/effector_division_rate" in answer_ids(default_catalogue())
    True
    """
    file = Study.load(template_path(_FIRST_ANSWER)).file
    return frozenset(
        used_ids(Plan(file=file, seed=file.seed, draws=(), catalogue_path=catalogue.path))
    )


def leaning(catalogue: Catalogue) -> Mapping[str, int]:
    """Return how many bodies, recipes, studies and published models use each number.

    A number of a published model, or one that is compared with it, is used by that model.

    Parameters
    ----------
    catalogue
        Where the numbers are.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> leaning(default_catalogue())["stein_2019/peak_level"]
    1
    """
    users = [set(named_body(catalogue, name).parameter_ids) for name in body_names(catalogue)]
    recipes = [load_recipe(catalogue, name) for name in catalogue.names("recipes")]
    users += [set(recipe.parameter_ids) for recipe in recipes]
    users += [set(answer_ids(catalogue))]
    users += [set(table.records) for table in catalogue.library.values()]
    return Counter(name for used in users for name in used)
