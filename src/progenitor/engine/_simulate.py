"""Simulating patients: the one door to the solver."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from jaxtyping import Float, Int

from progenitor.engine._agenda import Agenda, Bolus, InfusionChange
from progenitor.engine._compile import compile_model
from progenitor.engine._model import Model
from progenitor.engine._patient import PatientResult, solve_patient
from progenitor.engine._protocol import Dose, SolverOptions
from progenitor.engine._streams import stream
from progenitor.engine._trajectories import Trajectories
from progenitor.errors import SimulationError

__all__ = ["simulate"]

_STANDARD: Final = SolverOptions()


def simulate(
    model: Model,
    parameters: Mapping[str, Float[np.ndarray, " patient"]],
    *,
    times: Float[np.ndarray, "patient time"],
    doses: Sequence[Dose] = (),
    seed: int,
    draw: Int[np.ndarray, " patient"],
    patient: Int[np.ndarray, " patient"],
    options: SolverOptions = _STANDARD,
    progress: Callable[[int], None] | None = None,
) -> Trajectories:
    """Simulate a model in each of a number of patients.

    Initial values hold at time 0, or at a patient's first output or dose when that is earlier. The
    result of a patient depends on its own parameters, times and doses, on ``seed``
    and on its ``draw`` and ``patient`` numbers, and on nothing else: not on the other patients,
    their order or their number.

    A countable species below ``options.countable_threshold`` is a whole number drawn at least every
    ``options.leap`` days; between two draws outputs and triggers see its expected course.

    Parameters
    ----------
    model
        What to simulate.
    parameters
        A value per patient for each model parameter; others are ignored.
    times
        Output times in days, increasing in each row.
    doses
        What is given; see :class:`Dose`.
    seed
        Of the random numbers of countable species.
    draw, patient
        What each row is: which parameter draw and which virtual patient.
    options
        Tolerances and limits.
    progress
        Called with the number of patients done, after each.

    Raises
    ------
    SimulationError
        When an input does not fit; lists every problem. A patient that cannot be solved is not an
        error but a status.

    Examples
    --------
    >>> from progenitor.engine import ModelParameter, Observable, Reaction, ReactionSet, Species
    >>> decay = ReactionSet(
    ...     "decay",
    ...     species=(Species("drug", "1"),),
    ...     parameters=(ModelParameter("loss_rate", "1/day"),),
    ...     reactions=(Reaction("loss", "loss_rate*drug", {"drug": 1}),),
    ...     observables=(Observable("drug", "drug", "1"),),
    ... )
    >>> one = np.array([0])
    >>> result = simulate(
    ...     Model.build("decay", [decay]),
    ...     {"loss_rate": np.array([0.1])},
    ...     times=np.array([[0.0, 10.0]]),
    ...     doses=[Dose("drug", np.array([0.0]), np.array([100.0]))],
    ...     seed=1, draw=one, patient=one,
    ... )
    >>> result.observable("drug").round(3)
    array([[100.   ,  36.788]])
    """
    table = _checked(model, parameters, times, doses, draw, patient)
    compiled = compile_model(model)
    positions = {species.name: index for index, species in enumerate(model.species)}
    given = [(positions[dose.species], dose) for dose in doses]
    results = []
    for row in range(len(times)):
        outputs = times[row].tolist()
        generator = _generators(seed, int(draw[row]), int(patient[row]))
        agenda = _agenda(given, row)
        results.append(solve_patient(compiled, table[row], outputs, agenda, generator, options))
        if progress is not None:
            progress(row + 1)
    return _gathered(model, times, results)


def _generators(seed: int, draw: int, patient: int) -> Callable[[str], np.random.Generator]:
    """Return the random stream of a countable species by its name."""
    return lambda name: stream(seed, f"countable:{name}", draw=draw, patient=patient)


def _agenda(given: Sequence[tuple[int, Dose]], row: int) -> Agenda:
    """List the doses of one patient."""
    agenda = Agenda()
    for species, dose in given:
        for day, amount, lasting in dose.given(row):
            if lasting > 0 and amount > 0:
                rate = amount / lasting
                agenda.note(day, InfusionChange(species, rate))
                agenda.note(day + lasting, InfusionChange(species, -rate))
            else:
                agenda.note(day, Bolus(species, amount))
    return agenda


def _gathered(
    model: Model, times: Float[np.ndarray, "patient time"], results: Sequence[PatientResult]
) -> Trajectories:
    count, outputs = times.shape
    values = np.full((count, outputs, len(model.observables)), np.nan)
    event_times = np.full((count, len(model.events)), np.nan)
    for row, result in enumerate(results):
        values[row] = result.values
        event_times[row] = result.event_times
    return Trajectories(
        model_hash=model.content_hash,
        times=times.copy(),
        values=values,
        observables=tuple(shown.name for shown in model.observables),
        event_times=event_times,
        events=tuple(event.name for event in model.events),
        status=np.array([result.status for result in results], dtype=np.int8),
        steps=np.array([result.steps for result in results], dtype=np.int64),
        stopped_at=np.array([result.stopped_at for result in results], dtype=np.float64),
        clipped=np.array([result.clipped for result in results], dtype=np.int64),
    )


def _checked(
    model: Model,
    parameters: Mapping[str, Any],
    times: Float[np.ndarray, "patient time"],
    doses: Sequence[Dose],
    draw: Int[np.ndarray, " patient"],
    patient: Int[np.ndarray, " patient"],
) -> list[list[float]]:
    """Every problem of the inputs at once; otherwise one list of parameters per patient."""
    if times.ndim != 2 or times.shape[1] == 0:
        raise SimulationError(f"times has shape {times.shape}; give (patient, time), not empty")
    count = len(times)
    problems = []
    if not np.isfinite(times).all() or (np.diff(times, axis=1) <= 0).any():
        problems.append("times must be finite and increasing in each row")
    for name, keys in (("draw", draw), ("patient", patient)):
        if keys.shape != (count,) or keys.dtype.kind not in "iu" or (keys < 0).any():
            problems.append(f"{name} must be {count} whole numbers of 0 or more")
    columns = []
    for parameter in model.parameters:
        if parameter.name not in parameters:
            close = difflib.get_close_matches(parameter.name, list(parameters), n=1)
            hint = f"; is '{close[0]}' meant?" if close else ""
            problems.append(f"parameter '{parameter.name}' [{parameter.unit}] is missing{hint}")
            continue
        column = np.asarray(parameters[parameter.name], dtype=np.float64)
        problems += _column_problems(f"parameter '{parameter.name}'", column, count)
        columns.append(column)
    for dose in doses:
        problems += _dose_problems(model, dose, count)
    if problems:
        raise SimulationError("\n".join(problems))
    return np.stack(columns, axis=1).tolist() if columns else [[] for _ in range(count)]


def _column_problems(what: str, column: Float[np.ndarray, " patient"], count: int) -> list[str]:
    if column.shape != (count,):
        return [f"{what} has shape {column.shape}; give one number for each of {count} patients"]
    bad = np.flatnonzero(~np.isfinite(column))
    return [f"{what} is {column[bad[0]]} in row {bad[0]}; give a finite number"] if bad.size else []


def _dose_problems(model: Model, dose: Dose, count: int) -> list[str]:
    known = [species.name for species in model.species]
    what = f"dose of '{dose.species}'"
    problems = []
    if dose.species not in known:
        problems.append(f"{what}: no such species; known: {', '.join(known)}")
    columns = {"time": dose.time, "amount": dose.amount}
    if dose.duration is not None:
        columns["duration"] = dose.duration
    wrong = [name for name, column in columns.items() if column.shape != (count,)]
    if wrong:
        return [*problems, f"{what}: {', '.join(wrong)} must have one number for each patient"]
    given = ~np.isnan(dose.time)
    if np.isinf(dose.time).any():
        problems.append(f"{what}: a time is infinite; use NaN for a dose not given")
    if not (np.isfinite(dose.amount[given]) & (dose.amount[given] >= 0)).all():
        problems.append(f"{what}: amounts must be finite and 0 or more where a time is given")
    if (
        dose.duration is not None
        and not (
            np.isnan(dose.duration) | (np.isfinite(dose.duration) & (dose.duration >= 0))
        ).all()
    ):
        problems.append(f"{what}: durations must be finite and 0 or more; NaN for all at once")
    if dose.additional < 0 or (dose.additional > 0 and not 0 < dose.interval < np.inf):
        problems.append(f"{what}: additional doses need a number of 0 or more and an interval > 0")
    return problems
