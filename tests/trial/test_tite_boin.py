"""Pending patients count by the follow-up they have."""

import pytest

from progenitor.errors import DesignError
from progenitor.trial import Boin, DoseState, TiteBoin


def state(
    n: list[int], y: list[int], pending: list[int], share: list[float], level: int = 0
) -> DoseState:
    return DoseState.from_counts(n, y, pending=pending, followed=share, level=level)


def test_without_pending_patients_it_is_boin() -> None:
    for n in range(1, 13):
        for y in range(n + 1):
            plain = DoseState.from_counts([3, n, 0], [0, y, 0], level=1)
            found, boin = (design.next_dose(plain) for design in (TiteBoin(0.3), Boin(0.3)))
            assert found.level.tolist() == boin.level.tolist(), (n, y)


def test_follow_up_counts() -> None:
    """1 of 6 is 0.17 complete, but 0.29 of 3.5 effective patients: escalate and stay."""
    complete = state([6, 0], [1, 0], [0, 0], [0.0, 0.0])
    pending = state([6, 0], [1, 0], [3, 0], [0.5, 0.0])
    assert TiteBoin(0.3).explain(complete).label == "escalate"
    assert TiteBoin(0.3).explain(pending).label == "stay"


def test_half_pending_goes_on_and_more_waits() -> None:
    assert TiteBoin(0.3).explain(state([6, 0], [0, 0], [3, 0], [2.0, 0.0])).label == "escalate"
    told = TiteBoin(0.3).explain(state([6, 0], [0, 0], [4, 0], [3.9, 0.0]))
    assert told.label == "wait for follow-up"
    assert told.value == 0


def test_nothing_observed_yet_waits() -> None:
    design = TiteBoin(0.3, max_pending=1.0)
    assert design.explain(state([3, 0], [0, 0], [3, 0], [0.0, 0.0])).label == "wait for follow-up"


def test_closing_counts_all_patients() -> None:
    """3 of 4 toxic closes the dose, although one is pending and trials would wait."""
    found = TiteBoin(0.3, max_pending=0.0).next_dose(
        state([3, 4], [0, 3], [0, 1], [0.0, 0.1], level=1)
    )
    assert found.level.tolist() == [0]
    assert found.eliminated.tolist() == [[False, True]]


def test_extra_safety_closes_the_lowest_dose_early() -> None:
    strict = TiteBoin(0.3, extra_safe=True, offset=0.3)
    assert strict.next_dose(state([3, 0], [2, 0], [0, 0], [0.0, 0.0])).stop.tolist() == [True]


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_impossible_shares_are_refused(share: float) -> None:
    with pytest.raises(DesignError, match="max_pending"):
        TiteBoin(0.3, max_pending=share)
