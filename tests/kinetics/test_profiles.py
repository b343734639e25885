"""Samples are checked before they are analysed: everything wrong is listed with its patient."""

import numpy as np
import pytest

from progenitor.errors import InputError
from progenitor.kinetics import Profiles

NAN = float("nan")


def test_samples_before_the_infusion_and_gaps_are_left_out() -> None:
    days = np.array([-7.0, 0.0, 3.0, 7.0])
    found = Profiles.of(days, np.array([[0.0, 5.0, NAN, 1.0], [NAN] * 4]), lower_limit=2.0)
    assert found.time.tolist()[0][:2] == [0.0, 7.0]
    assert found.level[0, 0] == 5.0
    assert found.below.tolist() == [[False, True, False, False], [False] * 4]
    assert found.earlier.tolist() == [1, 0]
    assert found.patients == ("1", "2")
    assert found.taken.sum() == 2


def test_a_level_at_the_limit_is_quantifiable() -> None:
    found = Profiles.of(np.array([0.0, 1.0]), np.array([[2.0, 1.999]]), lower_limit=2.0)
    assert found.found.tolist() == [[True, False]]


def test_no_samples_at_all() -> None:
    found = Profiles.of(np.zeros(0), np.zeros((3, 0)))
    assert found.time.shape == (3, 1)
    assert not found.taken.any()


def test_everything_wrong_is_listed_with_its_patient() -> None:
    time = np.array([[0.0, 7.0, 7.0, 5.0], [0.0, NAN, np.inf, 9.0]])
    level = np.array([[1.0, -2.0, 3.0, 4.0], [np.inf, 5.0, 6.0, 0.0]])
    with pytest.raises(InputError) as error:
        Profiles.of(time, level, patients=("A", "B"), unit="copies/uug")
    told = [str(problem) for problem in error.value.problems]
    for piece in (
        "unit: unknown unit 'uug'",
        "patient 'B', sample 3: time is inf",
        "patient 'B', sample 2: level 5.0 has no time",
        "patient 'B', sample 1: level is inf",
        "patient 'A', sample 2: level is -2.0",
        "patient 'B', sample 4: level is 0.0 and no limit of quantification is known",
        "patient 'A', sample 3: time is 7.0 after",
        "patient 'A', sample 4: time is 5.0 after",
    ):
        assert any(piece in line for line in told), piece
    assert all("Fix: " in line for line in told)


@pytest.mark.parametrize("limit", [0.0, -1.0, np.inf])
def test_a_limit_that_separates_nothing_is_refused(limit: float) -> None:
    with pytest.raises(InputError, match="limit of quantification is"):
        Profiles.of(np.array([0.0]), np.array([[1.0]]), lower_limit=limit)


def test_shapes_that_do_not_fit_are_listed() -> None:
    with pytest.raises(InputError) as error:
        Profiles.of(
            np.zeros(3),
            np.ones((2, 4)),
            patients=("A", "A", "B"),
            lower_limit=np.ones(3),
            dose_level=np.ones(5),
        )
    fields = [problem.field for problem in error.value.problems]
    assert fields == ["time", "lower_limit", "patients", "dose_level", "patients"]
