"""Cellular kinetics: definitions at the limit of quantification, gaps and edges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate

from progenitor.errors import DesignError
from progenitor.trial import CellularKinetics

NAN = float("nan")
KINETICS = CellularKinetics(lower_limit_of_quantification=1.0)
DAYS = np.array([0.0, 7.0, 14.0, 28.0, 90.0])


def one(levels: list[float], days: np.ndarray = DAYS) -> dict[str, float]:
    found = KINETICS.evaluate(days, np.array([levels]))
    return {name: float(values[0]) for name, values in found.items()}


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        pytest.param(
            [2.0, 64.0, 8.0, 4.0, 2.0],
            {"cmax": 64.0, "tmax": 7.0, "tlast": 90.0, "clast": 2.0, "quantifiable_at_end": 1.0},
            id="persistent",
        ),
        pytest.param(
            [2.0, 64.0, 8.0, 0.9, 0.5],
            {"tlast": 14.0, "clast": 8.0, "quantifiable_at_end": 0.0, "level_28": 0.0},
            id="lost",
        ),
        pytest.param(
            [2.0, 64.0, 0.5, 4.0, 0.5], {"tlast": 28.0, "clast": 4.0}, id="a dip does not end it"
        ),
        pytest.param(
            [2.0, 8.0, 8.0, 1.0, 0.0],
            {"tmax": 7.0, "tlast": 28.0, "clast": 1.0, "level_28": 1.0},
            id="first of tied peaks; at the limit is quantifiable",
        ),
        pytest.param(
            [0.1, 0.2, 0.3, 0.2, 0.1],
            {
                "cmax": 0.0,
                "tmax": NAN,
                "tlast": NAN,
                "clast": NAN,
                "auc_0_28": 0.0,
                "doubling_time": NAN,
                "quantifiable_at_end": 0.0,
            },
            id="never quantifiable",
        ),
        pytest.param(
            [NAN, NAN, NAN, NAN, NAN],
            dict.fromkeys(("cmax", "tmax", "tlast", "auc_0_28", "quantifiable_at_end"), NAN),
            id="failed patient",
        ),
        pytest.param(
            [2.0, NAN, 8.0, 4.0, 2.0],
            {"cmax": 8.0, "tmax": 14.0, "auc_0_28": 5.0 * 14 + 6.0 * 14},
            id="missing sample",
        ),
        pytest.param(
            [2.0, 64.0, 8.0, NAN, NAN],
            {"tlast": 14.0, "auc_0_28": NAN, "level_28": NAN, "quantifiable_at_end": 1.0},
            id="follow-up ended early",
        ),
        pytest.param(
            [NAN, 64.0, 8.0, 4.0, 2.0], {"cmax": 64.0, "auc_0_28": NAN}, id="no sample on day 0"
        ),
        pytest.param(
            [64.0, 32.0, 16.0, 8.0, 4.0],
            {"tmax": 0.0, "doubling_time": NAN},
            id="only decline: no doubling time",
        ),
        pytest.param(
            [0.1, 2.0, 64.0, 8.0, 4.0],
            {"doubling_time": 7.0 / 5.0},
            id="doubling from the first quantifiable sample",
        ),
        pytest.param(
            [16.0, 2.0, 64.0, 8.0, 4.0],
            {"doubling_time": 7.0 / 5.0},
            id="doubling from the lowest after distribution",
        ),
        pytest.param(
            [2.0, 2.0, 64.0, 8.0, 4.0],
            {"doubling_time": 7.0 / 5.0},
            id="doubling from the last of tied lowest",
        ),
    ],
)
def test_table(levels: list[float], expected: dict[str, float]) -> None:
    found = one(levels)
    assert {name: found[name] for name in expected} == pytest.approx(
        expected, nan_ok=True, rel=1e-12
    )


def test_samples_before_infusion_do_not_count() -> None:
    days = np.array([-7.0, 0.0, 28.0])
    found = one([50.0, 2.0, 4.0], days)
    assert (found["cmax"], found["tmax"], found["auc_0_28"]) == (4.0, 28.0, 84.0)


def test_area_ends_between_samples() -> None:
    days = np.array([0.0, 14.0, 42.0])
    assert one([0.0, 14.0, 42.0], days)["auc_0_28"] == pytest.approx(28.0**2 / 2.0, rel=1e-12)


def test_names_follow_the_days() -> None:
    other = CellularKinetics(1.0, auc_end=90.0, level_days=(7.0,))
    found = other.evaluate(DAYS, np.array([[2.0, 4.0, 2.0, 2.0, 2.0]]))
    assert {"auc_0_90", "level_7"} < set(found)
    assert found["level_7"].tolist() == [4.0]


def test_no_samples_at_all() -> None:
    found = KINETICS.evaluate(np.zeros(0), np.zeros((3, 0)))
    assert all(np.isnan(values).all() and values.shape == (3,) for values in found.values())


def test_patients_do_not_mix() -> None:
    levels = np.array([[2.0, 64.0, 8.0, 4.0, 2.0], [NAN] * 5, [0.1, 2.0, NAN, 0.4, 3.0]])
    together = KINETICS.evaluate(DAYS, levels)
    for patient in range(3):
        alone = KINETICS.evaluate(DAYS, levels[patient : patient + 1])
        for name, values in together.items():
            assert values[patient] == pytest.approx(alone[name][0], nan_ok=True, rel=0)


def test_exponential_growth_gives_its_doubling_time_and_area() -> None:
    """Analytic: C = exp(0.9 t) to day 10, then exp(−0.1 t); daily samples of the growth are exact
    for the slope, and 0.01-day samples bring the trapezoids within 1e-5 of the integral."""
    days = np.linspace(0.0, 28.0, 2801)

    def level(day: np.ndarray) -> np.ndarray:
        return np.where(day <= 10.0, np.exp(0.9 * day), np.exp(9.0 - 0.1 * (day - 10.0)))

    kinetics = CellularKinetics(lower_limit_of_quantification=1e-3)
    found = kinetics.evaluate(days, level(days)[None, :])
    assert found["doubling_time"][0] == pytest.approx(np.log(2.0) / 0.9, rel=1e-9)
    area, _ = integrate.quad(level, 0.0, 28.0, points=[10.0])
    assert found["auc_0_28"][0] == pytest.approx(area, rel=1e-5)


@given(
    st.lists(st.one_of(st.just(NAN), st.floats(0.0, 1e6)), min_size=5, max_size=5),
    st.floats(0.1, 100.0),
)
def test_invariants(levels: list[float], limit: float) -> None:
    kinetics = CellularKinetics(limit)
    found = {k: float(v[0]) for k, v in kinetics.evaluate(DAYS, np.array([levels])).items()}
    if np.isnan(levels).all():
        assert np.isnan(list(found.values())).all()
        return
    highest = np.nanmax(levels)
    assert found["cmax"] == (highest if highest >= limit else 0.0)
    if found["cmax"] > 0.0:
        assert found["tmax"] <= found["tlast"]
        assert limit <= found["clast"] <= found["cmax"]
    assert not found["auc_0_28"] > 28.0 * max(found["cmax"], limit)
    assert not found["doubling_time"] <= 0.0


@pytest.mark.parametrize("day", [0.0, 3.5, 7.0, 50.0, 90.0])
def test_level_at(day: float) -> None:
    levels = np.array([[2.0, 64.0, 8.0, 4.0, 2.0]])
    expected = np.interp(day, DAYS, levels[0])
    assert KINETICS.level_at(DAYS, levels, day)[0] == pytest.approx(expected, rel=1e-12)


def test_level_at_is_unknown_outside_of_the_samples() -> None:
    levels = np.array([[2.0, 64.0, 8.0, 4.0, NAN]])
    assert np.isnan(KINETICS.level_at(DAYS, levels, 91.0)[0])
    assert np.isnan(KINETICS.level_at(DAYS, levels, 60.0)[0])
    assert KINETICS.level_at(DAYS, levels, 28.0)[0] == 4.0


@pytest.mark.parametrize(
    ("days", "levels", "words"),
    [
        ([0.0, 0.0], [1.0, 1.0], "days do not increase"),
        ([0.0, NAN], [1.0, 1.0], "days do not increase"),
        ([0.0, 1.0], [1.0, np.inf], "a level is infinite"),
    ],
)
def test_bad_data_are_refused(days: list[float], levels: list[float], words: str) -> None:
    with pytest.raises(DesignError, match=words):
        KINETICS.evaluate(np.array(days), np.array([levels]))


@pytest.mark.parametrize("limit", [0.0, -1.0, NAN, np.inf])
def test_a_limit_of_nothing_is_refused(limit: float) -> None:
    with pytest.raises(DesignError, match="lower limit of quantification"):
        CellularKinetics(limit)


def test_half_lives_of_two_phases() -> None:
    """Halving every 2 days for 12 days, then every 100: worked by hand, exact to rounding."""
    days = np.array([0.0, 4.0, 8.0, 12.0, 20.0, 40.0, 60.0])
    level = np.array([[64.0, 16.0, 4.0, 1.0, 2.0**-0.1, 2.0**-0.3, 2.0**-0.5]])
    kinetics = CellularKinetics(lower_limit_of_quantification=0.1)
    found = kinetics.half_lives(days, level)
    assert found["contraction_half_life"][0] == pytest.approx(2.0, rel=1e-6)
    assert found["persistence_half_life"][0] == pytest.approx(100.0, rel=1e-6)
    assert found["terminal_half_life"][0] == pytest.approx(100.0, rel=1e-6)


@pytest.mark.parametrize(
    ("level", "contraction"),
    [
        pytest.param([0.0, 64.0, 16.0, 4.0, 1.0, 0.0, 0.0], 2.0, id="one phase"),
        pytest.param([0.0, 64.0, 16.0, 0.0, 0.0, 0.0, 0.0], NAN, id="two samples only"),
        pytest.param([0.0, 1.0, 4.0, 16.0, 32.0, 64.0, 128.0], NAN, id="never falls"),
        pytest.param([NAN] * 7, NAN, id="no samples"),
        pytest.param([0.0] * 7, NAN, id="never quantifiable"),
    ],
)
def test_half_lives_at_the_edges(level: list[float], contraction: float) -> None:
    days = np.array([0.0, 4.0, 8.0, 12.0, 16.0, 20.0, 24.0])
    found = KINETICS.half_lives(days, np.array([level]))
    assert found["contraction_half_life"][0] == pytest.approx(contraction, rel=1e-6, nan_ok=True)
    assert np.isnan(found["persistence_half_life"][0])
