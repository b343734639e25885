"""Persistence at a day: present, gone, or not known."""

import numpy as np
import pytest

from progenitor.errors import DesignError
from progenitor.trial import Persistence

NAN = float("nan")
DAYS = np.array([0.0, 180.0, 365.0])
YEAR = Persistence(day=365.0, lower_limit_of_quantification=0.1)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([9.0, 2.0, 0.1], 1.0),  # at the limit is quantifiable
        ([9.0, 2.0, 0.0999], 0.0),
        ([9.0, 0.0, 0.2], 1.0),  # gone and back is there
        ([9.0, 2.0, NAN], NAN),  # not sampled: not known
        ([NAN, NAN, NAN], NAN),
        ([NAN, NAN, 5.0], 1.0),
    ],
)
def test_table(levels: list[float], expected: float) -> None:
    found = YEAR.evaluate(DAYS, np.array([levels]))[0]
    assert found == pytest.approx(expected, nan_ok=True, rel=0)


def test_follow_up_that_ends_before_is_not_known() -> None:
    assert np.isnan(YEAR.evaluate(DAYS[:2], np.array([[9.0, 2.0]]))[0])


def test_between_samples_it_is_read_off_the_line() -> None:
    half = Persistence(day=272.5, lower_limit_of_quantification=1.0)
    levels = np.array([[9.0, 1.9, 0.0], [9.0, 2.0, 0.0], [9.0, 4.0, 0.9]])
    assert half.evaluate(DAYS, levels).tolist() == [0.0, 1.0, 1.0]


@pytest.mark.parametrize(("day", "limit"), [(-1.0, 0.1), (NAN, 0.1), (365.0, 0.0)])
def test_impossible_questions_are_refused(day: float, limit: float) -> None:
    with pytest.raises(DesignError):
        Persistence(day=day, lower_limit_of_quantification=limit)
