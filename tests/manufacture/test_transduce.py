"""Vector copies are gamma-Poisson: checked against SciPy's negative binomial."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom

from progenitor.manufacture._copies import transduced_share


@given(st.floats(1e-3, 50), st.floats(0.02, 20))
def test_is_the_negative_binomial(mean: float, dispersion: float) -> None:
    expected = nbinom.sf(0, dispersion, dispersion / (dispersion + mean))
    share = transduced_share(np.array([mean]), np.array([dispersion]))
    # SciPy's survival function near 0 carries the rounding of 1 - p
    np.testing.assert_allclose(share, expected, rtol=1e-9, atol=0)


def test_tends_to_poisson() -> None:
    mean = np.array([0.1, 1.0, 3.0])
    share = transduced_share(mean, np.full(3, 1e7))
    np.testing.assert_allclose(share, -np.expm1(-mean), rtol=1e-6, atol=0)  # next order is m²/2k


def test_no_vector_no_receptor(recipe: Any, median: Callable[..., Any], made: Any) -> None:
    numbers = median(recipe, 2)
    numbers["manufacture/multiplicity_of_infection"] = np.zeros(2)
    product = made(recipe, numbers).product
    for quality in (product.car_fraction, product.vcn_per_cell, product.vcn_per_car_cell):
        np.testing.assert_array_equal(quality, 0.0)
    np.testing.assert_array_equal(product.total, 0.0)
    assert {product.failure_reasons[code] for code in product.failure} == {
        "low receptor expression"
    }


@pytest.mark.parametrize("scale", [0.5, 2.0])
def test_vector_use_and_copies_follow_the_dose(
    scale: float, recipe: Any, median: Callable[..., Any], made: Any
) -> None:
    numbers = median(recipe, 1)
    more = {**numbers}
    more["manufacture/multiplicity_of_infection"] = (
        scale * numbers["manufacture/multiplicity_of_infection"]
    )
    once, again = made(recipe, numbers), made(recipe, more)
    # both are proportional to the multiplicity of infection
    for ratio in (
        again.product.vcn_per_cell / once.product.vcn_per_cell,
        again.cost_lines["vector"] / once.cost_lines["vector"],
    ):
        np.testing.assert_allclose(ratio, scale, rtol=1e-12, atol=0)
    assert (
        np.sign(again.product.car_fraction - once.product.car_fraction) == np.sign(scale - 1)
    ).all()
    assert replace(again.product, product="x").total.shape == (1,)
