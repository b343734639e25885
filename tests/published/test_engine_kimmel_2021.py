"""Kimmel 2021: competition of CAR-T with normal T cells, and cure as a stochastic extinction.

Kimmel, Locke, Altrock. The roles of T cell competition and stochastic extinction events in chimeric
antigen receptor T cell therapy. Proc R Soc B 2021;288:20210229, doi:10.1098/rspb.2021.0229.

T cells are deterministic, so the environment of the tumour is the same in every run and the chance
of cure has no simulation error: with ρ = ∫(μ − λ) and J = ∫ μ e^ρ it is (J/(1 + J))^B₀. For a
tumour growth rate of 0.105 per day it is 0.6188, and half of the cures have happened by day 74.
"""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from progenitor.engine import (
    Change,
    Event,
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Rule,
    SolverOptions,
    Species,
    Status,
    Trajectories,
    extinction_probability,
    simulate,
    simulate_exact,
)

CURE = 0.6188
MEDIAN_CURE_DAY = 74.0
VALUES = {
    "KN": 500.0, "KC": 139.0, "rN": 0.17, "rhoC": 0.0251, "a": 0.423, "b": 0.525, "rB": 0.105,
    "gB": 1.15, "kB": 4.05, "N0": 6.0, "C0": 0.36, "B0": 9.486e10,
}  # fmt: skip
UNITS = {
    "KN": "cell/uL", "KC": "cell/uL", "rN": "1/day", "rhoC": "1/day", "a": "1", "b": "1/day",
    "rB": "1/day", "gB": "1/day", "kB": "cell/uL", "N0": "cell/uL", "C0": "cell/uL", "B0": "cell",
}  # fmt: skip
MODEL = Model.build(
    "kimmel_2021",
    [
        ReactionSet(
            "kimmel_2021",
            species=(
                Species("N", "cell/uL", initial="N0"),
                Species("C", "cell/uL", initial="C0", absolute_tolerance=1e-9),
                Species("B", "cell", initial="B0", countable=True),
            ),
            parameters=tuple(ModelParameter(name, unit) for name, unit in UNITS.items()),
            rules=(
                Rule("T", "N + C", "cell/uL"),
                Rule("rC", "rhoC + b*(T - KN)**2/(a*T**2 + (T - KN)**2)", "1/day"),
            ),
            reactions=(
                Reaction("normal", "-rN*N*log(T/KN)", {"N": 1}, {"N": 2.0}),
                Reaction("car", "-rC*C*log(T/KC)", {"C": 1}, {"C": 2.0}),
                Reaction("division", "rB*B", {"B": 1}, {"B": 2.0}),
                Reaction("killing", "gB*B*C/(kB + C)", {"B": 1}),
            ),
            events=(Event("cure", "B <= 0"),),
            observables=(
                Observable("C", "C", "cell/uL"),
                Observable("B", "B", "cell"),
                Observable("division", "rB", "1/day"),
                Observable("killing", "gB*C/(kB + C)", "1/day"),
            ),
        )
    ],
)


def run(count: int, days: np.ndarray, options: SolverOptions, seed: int = 1) -> Trajectories:
    return simulate(
        MODEL,
        {name: np.full(count, value) for name, value in VALUES.items()},
        times=np.tile(days, (count, 1)),
        seed=seed,
        draw=np.zeros(count, int),
        patient=np.arange(count),
        options=options,
    )


def check_cure(count: int, seed: int) -> None:
    """A correct engine fails with probability 6e-5 when the seed is changed."""
    found = run(count, np.array([0.0, 200.0]), SolverOptions(), seed)
    assert (found.status == Status.OK).all()
    cured = ~np.isnan(found.event_time("cure"))
    z = (cured.mean() - CURE) / np.sqrt(CURE * (1 - CURE) / count)
    assert abs(z) < 4
    assert (found.observable("B")[cured, 1] == 0).all()
    assert (found.observable("B")[~cured, 1] > 0).all()


def test_car_t_cells_peak_and_fade_as_published() -> None:
    days = np.linspace(0, 180, 181)
    level = run(1, days, SolverOptions(countable_threshold=0)).observable("C")[0]
    assert level.argmax() == 7
    assert abs(level[7] - 30.1) < 0.05
    assert abs(level[28] - 2.49) < 0.005
    assert abs(level[90] - 0.34) < 0.005
    assert abs(level[180] - 0.019) < 0.0005


def test_the_deterministic_tumour_nearly_vanishes_and_returns() -> None:
    """Nadir of 2.3 cells on day 84, progression on day 351.

    Progression is read as 20 % above the first burden (351.2); the burden itself is reached again
    on day 349.45.
    """
    days = np.linspace(0, 400, 401)
    options = SolverOptions(countable_threshold=0, atol_scale=1e-4)
    burden = run(1, days, options).observable("B")[0]
    assert burden.argmin() == 84
    assert abs(burden.min() - 2.3) < 0.05
    late = days > 84
    assert days[late & (burden > VALUES["B0"])][0] == 350
    assert np.interp(np.log(1.2 * VALUES["B0"]), np.log(burden[late]), days[late]) // 1 == 351


def test_the_exact_chance_of_cure_is_the_benchmark() -> None:
    """The benchmark itself, by another solver, so that the figure above is not taken on trust."""

    def slopes(_: float, state: np.ndarray) -> list[float]:
        normal, car, log_share, _ = state
        v = VALUES
        total = normal + car
        far = (total - v["KN"]) ** 2
        growth = v["rhoC"] + v["b"] * far / (v["a"] * total**2 + far)
        kill = v["gB"] * car / (v["kB"] + car)
        share = np.exp(log_share)
        return [
            -v["rN"] * normal * np.log(total / v["KN"]),
            -growth * car * np.log(total / v["KC"]),
            kill * (1 - share) - v["rB"],
            kill * share,
        ]

    start = [VALUES["N0"], VALUES["C0"], 0.0, 0.0]
    days = np.linspace(0, 1000, 10_001)
    solved = solve_ivp(slopes, (0, 1000), start, "Radau", days, rtol=1e-9, atol=1e-12)
    days, hazard = days[1:], solved.y[3, 1:]
    chance = np.exp(VALUES["B0"] * np.log1p(-np.exp(-hazard)))
    assert abs(chance[-1] - CURE) < 2e-4
    assert abs(days[(chance > CURE / 2)][0] - MEDIAN_CURE_DAY) < 1


def test_the_analytic_chance_of_cure_needs_no_random_number() -> None:
    """From the rates of one deterministic run, every half day."""
    days = np.arange(0.0, 1000.5, 0.5)
    found = run(1, days, SolverOptions(countable_threshold=0))
    chance = extinction_probability(
        found.times,
        found.observable("division"),
        found.observable("killing"),
        np.array([VALUES["B0"]]),
    )[0]
    assert abs(chance[-1] - CURE) < 5e-4
    assert abs(days[chance > CURE / 2][0] - MEDIAN_CURE_DAY) <= 0.5


def test_cure_is_as_likely_as_it_should_be() -> None:
    check_cure(count=150, seed=1)


@pytest.mark.slow
def test_cure_is_as_likely_as_it_should_be_in_many_patients() -> None:
    check_cure(count=2_000, seed=2)


@pytest.mark.slow
def test_cures_come_when_they_should() -> None:
    """With leaps of a day half of 300 patients' cures lie before day 74, give or take a leap."""
    found = run(300, np.array([0.0, 200.0]), SolverOptions(leap=1.0), seed=3).event_time("cure")
    days = found[~np.isnan(found)]
    before = (days <= MEDIAN_CURE_DAY + 0.5).mean()
    assert abs(before - 0.5) < 4 * 0.5 / np.sqrt(len(days)) + 0.03


@pytest.mark.slow
def test_exact_simulation_cures_as_often() -> None:
    """Every division and death of the last 20,000 cells, by the rates of each sixteenth of a day.

    Cells above 20,000 leave no chance of more than 1e-3 to what they become. A correct engine fails
    with probability 6e-5 when the seed is changed.
    """
    count, step = 2_000, 1 / 16
    days = np.arange(0.0, 150.0 + step, step)
    known = run(1, days, SolverOptions(countable_threshold=0, atol_scale=1e-6))
    cells = known.observable("B")[0]
    first = int(np.flatnonzero(cells < 20_000)[0])
    begin, middle = days[first], 0.5 * (days[first:-1] + days[first + 1 :])
    killing = np.interp(middle, days, known.observable("killing")[0])
    part = ReactionSet(
        "last_cells",
        species=(Species("B", "cell", initial="start"),),
        parameters=(
            ModelParameter("start", "cell"),
            ModelParameter("grow", "1/day"),
            ModelParameter("kill", "1/day"),
            ModelParameter("many", "cell"),
        ),
        reactions=(
            Reaction("division", "grow*B", {"B": 1}, {"B": 2.0}),
            Reaction("killing", "kill*B", {"B": 1}),
        ),
        events=(Event("cure", "B <= 0", stop=True), Event("relapse", "B > many", stop=True)),
    )
    everyone = np.ones(count)
    found = simulate_exact(
        Model.build("last_cells", [part]),
        {
            "start": np.round(cells[first]) * everyone,
            "grow": VALUES["rB"] * everyone,
            "kill": killing[0] * everyone,
            "many": 30_000 * everyone,
        },
        times=np.tile([0.0, 150.0 - begin], (count, 1)),
        doses=[
            Change("kill", (day - begin) * everyone, rate * everyone)
            for day, rate in zip(days[first + 1 : -1], killing[1:], strict=True)
        ],
        seed=4,
        draw=np.zeros(count, int),
        patient=np.arange(count),
    )
    assert (found.status == Status.OK).all()
    cured = ~np.isnan(found.event_time("cure"))
    z = (cured.mean() - CURE) / np.sqrt(CURE * (1 - CURE) / count)
    assert abs(z) < 4
