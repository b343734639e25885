"""Prediction correction by hand (Bergstrand et al. 2011, equations 1 and 2)."""

import numpy as np
import pytest

from progenitor.errors import InputError
from progenitor.inference import prediction_corrected

VALUE = np.array([12.0, 50.0, 8.0, 30.0, 70.0])
PREDICTION = np.array([10.0, 40.0, 20.0, 30.0, 60.0])
PLACE = np.array([0, 0, 0, 1, 1])
# Median predictions are 20 and 45: 12 x 20/10, 50 x 20/40, 8 x 20/20; 30 x 45/30, 70 x 45/60.
BY_HAND = np.array([24.0, 25.0, 8.0, 45.0, 52.5])


def test_a_hand_worked_example() -> None:
    np.testing.assert_array_equal(prediction_corrected(VALUE, PREDICTION, PLACE), BY_HAND)


def test_replicates_are_corrected_like_observations() -> None:
    copies = np.stack([VALUE, 2.0 * VALUE])
    found = prediction_corrected(copies, PREDICTION, PLACE)
    np.testing.assert_array_equal(found, np.stack([BY_HAND, 2.0 * BY_HAND]))


def test_logarithms_are_shifted() -> None:
    """ln y + median(ln PRED) - ln PRED; medians 20 (odd) and sqrt(30 x 60) (even)."""
    found = prediction_corrected(np.log(VALUE), np.log(PREDICTION), PLACE, logarithms=True)
    middle = np.array([20.0, 20.0, 20.0, np.sqrt(1800.0), np.sqrt(1800.0)])
    exact = np.log(VALUE * middle / PREDICTION)
    np.testing.assert_allclose(found, exact, rtol=1e-14, atol=0)  # rounding of logarithms


def test_nothing_is_divided_by_a_prediction_of_zero() -> None:
    with pytest.raises(InputError, match=r"of 1 of 5 observations .* observation 3, 0"):
        prediction_corrected(VALUE, np.array([10.0, 40.0, 0.0, 30.0, 60.0]), PLACE)
