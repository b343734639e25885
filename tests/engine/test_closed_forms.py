"""Solutions against closed forms: growth, decay, doses, infusions and switching rates."""

from collections.abc import Callable

import numpy as np
import pytest

from progenitor.engine import (
    Dose,
    Event,
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    SolverOptions,
    Species,
    Status,
    Trajectories,
    simulate,
)

Solve = Callable[..., Trajectories]
DAYS = np.array([0.0, 0.5, 1.0, 3.0, 10.0, 40.0])

GROWTH = ReactionSet(
    "growth",
    species=(Species("cells", "cell", initial="start", absolute_tolerance=1e-6),),
    parameters=(
        ModelParameter("start", "cell"),
        ModelParameter("rate", "1/day"),
        ModelParameter("capacity", "cell"),
    ),
    reactions=(
        Reaction("division", "rate*cells*(1 - cells/capacity)", {"cells": 1}, {"cells": 2.0}),
    ),
    observables=(Observable("cells", "cells", "cell"),),
)
DRUG = ReactionSet(
    "drug",
    species=(Species("drug", "1"),),
    parameters=(ModelParameter("loss", "1/day"),),
    reactions=(Reaction("loss", "loss*drug", {"drug": 1}),),
    observables=(Observable("drug", "drug", "1"),),
)


def close(found: np.ndarray, expected: np.ndarray, error: float) -> bool:
    # Relative to the size of each value; 1e-9 of the largest stands for the absolute tolerance.
    scale = np.abs(expected) + 1e-3 * np.abs(expected).max()
    return bool((np.abs(found - expected) / scale).max() < error)


def test_exponential_growth_over_twelve_decades(solve: Solve) -> None:
    found = solve(GROWTH, DAYS, {"start": 1.0, "rate": np.log(1e12) / 40, "capacity": 1e300})
    expected = 10.0 ** (12 * DAYS / 40)
    assert (np.abs(found.observable("cells")[0] / expected - 1) < 1e-4).all()


def test_logistic_growth(solve: Solve) -> None:
    found = solve(GROWTH, DAYS, {"start": 100.0, "rate": 0.5, "capacity": 1e6})
    expected = 1e6 / (1 + (1e6 / 100 - 1) * np.exp(-0.5 * DAYS))
    assert (np.abs(found.observable("cells")[0] / expected - 1) < 1e-4).all()


@pytest.mark.parametrize(("rtol", "error"), [(1e-4, 1e-2), (1e-6, 1e-4), (1e-8, 1e-6)])
def test_error_follows_the_tolerance(solve: Solve, rtol: float, error: float) -> None:
    options = SolverOptions(rtol=rtol, atol_scale=rtol)
    found = solve(GROWTH, DAYS, {"start": 100.0, "rate": 0.5, "capacity": 1e6}, options=options)
    expected = 1e6 / (1 + (1e6 / 100 - 1) * np.exp(-0.5 * DAYS))
    assert (np.abs(found.observable("cells")[0] / expected - 1) < error).all()


def amount_after_doses(
    times: np.ndarray, loss: float, doses: list[tuple[float, float]]
) -> np.ndarray:
    return sum(
        np.where(times >= day, amount * np.exp(-loss * np.maximum(times - day, 0)), 0.0)
        for day, amount in doses
    )


def test_repeated_doses_add_up(solve: Solve) -> None:
    times = np.linspace(-3, 30, 67)
    rows = 2
    dose = Dose(
        "drug", np.array([-2.0, np.nan]), np.array([10.0, np.nan]), additional=3, interval=7.0
    )
    found = simulate(
        Model.build("drug", [DRUG]),
        {"loss": np.array([0.3, 0.3])},
        times=np.tile(times, (rows, 1)),
        doses=[dose],
        seed=1,
        draw=np.zeros(rows, int),
        patient=np.arange(rows),
    )
    given = [(-2.0 + 7 * k, 10.0) for k in range(4)]
    assert close(found.observable("drug")[0], amount_after_doses(times, 0.3, given), 1e-4)
    assert (found.observable("drug")[1] == 0).all()


def test_an_output_at_a_dose_shows_the_amount_after_it(solve: Solve) -> None:
    found = solve(DRUG, [0.0, 1.0, 2.0], {"loss": 0.0}, doses=[("drug", 1.0, 5.0)])
    assert found.observable("drug")[0].tolist() == [0.0, 5.0, 5.0]


def test_a_dose_before_the_first_output_is_not_lost(solve: Solve) -> None:
    found = solve(DRUG, [0.0, 1.0], {"loss": 1.0}, doses=[("drug", -2.0, 5.0)])
    assert close(found.observable("drug")[0], 5 * np.exp(-np.array([2.0, 3.0])), 1e-4)


def test_infusions_have_their_closed_form() -> None:
    times = np.linspace(0, 12, 49)
    dose = Dose("drug", np.array([1.0]), np.array([6.0]), np.array([3.0]), 1, 2.0)
    found = simulate(
        Model.build("drug", [DRUG]),
        {"loss": np.array([0.5])},
        times=times[None],
        doses=[dose],
        seed=1,
        draw=np.array([0]),
        patient=np.array([0]),
    )

    def infused(start: float) -> np.ndarray:
        since = np.maximum(times - start, 0)
        during = (2.0 / 0.5) * (1 - np.exp(-0.5 * np.minimum(since, 3.0)))
        return during * np.exp(-0.5 * np.maximum(since - 3.0, 0))

    assert close(found.observable("drug")[0], infused(1.0) + infused(3.0), 1e-4)


SWITCHED = ReactionSet(
    "switched",
    species=(Species("x", "1"),),
    parameters=(
        ModelParameter("on", "day"),
        ModelParameter("off", "day"),
        ModelParameter("k", "1/day"),
    ),
    reactions=(
        Reaction("pulse", "piecewise(1000*k, time > on and time <= off, 0)", {}, {"x": 1.0}),
        Reaction("loss", "k*x", {"x": 1}),
    ),
    observables=(Observable("x", "x", "1"), Observable("clock", "time", "day")),
)


def test_a_short_pulse_late_is_not_stepped_over(solve: Solve) -> None:
    times = np.array([0.0, 300.0, 300.005, 300.01, 301.0, 400.0])
    found = solve(SWITCHED, times, {"on": 300.0, "off": 300.01, "k": 1.0})
    width = np.clip(times - 300.0, 0, 0.01)
    expected = 1000 * (1 - np.exp(-width)) * np.exp(-np.maximum(times - 300.01, 0))
    assert close(found.observable("x")[0], expected, 1e-4)
    assert found.observable("clock")[0].tolist() == times.tolist()
    assert found.steps[0] < 1000


def test_switches_cost_a_restart_and_no_more(solve: Solve) -> None:
    smooth = solve(SWITCHED, [0.0, 100.0], {"on": 500.0, "off": 600.0, "k": 1.0})
    once = solve(SWITCHED, [0.0, 100.0], {"on": 50.0, "off": 600.0, "k": 1.0})
    assert once.steps[0] < smooth.steps[0] + 200


def test_signed_species_may_be_negative(solve: Solve) -> None:
    wave = ReactionSet(
        "wave",
        species=(
            Species("x", "1", initial="1", nonnegative=False),
            Species("v", "1", nonnegative=False),
        ),
        parameters=(ModelParameter("w", "1/day"),),
        reactions=(
            Reaction("motion", "w*v", {}, {"x": 1.0}),
            Reaction("spring", "w*x", {"v": 1}),
        ),
        observables=(Observable("x", "x", "1"), Observable("energy", "x**2 + v**2", "1")),
    )
    times = np.linspace(0, 20, 41)
    found = solve(wave, times, {"w": 1.0}, options=SolverOptions(rtol=1e-8, atol_scale=1e-3))
    assert close(found.observable("x")[0], np.cos(times), 1e-4)
    assert (found.status == Status.OK).all()


@pytest.mark.parametrize(("times", "born"), [([5.0], 0.0), ([0.0, 5.0], 0.0), ([-2.0, 5.0], -2.0)])
def test_initial_values_hold_at_zero_or_the_first_output(
    solve: Solve, times: list[float], born: float
) -> None:
    found = solve(GROWTH, times, {"start": 42.0, "rate": 0.1, "capacity": 1e300})
    expected = 42 * np.exp(0.1 * (np.array(times) - born))
    assert (np.abs(found.observable("cells")[0] / expected - 1) < 1e-4).all()


def test_irregular_times_differ_between_patients() -> None:
    times = np.array([[0.0, 1.0, 2.0], [0.0, 10.0, 30.0]])
    found = simulate(
        Model.build("growth", [GROWTH]),
        {"start": np.ones(2), "rate": np.full(2, 0.1), "capacity": np.full(2, 1e300)},
        times=times,
        seed=1,
        draw=np.zeros(2, int),
        patient=np.arange(2),
    )
    assert (np.abs(found.observable("cells") / np.exp(0.1 * times) - 1) < 1e-4).all()


def test_a_stop_ends_outputs_and_keeps_the_status(solve: Solve) -> None:
    part = ReactionSet(
        "stopped",
        species=GROWTH.species,
        parameters=GROWTH.parameters,
        reactions=GROWTH.reactions,
        observables=GROWTH.observables,
        events=(Event("large", "cells > 100*start", stop=True),),
    )
    found = solve(part, [0.0, 2.0, 4.0, 6.0, 8.0], {"start": 1.0, "rate": 1.0, "capacity": 1e300})
    assert np.isnan(found.observable("cells")[0]).tolist() == [False, False, False, True, True]
    assert abs(found.stopped_at[0] - np.log(100)) < 1e-5
    assert found.status[0] == Status.OK
