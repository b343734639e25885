"""Keyboard and mTPI: the most likely interval."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from progenitor.errors import DesignError
from progenitor.trial import DoseState, Keyboard, Mtpi
from progenitor.trial._toxicity_keys import keys_around


@given(st.floats(0.06, 0.6), st.floats(0.01, 0.05), st.floats(0.01, 0.05))
def test_keys_cover_everything_and_have_one_width(target: float, left: float, right: float) -> None:
    edges, aim = keys_around(target, left, right)
    widths = np.diff(edges)
    assert edges[0] == 0.0
    assert edges[-1] == 1.0
    assert np.all(widths > 1e-9)
    assert np.allclose(widths[1:-1], left + right, rtol=1e-9, atol=0)  # rounding of edges
    assert edges[aim] == pytest.approx(target - left, rel=1e-9)
    assert edges[aim + 1] == pytest.approx(target + right, rel=1e-9)


def test_a_short_key_at_the_end_competes_by_its_density() -> None:
    """Target 10 %: below 5 … 15 % lies half a key, and 0 of 3 is most dense there."""
    assert Keyboard(target=0.1).boundaries(3)[2]["escalate_if_le"] == 0


@settings(max_examples=25)
@given(st.sampled_from([0.15, 0.2, 0.25, 0.3, 0.35, 0.4]), st.integers(1, 60))
def test_more_toxicities_never_go_higher(target: float, n: int) -> None:
    state = DoseState.from_counts([[3, n, 0]] * (n + 1), [[0, y, 0] for y in range(n + 1)], level=1)
    for design in (Keyboard(target), Mtpi(target)):
        level = design.next_dose(state).level
        assert np.all(np.diff(level) <= 0)


def test_keyboard_leaves_a_toxic_dose_where_mtpi_stays() -> None:
    state = DoseState.from_counts([3, 6, 0], [0, 3, 0], level=1)
    assert Mtpi(target=0.3).next_dose(state).level.tolist() == [1]
    assert Keyboard(target=0.3).next_dose(state).level.tolist() == [0]


@pytest.mark.parametrize("margins", [(0.0, 0.05), (0.3, 0.05), (0.05, 0.7), (-0.1, 0.05)])
@pytest.mark.parametrize("kind", [Keyboard, Mtpi])
def test_impossible_margins_are_refused(
    kind: type[Keyboard] | type[Mtpi], margins: tuple[float, float]
) -> None:
    with pytest.raises(DesignError, match="margin"):
        kind(0.3, *margins)


def test_keys_that_mirror_each_other_are_equally_strong() -> None:
    """At y = n/2 the keys 0.4-0.5 and 0.5-0.6 have the same chance: the higher counts, always."""
    rows = Keyboard(target=0.45).boundaries(40)
    for row in rows:
        n = row["n"]
        assert n is not None
        assert row["deescalate_if_ge"] is not None
        if n % 2 == 0:
            assert row["deescalate_if_ge"] <= n // 2
