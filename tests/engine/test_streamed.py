"""Streamed populations keep what the whole courses would have given, whatever the chunks."""

from dataclasses import replace

import numpy as np
import pytest

from progenitor.engine import (
    Dose,
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    SolverOptions,
    Species,
    Status,
    simulate,
    simulate_streamed,
)
from progenitor.engine.reducers import Area, Crossing, LastAbove, Maximum, Visits
from progenitor.errors import SimulationError

PATIENTS = 90
TIMES = np.linspace(0.0, 20.0, 41)
MODEL = Model.build(
    "bateman",
    [
        ReactionSet(
            "bateman",
            species=(Species("gut", "1"), Species("blood", "1")),
            parameters=(ModelParameter("ka", "1/day"), ModelParameter("ke", "1/day")),
            reactions=(
                Reaction("absorption", "ka*gut", {"gut": 1}, {"blood": 1}),
                Reaction("loss", "ke*blood", {"blood": 1}),
            ),
            observables=(Observable("blood", "blood", "1"), Observable("share", "blood/10", "1")),
        )
    ],
)
REDUCERS = (
    Visits("blood", (1.0, 10.0)),
    Maximum("blood"),
    Area("blood", 0.0, 20.0),
    Crossing("share", 0.2),
    LastAbove("blood", 1.0),
)


def population() -> tuple[dict[str, np.ndarray], list[Dose]]:
    ka, ke = np.linspace(0.5, 3.0, PATIENTS), np.linspace(0.4, 0.1, PATIENTS)
    doses = [Dose("gut", np.zeros(PATIENTS), np.full(PATIENTS, 10.0))]
    return {"ka": ka, "ke": ke}, doses


def streamed(options: SolverOptions) -> tuple[np.ndarray, ...]:
    parameters, doses = population()
    keys = {"seed": 1, "draw": np.zeros(PATIENTS, int), "patient": np.arange(PATIENTS)}
    found = simulate_streamed(
        MODEL, parameters, times=TIMES, reducers=REDUCERS, doses=doses, options=options, **keys
    )
    assert (found.status == Status.OK).all()
    assert found.failures == {}
    return found.kept


def test_reducers_agree_with_the_bateman_function() -> None:
    parameters, _ = population()
    ka, ke = parameters["ka"][:, None], parameters["ke"][:, None]
    visits, most, area, crossing, last = streamed(SolverOptions(rtol=1e-9, atol_scale=1e-3))
    course = 10.0 * ka / (ka - ke) * (np.exp(-ke * TIMES) - np.exp(-ka * TIMES))
    assert np.allclose(visits, course[:, [2, 20]], rtol=1e-6, atol=0)
    assert np.allclose(most[:, 0], course.max(axis=1), rtol=1e-6, atol=0)
    assert (most[:, 1] == TIMES[course.argmax(axis=1)]).all()
    trapezoid = np.trapezoid(course, TIMES, axis=1)
    assert np.allclose(area[:, 0], trapezoid, rtol=1e-6, atol=0)
    high = course >= 2.0
    first = high.argmax(axis=1)
    assert (crossing[:, 0] <= TIMES[first]).all()
    assert (crossing[:, 0] > TIMES[first - 1]).all()
    above = course >= 1.0
    assert (last[:, 0] == TIMES[above.shape[1] - 1 - above[:, ::-1].argmax(axis=1)]).all()


@pytest.mark.parametrize("chunk", [1, 17, 64, 333])
@pytest.mark.parametrize("threads", [1, 2])
def test_chunks_and_threads_change_no_bit(chunk: int, threads: int) -> None:
    options = SolverOptions()
    for one, two in zip(
        streamed(options), streamed(replace(options, chunk=chunk, threads=threads)), strict=True
    ):
        assert one.tobytes() == two.tobytes()


def test_visits_are_the_values_of_whole_courses() -> None:
    parameters, doses = population()
    whole = simulate(
        MODEL,
        parameters,
        times=np.tile(TIMES, (PATIENTS, 1)),
        doses=doses,
        seed=1,
        draw=np.zeros(PATIENTS, int),
        patient=np.arange(PATIENTS),
    )
    assert (streamed(SolverOptions())[0] == whole.observable("blood")[:, [2, 20]]).all()


def test_every_problem_is_told() -> None:
    parameters, doses = population()
    with pytest.raises(SimulationError, match=r"(?s)no such observable.*does not stream"):
        simulate_streamed(
            MODEL,
            parameters,
            times=TIMES,
            reducers=[Maximum("blod")],
            doses=doses,
            seed=1,
            draw=np.zeros(PATIENTS, int),
            patient=np.arange(PATIENTS),
            options=SolverOptions(engine="reference"),
        )
