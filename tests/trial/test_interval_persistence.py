"""Persistence between samples: intervals by table, and incidences against known answers.

Intervals worked by hand; the estimator is compared with Turnbull's worked cases and, with exact
times, with Aalen and Johansen. Hudgens et al. 2001, doi:10.1111/j.0006-341X.2001.00074.x.
"""

import numpy as np
import pytest

from progenitor.engine import stream
from progenitor.errors import DesignError
from progenitor.trial import IntervalPersistence, cumulative_incidence, interval_incidence

NAN = float("nan")
DAYS = np.array([28.0, 90.0, 180.0, 365.0, 730.0])
PERSISTENCE = IntervalPersistence(lower_limit_of_quantification=1.0)


@pytest.mark.parametrize(
    ("level", "competing", "lower", "upper", "cause"),
    [
        pytest.param([9, 5, 0, 0, 0], NAN, 90, 180, 1, id="lost between two samples"),
        pytest.param([9, 5, 4, 3, 1], NAN, 730, NAN, 0, id="at the limit at the end"),
        pytest.param([9, 5, 4, NAN, NAN], NAN, 180, NAN, 0, id="follow-up ended"),
        pytest.param([9, 0, 4, 0, 0], NAN, 180, 365, 1, id="a dip is no loss"),
        pytest.param([0, 0, 0, 0, 0], NAN, 0, 28, 1, id="never quantifiable"),
        pytest.param([9, NAN, NAN, 0, 0], NAN, 28, 365, 1, id="a wide gap"),
        pytest.param([9, 5, 4, 3, 2], 200, 180, 200, 2, id="death with cells"),
        pytest.param([9, 5, 0, NAN, NAN], 200, 90, 180, 1, id="lost before death"),
        pytest.param([9, 5, 4, 0, 0], 200, 180, 200, 2, id="samples after it do not count"),
        pytest.param([NAN] * 5, 20, 0, 20, 2, id="died before any sample"),
        pytest.param([NAN] * 5, NAN, NAN, NAN, NAN, id="no samples"),
    ],
)
def test_intervals(
    level: list[float], competing: float, lower: float, upper: float, cause: float
) -> None:
    found = PERSISTENCE.evaluate(
        DAYS, np.array([level], dtype=float), np.array([competing], dtype=float)
    )
    assert [float(values[0]) for values in found] == pytest.approx(
        [lower, upper, cause], nan_ok=True, rel=0
    )


def test_turnbull_by_hand() -> None:
    """(0, 2], (1, 3], (2, 4]: mass 1/2 ± on (1, 2] and (2, 3]; the likelihood is p1 (p1+p2) p2."""
    lower, upper = np.array([0.0, 1.0, 2.0]), np.array([2.0, 3.0, 4.0])
    at_2 = interval_incidence(lower, upper, np.ones(3), at=2.0)
    assert at_2.lost_least == pytest.approx(0.5, rel=1e-6)
    assert at_2.lost_most == pytest.approx(0.5, rel=1e-6)
    inside = interval_incidence(lower, upper, np.ones(3), at=1.5)
    assert (inside.lost_least, inside.lost_most) == pytest.approx((0.0, 0.5), rel=1e-6, abs=1e-9)


def test_exact_times_give_aalen_and_johansen() -> None:
    """Losses known to within a day between distinct whole days, 60 patients, seed 7."""
    draw = stream(7, "interval incidence")
    time = draw.permutation(60)[:60] * 10.0 + 10.0
    cause = draw.integers(0, 3, 60)
    lower = np.where(cause == 1, time - 1.0, np.where(cause == 2, time - 1.0, time))
    upper = np.where(cause == 0, NAN, time)
    for at in (100.0, 305.0, 500.0):
        found = interval_incidence(lower, upper, cause.astype(float), at=at)
        lost = cumulative_incidence(time, cause, at=at, of=1).value
        other = cumulative_incidence(time, cause, at=at, of=2).value
        # self-consistency stops at steps of 1e-10; 1e-6 is far above that and below any error
        assert found.lost_least == pytest.approx(float(lost), rel=1e-6)
        assert found.lost_most == pytest.approx(float(lost), rel=1e-6)
        assert found.competing == pytest.approx(float(other), rel=1e-6)


def test_a_day_inside_an_interval_leaves_bounds() -> None:
    level = np.array([[9.0, 5.0, 4.0, 0.0, 0.0], [9.0, 5.0, 4.0, 3.0, 2.0]])
    found = PERSISTENCE.at(PERSISTENCE.evaluate(DAYS, level), 270.0)
    assert (found.present_least, found.present_most) == pytest.approx((0.5, 1.0), rel=1e-9)


def test_bad_intervals_are_refused_together() -> None:
    with pytest.raises(DesignError, match="does not end after it begins; a competing event before"):
        interval_incidence(np.array([5.0, 5.0]), np.array([5.0, 4.0]), np.array([1.0, 2.0]), at=1.0)
    with pytest.raises(DesignError, match="nobody has data"):
        interval_incidence(np.array([NAN]), np.array([NAN]), np.array([NAN]), at=1.0)
    with pytest.raises(DesignError, match="before infusion"):
        PERSISTENCE.evaluate(DAYS, np.ones((1, 5)), np.array([-1.0]))
