"""Tables of doses and observations, simulated with an imported model."""

from collections.abc import Mapping
from dataclasses import replace

from progenitor.engine import SolverOptions, Trajectories
from progenitor.errors import Problem, UnsupportedModelError
from progenitor.interop._course import columns_of
from progenitor.interop._imported_model import ImportedModel
from progenitor.interop._records import RecordTable

__all__ = ["simulate_records"]


def simulate_records(
    imported: ImportedModel,
    table: RecordTable,
    *,
    parameters: Mapping[str, float],
    amounts: bool = False,
    options: SolverOptions,
) -> str:
    """Simulate every subject of a table; return the table with the model's ids beside it, as CSV.

    Parameters
    ----------
    imported
        The model; species are the compartments of doses.
    table
        As :func:`read_records` read it.
    parameters
        Values of parameters that are not columns of the table.
    amounts
        Whether species are reported as amounts.
    options
        Tolerances and limits.

    Raises
    ------
    InputError
        When the table does not fit the model; lists every problem with its line.
    UnsupportedModelError
        When the model uses earlier values of species, which doses would not reach.
    """
    if imported.delayed:
        names = ", ".join(sorted(imported.delayed))
        problem = Problem(
            f"{imported.source}: earlier values of {names} come from a copy that runs late, which "
            "doses of a table would not reach",
            "put the doses into the model as events",
        )
        raise UnsupportedModelError([problem])
    own = {n: v for n, v in parameters.items() if n not in table.text.header}
    run = table.to_simulation(imported.model, own)
    found = run.simulate(options=options)
    return run.csv(_renamed(found, columns_of(imported, amounts=amounts)))


def _renamed(found: Trajectories, columns: Mapping[str, str]) -> Trajectories:
    """Keep some observables, under other names."""
    kept = [found.observables.index(observable) for observable in columns.values()]
    return replace(found, observables=tuple(columns), values=found.values[:, :, kept])
