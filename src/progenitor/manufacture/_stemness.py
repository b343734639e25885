r"""What stemness is worth in dose: one published ratio fits one number, the other is predicted.

A cell loses a constant factor of its worth with each step of differentiation, from naive over stem,
central and effector memory to effector and dysfunctional, so a product's worth per cell is

.. math:: w = \sum_k s_k e^{-\beta k}

with ``s`` its shares by stage and ``k`` = 0 to 5, and two products are exchanged at the ratio of
their worths. Human cells give two ratios: a three-day product controlled leukaemia in mice at a
sixth of the dose of the nine-day product (Ghassemi 2018), and a process of less than two days works
in patients at a 25th of the dose of tisagenlecleucel (Dickinson 2023). ``beta`` is fitted to the
first; nothing is tuned to the second.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Float

from progenitor.errors import InputError, Problem
from progenitor.evidence import Catalogue
from progenitor.manufacture._cell_state import STAGES
from progenitor.manufacture._manufacture import manufacture
from progenitor.manufacture._recipe import Recipe, load_recipe, with_settings

__all__ = ["StemnessExchange", "stemness_exchange", "worth_per_cell"]

_DAY_3: Final = "manufacture/observed_dose_ratio_day3"
_TWO_DAY: Final = "manufacture/observed_dose_ratio_two_day"
_STEPS: Final = np.arange(len(STAGES), dtype=float)
_LARGEST: Final = 50.0
_HALVINGS: Final = 200


@final
@dataclass(frozen=True, slots=True)
class StemnessExchange:
    """One ratio fitted, the other predicted, both ways round.

    Parameters
    ----------
    loss_per_step
        Logarithm of the factor of worth lost with each step of differentiation.
    fitted, predicted
        Day-3 against day-9 product, and two-day process against conventional.
    published
        What was reported for the predicted ratio.
    other_way
        Day-3 ratio predicted when the two-day ratio is fitted instead; NaN if none fits.
    shares
        Product → shares by stage at harvest, of the median donor.
    """

    loss_per_step: float
    fitted: float
    predicted: float
    published: float
    other_way: float
    shares: Mapping[str, Float[np.ndarray, " stage"]]


def worth_per_cell(shares: Float[np.ndarray, "*lot stage"], loss_per_step: float) -> np.ndarray:
    """Worth of a product per cell, 1 for naive cells.

    Parameters
    ----------
    shares
        By stage in the order of ``STAGES``.
    loss_per_step
        Logarithm of the factor lost with each step.

    Examples
    --------
    >>> round(float(worth_per_cell(np.array([0.5, 0.5, 0, 0, 0, 0]), np.log(2))), 3)
    0.75
    """
    return np.asarray(shares @ np.exp(-loss_per_step * _STEPS))


def stemness_exchange(catalogue: Catalogue) -> StemnessExchange:
    """Fit the day-3 ratio and predict the two-day ratio with the cultures of the median donor.

    Parameters
    ----------
    catalogue
        Where recipes, numbers and the two ratios live.

    Raises
    ------
    InputError
        When no loss gives the day-3 ratio with these cultures.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> found = stemness_exchange(default_catalogue())
    >>> round(found.fitted, 6), found.published
    (6.0, 25.0)
    """
    usual = load_recipe(catalogue, "conventional_car_t")
    shares = {
        "day 3": _harvested(catalogue, _of_length(usual, 1.0)),
        "day 9": _harvested(catalogue, _of_length(usual, 7.0)),
        "two-day": _harvested(catalogue, load_recipe(catalogue, "rapid_car_t")),
        "conventional": _harvested(catalogue, usual),
    }
    ratios = {name: catalogue.parameter(name).reported[0].value for name in (_DAY_3, _TWO_DAY)}
    loss = _fitted(shares["day 3"], shares["day 9"], ratios[_DAY_3])
    if not np.isfinite(loss):
        message = f"no loss per step makes the day-3 product {ratios[_DAY_3]:g} times as good"
        raise InputError([Problem(message, "check the culture's numbers", field=_DAY_3)])
    other = _fitted(shares["two-day"], shares["conventional"], ratios[_TWO_DAY])
    return StemnessExchange(
        loss_per_step=loss,
        fitted=_ratio(shares["day 3"], shares["day 9"], loss),
        predicted=_ratio(shares["two-day"], shares["conventional"], loss),
        published=ratios[_TWO_DAY],
        other_way=_ratio(shares["day 3"], shares["day 9"], other),
        shares=shares,
    )


def _of_length(recipe: Recipe, days: float) -> Recipe:
    """End the expansion on a day, whatever the yield."""
    fixed = {"minimum_duration": days, "maximum_duration": days, "minimum_fold": 0.0}
    return with_settings(recipe, {"expand": fixed})


def _harvested(catalogue: Catalogue, recipe: Recipe) -> Float[np.ndarray, " stage"]:
    numbers = {}
    for name in recipe.parameter_ids:
        used = catalogue.parameter(name).used
        if used is not None:
            numbers[name] = np.array([used.median])
    one = np.zeros(1, dtype=np.int64)
    batch = manufacture(recipe, numbers, seed=0, draw=one, lot=one)
    shares: Float[np.ndarray, " stage"] = next(
        entry for entry in batch.log if entry.label == "expand"
    ).composition[0]
    return shares


def _ratio(
    better: Float[np.ndarray, " stage"], worse: Float[np.ndarray, " stage"], loss: float
) -> float:
    return float(worth_per_cell(better, loss) / worth_per_cell(worse, loss))


def _fitted(
    better: Float[np.ndarray, " stage"], worse: Float[np.ndarray, " stage"], ratio: float
) -> float:
    """Loss at which the two are exchanged at the ratio, by halving; NaN where none does."""
    low, high = 0.0, _LARGEST
    if not _ratio(better, worse, low) <= ratio <= _ratio(better, worse, high):
        return float("nan")
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _ratio(better, worse, middle) < ratio:
            low = middle
        else:
            high = middle
    return (low + high) / 2
