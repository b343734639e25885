"""MRD by Poisson sampling of cells."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from progenitor.engine import stream
from progenitor.errors import DesignError
from progenitor.trial import MinimalResidualDisease


@given(
    log_fraction=st.floats(-8.0, 0.0),
    log_sensitivity=st.floats(-6.0, -2.0),
    multiple=st.floats(1.0, 20.0),
)
def test_probability_equals_the_poisson_tail(
    log_fraction: float, log_sensitivity: float, multiple: float
) -> None:
    sensitivity, fraction = 10.0**log_sensitivity, 10.0**log_fraction
    assay = MinimalResidualDisease(sensitivity, multiple / sensitivity)
    expected = poisson.sf(assay.least_cells - 1, fraction * multiple / sensitivity)
    found = float(assay.positive_probability(np.array([fraction]))[0])
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-300)


def test_one_cell_at_the_sensitivity_is_the_plain_poisson_law() -> None:
    """1 − exp(−f N) for N = 1/sensitivity, whatever rounding makes of the product."""
    for exponent in range(2, 8):
        assay = MinimalResidualDisease(10.0**-exponent, 10.0**exponent)
        assert assay.least_cells == 1
        fraction = np.array([0.1, 1.0, 5.0]) * 10.0**-exponent
        expected = -np.expm1(-np.array([0.1, 1.0, 5.0]))
        assert assay.positive_probability(fraction) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("least", [1, 2, 5, 10])
def test_rounding_does_not_ask_for_a_cell_more(least: int) -> None:
    sensitivity, cells = 0.07, least * 100 / 7
    assert sensitivity * cells > least  # by rounding alone
    assert MinimalResidualDisease(sensitivity, cells).least_cells == least


def test_share_of_negatives_follows_the_law() -> None:
    """20,000 samples at the sensitivity, seed 1: exp(−1) negative; |z| < 4, 1 in 16,000."""
    n = 20_000
    uniforms = stream(1, "test mrd").random((n, 1))
    assay = MinimalResidualDisease(1e-4, 1e4)
    negative = assay.evaluate(np.full((n, 1), 1e-4), uniforms).mean()
    expected = np.exp(-1.0)
    assert abs(negative - expected) < 4.0 * np.sqrt(expected * (1.0 - expected) / n)


@pytest.mark.parametrize(
    ("fraction", "uniform", "negative"),
    [
        (0.0, 0.0, True),  # nothing to find
        (0.0, 0.999, True),
        (1.0, 0.999, False),  # everything is malignant
        (np.nan, 0.999, False),  # missing is positive
    ],
)
def test_edges(fraction: float, uniform: float, negative: bool) -> None:
    assay = MinimalResidualDisease(1e-4, 1e4)
    found = assay.evaluate(np.array([[fraction]]), np.array([[uniform]]))
    assert found.tolist() == [[negative]]


@given(low=st.floats(0.0, 1.0), high=st.floats(0.0, 1.0), uniform=st.floats(0.0, 0.999))
def test_less_disease_is_never_less_negative(low: float, high: float, uniform: float) -> None:
    assay = MinimalResidualDisease(1e-3, 5e3)
    fraction = np.array([sorted((low, high))])
    less, more = assay.evaluate(fraction, np.full((1, 2), uniform))[0]
    assert less or not more


@pytest.mark.parametrize(
    ("sensitivity", "cells"), [(1e-4, 9e3), (0.0, 1e4), (1.0, 1e4), (1e-4, np.inf), (1e-4, np.nan)]
)
def test_impossible_assays_are_refused(sensitivity: float, cells: float) -> None:
    with pytest.raises(DesignError, match="an assay of"):
        MinimalResidualDisease(sensitivity, cells)


@pytest.mark.parametrize("fraction", [-0.1, 1.1])
def test_impossible_fractions_are_refused(fraction: float) -> None:
    with pytest.raises(DesignError, match="outside 0 to 1"):
        MinimalResidualDisease(1e-4, 1e4).evaluate(np.array([[fraction]]), np.array([[0.5]]))


@pytest.mark.parametrize("sensitivity", [1e-4, 1e-5, 1e-6])
def test_any_cell_is_found_more_often_than_the_sensitivity_asks_for(sensitivity: float) -> None:
    """1 − exp(−f N): 95 % at three cells expected; with N = 1/sensitivity it is being positive."""
    assay = MinimalResidualDisease(sensitivity, 3.0 / sensitivity)
    found = assay.detection_probability(np.array([0.0, sensitivity]))
    assert found.tolist() == pytest.approx([0.0, 1.0 - np.exp(-3.0)], rel=1e-12)
    assert found[1] > assay.positive_probability(np.array([sensitivity]))[0]
    one = MinimalResidualDisease(sensitivity, 1.0 / sensitivity)
    fractions = sensitivity * np.array([0.1, 1.0, 5.0])
    assert one.detection_probability(fractions).tolist() == pytest.approx(
        one.positive_probability(fractions).tolist(), rel=1e-9
    )
