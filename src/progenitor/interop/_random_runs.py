"""Random runs of an imported model: each one, or their mean and standard deviation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, final

import numpy as np
from jaxtyping import Float

from progenitor.engine import Status, Trajectories, simulate_exact
from progenitor.errors import SimulationError
from progenitor.interop._course import Course, columns_of
from progenitor.interop._imported_model import ImportedModel

__all__ = ["RunMoments", "run_moments", "simulate_runs"]

_NUMBERS_AT_ONCE: Final = 20_000_000

_Table = Float[np.ndarray, "time observable"]


def simulate_runs(
    imported: ImportedModel,
    times: Float[np.ndarray, " time"],
    *,
    parameters: Mapping[str, float],
    runs: int,
    seed: int,
    amounts: bool = False,
    every: bool = False,
) -> Course:
    """Simulate a model many times in whole numbers, every reaction at its own random moment.

    Parameters
    ----------
    imported
        The model.
    times
        Output times, in the model's own unit.
    parameters
        A value for each of its parameters.
    runs, seed
        How many runs, and the seed of their random numbers.
    amounts
        Whether species are reported as amounts.
    every
        Whether each run is returned, numbered from 0, rather than mean and standard deviation
        (columns ``ID-mean`` and ``ID-sd``; the latter divides by runs - 1).

    Raises
    ------
    SimulationError
        When a run cannot be finished; says how many failed in which way and what to try.
    """
    shown = columns_of(imported, amounts=amounts)
    if every:
        numbered = np.repeat(np.arange(runs, dtype=float), len(times))
        blocks = [
            _kept(found, list(shown.values()))
            for found in _blocks(imported, times, parameters, runs, seed)
        ]
        values = np.concatenate(blocks).reshape(-1, len(shown))
        columns = dict(zip(shown, values.T, strict=True))
        return Course({"run": numbered, "time": np.tile(times, runs)}, columns)
    found = run_moments(
        imported, times, list(shown.values()), parameters=parameters, runs=runs, seed=seed
    )
    both = {}
    for position, name in enumerate(shown):
        both[f"{name}-mean"] = found.mean[:, position]
        both[f"{name}-sd"] = found.spread[:, position]
    return Course({"time": times}, both)


@final
@dataclass(frozen=True, slots=True)
class RunMoments:
    """Mean and spread of observables over random runs.

    Parameters
    ----------
    mean
        Of each observable at each time.
    spread
        Standard deviation; divides by runs - 1.
    variance_error
        Standard error of the square of ``spread``, from the fourth moment: how far it may be off
        by chance, also where a few runs are far from all others.
    """

    mean: _Table
    spread: _Table
    variance_error: _Table


def run_moments(
    imported: ImportedModel,
    times: Float[np.ndarray, " time"],
    observables: Sequence[str],
    *,
    parameters: Mapping[str, float],
    runs: int,
    seed: int,
) -> RunMoments:
    """Return mean and spread over random runs, in memory that does not grow with them.

    Parameters
    ----------
    imported
        The model.
    times
        Output times, in the model's own unit.
    observables
        Names of observables.
    parameters
        A value for each of its parameters.
    runs, seed
        How many runs, at least 2, and the seed of their random numbers.

    Raises
    ------
    SimulationError
        When a run cannot be finished.
    """
    blocks = (_kept(b, observables) for b in _blocks(imported, times, parameters, runs, seed))
    first = next(blocks)
    middle = first.mean(axis=0)
    powers = np.zeros((4, *middle.shape))
    for block in chain([first], blocks):
        for power in range(4):
            powers[power] += ((block - middle) ** (power + 1)).sum(axis=0)
    shift, second, third, fourth = powers / runs
    variance = np.maximum(second - shift**2, 0.0)
    central = fourth - 4.0 * shift * third + 6.0 * shift**2 * second - 3.0 * shift**4
    error = np.sqrt(np.maximum(central - variance**2, 0.0) / runs)
    return RunMoments(middle + shift, np.sqrt(variance * runs / (runs - 1)), error)


def _kept(found: Trajectories, observables: Sequence[str]) -> Float[np.ndarray, "run time shown"]:
    return np.stack([found.observable(name) for name in observables], axis=2)


def _blocks(
    imported: ImportedModel,
    times: Float[np.ndarray, " time"],
    parameters: Mapping[str, float],
    runs: int,
    seed: int,
) -> Iterator[Trajectories]:
    """Simulate so many runs at a time that they fit into memory; a run does not depend on it."""
    size = max(1, _NUMBERS_AT_ONCE // max(1, len(times) * len(imported.model.observables)))
    for first in range(0, runs, size):
        numbers = np.arange(first, min(first + size, runs))
        found = simulate_exact(
            imported.model,
            {name: np.full(len(numbers), value) for name, value in parameters.items()},
            times=np.tile(times, (len(numbers), 1)),
            seed=seed,
            draw=np.zeros_like(numbers),
            patient=numbers,
        )
        if found.failures:
            status, count = max(found.failures.items(), key=lambda item: item[1])
            raise SimulationError(
                f"{imported.source}: {count} of {len(numbers)} runs ended with {status.name}. "
                f"{Status(status).remedy}"
            )
        yield found
