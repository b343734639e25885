"""Virtual patients of a published model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.cohort import sample_numbers
from progenitor.documents import suggestion
from progenitor.engine import (
    Change,
    Dose,
    Reset,
    SolverOptions,
    simulate,
    standard_normal_table,
)
from progenitor.errors import InputError, Problem
from progenitor.evidence import Catalogue, PublishedTable, default_catalogue
from progenitor.library._published_model import PublishedModel, Residual
from progenitor.library._registry import find_model

__all__ = ["Population", "checked_changes", "doses_of", "own_times", "simulate_population"]

_STANDARD: Final = SolverOptions()


@final
@dataclass(frozen=True, slots=True)
class Population:
    """Patients of one model at their visit times.

    Parameters
    ----------
    model
        Name of the model.
    numbers
        Symbol → value of every patient, in the unit of the table.
    times
        Days, NaN after a patient's last.
    values
        Observables; NaN where a patient failed or was not looked at.
    observables, units
        Names and units of the last axis.
    status
        0 for a patient that was solved; see :class:`progenitor.engine.Status`.
    """

    model: str
    numbers: Mapping[str, Float[np.ndarray, " patient"]]
    times: Float[np.ndarray, "patient time"]
    values: Float[np.ndarray, "patient time observable"]
    observables: tuple[str, ...]
    units: tuple[str, ...]
    status: Int[np.ndarray, " patient"]

    def of(self, observable: str) -> Float[np.ndarray, "patient time"]:
        """Return one observable of every patient."""
        return self.values[:, :, self.observables.index(observable)]


def simulate_population(
    model: str | PublishedModel,
    *,
    patients: int,
    seed: int,
    times: Float[np.ndarray, "patient time"] | None = None,
    variant: str = "",
    changes: Mapping[str, float] | None = None,
    given: Mapping[str, Float[np.ndarray, " patient"]] | None = None,
    doses: Sequence[Dose | Change | Reset] | None = None,
    typical: bool = False,
    residual: bool = False,
    options: SolverOptions = _STANDARD,
    catalogue: Catalogue | None = None,
) -> Population:
    r"""Simulate virtual patients of a published model.

    Every number with a spread in the table is lognormal between patients,
    :math:`x = m e^{\sigma z}` with :math:`\sigma^2 = \omega^2 = \ln(1 + cv^2)`; the scores
    :math:`z` are keyed by (seed, symbol, patient), so the same patient returns whatever else is
    asked.

    Parameters
    ----------
    model
        Its name, such as ``"library:stein_2019"``, or the model.
    patients, seed
        How many, and the seed of everything random.
    times
        Days to look at each patient; by default the model's own.
    variant, changes
        A named set of numbers of the table; and symbols set by hand, for every patient.
    given
        Symbols set by hand for each patient, such as measured covariates; NaN where not known.
    doses
        What patients are given instead of the model's own regimens.
    typical
        Whether every patient is the typical one.
    residual
        Whether observations scatter as the paper says.
    options
        How to solve.
    catalogue
        Where the numbers are; by default the one that ships.

    Raises
    ------
    CatalogueError
        When the model or the variant is unknown.
    InputError
        When a change names no number of the model, or is none.

    Examples
    --------
    >>> found = simulate_population("stein_2019", patients=3, seed=1)
    >>> found.of("level").shape[0], bool((found.status == 0).all())
    (3, True)
    """
    chosen = find_model(model) if isinstance(model, str) else model
    known = default_catalogue() if catalogue is None else catalogue
    table = known.table(chosen.name)
    patient = np.arange(patients)
    numbers = _numbers(table, known, seed, patient, typical=typical)
    fixed = dict(table.variant(variant)) if variant else {}
    fixed |= checked_changes(table, changes or {})
    numbers |= {symbol: np.full(patients, value) for symbol, value in fixed.items()}
    numbers |= _known(table, numbers, given or {})
    looks = own_times(chosen, numbers) if times is None else times
    built = chosen.model(known)
    inside = {parameter.name for parameter in built.parameters}
    found = simulate(
        built,
        {symbol: value for symbol, value in numbers.items() if symbol in inside},
        times=looks,
        doses=doses_of(chosen, numbers) if doses is None else doses,
        seed=seed,
        draw=np.zeros(patients, int),
        patient=patient,
        options=options,
    )
    values = found.values
    if residual:
        values = values.copy()
        for scatter in chosen.residuals:
            place = found.observables.index(scatter.observable)
            noise = _noise(scatter, seed, patients, looks.shape[1])
            sigma = numbers[scatter.sigma][:, None]
            values[:, :, place] = _scattered(scatter, values[:, :, place], sigma * noise)
    units = tuple(shown.unit for shown in built.observables)
    return Population(chosen.name, numbers, looks, values, found.observables, units, found.status)


def _numbers(
    table: PublishedTable,
    catalogue: Catalogue,
    seed: int,
    patient: Int[np.ndarray, " patient"],
    *,
    typical: bool,
) -> dict[str, Float[np.ndarray, " patient"]]:
    ids = {symbol: record.id for symbol, record in table.parameters.items()}
    sampled = sample_numbers(
        catalogue,
        ids.values(),
        seed=seed,
        draw=np.zeros_like(patient),
        patient=patient,
        typical=typical,
    )
    return {symbol: np.asarray(sampled[identifier]) for symbol, identifier in ids.items()}


def checked_changes(table: PublishedTable, changes: Mapping[str, float]) -> dict[str, float]:
    """Return changes of a table's numbers; complain about all that are none."""
    problems = []
    for symbol, value in changes.items():
        if symbol not in table.parameters:
            message = f"{table.name} has no number '{symbol}'"
            problems.append(Problem(message, suggestion(symbol, table.parameters)))
        elif not np.isfinite(value):
            problems.append(Problem(f"'{symbol}' is {value}", "give a finite number"))
    if problems:
        raise InputError(problems)
    return dict(changes)


def _known(
    table: PublishedTable,
    numbers: Mapping[str, Float[np.ndarray, " patient"]],
    given: Mapping[str, Float[np.ndarray, " patient"]],
) -> dict[str, Float[np.ndarray, " patient"]]:
    """Return the numbers given for each patient; where one is not known, the patient's own."""
    checked_changes(table, {symbol: float(np.nansum(value)) for symbol, value in given.items()})
    return {
        symbol: np.where(np.isnan(value), numbers[symbol], value) for symbol, value in given.items()
    }


def own_times(
    model: PublishedModel, numbers: Mapping[str, Float[np.ndarray, " patient"]]
) -> Float[np.ndarray, "patient time"]:
    """Return the days at which a model is looked at unless others are asked for."""
    end, look = float(numbers[model.end][0]), float(numbers[model.look][0])
    days = np.arange(0.0, end + look / 2.0, look)
    return np.tile(days, (len(numbers[model.end]), 1))


def doses_of(
    model: PublishedModel, numbers: Mapping[str, Float[np.ndarray, " patient"]]
) -> list[Dose]:
    """Return what patients with these numbers are given."""
    doses = []
    for regimen in model.regimens:
        amount = np.prod([numbers[symbol] for symbol in regimen.amount], axis=0)
        lasting = np.zeros_like(amount) if not regimen.duration else numbers[regimen.duration]
        moments = [numbers[symbol] for symbol in regimen.times] or [np.zeros_like(amount)]
        doses += [Dose(regimen.species, moment, amount, lasting) for moment in moments]
    return doses


def _noise(
    scatter: Residual, seed: int, patients: int, looks: int
) -> Float[np.ndarray, "patient time"]:
    purposes = [f"residual:{scatter.observable}:{look}" for look in range(looks)]
    noise: Float[np.ndarray, "patient time"] = standard_normal_table(
        seed, purposes, np.zeros(patients, int), np.arange(patients)
    ).T
    return noise


def _scattered(
    scatter: Residual,
    value: Float[np.ndarray, "patient time"],
    error: Float[np.ndarray, "patient time"],
) -> Float[np.ndarray, "patient time"]:
    if scatter.kind == "log":
        changed: Float[np.ndarray, "patient time"] = value * np.exp(error)
        return changed
    return value * (1.0 + error) if scatter.kind == "proportional" else value + error
