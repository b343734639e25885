"""Records turned into a simulation of a model, and its results put back beside the records."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.engine import (
    Change,
    Dose,
    Model,
    Reset,
    SolverOptions,
    Status,
    Trajectories,
    simulate,
)
from progenitor.errors import InputError, Problem, UnitError
from progenitor.interop._csv_cells import guarded, number_text
from progenitor.interop._records import RecordTable
from progenitor.interop._records_covariates import Covariates, covariates_of
from progenitor.interop._records_items import Act, SubjectItems, items_of
from progenitor.interop._records_steady import (
    SteadyCase,
    SteadyState,
    find_steady_states,
    reasons_against,
)
from progenitor.interop._records_targets import targets_of
from progenitor.units import dimension, scale

__all__ = ["RecordSimulation", "simulation_of"]

_STANDARD: Final = SolverOptions()


@final
@dataclass(frozen=True, slots=True)
class RecordSimulation:
    r"""What :func:`progenitor.engine.simulate` takes for a table of records.

    Parameters
    ----------
    table
        The records.
    model
        What is simulated.
    parameters
        A value of each model parameter for each subject.
    times
        Output times of each subject in the model's unit; rows end in NaN. From a record on that
        asks for steady state and is not a subject's first, they are later than TIME by the doses
        that led there.
    doses
        Doses, changes of parameters and resets.
    positions
        Which output time of its subject belongs to each record.

    Examples
    --------
    >>> import tempfile
    >>> from progenitor.engine import ModelParameter, Observable, Reaction, ReactionSet, Species
    >>> from progenitor.interop import read_records
    >>> decay = ReactionSet(
    ...     "decay",
    ...     species=(Species("drug", "mg"),),
    ...     parameters=(ModelParameter("loss_rate", "1/day"),),
    ...     reactions=(Reaction("loss", "loss_rate*drug", {"drug": 1}),),
    ...     observables=(Observable("drug", "drug", "mg"),),
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "table.csv")
    ...     _ = path.write_text("ID,TIME,AMT\n7,0,100\n7,1,.\n")
    ...     table = read_records(path)
    >>> run = table.to_simulation(Model.build("decay", [decay]), {"loss_rate": 0.5})
    >>> run.values(run.simulate()).round(2).tolist()
    [[100.0], [60.65]]
    """

    table: RecordTable
    model: Model
    parameters: Mapping[str, Float[np.ndarray, " subject"]]
    times: Float[np.ndarray, "subject time"]
    doses: tuple[Dose | Change | Reset, ...]
    positions: Int[np.ndarray, " row"]

    def simulate(self, *, seed: int = 0, options: SolverOptions = _STANDARD) -> Trajectories:
        """Simulate all subjects once.

        Parameters
        ----------
        seed
            Of the random numbers of countable species.
        options
            Tolerances and limits.
        """
        count = len(self.times)
        return simulate(
            self.model,
            self.parameters,
            times=self.times,
            doses=self.doses,
            seed=seed,
            draw=np.zeros(count, dtype=np.int64),
            patient=np.arange(count),
            options=options,
        )

    def values(self, found: Trajectories) -> Float[np.ndarray, "row observable"]:
        """Return the observables at each record: after a dose, as found by an observation."""
        values: Float[np.ndarray, "row observable"]
        values = found.values[self.table.subject, self.positions]
        return values

    def csv(self, found: Trajectories) -> str:
        """Write the records with the observables and the status of each subject beside them.

        A subject that failed has NA and a status other than OK. Names that the table has already
        get ``simulated_`` before them. Text that a spreadsheet would run as a formula gets an
        apostrophe before it.
        """
        header = list(self.table.text.header)
        for name in (*found.observables, "status"):
            header.append(name if name not in header else f"simulated_{name}")
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(map(guarded, header))
        status = [Status(int(code)).name for code in found.status]
        rows = zip(self.table.text.rows, self.values(found).tolist(), strict=True)
        for subject, (row, shown) in zip(self.table.subject.tolist(), rows, strict=True):
            cells = map(guarded, row)
            writer.writerow([*cells, *map(number_text, shown), status[subject]])
        return text.getvalue()

    def write(self, path: Path, found: Trajectories) -> Path:
        """Write :meth:`csv` to a file, whole or not at all."""
        from progenitor.study._durable import write_atomically

        return write_atomically(path, self.csv(found).encode())


def simulation_of(
    table: RecordTable,
    model: Model,
    parameters: Mapping[str, float | Float[np.ndarray, " subject"]],
    default_compartment: str,
) -> RecordSimulation:
    """Do what :meth:`RecordTable.to_simulation` says."""
    problems: list[Problem] = []
    factor = _factor(table, model, problems)
    targets = targets_of(table, model, default_compartment, problems)
    covariates = covariates_of(table, model, parameters, problems)
    _refuse_steady(table, model, covariates, problems)
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.line or 0))
    steady = _steady_states(table, model, factor, targets, covariates, problems)
    if problems:
        raise InputError(problems)
    species = [item.name for item in model.species]
    rows = [np.flatnonzero(table.subject == index).tolist() for index in range(len(table.subjects))]
    subjects = [
        items_of(table, mine, factor, targets, covariates.changes, steady, species) for mine in rows
    ]
    times, positions = _output_times(subjects)
    doses = _protocol([subject.acts for subject in subjects])
    return RecordSimulation(table, model, covariates.start, times, doses, positions)


def _factor(table: RecordTable, model: Model, problems: list[Problem]) -> float:
    """From the table's unit of time to the model's."""
    own, wanted = table.time_unit or model.time_unit, model.time_unit
    if own == wanted:
        return 1.0
    fix = f"give a unit of time that fits the model's, which is '{wanted}'"
    try:
        if dimension(own) == dimension(wanted):
            return scale(own) / scale(wanted)
        message = f"time_unit is '{own}'"
    except UnitError as error:
        message = f"time_unit: {error}"
    problems.append(Problem(message, fix, table.text.file))
    return 1.0


def _refuse_steady(
    table: RecordTable, model: Model, covariates: Covariates, problems: list[Problem]
) -> None:
    for flag in (1, 2):
        rows = np.flatnonzero(table.steady == flag)
        if not rows.size:
            continue
        first = int(rows[0])
        for reason in reasons_against(model, covariates.negative, added=flag == 2):
            fix = "give the doses that were given, without SS"
            problems.append(table.text.problem(first, "SS", f"SS is {flag}, but {reason}", fix))


def _steady_states(
    table: RecordTable,
    model: Model,
    factor: float,
    targets: Sequence[str],
    covariates: Covariates,
    problems: list[Problem],
) -> dict[int, SteadyState]:
    found: dict[int, SteadyState] = {}
    for flag in (1, 2):
        rows = np.flatnonzero(table.steady == flag).tolist()
        cases = [
            SteadyCase(
                covariates.at(row, model),
                targets[row],
                float(table.amount[row]),
                float(table.duration[row]) * factor,
                float(table.interval[row]) * factor,
            )
            for row in rows
        ]
        states = find_steady_states(model, cases, empty=flag == 2) if cases else []
        found.update(zip(rows, states, strict=True))
    for row, state in found.items():
        if state.doses == 0:
            message = f"no steady state is reached: {state.restless}"
            fix = "give the doses that were given, without SS"
            problems.append(table.text.problem(row, "SS", message, fix))
    return found


def _output_times(
    subjects: Sequence[SubjectItems],
) -> tuple[Float[np.ndarray, "subject time"], Int[np.ndarray, " row"]]:
    unique = [np.unique(subject.times, return_inverse=True) for subject in subjects]
    times = np.full((len(unique), max(found.size for found, _ in unique)), np.nan)
    for row, (found, _) in enumerate(unique):
        times[row, : found.size] = found
    return times, np.concatenate([inverse for _, inverse in unique])


def _protocol(subjects: Sequence[Sequence[Act]]) -> tuple[Dose | Change | Reset, ...]:
    """Put the k-th act of every subject that is of one kind into one item."""
    ordered = [sorted(acts, key=lambda act: act.time) for acts in subjects]
    count = len(ordered)
    items: list[Dose | Change | Reset] = []
    for rank in range(max(map(len, ordered))):
        groups: dict[tuple[str, str], list[tuple[int, Act]]] = {}
        for subject, acts in enumerate(ordered):
            if rank < len(acts):
                key = acts[rank].kind, acts[rank].target
                groups.setdefault(key, []).append((subject, acts[rank]))
        for (kind, target), members in groups.items():
            columns = np.full((3, count), np.nan)
            for subject, act in members:
                columns[:, subject] = act.time, act.amount, act.duration
            match kind:
                case "dose":
                    items.append(Dose(target, columns[0], columns[1], columns[2]))
                case "change":
                    items.append(Change(target, columns[0], columns[1]))
                case _:
                    items.append(Reset(columns[0]))
    return tuple(items)
