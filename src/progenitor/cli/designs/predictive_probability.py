"""`progenitor design predictive-probability`: Lee and Liu's monitoring of a single arm."""

from typing import Annotated, Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson
from progenitor.cli.designs._binary_options import P0, PriorA, PriorB, Rates

__all__ = ["predictive_probability"]

NMax = Annotated[int, typer.Option("--nmax", metavar="N", help="Size of the trial.")]
ThetaT = Annotated[
    float,
    typer.Option("--theta-t", metavar="T", help="Success: posterior P(rate > p0) above T."),
]
ThetaL = Annotated[
    float | None,
    typer.Option("--theta-l", metavar="L", help="Stop when PP falls below L: gives boundaries."),
]
ThetaU = Annotated[
    float, typer.Option("--theta-u", metavar="U", help="Stop with success when PP exceeds U.")
]
NMin = Annotated[int, typer.Option("--nmin", metavar="N", help="Patients at the first look.")]
Responders = Annotated[
    int | None, typer.Option("--y", metavar="Y", help="Responders so far: gives PP.")
]
Patients = Annotated[int | None, typer.Option("--n", metavar="N", help="Patients so far.")]


@exits
def predictive_probability(
    p0: P0,
    nmax: NMax,
    theta_t: ThetaT,
    y: Responders = None,
    n: Patients = None,
    prior_a: PriorA = 1.0,
    prior_b: PriorB = 1.0,
    theta_l: ThetaL = None,
    theta_u: ThetaU = 1.0,
    nmin: NMin = 1,
    rates: Rates = "",
    as_json: AsJson = False,
) -> None:
    """Give the predictive probability (PP) of success, and the boundaries it implies.

    With --y and --n: PP after y responders among n patients. With --theta-l: after every patient
    from --nmin on, the number of responders at which the trial stops, and its exact operating
    characteristics at p0 and at --rates.

    For example:
      progenitor design predictive-probability --p0 0.6 --nmax 40 --theta-t 0.9 --y 16 --n 23
        --a 0.6 --b 0.4
      progenitor design predictive-probability --p0 0.2 --nmax 36 --theta-t 0.922 --theta-l 0.001
        --nmin 10 --a 0.2 --b 0.8 --rates 0.2,0.3,0.4 --json
    """
    from progenitor.cli._output import write_json
    from progenitor.cli.designs._predictive_answer import (
        predictive_answer,
        predictive_design_answer,
        show_predictive,
    )

    prior = (prior_a, prior_b)
    limits = {"theta_t": theta_t, "theta_l": theta_l, "theta_u": theta_u}
    true = _checked(p0, nmax, nmin, (y, n), prior, limits, rates)
    found: dict[str, Any] = {}
    if y is not None and n is not None:
        found |= predictive_answer(y, n, nmax, prior, p0, theta_t)
    if theta_l is not None:
        words = found.get("protocol")
        found |= predictive_design_answer(p0, nmax, nmin, prior, limits, true)
        if words:
            found |= {"protocol_now": words}
    if as_json:
        write_json(found)
        return
    show_predictive(found)


def _checked(
    p0: float,
    nmax: int,
    nmin: int,
    seen: tuple[int | None, int | None],
    prior: tuple[float, float],
    limits: dict[str, float | None],
    rates: str,
) -> tuple[float, ...]:
    from progenitor.cli.designs import _ranges
    from progenitor.cli.designs._lists import OptionLists

    lists = OptionLists()
    true = lists.numbers("--rates", rates)
    _ranges.need_rates(lists, "--rates", true)
    _ranges.need_between(lists, p0=p0, theta_t=limits["theta_t"])
    _ranges.need_above(lists, 0, prior_a=prior[0], prior_b=prior[1])
    _ranges.need_at_least(lists, 1, nmax=nmax, nmin=nmin)
    if nmax >= 1 and nmin > nmax:
        lists.add("--nmin", f"is {nmin} of {nmax} patients", f"give a number up to {nmax}")
    y, n = seen
    asked = (y, n) != (None, None) or limits["theta_l"] is None
    if asked and _ranges.need(lists, y=y, n=n) and nmax >= 1:
        _ranges.need_counts_so_far(lists, y or 0, n or 0, nmax)
    low, high = limits["theta_l"], limits["theta_u"] or 0.0
    if low is not None and not 0.0 <= low < high <= 1.0:
        text = f"is {low:g} with --theta-u {high:g}"
        lists.add("--theta-l", text, "give 0 ≤ theta-l < theta-u ≤ 1")
    lists.done()
    return true
