"""The course of an imported model over time, as a table."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Float

from progenitor.documents import suggestion
from progenitor.engine import SolverOptions, Status, simulate
from progenitor.errors import InputError, Problem, SimulationError
from progenitor.interop._imported_model import ImportedModel

__all__ = ["Course", "columns_of", "output_times", "simulate_course", "with_values"]

_STANDARD: Final = SolverOptions()
_MOST_POINTS: Final = 10_000_000


@final
@dataclass(frozen=True, slots=True)
class Course:
    """Values of a model's symbols at output times.

    Parameters
    ----------
    index
        Name of each leading column → its values, such as ``time``.
    columns
        Id of a symbol → its values.

    Examples
    --------
    >>> print(Course({"time": np.array([0.0, 0.5])}, {"S1": np.array([1.0, 0.1])}).csv(), end="")
    time,S1
    0.0,1.0
    0.5,0.1
    """

    index: Mapping[str, Float[np.ndarray, " row"]]
    columns: Mapping[str, Float[np.ndarray, " row"]]

    def csv(self) -> str:
        """Write a table with a header; numbers read back to the same bits."""
        named = {**self.index, **self.columns}
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(named)
        writer.writerows(zip(*(column.tolist() for column in named.values()), strict=True))
        return text.getvalue()


def output_times(start: float, end: float, points: int) -> Float[np.ndarray, " time"]:
    """Return ``points`` equally spaced times, the first at ``start``, the last at ``end``.

    Raises
    ------
    InputError
        When they are not increasing finite times.

    Examples
    --------
    >>> output_times(0.0, 10.0, 5)
    array([ 0. ,  2.5,  5. ,  7.5, 10. ])
    """
    problems = []
    if not 2 <= points <= _MOST_POINTS:
        fix = f"give 2 to {_MOST_POINTS}, the first and the last included"
        problems.append(Problem(f"there are {points} points", fix, field="points"))
    if not (np.isfinite(start) and np.isfinite(end) and start < end):
        why = f"outputs run from {start:g} to {end:g}"
        problems.append(Problem(why, "give finite times, the end after the start", field="end"))
    if problems:
        raise InputError(problems)
    return np.linspace(start, end, points)


def with_values(imported: ImportedModel, changes: Mapping[str, float]) -> dict[str, float]:
    """Return the parameters of a model, some of them changed.

    Parameters
    ----------
    imported
        The model.
    changes
        Id of a parameter, compartment or species, or name of a parameter of the imported model →
        its value, or its value at the start where it changes.

    Raises
    ------
    InputError
        When the model has no such parameter or a value is not a number; lists every one.
    """
    problems, values = [], dict(imported.parameters)
    for name, value in changes.items():
        symbol = imported.inputs.get(name, name)
        if symbol not in imported.parameters:
            known = [*imported.inputs, *(imported.parameters.keys() - imported.inputs.values())]
            why = "is computed by the model" if name in imported.symbols else "is not in the model"
            problems.append(Problem(f"'{name}' {why}", suggestion(name, known), imported.source))
        elif not np.isfinite(value):
            why = f"parameter '{name}' is {value}"
            problems.append(Problem(why, "give a finite number", imported.source))
        else:
            values[symbol] = value
    if problems:
        raise InputError(problems)
    return values


def columns_of(imported: ImportedModel, *, amounts: bool = False) -> dict[str, str]:
    """Id of each species, compartment and parameter → the observable that reports it.

    Parameters
    ----------
    imported
        The model.
    amounts
        Whether species are amounts; otherwise they are what their id means in the model's own
        formulas, which for most models is the concentration; one in a compartment without a size
        is its amount.
    """
    meant = {name: imported.symbols.get(name, own) for name, own in imported.amounts.items()}
    species = dict(imported.amounts) if amounts else meant
    return {**species, **{n: o for n, o in imported.symbols.items() if n not in species}}


def simulate_course(
    imported: ImportedModel,
    times: Float[np.ndarray, " time"],
    *,
    parameters: Mapping[str, float],
    amounts: bool = False,
    options: SolverOptions = _STANDARD,
) -> Course:
    """Simulate a model once; initial values hold at time 0, or at an earlier first output.

    Parameters
    ----------
    imported
        The model.
    times
        Output times, in the model's own unit.
    parameters
        A value for each of its parameters.
    amounts
        As in :func:`columns_of`.
    options
        Tolerances and limits.

    Raises
    ------
    SimulationError
        When the model cannot be solved; says how it failed and what to try.
    """
    one = np.zeros(1, dtype=np.int64)
    found = simulate(
        imported.model,
        {name: np.array([value]) for name, value in parameters.items()},
        times=times[np.newaxis, :],
        seed=0,
        draw=one,
        patient=one,
        options=options,
    )
    status = Status(int(found.status[0]))
    if status is not Status.OK:
        raise SimulationError(f"{imported.source}: {status.name}. {status.remedy}")
    shown = columns_of(imported, amounts=amounts)
    values = {name: found.observable(observable)[0] for name, observable in shown.items()}
    return Course({"time": times}, values)
