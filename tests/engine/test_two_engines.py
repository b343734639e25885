"""The fast engine against the reference engine, which shares none of its arithmetic.

The fast one is Rodas5P in machine code with its own derivatives, events and dense output; the
reference is LSODA on plain Python functions. On every body that ships and on the culture of
manufacture.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.stats import fisher_exact, ks_2samp

from progenitor.body import Body, body_names, named_body
from progenitor.cohort import sample_numbers
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
    stream,
)
from progenitor.evidence import default_catalogue
from progenitor.manufacture._culture import CULTURE_NUMBERS, culture_model
from progenitor.manufacture._step import address

CATALOGUE = default_catalogue()
COMPOSITION = {"tscm": 0.05, "tcm": 0.35, "teff": 0.55, "tex": 0.05}
TIGHT = SolverOptions(rtol=1e-8, countable_threshold=0)
CAR_T = ("conventional_car_t/dlbcl/human_adult", "tscm_car_t/dlbcl/human_adult")
"""Bodies whose cells stay many, so that a millionth of the largest number is still cells."""
EACH_CHASSIS = tuple({name.split("/")[0]: name for name in body_names(CATALOGUE)}.values())


@cache
def body(name: str) -> Body:
    return named_body(CATALOGUE, name)


def sampled(ids: Sequence[str], rows: np.ndarray) -> Mapping[str, np.ndarray]:
    return sample_numbers(CATALOGUE, ids, seed=11, draw=rows, patient=rows)


def treated(name: str, rows: np.ndarray, options: SolverOptions) -> Trajectories:
    """Patients who are conditioned and given cells, each an amount and a time of its own."""
    given, one = body(name), np.ones(len(rows))
    numbers = sampled(given.parameter_ids, rows)
    parameters = {symbol: numbers[place] for symbol, place in given.symbols.items()}
    supplied = {"bridging_stop_day": 1.0 + rows % 4, "vector_copies_per_car_cell": 2.0 * one}
    supplied |= {name: value * one for name, value in given.switches.items()}
    parameters |= {name: supplied[name] for name in given.inputs}
    conditioning = (1.0, 2.0, 3.0) if given.conditioning_species else ()
    cells = 10.0 ** (6.5 + 2.0 * (rows % 5) / 4.0)
    return simulate(
        given.model,
        parameters,
        times=np.tile(np.linspace(0.0, 400.0, 201), (len(rows), 1)),
        doses=[
            *(Dose(given.conditioning_species, day * one, one) for day in conditioning),
            *(
                Dose(species, 6.0 + 0.25 * rows, cells * COMPOSITION.get(held, 1.0))
                for held, species in given.dose_species.items()
            ),
        ],
        seed=1,
        draw=rows,
        patient=rows,
        options=options,
    )


def cultured(rows: np.ndarray, options: SolverOptions) -> Trajectories:
    """Lots of different size, medium and stimulus."""
    numbers = sampled([address(quantity) for quantity in CULTURE_NUMBERS], rows)
    values = {quantity: numbers[address(quantity)] for quantity in CULTURE_NUMBERS}
    one = np.ones(len(rows))
    values |= {
        "stimulus": rows % 3 / 2.0,
        "interleukin_2": rows % 2 * one,
        "interleukin_7_15": 1.0 - rows % 2,
        "interleukin_21": rows % 3 / 2.0,
        "pi3k_inhibitor": rows % 5 / 4.0,
        "gsk3b_inhibitor": rows % 4 / 3.0,
        "culture_volume": 0.2 + rows / 10.0,
        "perfusion_rate": rows % 4 / 4.0,
        "glucose_feed": 20.0 * one,
    }
    start = {"tn": 2e7, "tscm": 1e7, "tcm": 5e7, "tem": 5e7, "teff": 1e7, "tex": 1e6}
    start |= {"other": 1e7, "dead": 0.0, "stimulation": 0.0, "activation": 0.3}
    values |= {f"{name}_at_start": value * one for name, value in start.items()}
    return simulate(
        culture_model(CATALOGUE),
        values,
        times=np.tile(np.linspace(0.0, 14.0, 57), (len(rows), 1)),
        seed=1,
        draw=rows,
        patient=rows,
        options=options,
    )


def apart(fast: Trajectories, slow: Trajectories, floor: float = 0.0) -> tuple[float, float]:
    """Largest relative difference of an observable (above 1e-6 of its largest), and of event times.

    What happens in one must happen in the other. Amounts below ``floor`` are nothing.
    """
    assert (fast.status == Status.OK).all()
    assert (slow.status == Status.OK).all()
    assert np.array_equal(np.isnan(fast.values), np.isnan(slow.values))
    assert np.array_equal(np.isnan(fast.event_times), np.isnan(slow.event_times))
    least = np.maximum(1e-6 * np.nanmax(np.abs(slow.values), axis=1, keepdims=True), floor)
    scale = np.maximum(np.abs(slow.values), least)
    difference = np.abs(fast.values - slow.values)
    relative = np.divide(difference, scale, out=np.zeros_like(scale), where=scale > 0)
    assert (difference[scale == 0] == 0).all()
    later = np.abs(fast.event_times - slow.event_times)
    return float(np.nanmax(relative)), float(np.nanmax(later, initial=0.0))


def compare_bodies(
    name: str, rows: np.ndarray, options: SolverOptions, floor: float = 0.0
) -> tuple[float, float]:
    fast = treated(name, rows, options)
    return apart(fast, treated(name, rows, replace(options, engine="reference")), floor)


@pytest.mark.parametrize("name", CAR_T)
def test_bodies(name: str) -> None:
    values, events = compare_bodies(name, np.arange(5), TIGHT)
    assert values < 1e-4
    assert events < 1e-3


@pytest.mark.parametrize("name", CAR_T)
def test_bodies_agree_better_with_smaller_absolute_tolerances(name: str) -> None:
    """What is left above is what one cell in a clone may be off: it goes with the tolerance."""
    values, events = compare_bodies(name, np.arange(3), replace(TIGHT, atol_scale=1e-4))
    assert values < 5e-6
    assert events < 1e-5


@pytest.mark.parametrize("name", EACH_CHASSIS)
def test_every_chassis(name: str) -> None:
    """Grafts that fade are followed to a millionth of the most there was, or a thousandth cell.

    T cells of a stem-cell graft in a mouse grow from a millionth of a cell to 1e9 of them, and what
    the tolerance lets that millionth be off stays in every day that follows: 3e-4 apart where the
    absolute tolerance is a millionth of a cell, 5e-6 where it is a hundredth of that.
    """
    values, events = compare_bodies(name, np.arange(3), replace(TIGHT, atol_scale=1e-8), 1e-3)
    assert values < 1e-5
    assert events < 1e-3


@pytest.mark.slow
@pytest.mark.parametrize("name", CAR_T)
def test_bodies_in_many_patients(name: str) -> None:
    """Small tolerances: a clone that regrows from a ten-thousandth of a cell shows where it was."""
    values, events = compare_bodies(name, np.arange(100), replace(TIGHT, atol_scale=1e-4))
    assert values < 1e-4
    assert events < 1e-3


def test_cultures() -> None:
    """Some use up all their glucose: what is left must be followed below a millionth."""
    rows, careful = np.arange(20), replace(TIGHT, atol_scale=1e-3)
    slow = cultured(rows, replace(careful, engine="reference"))
    assert apart(cultured(rows, careful), slow)[0] < 1e-4


@pytest.mark.parametrize("name", CAR_T)
def test_single_precision_is_as_good_as_it_says(name: str) -> None:
    """Median over patients of the largest difference, above a millionth of the largest amount."""
    rows = np.arange(16)
    exact = treated(name, rows, TIGHT)
    found = treated(name, rows, replace(TIGHT, rtol=1e-5, precision="single"))
    assert (found.status == Status.OK).all()
    floor = 1e-6 * np.nanmax(np.abs(exact.values), axis=1, keepdims=True)
    scale = np.maximum(np.abs(exact.values), floor)
    difference = np.abs(found.values - exact.values)
    relative = np.divide(difference, scale, out=np.zeros_like(scale), where=scale > 0)
    assert np.median(np.nanmax(relative, axis=(1, 2))) < 1e-2


# Countable species: the same law, from different random numbers

CLONE = Model.build(
    "clone",
    [
        ReactionSet(
            "clone",
            species=(
                Species("tumour", "cell", initial="2000", countable=True),
                Species("escaped", "cell", countable=True),
                Species("drug", "1", initial="1"),
            ),
            parameters=(
                ModelParameter("rate", "1/day"),
                ModelParameter("many", "cell"),
                ModelParameter("lag", "day"),
            ),
            reactions=(
                Reaction("growth", "rate*tumour", {"tumour": 1}, {"tumour": 2.0}),
                Reaction("killing", "2.5*rate*drug*tumour", {"tumour": 1}),
                Reaction("escape", "rate*tumour/4000", {"tumour": 1}, {"escaped": 1.0}),
                Reaction("escaped_growth", "rate*escaped", {"escaped": 1}, {"escaped": 2.0}),
                Reaction("escaped_death", "0.6*rate*escaped", {"escaped": 1}),
                Reaction("loss", "0.05*rate*drug", {"drug": 1}),
            ),
            events=(
                Event("cured", "tumour + escaped <= 0", stop=True),
                Event("relapse", "escaped > many", {"drug": "drug + 1"}, delay="lag"),
            ),
            observables=(
                Observable("tumour", "tumour", "cell"),
                Observable("escaped", "escaped", "cell"),
            ),
        )
    ],
)


def clones(runs: int, seed: int, engine: str) -> Trajectories:
    return simulate(
        CLONE,
        {"rate": np.full(runs, 0.5), "many": np.full(runs, 50.0), "lag": np.full(runs, 2.0)},
        times=np.tile([0.0, 4.0, 10.0, 20.0, 40.0], (runs, 1)),
        seed=seed,
        draw=np.zeros(runs, int),
        patient=np.arange(runs),
        options=SolverOptions(engine=engine),
    )


def blurred(values: np.ndarray) -> np.ndarray:
    """Values with a hundredth of noise: those who have not drawn yet differ by solver error only.

    Between draws the expected course is shown, and draws are at the same days in most runs.
    """
    noise = stream(41, "blur", draw=0, patient=0).normal(size=values.size)
    return np.nan_to_num(values) * np.exp(0.01 * noise)


def compare_clones(slow_runs: int, fast_runs: int, least: float) -> None:
    """Numbers of cells, times of cure and of relapse, and how many are cured.

    Seeds 21 and 22; each of the tests below raises a false alarm with probability ``least``.
    """
    slow, fast = clones(slow_runs, 21, "reference"), clones(fast_runs, 22, "fast")
    assert not slow.failures
    assert not fast.failures
    for look in (1, 2, 3):
        for shown in ("tumour", "escaped"):
            one, other = (blurred(t.observable(shown)[:, look]) for t in (slow, fast))
            assert ks_2samp(one, other).pvalue > least, (look, shown)
    for event in ("cured", "relapse"):
        one, other = (t.event_time(event) for t in (slow, fast))
        table = [[np.isnan(t).sum(), np.isfinite(t).sum()] for t in (one, other)]
        assert fisher_exact(table).pvalue > least, event
        assert min(min(row) for row in table) > 10, event
        finite = [blurred(t[np.isfinite(t)]) for t in (one, other)]
        assert ks_2samp(*finite).pvalue > least, event


def test_a_number_that_stands_on_a_threshold_does_not_hold_up_the_solver() -> None:
    """Fifty cells are not more than fifty, and are expected to be more at once."""
    found = clones(1_000, 22, "fast")
    assert not found.failures
    assert found.steps.max() < 500


@pytest.mark.slow
def test_countable_species_follow_the_same_law() -> None:
    """n = 500 and 20,000; ten tests at 1e-5: a false alarm in 1 of 10,000 changes.

    The fast suite compares the fast engine with exact simulation, in ``test_clones.py``.
    """
    compare_clones(500, 20_000, 1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("name", CAR_T[:1])
def test_a_countable_tumour_in_a_body_follows_the_same_law(name: str) -> None:
    """Cells of the tumour and of escape in one patient, n = 300 and 2,000, seeds by row.

    Ten looks at four observables at 1e-5 each: a false alarm in 1 of 2,500 changes.
    """
    given = body(name)
    numbers = sampled(given.parameter_ids, np.array([3]))

    def runs(count: int, seed: int, engine: str) -> Trajectories:
        one = np.ones(count)
        values = {symbol: numbers[place][0] * one for symbol, place in given.symbols.items()}
        values |= {"bridging_stop_day": one, "vector_copies_per_car_cell": 2.0 * one}
        dosed = given.dose_species
        return simulate(
            given.model,
            values,
            times=np.tile(np.linspace(0.0, 200.0, 11), (count, 1)),
            doses=[
                *(Dose(given.conditioning_species, d * one, one) for d in (1.0, 2.0, 3.0)),
                *(Dose(dosed[p], 6.0 * one, 1e8 * s * one) for p, s in COMPOSITION.items()),
            ],
            seed=seed,
            draw=np.zeros(count, int),
            patient=np.arange(count),
            options=SolverOptions(engine=engine),
        )

    slow, fast = runs(300, 31, "reference"), runs(2_000, 32, "fast")
    assert not slow.failures
    assert not fast.failures
    for look in range(1, 11):
        for shown in range(4):
            one, other = (blurred(t.values[:, look, shown]) for t in (slow, fast))
            assert ks_2samp(one, other).pvalue > 1e-5, (look, given.model.observables[shown].name)
