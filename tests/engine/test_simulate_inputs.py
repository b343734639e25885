"""Inputs that do not fit are refused all at once, before anything is computed."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from progenitor.engine import (
    Change,
    Dose,
    Model,
    ModelParameter,
    Observable,
    ReactionSet,
    Reset,
    SolverOptions,
    Species,
    simulate,
)
from progenitor.errors import SimulationError

MODEL = Model.build(
    "m",
    [
        ReactionSet(
            "p",
            species=(Species("drug", "1"),),
            parameters=(ModelParameter("loss_rate", "1/day"), ModelParameter("volume", "L")),
            observables=(Observable("drug", "drug", "1"),),
        )
    ],
)
TIMES = np.array([[0.0, 1.0], [0.0, 2.0]])
GOOD = {"loss_rate": np.array([1.0, 2.0]), "volume": np.array([3.0, 4.0])}
PAIR = np.array([0.0, 0.0])


def refused(
    parameters: Mapping[str, Any] = GOOD,
    *,
    times: np.ndarray = TIMES,
    doses: Sequence[Dose | Change | Reset] = (),
    draw: np.ndarray | None = None,
) -> str:
    with pytest.raises(SimulationError) as told:
        simulate(
            MODEL,
            parameters,
            times=times,
            doses=doses,
            seed=1,
            draw=np.array([0, 0]) if draw is None else draw,
            patient=np.array([0, 1]),
        )
    return str(told.value)


def test_everything_is_told_at_once() -> None:
    told = refused(
        {"los_rate": PAIR, "volume": np.array([1.0, np.inf])},
        times=np.array([[0.0, 1.0], [2.0, 1.0]]),
        doses=[
            Dose("drog", PAIR, PAIR),
            Dose("drug", PAIR, np.array([-1.0, 1.0])),
            Dose("drug", np.array([0.0, np.inf]), PAIR),
            Dose("drug", PAIR, PAIR, np.array([-1.0, 1.0])),
            Dose("drug", PAIR, PAIR, additional=2),
        ],
        draw=np.array([0, -1]),
    )
    for piece in (
        "times must be finite and increasing",
        "draw must be 2 whole numbers of 0 or more",
        "parameter 'loss_rate' [1/day] is missing; is 'los_rate' meant?",
        "parameter 'volume' is inf in row 1",
        "dose of 'drog': no such species; is 'drug' meant? Known: drug",
        "amounts must be finite and 0 or more",
        "a time is infinite",
        "durations must be finite",
        "additional doses need",
    ):
        assert piece in told


def test_every_kind_of_item_is_checked() -> None:
    told = refused(
        times=np.array([[0.0, 1.0, np.nan], [np.nan, 1.0, 2.0]]),
        doses=[
            Change("volum", PAIR, PAIR),
            Change("volume", np.array([0.0, np.nan]), np.array([np.nan, np.nan])),
            Change("volume", PAIR, np.zeros(3)),
            Change("volume", np.array([0.0, np.inf]), PAIR),
            Reset(np.zeros(3)),
            Reset(np.array([-np.inf, 0.0])),
        ],
    )
    for piece in (
        "row 1 is [nan, 1.0, 2.0]",
        "change of 'volum': no such parameter; is 'volume' meant? Known: loss_rate, volume",
        "change of 'volume': values must be finite where a time is given",
        "change of 'volume': value must have one number for each patient",
        "change of 'volume': a time is infinite; use NaN for a change not given",
        "reset: time must have one number for each patient",
        "reset: a time is infinite; use NaN for a reset not given",
    ):
        assert piece in told
    assert len(told.splitlines()) == 7


@pytest.mark.parametrize(
    "row", [[0.0, np.nan, 1.0], [np.nan, np.nan, np.nan], [1.0, 0.0, np.nan], [0.0, np.inf, np.nan]]
)
def test_only_the_end_of_a_row_of_times_may_be_missing(row: list[float]) -> None:
    assert "row 1 is" in refused(times=np.array([[0.0, 1.0, 2.0], row]))


def test_parameters_the_model_does_not_have_are_ignored() -> None:
    found = simulate(
        MODEL,
        {**GOOD, "other": PAIR},
        times=TIMES,
        seed=1,
        draw=np.array([0, 0]),
        patient=np.array([0, 1]),
    )
    assert found.observable("drug").shape == (2, 2)


def test_nobody_may_be_simulated() -> None:
    nobody = np.zeros(0, int)
    found = simulate(
        MODEL,
        {name: column[:0] for name, column in GOOD.items()},
        times=TIMES[:0],
        seed=1,
        draw=nobody,
        patient=nobody,
    )
    assert found.values.shape == (0, 2, 1)
    assert found.failures == {}


def test_progress_is_told() -> None:
    told: list[int] = []
    simulate(
        MODEL,
        GOOD,
        times=TIMES,
        seed=1,
        draw=np.array([0, 0]),
        patient=np.array([0, 1]),
        progress=told.append,
    )
    assert told[-1] == 2
    assert told == sorted(set(told))


def test_unknown_observables_and_events_are_refused() -> None:
    found = simulate(
        MODEL, GOOD, times=TIMES, seed=1, draw=np.array([0, 0]), patient=np.array([0, 1])
    )
    with pytest.raises(SimulationError, match="no observable 'drugs'; known: drug"):
        found.observable("drugs")
    with pytest.raises(SimulationError, match="no event 'cure'"):
        found.event_time("cure")


@pytest.mark.parametrize(
    "option",
    [
        {"rtol": 0.0},
        {"rtol": 1.0},
        {"rtol": float("nan")},
        {"max_steps": 0},
        {"deadline": 0.0},
        {"countable_threshold": -1.0},
        {"countable_threshold": 1e9},
        {"leap": 0.0},
        {"leap": float("inf")},
        {"max_firings": 0},
        {"atol_scale": 0.0},
    ],
)
def test_options_that_cannot_be_are_refused(option: dict[str, Any]) -> None:
    with pytest.raises(SimulationError, match=next(iter(option))):
        SolverOptions(**option)
