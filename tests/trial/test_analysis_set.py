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


@pytest.mark.parametrize(
    ("analysis_set", "expected"),
    [
        ("screened", [True, False, True, False]),
        ("itt", [True, False, False, False]),
        ("infused", [True, False, False, False]),
        ("conforming", [False, False, False, False]),
        ("dlt_evaluable", [True, False, False, False]),
    ],
)
def test_members_by_what_happened(analysis_set: str, expected: list[bool]) -> None:
    """A patient who was not infused, or failed, is in no set of infused patients."""
    found = members(
        analysis_set,
        infused=INFUSED,
        failed=FAILED,
        enrolled=np.array([True, True, False, True]),
        conforming=np.array([False, True, True, True]),
        dlt_evaluable=np.full(4, True),
    )
    assert found.tolist() == expected


@pytest.mark.parametrize("analysis_set", ["conforming", "dlt_evaluable"])
def test_a_set_without_its_patients_is_refused(analysis_set: str) -> None:
    with pytest.raises(DesignError, match=f"give {analysis_set}="):
        members(analysis_set, infused=INFUSED, failed=FAILED)


def test_an_unknown_set_is_refused() -> None:
    unchecked = inspect.unwrap(members)  # the types checked in tests would refuse it first
    with pytest.raises(DesignError, match="unknown analysis set 'treated'"):
        unchecked("treated", infused=INFUSED, failed=FAILED)
