"""Options that the commands of binary endpoints share."""

from typing import Annotated

import typer

__all__ = ["P0", "P1", "Alpha", "PriorA", "PriorB", "Rates", "given"]

P0 = Annotated[float, typer.Option("--p0", metavar="P", help="Response rate of no interest.")]
P1 = Annotated[float, typer.Option("--p1", metavar="P", help="Response rate hoped for.")]
Alpha = Annotated[float, typer.Option("--alpha", metavar="A", help="One-sided type I error.")]
PriorA = Annotated[
    float, typer.Option("--prior-a", "--a", metavar="A", help="First shape of the Beta prior.")
]
PriorB = Annotated[
    float, typer.Option("--prior-b", "--b", metavar="B", help="Second shape of the Beta prior.")
]
Rates = Annotated[
    str,
    typer.Option(
        "--rates", "--p", metavar="P,P,…", help="True rates for operating characteristics."
    ),
]


def given(**options: object) -> None:
    """Refuse options that are needed but were not given, all at once.

    Raises
    ------
    InputError
        Naming each option that is None.

    Examples
    --------
    >>> given(p0=0.2, p1=None)
    Traceback (most recent call last):
    ...
    progenitor.errors.InputError: --p1: is needed. Fix: add --p1 with a value
    """
    from progenitor.errors import InputError, Problem

    names = ["--" + name.replace("_", "-") for name, value in options.items() if value is None]
    if names:
        raise InputError([Problem("is needed", f"add {n} with a value", field=n) for n in names])
