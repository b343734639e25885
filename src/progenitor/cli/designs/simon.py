"""`progenitor design simon`: two-stage designs, and inference after one."""

from typing import Annotated

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson
from progenitor.cli.designs._binary_options import P0

__all__ = ["simon"]

HopedFor = Annotated[
    float | None, typer.Option("--p1", metavar="P", help="Response rate hoped for.")
]
Alpha = Annotated[
    float | None, typer.Option("--alpha", metavar="A", help="Type I error to stay below.")
]
Beta = Annotated[
    float | None, typer.Option("--beta", metavar="B", help="Type II error to stay below.")
]
NMax = Annotated[int, typer.Option("--nmax", metavar="N", help="Largest trial considered.")]
Responders = Annotated[
    int | None, typer.Option("--x", metavar="X", help="Responders in all: inference.")
]
Level = Annotated[float, typer.Option("--level", metavar="L", help="Level of each limit.")]
R1 = Annotated[int | None, typer.Option("--r1", metavar="R", help="Of a given design.")]
N1 = Annotated[int | None, typer.Option("--n1", metavar="N", help="Of a given design.")]
R = Annotated[int | None, typer.Option("--r", metavar="R", help="Of a given design.")]
N = Annotated[int | None, typer.Option("--n", metavar="N", help="Of a given design.")]


@exits
def simon(
    p0: P0,
    p1: HopedFor = None,
    alpha: Alpha = None,
    beta: Beta = None,
    nmax: NMax = 200,
    x: Responders = None,
    level: Level = 0.95,
    r1: R1 = None,
    n1: N1 = None,
    r: R = None,
    n: N = None,
    as_json: AsJson = False,
) -> None:
    """Find Simon's two-stage designs: optimal, minimax and those between; or infer after one.

    With --p1, --alpha and --beta every design up to --nmax is searched, exactly. With --r1, --n1,
    --r and --n the design is given. --x adds what a finished trial says about the rate: the
    unbiased estimate (UMVUE), p-value and one-sided limits of Koyama and Chen.

    For example:
      progenitor design simon --p0 0.2 --p1 0.4 --alpha 0.05 --beta 0.2
      progenitor design simon --p0 0.2 --p1 0.4 --alpha 0.05 --beta 0.2 --nmax 100 --x 13 --json
      progenitor design simon --p0 0.2 --r1 3 --n1 13 --r 12 --n 43 --x 13
    """
    from progenitor.cli._output import write_json
    from progenitor.cli.designs._simon_answer import given_design, searched_designs, show_simon

    numbers = {"r1": r1, "n1": n1, "r": r, "n": n}
    limits = {"p1": p1, "alpha": alpha, "beta": beta}
    given = any(value is not None for value in numbers.values())
    _check(p0, limits, nmax, numbers if given else {}, x, level)
    if given:
        found = given_design(p0, p1, (r1 or 0, n1 or 0, r or 0, n or 0), x, level)
    else:
        found = searched_designs(p0, p1 or 0.0, alpha or 0.0, beta or 0.0, nmax, x, level)
    if as_json:
        write_json(found)
    else:
        show_simon(found)


def _check(
    p0: float,
    limits: dict[str, float | None],
    nmax: int,
    numbers: dict[str, int | None],
    x: int | None,
    level: float,
) -> None:
    from progenitor.cli.designs import _ranges
    from progenitor.cli.designs._lists import OptionLists

    lists, p1 = OptionLists(), limits["p1"]
    if p1 is None:
        _ranges.need_between(lists, p0=p0)
    else:
        _ranges.need_ordered_rates(lists, p0, p1)
    if numbers:
        if _ranges.need(lists, **numbers):
            _ranges.need_two_stages(lists, *(number or 0 for number in numbers.values()))
        most = numbers["n"]
    else:
        _ranges.need(lists, **limits)
        alpha, beta = limits["alpha"], limits["beta"]
        _ranges.need_between(lists, alpha=alpha, beta=beta)
        if alpha is not None and beta is not None and 0 < alpha < 1 and 1 - alpha <= beta < 1:
            lists.add("--beta", f"is {beta:g}", "give errors whose sum is below 1")
        _ranges.need_at_least(lists, 2, nmax=nmax)
        most = nmax
    if x is not None and most is not None and most >= 1 and not 0 <= x <= most:
        lists.add("--x", f"{x} responders of {most} patients", f"give a number from 0 to {most}")
    _ranges.need_between(lists, 0.5, 1.0, level=level)
    lists.done()
