"""The analytic chance of extinction: closed forms, another integrator, and runs of the engine."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from progenitor.engine import extinction_probability
from progenitor.errors import SimulationError


def rows(*values: object) -> list[np.ndarray]:
    return [np.atleast_2d(np.asarray(value, dtype=float)) for value in values]


def lost(birth: float, death: float, days: np.ndarray) -> np.ndarray:
    """Kendall 1948 for constant rates."""
    if birth == death:
        return birth * days / (1 + birth * days)
    growth = np.exp((birth - death) * days)
    return death * (growth - 1) / (birth * growth - death)


@pytest.mark.parametrize("number", [1.0, 7.0, 1e4])
@pytest.mark.parametrize(("birth", "death"), [(0.3, 0.2), (0.2, 0.9), (0.4, 0.4), (0.0, 2.0)])
def test_constant_rates(birth: float, death: float, number: float) -> None:
    days = np.linspace(0, 30, 31)
    ones = np.ones_like(days)
    found = extinction_probability(*rows(days, birth * ones, death * ones), np.array([number]))[0]
    assert found[0] == 0
    expected = lost(birth, death, days) ** number
    assert np.allclose(found, expected, rtol=1e-6 * number + 1e-7, atol=1e-12)


def test_nothing_is_lost_without_deaths_and_none_is_lost_from_the_start() -> None:
    times = np.tile(np.linspace(0, 9, 10), (2, 1))
    rates = np.ones_like(times)
    found = extinction_probability(times, rates, 0 * rates, np.array([5.0, 0.0]))
    assert found.tolist() == [[0.0] * 10, [1.0] * 10]


def test_killing_that_starts_between_two_times() -> None:
    """Nothing for 4 days, killing for 5: a time on either side of the jump."""
    birth, killing = 0.2, 0.9
    days = np.array([0.0, 2.0, 4.0, 4.0 + 1e-9, 6.0, 9.0])
    death = np.array([0, 0, 0, killing, killing, killing])
    found = extinction_probability(*rows(days, birth + 0 * days, death), np.array([5.0]))[0]
    fall = killing - birth
    extinct = killing * np.exp(-birth * 4) * (np.exp(fall * 5) - 1) / fall
    assert np.isclose(found[-1], (extinct / (1 + extinct)) ** 5, rtol=1e-6, atol=0)


@pytest.mark.parametrize(("step", "error"), [(1.0, 3e-3), (0.5, 3e-4), (0.1, 3e-6)])
def test_rates_that_come_and_go(step: float, error: float) -> None:
    """A wave of killing against an integration of log p and L by another solver."""

    def death(t: np.ndarray | float) -> np.ndarray | float:
        return 1.5 * np.exp(-(((t - 12) / 5) ** 2))

    def slopes(t: float, line: np.ndarray) -> list[float]:
        share = np.exp(line[0])
        return [death(t) * (1 - share) - 0.15, death(t) * share]

    exact = solve_ivp(slopes, (0, 60), [0.0, 0.0], "DOP853", rtol=1e-12, atol=1e-14).y[1, -1]
    days = np.arange(0, 60 + step / 2, step)
    number = 30_000.0
    found = extinction_probability(
        *rows(days, np.full_like(days, 0.15), death(days)), np.array([number])
    )[0, -1]
    expected = np.exp(number * np.log1p(-np.exp(-exact)))
    assert 0.1 < expected < 0.9
    assert abs(found - expected) < error


def test_a_patient_does_not_depend_on_the_others() -> None:
    times = np.tile(np.linspace(0, 20, 41), (30, 1))
    scale = np.linspace(0.1, 3, 30)[:, None]
    birth, death = 0.1 * scale + 0 * times, scale * np.exp(-0.1 * times)
    number = np.linspace(1, 1e6, 30)
    together = extinction_probability(times, birth, death, number)
    alone = [
        extinction_probability(times[[i]], birth[[i]], death[[i]], number[[i]])[0]
        for i in range(30)
    ]
    assert (together == np.array(alone)).all()


def test_what_is_not_known_is_not_guessed() -> None:
    times = np.tile(np.linspace(0, 4, 5), (3, 1))
    rates = np.ones_like(times)
    rates[0, 3:] = np.nan
    rates[1] = np.nan
    found = extinction_probability(times, 0 * times, rates, np.ones(3))
    assert np.isnan(found).tolist() == [[False] * 3 + [True] * 2, [True] * 5, [False] * 5]
    assert found[0, :3].tolist() == found[2, :3].tolist()


def test_every_problem_is_told() -> None:
    times = np.array([[0.0, 1.0, 1.0]])
    with pytest.raises(SimulationError) as raised:
        extinction_probability(times, -np.ones((1, 3)), np.ones((1, 2)), np.array([-1.0]))
    text = str(raised.value)
    assert "times must be finite and increasing" in text
    assert "birth has a rate of -1" in text
    assert "death has shape (1, 2)" in text
    assert "number is -1" in text
