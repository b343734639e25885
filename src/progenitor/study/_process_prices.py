r"""What the medium of a changed recipe costs: more volume and more additives cost more.

A recipe names one price of medium per day, for its own volume and additives. For another,

.. math:: c' = \left[c + (c_{7/15} - c_2)(a' - a)\right] \frac{V' q'}{V q}

``c_{7/15}`` and ``c_2`` are the catalogue's prices of medium with IL-7, IL-15 and inhibitor and of
medium with IL-2, ``a`` the share of that difference which the additives make up (half of it the
dearer of IL-7/15 and IL-21, half the dearer of the inhibitors: assumed), ``V`` the vessel and ``q``
the volumes exchanged per day. At the recipe as shipped :math:`c' = c`.
"""

from typing import Final

import numpy as np

from progenitor.cohort import Numbers
from progenitor.manufacture import Recipe, RecipeStep

__all__ = ["MEDIUM_PRICES", "priced"]

MEDIUM_PRICES: Final = ("manufacture/cost_medium_il2", "manufacture/cost_medium_il7_il15")
"""Prices of medium with IL-2, and with IL-7, IL-15 and an inhibitor."""

_CYTOKINES: Final = ("interleukin_7_15", "interleukin_21")
_INHIBITORS: Final = ("pi3k_inhibitor", "gsk3b_inhibitor")
_PRICE: Final = "medium_cost"


def priced(shipped: Recipe, recipe: Recipe, numbers: Numbers, prices: Numbers) -> Numbers:
    """Return the numbers with the price of medium that fits the recipe.

    Parameters
    ----------
    shipped
        The recipe for which the price of medium holds.
    recipe
        The same with settings changed.
    numbers
        What the lots are made with.
    prices
        ``MEDIUM_PRICES`` of the same lots.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> from progenitor.manufacture import load_recipe, with_settings
    >>> shipped = load_recipe(default_catalogue(), "tscm_car_t")
    >>> larger = with_settings(
    ...     shipped, {"activate": {"culture_volume": 2.0}, "expand": {"culture_volume": 2.0}}
    ... )
    >>> two, seven = (np.array([value]) for value in (400.0, 800.0))
    >>> prices = dict(zip(MEDIUM_PRICES, (two, seven)))
    >>> changed = [priced(shipped, one, prices, prices) for one in (shipped, larger)]
    >>> [float(numbers[MEDIUM_PRICES[1]][0]) for numbers in changed]
    [800.0, 1600.0]
    """
    before, after = _culture(shipped), _culture(recipe)
    if before is None or after is None or _PRICE not in before.references:
        return numbers
    name = shipped.used(before.references[_PRICE])
    dearer = prices[MEDIUM_PRICES[1]] - prices[MEDIUM_PRICES[0]]
    more = _additives(after) - _additives(before)
    volume = _exchanged(after) / _exchanged(before) if _exchanged(before) > 0 else 1.0
    return {**numbers, name: np.maximum(0.0, numbers[name] + dearer * more) * volume}


def _culture(recipe: Recipe) -> RecipeStep | None:
    """Return the last step with medium and cytokines."""
    steps = [step for step in recipe.steps if "interleukin_2" in step.constants]
    return steps[-1] if steps else None


def _additives(step: RecipeStep) -> float:
    parts = [
        max(step.constants.get(name, 0.0) for name in kind) for kind in (_CYTOKINES, _INHIBITORS)
    ]
    return sum(parts) / len(parts)


def _exchanged(step: RecipeStep) -> float:
    return step.constants.get("culture_volume", 1.0) * step.constants.get("perfusion_rate", 1.0)
