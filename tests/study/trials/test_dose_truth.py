"""The right dose of a draw is as sure as its virtual patients are many."""

import numpy as np
import pytest

from progenitor.study.trials._dose_patients import dose_patients
from progenitor.study.trials._dose_truth import true_by_draw
from progenitor.testing import MADE_UP_DOSES, dose_tables

CLOSE = (0.20, 0.24, 0.33)
"""Rates of which the second is nearest to 25 %, the first and third are not far."""


def truth(patients: int, rates=CLOSE):
    tables = dose_tables(MADE_UP_DOSES, rates, draws=2, patients=patients, yields=1e9, lost=0.0)
    laid_out = dose_patients(tables, MADE_UP_DOSES, events=["crs_grade_3"], window=28.0)
    return true_by_draw(laid_out, target=0.25, least=0.5, tolerance=0.2, seed=1)


def test_few_patients_leave_doubt_and_many_do_not():
    few, many = truth(60), truth(8000)
    assert few.tolerated.max() < 0.95
    assert many.tolerated[:, 2].min() > 0.95
    np.testing.assert_allclose(few.tolerated.sum(axis=1), 1.0, rtol=1e-9, atol=0.0)


def test_the_error_is_that_of_a_share():
    """Standard error of 24 % in 7,600 infused patients: 0.0049; 400 resamples know it to 15 %."""
    assert truth(8000).error == pytest.approx([0.0049, 0.0049], rel=0.15)


def test_a_trial_is_right_with_the_chance_of_its_dose():
    found = truth(60)
    own = np.array([0, 1, 0])
    right = found.right(np.array([-1, 1, 2]), own)
    assert right.tolist() == [found.feasible[0, 0], found.feasible[1, 2], found.feasible[0, 3]]
    above = found.above(np.array([-1, 0, 2]), own)
    assert above[0] == 0.0
    assert above[1] == pytest.approx(found.tolerated[1, 0], rel=1e-12, abs=1e-15)
    assert above[2] == pytest.approx(1.0 - found.tolerated[0, 3], rel=1e-12)


def test_no_dose_is_right_where_all_are_far_too_toxic():
    found = truth(400, (0.6, 0.7, 0.8))
    assert found.tolerated[:, 0].min() == 1.0
