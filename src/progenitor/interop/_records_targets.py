"""The species that each dose goes to."""

from collections.abc import Sequence

from progenitor.documents import suggestion
from progenitor.engine import Model
from progenitor.errors import Problem
from progenitor.interop._csv_cells import is_missing
from progenitor.interop._records import RecordTable
from progenitor.interop._records_numbers import parse_number

__all__ = ["targets_of"]

_DOSES = (1, 4)


def targets_of(
    table: RecordTable, model: Model, default: str, problems: list[Problem]
) -> list[str]:
    """Name the species of each record's dose; empty for records without a dose.

    Parameters
    ----------
    table
        The records; CMT is a number from 1 or a name.
    model
        Its species are the compartments, in order.
    default
        Species for doses whose CMT is 0 or missing.
    problems
        Where problems are noted.
    """
    names = [species.name for species in model.species]
    if default and default not in names:
        fix = suggestion(default, names)
        problems.append(Problem(f"no species '{default}'", fix, field="default_compartment"))
    elif not default and len(names) == 1:
        default = names[0]
    targets = []
    for row, cell in enumerate(table.compartment):
        dose = table.event[row] in _DOSES
        targets.append(_target(table, row, cell, names, default, problems) if dose else "")
    return targets


def _target(
    table: RecordTable,
    row: int,
    cell: str,
    names: Sequence[str],
    default: str,
    problems: list[Problem],
) -> str:
    number = parse_number(cell)
    if is_missing(cell) or number == 0:
        if not default:
            fix = f"give a column CMT or a default compartment; {suggestion('', names)}"
            problems.append(table.text.problem(row, "CMT", "the dose has no compartment", fix))
        return default
    if cell in names:
        return cell
    if number is not None and number == int(number) and 1 <= number <= len(names):
        return names[int(number) - 1]
    if number is not None and number < 0:
        message, fix = f"CMT is {cell}", "compartments cannot be turned off; give the one dosed"
    elif number is not None:
        message = f"CMT is {cell}"
        fix = f"give 1 to {len(names)} or a name; {suggestion('', names)}"
    else:
        message, fix = f"no compartment '{cell}'", suggestion(cell, names)
    problems.append(table.text.problem(row, "CMT", message, fix))
    return default
