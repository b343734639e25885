"""Cost of a dose: closed forms of the tornado and of variance shares, and bad input."""

import numpy as np
import pytest

from progenitor.errors import InputError
from progenitor.evidence import default_catalogue
from progenitor.manufacture import (
    CostFactor,
    cost_factors,
    cost_shares,
    cost_tornado,
    dose_cost,
    load_recipe,
)
from progenitor.study import sample_lots

FACTORS = (
    CostFactor("materials", 10.0, 20.0, 30.0),
    CostFactor("facility", 8.0, 8.0, 8.0),
    CostFactor("utilisation", 0.5, 0.8, 1.0),
    CostFactor("doses", 1.0, 2.0, 4.0),
    CostFactor("failure", 0.0, 0.1, 0.2),
    CostFactor("delivery", 1.0, 2.0, 3.0),
)


def test_tornado_by_hand() -> None:
    middle, swings = cost_tornado(FACTORS)
    assert middle == pytest.approx((20 + 8 / 0.8) / (2 * 0.9) + 2, rel=1e-14)
    found = {one.name: (one.at_low, one.at_high) for one in swings}
    assert found["doses"] == pytest.approx((30 / 0.9 + 2, 30 / 3.6 + 2), rel=1e-14)
    assert found["utilisation"] == pytest.approx((36 / 1.8 + 2, 28 / 1.8 + 2), rel=1e-14)
    assert [one.width for one in swings] == sorted((one.width for one in swings), reverse=True)


def test_shares_of_a_sum_are_those_of_the_variances() -> None:
    """Widths 3, 4 and 12: shares 9, 16 and 144 of 169. n = 16,384, seed 1; errors below 0.02."""
    factors = tuple(
        CostFactor(name, 0.0, width / 2, width)
        for name, width in (("materials", 3.0), ("vector", 4.0), ("labour", 12.0))
    )
    shares = {one.name: one for one in cost_shares(factors, seed=1, points=16_384)}
    for name, part in (("materials", 9), ("vector", 16), ("labour", 144)):
        assert shares[name].alone == pytest.approx(part / 169, abs=0.03)
        assert shares[name].total == pytest.approx(part / 169, abs=0.02)


def test_interactions_make_the_total_larger() -> None:
    """c = m / n: with m and n apart, what n does alone is less than with m."""
    factors = (CostFactor("materials", 0.0, 5.0, 10.0), CostFactor("doses", 1.0, 2.0, 5.0))
    shares = {one.name: one for one in cost_shares(factors, seed=2, points=16_384)}
    assert shares["doses"].total > shares["doses"].alone + 0.02
    assert sum(one.alone for one in shares.values()) < 0.98


def test_nothing_varies_nothing_is_shared() -> None:
    shares = cost_shares((CostFactor("vector", 1.0, 1.0, 1.0),), seed=1)
    assert (shares[0].alone, shares[0].total) == (0.0, 0.0)


def test_the_middle_of_a_batch_is_near_its_median_dose() -> None:
    catalogue = default_catalogue()
    batch = sample_lots(catalogue, load_recipe(catalogue, "conventional_car_t"), lots=400, seed=3)
    middle, _ = cost_tornado(cost_factors(batch, utilisation=(0.6, 0.8, 0.95)))
    lots = np.sum(list(dose_cost(batch, utilisation=0.8).values()), axis=0)
    assert middle == pytest.approx(np.nanmedian(lots), rel=0.1)  # medians do not add up exactly


def test_costs_that_cannot_be_are_all_named() -> None:
    with pytest.raises(InputError) as caught:
        cost_tornado(
            (
                CostFactor("vector", -1.0, 2.0, 3.0),
                CostFactor("coffee", 1.0, 2.0, 3.0),
                CostFactor("utilisation", 0.0, 0.5, 1.5),
                CostFactor("failure", 0.0, 0.5, 1.0),
            )
        )
    assert len(caught.value.problems) == 4
