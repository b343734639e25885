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

    from progenitor.cli._output import paragraph, table, write_json
    from progenitor.trial import IntervalMethod, binomial_interval, binomial_p_value

    _check(x, n, level, p0)
    found: dict[str, Any] = {}
    for method in get_args(IntervalMethod):
        low, high = binomial_interval(x, n, method=method, level=level)
        found[method] = {"low": low, "high": high}
    answer: dict[str, Any] = {"x": x, "n": n, "rate": x / n, "level": level} | found
    if p0 is not None:
        answer["p0"] = p0
        answer["p_value_greater"] = binomial_p_value(x, n, p0=p0)
    answer["protocol"] = _protocol(answer)
    if as_json:
        write_json(answer)
        return
    typer.echo(f"{x} of {n}: {x / n:.4f}, {100 * level:g} % confidence")
    rows = [
        [name.replace("_", " "), f"{row['low']:.8f}", f"{row['high']:.8f}"]
        for name, row in found.items()
    ]
    table(["method", "low", "high"], rows)
    if p0 is not None:
        typer.echo(f"one-sided p against a rate of {p0:g}: {answer['p_value_greater']:.8f}")
    paragraph(answer["protocol"])


def _check(x: int, n: int, level: float, p0: float | None) -> None:
    from progenitor.cli.designs import _ranges
    from progenitor.cli.designs._lists import OptionLists

    lists = OptionLists()
    _ranges.need_counts(lists, "--x", x, "--n", n)
    _ranges.need_between(lists, level=level, p0=p0)
    lists.done()


def _protocol(answer: dict[str, Any]) -> str:
    low, high = answer["clopper_pearson"].values()
    words = (
        f"The response rate is {answer['x']} of {answer['n']} ({100 * answer['rate']:.1f} %), with "
        f"an exact (Clopper–Pearson) {100 * answer['level']:g} % confidence interval from "
        f"{100 * low:.1f} % to {100 * high:.1f} %."
    )
    if "p_value_greater" in answer:
        words += (
            f" The exact one-sided binomial test against a rate of {100 * answer['p0']:g} % gives "
            f"p = {answer['p_value_greater']:.4g}."
        )
    return words
