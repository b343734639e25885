"""Time zero belongs to its analysis set, and only one of them to a curve."""

import pytest

from progenitor.errors import DesignError
from progenitor.trial import require_one_time_zero, require_time_zero


def test_what_belongs_together_passes() -> None:
    require_time_zero("itt", "enrolment")
    require_time_zero("infused", "infusion")
    require_time_zero("conforming", "infusion")
    require_time_zero("dlt_evaluable", "infusion")
    require_time_zero("screened", "screening")


@pytest.mark.parametrize(
    ("analysis_set", "time_zero", "fix"),
    [
        ("itt", "infusion", "count 'itt' from 'enrolment'"),
        ("itt", "response", "count 'itt' from 'enrolment'"),
        ("itt", "screening", "count 'itt' from 'enrolment'"),
        ("infused", "enrolment", "'infusion'"),
        ("infused", "response", "'infusion'"),
        ("conforming", "enrolment", "count the conforming set from 'infusion'"),
        ("dlt_evaluable", "enrolment", "count the dlt_evaluable set from 'infusion'"),
        ("screened", "enrolment", "count 'screened' from 'screening'"),
    ],
)
def test_what_does_not_is_refused_by_name(analysis_set: str, time_zero: str, fix: str) -> None:
    with pytest.raises(DesignError, match="immortal-time bias") as caught:
        require_time_zero(analysis_set, time_zero)
    assert fix in str(caught.value)


def test_no_time_at_all_is_refused() -> None:
    with pytest.raises(DesignError, match="no day at all"):
        require_one_time_zero([])
