"""`progenitor design beta-difference`: is one response rate larger than another by a margin."""

from typing import Annotated

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

__all__ = ["beta_difference"]

Responders = Annotated[int, typer.Option("--y", metavar="Y", help="Responders, new treatment.")]
Patients = Annotated[int, typer.Option("--n", metavar="N", help="Patients, new treatment.")]
ExperimentalA = Annotated[float, typer.Option("--alpha-e", metavar="A", help="Its prior.")]
ExperimentalB = Annotated[float, typer.Option("--beta-e", metavar="B", help="Its prior.")]
StandardA = Annotated[float, typer.Option("--alpha-s", metavar="A", help="The standard's rate.")]
StandardB = Annotated[float, typer.Option("--beta-s", metavar="B", help="The standard's rate.")]
Delta = Annotated[float, typer.Option("--delta", metavar="D", help="Least difference.")]


@exits
def beta_difference(
    y: Responders,
    n: Patients,
    alpha_s: StandardA,
    beta_s: StandardB,
    alpha_e: ExperimentalA = 1.0,
    beta_e: ExperimentalB = 1.0,
    delta: Delta = 0.0,
    as_json: AsJson = False,
) -> None:
    """Give the posterior probability that a new treatment beats the standard by a margin.

    The new treatment's rate has a Beta(alpha-e, beta-e) prior and y responders of n patients, the
    standard's a Beta(alpha-s, beta-s) distribution (Thall and Simon).

    For example:
      progenitor design beta-difference --y 5 --n 9 --alpha-s 20 --beta-s 35 --delta 0.15
    """
    from progenitor.cli._output import paragraph, write_json
    from progenitor.cli.designs import _ranges
    from progenitor.cli.designs._lists import OptionLists
    from progenitor.trial import probability_greater

    lists = OptionLists()
    _ranges.need_at_least(lists, 0, n=n)
    if n >= 0:
        _ranges.need_counts_so_far(lists, y, n, n)
    _ranges.need_above(lists, 0, alpha_e=alpha_e, beta_e=beta_e, alpha_s=alpha_s, beta_s=beta_s)
    if not -1.0 <= delta <= 1.0:
        lists.add("--delta", f"is {delta:g}", "give a difference of rates, from -1 to 1")
    lists.done()
    found = probability_greater((alpha_e + y, beta_e + n - y), (alpha_s, beta_s), delta)
    words = (
        f"After {y} of {n} responders the new rate exceeds the standard's by more than {delta:g} "
        f"with probability {found:.6f}."
    )
    if as_json:
        write_json({"postprob": found, "protocol": words})
        return
    paragraph(words)
