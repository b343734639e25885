"""`progenitor models export`: a model for another tool."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from progenitor.cli._exits import exits

if TYPE_CHECKING:
    from progenitor.engine import Dose, Model

__all__ = ["export"]

_FORMATS: Final = ("antimony", "c", "latex", "nonmem", "sbml")
_WITHOUT_VALUES: Final = ("c", "latex")
_ONLY: Final = "give a model of the library, or --to latex or c"

Name = Annotated[
    str, typer.Argument(metavar="NAME", help="As `list` prints it, or an SBML or .ant file.")
]
To = Annotated[
    str, typer.Option("--to", metavar="FORMAT", help="sbml, antimony, nonmem, latex or c.")
]
Variant = Annotated[
    str, typer.Option("--variant", metavar="V", help="A named set of numbers, as `show` lists.")
]
Param = Annotated[
    list[str] | None,
    typer.Option("--param", "-p", metavar="ID=VALUE", help="Change a number; repeatable."),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Where to write; default stdout."),
]


@exits
def export(
    name: Name, to: To, variant: Variant = "", param: Param = None, output: Output = None
) -> None:
    """Write a model for another tool.

    sbml and antimony hold the typical patient's numbers and doses, so that the file runs by itself;
    nonmem is a table of the doses and visit days (ID, TIME, AMT, RATE, DUR, CMT, EVID, MDV), one
    row each; latex the equations; c the program that is compiled.

    For example:
      progenitor models export library:kimmel_2021 --to sbml --output kimmel.xml
      progenitor models export library:stein_2019 --to latex
      progenitor models export library:friberg_2002 --to nonmem --output doses.csv
      progenitor models export library:stein_2019 --to antimony --variant tocilizumab
    """
    from progenitor.cli._model_names import parameter_changes
    from progenitor.cli._table_file import check_target, write_table
    from progenitor.documents import suggestion
    from progenitor.errors import InputError, Problem

    if to not in _FORMATS:
        raise InputError([Problem(f"--to is '{to}'", suggestion(to, _FORMATS))])
    check_target(output)
    write_table(_text(name, to, variant, parameter_changes(param or [])), output)


def _text(name: str, to: str, variant: str, changes: dict[str, float]) -> str:
    from progenitor.cli._model_names import found_model, in_library
    from progenitor.errors import InputError, Problem

    published = in_library(name)
    if published is not None:
        return _published(published.name, to, variant, changes)
    model, values = found_model(name)
    if variant or changes:
        raise InputError([Problem(f"'{name}' has no numbers to change", _ONLY)])
    if to not in _WITHOUT_VALUES and not values:
        raise InputError([Problem(f"'{name}' has no patient of its own to write as {to}", _ONLY)])
    return _written(model, to, values)


def _published(name: str, to: str, variant: str, changes: dict[str, float]) -> str:
    from progenitor.interop import write_records
    from progenitor.library import find_model, typical_patient, visit_days

    found = find_model(name)
    patient = typical_patient(found, variant=variant, changes=changes)
    if to == "nonmem":
        days = visit_days(patient.numbers[found.end])
        return write_records(patient.model, patient.doses, times=days)
    return _written(patient.model, to, patient.parameters, patient.doses)


def _written(
    model: "Model", to: str, values: Mapping[str, float], doses: "Sequence[Dose]" = ()
) -> str:
    from progenitor.engine import c_source
    from progenitor.errors import InputError, Problem
    from progenitor.interop import equations_latex, write_antimony, write_sbml

    if to == "sbml":
        return write_sbml(model, values, doses=doses)
    if to == "antimony":
        return write_antimony(model, values, doses=doses)
    if to == "latex":
        return equations_latex(model)
    if to == "c":
        return c_source(model)
    fix = "give a model of the library, or --to sbml"
    raise InputError([Problem("a model in a file has no doses of its own", fix)])
