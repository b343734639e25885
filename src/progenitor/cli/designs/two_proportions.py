"""`progenitor design two-proportions`: two response rates compared."""

from typing import Annotated

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

__all__ = ["two_proportions"]

X1 = Annotated[int, typer.Option("--x1", metavar="X", help="Responders of the first group.")]
N1 = Annotated[int, typer.Option("--n1", metavar="N", help="Patients of the first group.")]
X2 = Annotated[int, typer.Option("--x2", metavar="X", help="Responders of the second group.")]
N2 = Annotated[int, typer.Option("--n2", metavar="N", help="Patients of the second group.")]
Level = Annotated[float, typer.Option("--level", "--conf", metavar="L", help="Confidence level.")]


@exits
def two_proportions(
    x1: X1, n1: N1, x2: X2, n2: N2, level: Level = 0.95, as_json: AsJson = False
) -> None:
    """Compare two response rates: Fisher's exact test, the pooled z-test, the score interval.

    The interval of the difference is the score interval, which agrees with the pooled z-test;
    beside it stands Miettinen and Nurminen's, whose variance has the factor N/(N − 1).

    For example:
      progenitor design two-proportions --x1 27 --n1 50 --x2 15 --n2 50
      progenitor design two-proportions --x1 27 --n1 50 --x2 15 --n2 50 --level 0.9 --json
    """
    from progenitor.cli._output import paragraph, table, write_json
    from progenitor.cli.designs import _ranges
    from progenitor.cli.designs._lists import OptionLists
    from progenitor.trial import compare_proportions

    lists = OptionLists()
    _ranges.need_counts(lists, "--x1", x1, "--n1", n1)
    _ranges.need_counts(lists, "--x2", x2, "--n2", n2)
    _ranges.need_between(lists, level=level)
    lists.done()
    found = compare_proportions(x1, n1, x2, n2, level=level)
    protocol = (
        f"{x1} of {n1} and {x2} of {n2} patients responded, a difference of "
        f"{100 * found.difference:.1f} percentage points with a {100 * level:g} % score interval "
        f"from {100 * found.lower:.1f} to {100 * found.upper:.1f}; Fisher's exact two-sided "
        f"p = {found.fisher_p:.4g}."
    )
    if as_json:
        write_json(
            {
                "difference": found.difference,
                "fisher_p": found.fisher_p,
                "z_pooled": found.z_pooled,
                "z_p": found.z_p,
                "diff_score_lo": found.lower,
                "diff_score_hi": found.upper,
                "diff_mn_corrected_lo": found.mn_lower,
                "diff_mn_corrected_hi": found.mn_upper,
                "diffMN_lo": found.lower,
                "diffMN_hi": found.upper,
                "level": level,
                "protocol": protocol,
            }
        )
        return
    typer.echo(f"{x1}/{n1} against {x2}/{n2}: difference {found.difference:.6f}")
    rows = [
        ["Fisher exact, two-sided p", f"{found.fisher_p:.8f}"],
        ["pooled z", f"{found.z_pooled:.8f} (p {found.z_p:.6f})"],
        [f"score interval, {100 * level:g} %", f"{found.lower:.6f} to {found.upper:.6f}"],
        ["with factor N/(N−1)", f"{found.mn_lower:.6f} to {found.mn_upper:.6f}"],
    ]
    table(["", "value"], rows)
    paragraph(protocol)
