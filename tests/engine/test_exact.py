"""Exact simulation follows exact laws: birth and death, immigration, pairing, switching, waiting.

Stochastic tests state their seed and number of runs; with |z| < 4.9 or p > 1e-6 a correct engine
raises a false alarm with probability 1e-6 per comparison when the seed is changed.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from scipy import stats

from progenitor.engine import (
    Change,
    Dose,
    Event,
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Reset,
    SolverOptions,
    Species,
    Status,
    Trajectories,
    extinction_probability,
    simulate_exact,
)
from progenitor.errors import SimulationError, UnsupportedModelError

Z = 4.9
ALARM = 1e-6


def model(
    species: Mapping[str, str],
    reactions: Mapping[str, tuple[str, Mapping[str, int], Mapping[str, float]]],
    *,
    parameters: Sequence[str] = (),
    events: Sequence[Event] = (),
) -> Model:
    part = ReactionSet(
        "part",
        species=tuple(Species(name, "1", initial=start) for name, start in species.items()),
        parameters=tuple(ModelParameter(name, "1") for name in parameters),
        reactions=tuple(Reaction(name, *given) for name, given in reactions.items()),
        events=tuple(events),
        observables=tuple(Observable(name, name, "1") for name in species),
    )
    return Model.build("part", [part], time_unit="1")


def line(birth: str = "0.3", death: str = "0.2", start: str = "10", **more: object) -> Model:
    return model(
        {"n": start},
        {"birth": (f"{birth}*n", {"n": 1}, {"n": 2.0}), "death": (f"{death}*n", {"n": 1}, {})},
        **more,
    )


def run(
    what: Model,
    times: Sequence[float],
    *,
    count: int = 10_000,
    seed: int = 1,
    parameters: Mapping[str, float] | None = None,
    doses: Sequence[Dose | Change | Reset] = (),
    options: SolverOptions | None = None,
) -> Trajectories:
    return simulate_exact(
        what,
        {name: np.full(count, value) for name, value in (parameters or {}).items()},
        times=np.tile(np.asarray(times, dtype=float), (count, 1)),
        doses=doses,
        seed=seed,
        draw=np.zeros(count, int),
        patient=np.arange(count),
        options=options or SolverOptions(),
    )


def moments(birth: float, death: float, days: float) -> tuple[float, float, float]:
    """Mean, variance and extinction probability of one line (Kendall 1948)."""
    growth = np.exp((birth - death) * days)
    variance = (birth + death) / (birth - death) * growth * (growth - 1)
    return growth, variance, death * (growth - 1) / (birth * growth - death)


def check_mean(values: np.ndarray, mean: float, variance: float) -> None:
    assert abs(values.mean() - mean) < Z * np.sqrt(variance / values.size)


def check_variance(values: np.ndarray, variance: float) -> None:
    spread = np.sqrt((stats.kurtosis(values) + 2) / values.size)
    assert abs(values.var() / variance - 1) < Z * spread


def check_share(happened: np.ndarray, chance: float) -> None:
    assert abs(happened.mean() - chance) < Z * np.sqrt(chance * (1 - chance) / happened.size)


@pytest.mark.parametrize(("birth", "death"), [(0.3, 0.2), (0.2, 0.5), (1.0, 0.05)])
def test_birth_and_death(birth: float, death: float) -> None:
    found = run(line(str(birth), str(death)), [0.0, 1.0, 4.0], seed=2)
    assert (found.status == Status.OK).all()
    for day, numbers in zip((1.0, 4.0), found.observable("n")[:, 1:].T, strict=True):
        mean, variance, extinct = moments(birth, death, day)
        assert (numbers == np.round(numbers)).all()
        check_mean(numbers, 10 * mean, 10 * variance)
        check_variance(numbers, 10 * variance)
        check_share(numbers == 0, extinct**10)


def test_immigration_and_death_settle_on_the_poisson_law() -> None:
    """Chi-square over the counts that expect five or more, seed 3, 10,000 runs."""
    what = model({"n": "0"}, {"arrival": ("1.5", {}, {"n": 1.0}), "death": ("0.5*n", {"n": 1}, {})})
    numbers = run(what, [0.0, 30.0], seed=3).observable("n")[:, 1]
    law = stats.poisson(3 * (1 - np.exp(-15)))
    observed = np.bincount(np.minimum(numbers.astype(int), 10), minlength=11)
    expected = numbers.size * np.append(law.pmf(np.arange(10)), law.sf(9))
    assert stats.chisquare(observed, expected).pvalue > ALARM


def test_waiting_times_are_exponential_and_reactions_share_them() -> None:
    """The first of two reactions with rates 2 and 3; seed 4, 10,000 runs."""
    what = model(
        {"waiting": "1", "one": "0", "two": "0"},
        {
            "to_one": ("2*waiting", {"waiting": 1}, {"one": 1.0}),
            "to_two": ("3*waiting", {"waiting": 1}, {"two": 1.0}),
        },
        events=[Event("left", "waiting < 1")],
    )
    found = run(what, [0.0, 50.0], seed=4)
    assert stats.kstest(found.event_time("left"), stats.expon(scale=1 / 5).cdf).pvalue > ALARM
    check_share(found.observable("one")[:, 1] == 1, 0.4)


def test_pairing_and_parting_settle_on_the_law_of_mass_action() -> None:
    """A + A ⇌ B with 20 A: weights (c/2k)^b / (a! b!) over the states; seed 5, 5,000 runs."""
    what = model(
        {"a": "20", "b": "0"},
        {
            "pair": ("0.02*a*(a - 1)", {"a": 2}, {"b": 1.0}),
            "part": ("0.5*b", {"b": 1}, {"a": 2.0}),
        },
    )
    numbers = run(what, [0.0, 60.0], count=5_000, seed=5).observable("b")[:, 1].astype(int)
    pairs = np.arange(11)
    logs = pairs * np.log(0.02 / 0.5) - [
        np.log(np.arange(1, 21 - 2 * b)).sum() + np.log(np.arange(1, b + 1)).sum() for b in pairs
    ]
    weights = np.exp(logs - logs.max())
    expected = numbers.size * weights / weights.sum()
    kept = expected >= 5
    observed = np.bincount(numbers, minlength=11)[kept]
    rest = observed.sum() / expected[kept].sum()
    assert abs(rest - 1) < 0.01
    assert stats.chisquare(observed, expected[kept] * rest).pvalue > ALARM


@pytest.mark.parametrize(
    ("rate", "integral"),
    [
        ("2*exp(-0.3*time)", 2 * (1 - np.exp(-3)) / 0.3),
        ("1 + sin(time)", 10 + 1 - np.cos(10)),
        ("time*time/20", 1000 / 60),
        ("abs(time - 4)*0.5", 0.25 * (16 + 36)),
        ("max(1 - time/5, 0.1)", 0.5 * 4.5 * 1.1 + 0.1 * 5.5),
        ("3*hill(time, 5, 3)", None),
        ("piecewise(0.5, time < 2, 3) + 0*time", 0.5 * 2 + 3 * 8),
        ("piecewise(4, time >= 7, 0)", 12.0),
        ("piecewise(0, time <= 2.5, piecewise(2, time < 6, 0.25))", 7 + 1),
        ("(time - 5)**2/10", 250 / 30),
        ("sqrt(time)/(1 + time)", None),
    ],
)
def test_arrivals_at_a_rate_that_changes_with_time(rate: str, integral: float | None) -> None:
    """Poisson with the integral of the rate; chi-square, 10,000 runs, seed 6."""
    from scipy.integrate import quad

    if integral is None:
        known = {"3*hill(time, 5, 3)": lambda t: 3 * t**3 / (t**3 + 125)}
        slope = known.get(rate, lambda t: np.sqrt(t) / (1 + t))
        integral = quad(slope, 0, 10)[0]
    what = model({"n": "0"}, {"arrival": (rate, {}, {"n": 1.0})})
    found = run(what, [0.0, 10.0], seed=6)
    assert (found.status == Status.OK).all()
    numbers = found.observable("n")[:, 1]
    law = stats.poisson(integral)
    edges = np.unique(law.ppf(np.linspace(0, 1, 20)[1:-1]))
    chances = np.diff(np.concatenate([[0.0], law.cdf(edges), [1.0]]))
    observed = np.histogram(numbers, np.concatenate([[-np.inf], edges + 0.5, [np.inf]]))[0]
    assert stats.chisquare(observed, numbers.size * chances).pvalue > ALARM


def test_killing_by_a_population_that_comes_and_goes() -> None:
    """Extinction of 200 cells is the analytic chance; 4,000 runs, seed 7."""
    what = line("0.25", "(1.2*exp(-((time - 10)/5)**2))", "200", events=[Event("cure", "n < 1")])
    found = run(what, [0.0, 60.0], count=4_000, seed=7)
    days = np.linspace(0, 60, 1201)
    death = 1.2 * np.exp(-(((days - 10) / 5) ** 2))
    chance = extinction_probability(
        days[None], np.full((1, days.size), 0.25), death[None], np.array([200.0])
    )[0]
    assert 0.1 < chance[-1] < 0.9
    check_share(found.observable("n")[:, 1] == 0, chance[-1])
    cured = found.event_time("cure")
    assert (~np.isnan(cured) == (found.observable("n")[:, 1] == 0)).all()
    early = np.interp(15.0, days, chance)
    check_share(cured <= 15.0, early)


def test_outputs_between_jumps_are_what_the_last_jump_left() -> None:
    """A step of one cell a day: outputs around it are 0 before and 1 after."""
    what = model(
        {"n": "0", "left": "1"},
        {"once": ("1000*left*piecewise(1, time > 1, 0)", {"left": 1}, {"n": 1.0})},
    )
    found = run(what, [0.0, 0.5, 1.0, 1.5, 2.0], count=50)
    assert (found.observable("n") == [0, 0, 0, 1, 1]).all()


def test_doses_changes_and_resets() -> None:
    """Five cells on day 2, immortal until day 3, then lost within a day; all anew on day 6."""
    what = model({"n": "3"}, {"loss": ("loss*n", {"n": 1}, {})}, parameters=["loss"])
    count = 200
    everyone = np.full(count, 1.0)
    doses = [
        Dose("n", 2 * everyone, 5 * everyone),
        Change("loss", 3 * everyone, 50 * everyone),
        Change("loss", 5 * everyone, 0 * everyone),
        Reset(6 * everyone),
    ]
    found = run(
        what,
        [0.0, 1.9, 2.0, 3.0, 4.5, 6.0, 9.0],
        count=count,
        parameters={"loss": 0.0},
        doses=doses,
    )
    assert (found.observable("n") == [3, 3, 8, 8, 0, 3, 3]).all()


def test_results_do_not_depend_on_company_threads_or_chunks() -> None:
    what = line(start="start", parameters=["start"])
    start = np.arange(1.0, 41.0)
    keys = {"draw": np.arange(40) // 7, "patient": np.arange(40) % 7}

    def numbers(rows: np.ndarray, **options: int) -> np.ndarray:
        return simulate_exact(
            what,
            {"start": start[rows]},
            times=np.tile([0.0, 3.0, 9.0], (rows.size, 1)),
            seed=8,
            draw=keys["draw"][rows],
            patient=keys["patient"][rows],
            options=SolverOptions(**options),
        ).observable("n")

    every = numbers(np.arange(40))
    assert len(np.unique(every[:, 2])) > 20
    backwards = np.arange(40)[::-1]
    assert (numbers(backwards)[::-1] == every).all()
    assert (numbers(np.array([17])) == every[17]).all()
    for threads, chunk in ((2, 1), (1, 17), (2, 64)):
        assert (numbers(np.arange(40), threads=threads, chunk=chunk) == every).all()


def test_the_seed_matters() -> None:
    assert run(line(), [0.0, 5.0], count=50, seed=1).observable("n")[:, 1].tolist() != (
        run(line(), [0.0, 5.0], count=50, seed=2).observable("n")[:, 1].tolist()
    )


def test_failures_are_typed() -> None:
    unlimited = line("5*n", "0", "10")
    assert (
        run(unlimited, [0, 9], count=2, options=SolverOptions(max_steps=20)).status
        == Status.STEP_LIMIT
    ).all()
    slow = run(line("50", "0", "1000"), [0, 99], count=2, options=SolverOptions(deadline=0.2))
    assert (slow.status == Status.DEADLINE).all()
    below = model({"n": "3"}, {"theft": ("1", {"n": 1}, {})})
    found = run(below, [0.0, 50.0], count=5)
    assert (found.status == Status.NEGATIVE).all()
    assert np.isnan(found.values).all()
    backwards = model({"n": "3"}, {"loss": ("n - 5", {"n": 1}, {})})
    assert (run(backwards, [0.0, 50.0], count=5).status == Status.NEGATIVE).all()
    undefined = model({"n": "3"}, {"loss": ("n/(n - 2)", {"n": 1}, {})})
    assert (run(undefined, [0.0, 50.0], count=5).status == Status.NONFINITE).all()


def test_refusals_name_every_construct() -> None:
    what = model(
        {"n": "3", "m": "1"},
        {
            "half": ("n", {"n": 1}, {"m": 0.5}),
            "wild": ("n*tan(time)", {"n": 1}, {}),
        },
        events=[Event("curved", "time*time > n"), Event("fine", "time > 3 + n")],
    )
    with pytest.raises(UnsupportedModelError) as raised:
        run(what, [0.0, 1.0], count=1)
    text = str(raised.value)
    assert "reaction 'half': changes 'm' by 0.5" in text
    assert "reaction 'wild': the rate uses tan of time" in text
    assert "event 'curved'" in text
    assert "fine" not in text


def test_what_goes_on_all_the_time_is_refused() -> None:
    part = ReactionSet(
        "part",
        species=(Species("volume", "1", initial="1"),),
        reactions=(Reaction("growth", "0.5", {}, {"volume": 1.0}, continuous=True),),
    )
    with pytest.raises(UnsupportedModelError, match="'growth': changes 'volume' all the time"):
        run(Model.build("part", [part], time_unit="1"), [0.0, 1.0], count=1)


def test_uneven_numbers_are_refused() -> None:
    everyone = np.full(2, 1.0)
    doses = [
        Dose("n", everyone, 1.5 * everyone),
        Dose("n", everyone, everyone, duration=everyone),
    ]
    with pytest.raises(SimulationError) as raised:
        run(
            line(start="start", parameters=["start"]),
            [0, 5],
            count=2,
            parameters={"start": 2.5},
            doses=doses,
        )
    text = str(raised.value)
    assert "dose of 'n' is 1.5" in text
    assert "dose of 'n' is an infusion" in text
    assert "'n' begins with 2.5 in row 0" in text
