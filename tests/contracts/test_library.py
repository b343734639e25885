"""What every published model of the library keeps: two engines and another tool agree on it."""

from typing import Any

import numpy as np
import pytest

from progenitor.engine import Observable, SolverOptions
from progenitor.evidence import default_catalogue
from progenitor.interop import write_sbml
from progenitor.library import Population, find_model, library_models, simulate_population
from progenitor.library._population import doses_of

NAMES = tuple(library_models())
FLOOR = 1e-9
"""Share of an observable's maximum below which its last digits mean nothing."""
AGREEMENT = 1e-5
FINE = SolverOptions(rtol=1e-9, atol_scale=1e-6, max_steps=1_000_000, deadline=60.0)
ORACLE = SolverOptions(
    rtol=1e-9, atol_scale=1e-6, max_steps=1_000_000, deadline=120.0, engine="reference"
)


def largest_difference(ours: Any, theirs: Any) -> float:
    """The largest difference relative to the value, or to its floor where that is larger."""
    floor = FLOOR * np.nanmax(np.abs(ours), axis=0, keepdims=True)
    return float(np.nanmax(np.abs(ours - theirs) / (np.abs(ours) + floor + np.finfo(float).tiny)))


def typical(name: str, options: SolverOptions) -> Population:
    continuous = SolverOptions(
        rtol=options.rtol,
        atol_scale=options.atol_scale,
        max_steps=options.max_steps,
        deadline=options.deadline,
        engine=options.engine,
        countable_threshold=0.0,
    )
    return simulate_population(name, patients=1, seed=1, typical=True, options=continuous)


def test_the_library_is_as_large_as_promised() -> None:
    assert len(NAMES) >= 20


@pytest.mark.parametrize("name", NAMES)
def test_numbers_are_used_and_sourced(name: str) -> None:
    """Every number of the table enters the equations or what is done, and names its source."""
    model, table = find_model(name), default_catalogue().table(name)
    built = model.model(default_catalogue())
    used = {parameter.name for parameter in built.parameters}
    assert set(table.parameters) == used | model.outside
    for record in (*table.parameters.values(), *table.observed.values()):
        assert record.reported or record.reason, record.id


@pytest.mark.parametrize("name", NAMES)
def test_patients_can_be_simulated(name: str) -> None:
    found = simulate_population(name, patients=8, seed=3)
    assert (found.status == 0).all()
    assert np.isfinite(found.values).all()


@pytest.mark.parametrize("name", NAMES)
def test_both_engines_agree(name: str) -> None:
    fast, oracle = typical(name, FINE), typical(name, ORACLE)
    assert largest_difference(oracle.values[0], fast.values[0]) < AGREEMENT


@pytest.mark.parametrize("name", NAMES)
def test_libroadrunner_agrees_on_what_is_exported(name: str) -> None:
    roadrunner = pytest.importorskip("roadrunner", reason="needs the package libroadrunner")
    model = find_model(name)
    ours = typical(name, FINE)
    built = model.model(default_catalogue())
    numbers = {symbol: float(values[0]) for symbol, values in ours.numbers.items()}
    text = write_sbml(built, numbers, doses=doses_of(model, ours.numbers))
    runner = roadrunner.RoadRunner(text)
    runner.integrator.relative_tolerance = 1e-11
    runner.integrator.absolute_tolerance = [1e-14] * runner.model.getNumFloatingSpecies()
    runner.integrator.maximum_num_steps = 1_000_000
    columns = [column_of(runner, shown) for shown in built.observables]
    runner.timeCourseSelections = ["time", *columns]
    times = ours.times[0]
    theirs = np.array(runner.simulate(times=times.tolist()))[:, 1:]
    assert largest_difference(ours.values[0], theirs) < AGREEMENT


def column_of(runner: Any, shown: Observable) -> str:
    """The symbol that an observable was written as."""
    known = {*runner.model.getFloatingSpeciesIds(), *runner.model.getGlobalParameterIds()}
    found = {f"observable_{shown.name}", shown.name, shown.expression} & known
    assert found, f"{shown.name} is not in the exported model"
    return max(found, key=len)
