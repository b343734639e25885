"""Rows of a reproduction: ratios, ranges, variants and reasons."""

import math

import pytest

from progenitor.errors import CatalogueError, InputError
from progenitor.library import ReproductionRow, find_model, reproduction
from progenitor.library import models as modules


def row(published: float, ours: float, low: float = math.nan, high: float = math.nan):
    return ReproductionRow(
        symbol="s",
        title="S",
        unit="1",
        published=published,
        low=low,
        high=high,
        interval="range",
        ours=ours,
        variant="",
        source="",
        note="",
    )


@pytest.mark.parametrize(
    ("found", "ratio", "near"),
    [
        (row(10.0, 8.1), 0.81, True),
        (row(10.0, 7.9), 0.79, False),
        (row(10.0, 12.6), 1.26, False),
        (row(-1.0, 1.0), -1.0, False),
        (row(-0.9, -0.92), 1.0222, True),
        (row(0.0, 0.0), math.nan, True),
        (row(0.0, 0.1), math.nan, False),
        (row(math.nan, 15.0, 10.0, 20.0), math.nan, True),
        (row(math.nan, 25.0, 10.0, 20.0), math.nan, False),
        (row(10.0, math.nan), math.nan, False),
    ],
)
def test_near_is_a_ratio_or_a_range(found: ReproductionRow, ratio: float, near: bool) -> None:
    assert found.ratio == pytest.approx(ratio, rel=1e-3, abs=0.0, nan_ok=True)
    assert found.near is near
    assert found.compared is math.isfinite(found.ours)


def test_variants_are_simulated_for_the_numbers_that_belong_to_them() -> None:
    rows = {one.symbol: one for one in reproduction("kirouac_2023", patients=2)}
    assert rows["peak_partial"].variant == "partial_response"
    assert rows["peak_complete"].ours > rows["peak_partial"].ours > rows["peak_none"].ours
    assert rows["peak_partial"].near


def test_a_number_that_is_not_read_keeps_its_reason(monkeypatch) -> None:
    module = modules.__name__ + ".friberg_2002"
    import sys

    reproduction("friberg_2002", patients=2)
    friberg = sys.modules[module]
    monkeypatch.setattr(friberg, "observed", lambda population, typical: {})
    monkeypatch.setattr(friberg, "NOT_READ", {"observed_nadir": "for a reason"}, raising=False)
    rows = {one.symbol: one for one in reproduction("friberg_2002", patients=2)}
    assert not rows["observed_nadir"].compared
    assert rows["observed_nadir"].note.endswith("for a reason")
    assert rows["observed_nadir_day"].note.endswith("for a reason")
    assert "for a reason" not in rows["observed_overshoot"].note


def test_a_model_that_reads_nothing_is_refused(monkeypatch) -> None:
    import sys

    reproduction("friberg_2002", patients=2)
    monkeypatch.delattr(sys.modules[modules.__name__ + ".friberg_2002"], "observed")
    with pytest.raises(InputError, match="does not read what its paper reports"):
        reproduction("friberg_2002", patients=2)


def test_an_unknown_model_names_the_nearest() -> None:
    with pytest.raises(CatalogueError, match="did you mean 'stein_2019'"):
        reproduction("library:stien_2019")


def test_the_same_patients_return() -> None:
    first, second = (reproduction("stein_2019", patients=50, seed=3) for _ in range(2))
    assert first == second
    assert find_model("stein_2019").name == "stein_2019"
