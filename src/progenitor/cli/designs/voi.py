"""`progenitor design voi`: what it would be worth to know more before deciding."""

from typing import Annotated, Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

__all__ = ["voi"]

Coefficients = Annotated[
    str, typer.Option("--coef", metavar="C,C,…", help="Net benefit per unit of each number.")
]
Means = Annotated[str, typer.Option("--mean", metavar="M,M,…", help="Mean of each number.")]
Sds = Annotated[str, typer.Option("--sd", metavar="S,S,…", help="Standard deviation of each.")]
Constant = Annotated[float, typer.Option("--const", metavar="C", help="Constant net benefit.")]
ObservationSds = Annotated[
    str, typer.Option("--obs-sd", metavar="S,S,…", help="Spread of one observation of each.")
]
Sizes = Annotated[
    str, typer.Option("--n-obs", metavar="N,N,…", help="Numbers of observations to value.")
]


@exits
def voi(
    coef: Coefficients,
    mean: Means,
    sd: Sds,
    const: Constant = 0.0,
    obs_sd: ObservationSds = "",
    n_obs: Sizes = "",
    as_json: AsJson = False,
) -> None:
    """Value information about a yes-or-no decision with a linear net benefit, exactly.

    Net benefit is the constant plus the sum of coefficient times number; numbers are independent
    and normal. Gives the value of knowing everything (EVPI), each number (EVPPI), or a number of
    observations of each (EVSI). Write values that begin with a minus as --coef=-1,2.

    For example:
      progenitor design voi --coef 1770.9,535.6 --mean=-1.23,-0.07 --sd 1.26,0.53
      progenitor design voi --coef 2 --mean 0 --sd 1 --obs-sd 1 --n-obs 5,20,100 --json
    """
    from progenitor.cli._output import paragraph, table, write_json
    from progenitor.programme import GaussianDecision

    (weights, means, sds), spreads, sizes = _checked((coef, mean, sd), obs_sd, n_obs)
    decision = GaussianDecision(weights, means, sds, const)
    each = range(len(decision.sds))
    found: dict[str, Any] = {
        "enb_current": decision.current,
        "evpi": decision.evpi,
        "evppi": [decision.evppi(index) for index in each],
        "n_obs": list(sizes),
        "evsi": [
            [decision.evsi(index, observation_sd=spreads[index], n=n) for n in sizes]
            for index in (each if spreads else ())
        ],
    }
    found["protocol"] = _protocol(found, decision.expected_benefit)
    if as_json:
        write_json(found)
        return
    typer.echo(f"best decision now: {decision.current:.6f}; knowing all: {decision.evpi:.6f} more")
    rows = [
        [str(index + 1), f"{found['evppi'][index]:.6f}"]
        + [f"{value:.6f}" for value in (found["evsi"][index] if spreads else ())]
        for index in each
    ]
    table(["number", "knowing it", *(f"{n} observations" for n in sizes)], rows)
    paragraph(found["protocol"])


def _checked(
    numbers: tuple[str, str, str], obs_sd: str, n_obs: str
) -> tuple[tuple[tuple[float, ...], ...], tuple[float, ...], tuple[int, ...]]:
    from progenitor.cli.designs import _ranges
    from progenitor.cli.designs._lists import OptionLists

    lists = OptionLists()
    names = ("coef", "mean", "sd")
    read = {
        name: lists.numbers(f"--{name}", text) for name, text in zip(names, numbers, strict=True)
    }
    spreads, sizes = lists.numbers("--obs-sd", obs_sd), lists.whole("--n-obs", n_obs)
    if not read["coef"] and not lists.problems:
        lists.add("--coef", "there is no number to know", "give a coefficient, mean and sd")
    lists.same_length(**read, **({"obs_sd": spreads} if spreads else {}))
    if bool(spreads) != bool(sizes):
        lists.add("--n-obs", "--obs-sd and --n-obs belong together", "give both or neither")
    for name, values in (("sd", read["sd"]), ("obs_sd", spreads), ("n_obs", sizes)):
        for value in values:
            _ranges.need_at_least(lists, 0, **{name: value})
    lists.done()
    return tuple(read.values()), spreads, sizes


def _protocol(found: dict[str, Any], benefit: float) -> str:
    worth = found["evppi"]
    best = max(range(len(worth)), key=lambda index: worth[index])
    return (
        f"The expected net benefit of going ahead is {benefit:.6g}, so the better decision now is "
        f"{'to go ahead' if benefit > 0 else 'not to'}, worth {found['enb_current']:.6g}. Knowing "
        f"every number first would be worth {found['evpi']:.6g} more; knowing only number "
        f"{best + 1}, the most valuable one, {worth[best]:.6g}."
    )
