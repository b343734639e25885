"""How little is known of a recipe: assumed numbers, and how far release depends on the draw."""

from dataclasses import dataclass
from typing import Final, final

import numpy as np

from progenitor.cohort import sample_numbers
from progenitor.evidence import Catalogue, Ledger
from progenitor.manufacture import Recipe, manufacture

__all__ = ["RecipeDoubt", "recipe_doubt"]

_DRAWS, _LOTS, _WEAKEST = 40, 50, 3
_FIRST: Final = 1_000_000
"""Lots are numbered from here, so that none is one of those that are summarised."""


@final
@dataclass(frozen=True, slots=True)
class RecipeDoubt:
    """What the lots of a recipe rest on.

    Parameters
    ----------
    numbers, assumed
        Numbers the recipe uses, and those of them without a published value.
    weakest
        Titles of the weakest, by trust and then by how much they matter.
    released
        The 5th, 50th and 95th percentile over parameter draws of the share of lots released: how
        donors differ is averaged over, what is not known is not. Chance adds a little, since each
        draw is judged on ``lots`` of them.
    draws, lots
        Parameter draws, and lots of each.
    """

    numbers: int
    assumed: int
    weakest: tuple[str, ...]
    released: tuple[float, float, float]
    draws: int = _DRAWS
    lots: int = _LOTS

    @property
    def sentence(self) -> str:
        """Put it in words."""
        low, middle, high = (f"{100 * share:.0f}" for share in self.released)
        weak = "; ".join(title[:1].lower() + title[1:] for title in self.weakest)
        return (
            f"{self.assumed} of {self.numbers} numbers behind these lots are assumptions. Weakest: "
            f"{weak}. With what is not known drawn anew {self.draws} times, {low} to {high} % of "
            f"lots are released (5th to 95th percentile; median {middle} %)."
        )


def recipe_doubt(catalogue: Catalogue, recipe: Recipe, *, seed: int) -> RecipeDoubt:
    """Say how many numbers of a recipe are assumed, and what the unknown does to its release.

    Parameters
    ----------
    catalogue
        Where its numbers live.
    recipe
        From :func:`progenitor.manufacture.load_recipe`.
    seed
        Seed of every random stream.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> from progenitor.manufacture import load_recipe
    >>> catalogue = default_catalogue()
    >>> doubt = recipe_doubt(catalogue, load_recipe(catalogue, "car_macrophage"), seed=1)
    >>> doubt.assumed > doubt.numbers / 2, doubt.released[2] - doubt.released[0] > 0.5
    (True, True)
    """
    ledger = Ledger.of(catalogue, recipe.parameter_ids)
    draw = np.repeat(np.arange(_DRAWS), _LOTS)
    lot = _FIRST + np.tile(np.arange(_LOTS), _DRAWS)
    numbers = sample_numbers(catalogue, recipe.parameter_ids, seed=seed, draw=draw, patient=lot)
    made = manufacture(recipe, numbers, seed=seed, draw=draw, lot=lot).product.released
    shares = made.reshape(_DRAWS, _LOTS).mean(axis=1)
    low, middle, high = (float(share) for share in np.percentile(shares, [5, 50, 95]))
    return RecipeDoubt(
        numbers=len(ledger.rows),
        assumed=int(ledger.counts.get("assumed", 0)),
        weakest=tuple(row.title for row in ledger.weakest(_WEAKEST)),
        released=(low, middle, high),
    )
