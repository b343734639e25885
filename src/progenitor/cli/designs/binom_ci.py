"""`progenitor design binom-ci`: confidence intervals of a response rate."""

from typing import Annotated, Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

__all__ = ["binom_ci"]

Responders = Annotated[int, typer.Option("--x", metavar="X", help="Responders.")]
Patients = Annotated[int, typer.Option("--n", metavar="N", help="Patients.")]
Level = Annotated[
    float, typer.Option("--level", "--conf", metavar="L", help="Two-sided confidence level.")
]
Null = Annotated[
    float | None, typer.Option("--p0", metavar="P", help="Also test a rate above P, exactly.")
]


@exits
def binom_ci(
    x: Responders, n: Patients, level: Level = 0.95, p0: Null = None, as_json: AsJson = False
) -> None:
    """Give the confidence interval of a response rate by every common method.

    Clopper–Pearson never covers less than the level; Wilson and Jeffreys cover it on average;
    Agresti–Coull may leave 0 to 1.

    For example:
      progenitor design binom-ci --x 6 --n 12
      progenitor design binom-ci --x 6 --n 12 --level 0.9 --p0 0.2 --json
    """
    from typing import get_args

    from progenitor.cli._output import table, write_json
    from progenitor.trial import IntervalMethod, binomial_interval, binomial_p_value

    found: dict[str, Any] = {}
    for method in get_args(IntervalMethod):
        low, high = binomial_interval(x, n, method=method, level=level)
        found[method] = {"low": low, "high": high}
    answer: dict[str, Any] = {"x": x, "n": n, "rate": x / n, "level": level} | found
    if p0 is not None:
        answer["p_value_greater"] = binomial_p_value(x, n, p0=p0)
    if as_json:
        write_json(answer)
        return
    typer.echo(f"{x} of {n}: {x / n:.4f}, {level:.0%} confidence")
    rows = [
        [name.replace("_", " "), f"{row['low']:.8f}", f"{row['high']:.8f}"]
        for name, row in found.items()
    ]
    table(["method", "low", "high"], rows)
    if p0 is not None:
        typer.echo(f"one-sided p against a rate of {p0:g}: {answer['p_value_greater']:.8f}")
