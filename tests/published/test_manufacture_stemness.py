"""Stemness in dose: the day-3 ratio is fitted, the two-day ratio predicted and compared.

Ghassemi 2018: the three-day product at a sixth of the dose of the nine-day product. Dickinson 2023:
the process of less than two days at a 25th of the dose of tisagenlecleucel. Nothing was tuned: the
prediction is 13-fold, short of 25 by half, and the other way round 10-fold against 6. The order of
products and of ratios holds; the second ratio compares trials and patients, the first mice.
"""

import pytest

from progenitor.evidence import default_catalogue
from progenitor.manufacture import StemnessExchange, stemness_exchange, worth_per_cell


@pytest.fixture(scope="module")
def found() -> StemnessExchange:
    return stemness_exchange(default_catalogue())


def test_the_fitted_ratio_is_met(found: StemnessExchange) -> None:
    assert found.fitted == pytest.approx(6, rel=1e-9)


def test_the_other_is_predicted_within_a_factor_of_two(found: StemnessExchange) -> None:
    assert found.published == 25
    assert 25 / 2 <= found.predicted <= 25 * 2
    assert 6 / 2 <= found.other_way <= 6 * 2


def test_shorter_culture_is_worth_more(found: StemnessExchange) -> None:
    worth = {
        name: float(worth_per_cell(shares, found.loss_per_step))
        for name, shares in found.shares.items()
    }
    assert worth["two-day"] > worth["day 3"] > worth["day 9"] >= worth["conventional"]
