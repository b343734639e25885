"""Who belongs to which analysis set."""

import inspect

import numpy as np
import pytest

from progenitor.errors import DesignError
from progenitor.trial import members

INFUSED = np.array([True, True, False, False])
FAILED = np.array([False, True, False, True])


@pytest.mark.parametrize(
    ("analysis_set", "expected"),
    [("itt", [True, False, True, False]), ("infused", [True, False, False, False])],
)
def test_members(analysis_set: str, expected: list[bool]) -> None:
    assert members(analysis_set, infused=INFUSED, failed=FAILED).tolist() == expected


def test_an_unknown_set_is_refused() -> None:
    unchecked = inspect.unwrap(members)  # the types checked in tests would refuse it first
    with pytest.raises(DesignError, match="unknown analysis set 'treated'"):
        unchecked("treated", infused=INFUSED, failed=FAILED)
