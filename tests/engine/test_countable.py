"""Small numbers follow Kendall's birth–death law: mean, variance, extinction, immigration.

Every test states its number of patients and seed; with |z| < 4.4 a correct engine raises a false
alarm with probability 1e-5 per comparison when the seed is changed.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest
from scipy import stats

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
Z = 4.4
PATIENTS = 500


def part(
    *, arrivals: str = "", death: str = "death*n", events: Sequence[Event] = ()
) -> ReactionSet:
    seeding = (Reaction("seeding", arrivals, {"source": 1}, {"source": 1.0, "n": 1.0}),)
    return ReactionSet(
        "line",
        species=(
            Species("n", "cell", initial="start", countable=True),
            Species("source", "cell", initial="1e6"),
        ),
        parameters=(
            ModelParameter("start", "cell"),
            ModelParameter("birth", "1/day"),
            ModelParameter("death", "1/day"),
            ModelParameter("seed", "1/day"),
            ModelParameter("turn", "day"),
        ),
        reactions=(
            Reaction("birth", "birth*n", {"n": 1}, {"n": 2.0}),
            Reaction("death", death, {"n": 1}),
            *(seeding if arrivals else ()),
        ),
        events=tuple(events),
        observables=(Observable("n", "n", "cell"),),
    )


def values(**changed: float) -> Mapping[str, float]:
    return {"start": 10.0, "birth": 0.3, "death": 0.2, "seed": 0.0, "turn": 4.0, **changed}


def moments(birth: float, death: float, days: float) -> tuple[float, float, float]:
    """Mean, variance and extinction probability of one line (Kendall 1948)."""
    growth = np.exp((birth - death) * days)
    variance = (birth + death) / (birth - death) * growth * (growth - 1)
    return growth, variance, death * (growth - 1) / (birth * growth - death)


@pytest.mark.parametrize("leap", [7.0, 1.0])
@pytest.mark.parametrize(("birth", "death"), [(0.3, 0.2), (0.2, 0.5), (1.0, 0.05)])
def test_moments_and_extinction_are_exact(
    solve: Solve, birth: float, death: float, leap: float
) -> None:
    found = solve(
        part(),
        [0.0, 4.0],
        values(birth=birth, death=death),
        patients=PATIENTS,
        options=SolverOptions(leap=leap),
        seed=20,
    )
    numbers = found.observable("n")[:, 1]
    mean, variance, extinct = moments(birth, death, 4.0)
    assert (numbers == np.round(numbers)).all()
    assert abs(numbers.mean() - 10 * mean) < Z * np.sqrt(10 * variance / PATIENTS)
    spread = np.sqrt((stats.kurtosis(numbers) + 2) / PATIENTS)
    assert abs(numbers.var() / (10 * variance) - 1) < Z * spread
    lost = extinct**10
    assert abs((numbers == 0).mean() - lost) < Z * np.sqrt(lost * (1 - lost) / PATIENTS) + 1e-9


def test_the_whole_distribution_is_that_of_kendall(solve: Solve) -> None:
    """One ancestor: zero with probability α, else geometric with β (chi-square, 12 cells)."""
    birth, death, days = 0.5, 0.4, 6.0
    found = solve(
        part(), [0.0, days], values(start=1.0, birth=birth, death=death), patients=PATIENTS, seed=21
    )
    numbers = found.observable("n")[:, 1].astype(int)
    growth = np.exp((birth - death) * days)
    alpha = death * (growth - 1) / (birth * growth - death)
    beta = birth / death * alpha
    chances = [alpha, *((1 - alpha) * (1 - beta) * beta ** np.arange(10))]
    counts = [*(np.sum(numbers == k) for k in range(11)), np.sum(numbers > 10)]
    expected = PATIENTS * np.array([*chances, 1 - sum(chances)])
    assert stats.chisquare(counts, expected).pvalue > 1e-5


def test_extinction_in_a_changing_environment_follows_the_integrals(solve: Solve) -> None:
    """Killing starts on day 4 of 9: ρ and J by hand over the two stretches."""
    birth, killing = 0.2, 0.9
    found = solve(
        part(death="piecewise(0, time <= turn, death)*n"),
        [0.0, 9.0],
        values(start=5.0, birth=birth, death=killing),
        patients=PATIENTS,
        seed=22,
    )
    fall = killing - birth
    integral = killing * np.exp(-birth * 4) * (np.exp(fall * 5) - 1) / fall
    lost = (integral / (1 + integral)) ** 5
    share = (found.observable("n")[:, 1] == 0).mean()
    assert abs(share - lost) < Z * np.sqrt(lost * (1 - lost) / PATIENTS)


@pytest.mark.parametrize(("birth", "death"), [(0.3, 0.1), (0.2, 0.8)])
def test_arrivals_follow_the_law_of_immigration(solve: Solve, birth: float, death: float) -> None:
    """From nothing, with arrivals a and rates λ, μ: negative binomial with shape a/λ."""
    days, arrivals = 5.0, 0.4
    found = solve(
        part(arrivals="seed*source"),
        [0.0, days],
        values(start=0.0, birth=birth, death=death, seed=arrivals * 1e-6),
        patients=PATIENTS,
        seed=23,
    )
    numbers = found.observable("n")[:, 1]
    growth = np.exp((birth - death) * days)
    none = ((birth - death) / (birth * growth - death)) ** (arrivals / birth)
    mean = arrivals * (growth - 1) / (birth - death)
    scale = birth * (growth - 1) / (birth - death)
    assert abs((numbers == 0).mean() - none) < Z * np.sqrt(none * (1 - none) / PATIENTS)
    assert abs(numbers.mean() - mean) < Z * np.sqrt(mean * (1 + scale) / PATIENTS)


def test_many_arrivals_under_heavy_killing_are_not_counted_as_alive(solve: Solve) -> None:
    """Arrivals 50 a day, death 2 a day: Poisson with mean 25, however long the leap."""
    found = solve(
        part(arrivals="seed*source"),
        [0.0, 14.0],
        values(start=30.0, birth=0.0, death=2.0, seed=5e-5),
        patients=150,
        seed=24,
    )
    numbers = found.observable("n")[:, 1]
    assert abs(numbers.mean() - 25) < Z * np.sqrt(25 / 150)
    assert abs(numbers.var() / 25 - 1) < Z * np.sqrt((2 + 1 / 25) / 150)


def test_nothing_without_arrivals_stays_nothing(solve: Solve) -> None:
    found = solve(part(), np.linspace(0, 500, 9), values(start=0.0, birth=2.0), patients=3)
    assert (found.observable("n") == 0).all()
    assert (found.steps < 100).all()


def test_extinction_is_for_ever_and_an_event_sees_it(solve: Solve) -> None:
    found = solve(
        part(events=[Event("cure", "n <= 0")]),
        np.linspace(0, 300, 301),
        values(start=50.0, birth=0.1, death=0.5),
        patients=50,
        seed=25,
    )
    days = found.event_time("cure")
    assert (days < 100).all()
    for level, day in zip(found.observable("n"), days, strict=True):
        assert (level[found.times[0] > day] == 0).all()


def test_below_the_threshold_only(solve: Solve) -> None:
    """1e6 cells shrink to 100: the mean is the deterministic one, the scatter arises below 1e4."""
    found = solve(
        part(), [0.0, 20.0], values(start=1e6, birth=0.1, death=0.1 + np.log(1e4) / 20),
        patients=600, seed=26,
    )  # fmt: skip
    numbers = found.observable("n")[:, 1]
    birth, death = 0.1, 0.1 + np.log(1e4) / 20
    _, variance, _ = moments(birth, death, 10.0)
    assert abs(numbers.mean() - 100) < Z * np.sqrt(1e4 * variance / 600) + 0.1
    assert abs(numbers.var() / (1e4 * variance) - 1) < Z * np.sqrt(2.1 / 600)


def test_a_threshold_of_zero_is_deterministic(solve: Solve) -> None:
    options = SolverOptions(countable_threshold=0)
    found = solve(part(), [0.0, 10.0], values(start=3e5), patients=3, options=options)
    assert (np.abs(found.observable("n")[:, 1] / (3e5 * np.exp(1.0)) - 1) < 1e-3).all()


def test_outgrowing_the_threshold_returns_to_the_deterministic(solve: Solve) -> None:
    found = solve(
        part(), np.linspace(0, 60, 61), values(start=2000.0, birth=0.4, death=0.0), patients=20
    )
    late = found.observable("n")[:, 20:]
    assert (np.abs(late[:, 1:] / late[:, :-1] / np.exp(0.4) - 1) < 1e-3).all()
    assert found.observable("n")[:, -1].std() > 0


def test_infused_individuals_are_not_lost(solve: Solve) -> None:
    count = 40
    found = simulate(
        Model.build("line", [part()]),
        {
            name: np.full(count, value)
            for name, value in values(start=0.0, birth=0, death=0).items()
        },
        times=np.tile([0.0, 1.0, 3.0], (count, 1)),
        doses=[Dose("n", np.full(count, 0.5), np.full(count, 500.5), np.full(count, 0.25))],
        seed=1,
        draw=np.zeros(count, int),
        patient=np.arange(count),
    )
    numbers = found.observable("n")[:, 1:]
    assert set(np.unique(numbers)) == {500.0, 501.0}


def test_every_patient_is_well(solve: Solve) -> None:
    found = solve(part(death="death*n*hill(n, start, 1.5)"), [0.0, 50.0], values(), patients=50)
    assert (found.status == Status.OK).all()
