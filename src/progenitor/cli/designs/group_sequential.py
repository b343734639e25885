"""`progenitor design group-sequential`: bounds of a trial that looks several times."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

if TYPE_CHECKING:
    from progenitor.trial import GroupSequential

__all__ = ["group_sequential"]

Looks = Annotated[
    int | None, typer.Option("--k", metavar="K", help="Number of looks, the last included.")
]
Alpha = Annotated[float, typer.Option("--alpha", metavar="A", help="One-sided type I error.")]
Beta = Annotated[float, typer.Option("--beta", metavar="B", help="Type II error.")]
Spending = Annotated[
    str,
    typer.Option(
        "--spending",
        metavar="NAME",
        help="of, pocock (boundaries of one constant), ldof, ldpocock, hsd:γ or power:ρ.",
    ),
]
Info = Annotated[
    str,
    typer.Option(
        "--info", metavar="T,T,…", help="Information at each look, ending with 1; else equal steps."
    ),
]
Futility = Annotated[
    str,
    typer.Option(
        "--futility", metavar="NAME", help="Spend beta too: ldof, ldpocock, hsd:γ or power:ρ."
    ),
]
Binding = Annotated[
    bool,
    typer.Option("--binding", help="The trial must stop for futility; the upper bounds are lower."),
]
FixedSize = Annotated[
    float,
    typer.Option("--fixed-n", metavar="N", help="Patients (or events) of a trial with one look."),
]


@exits
def group_sequential(
    k: Looks = None,
    alpha: Alpha = 0.025,
    spending: Spending = "ldof",
    info: Info = "",
    beta: Beta = 0.1,
    futility: Futility = "",
    binding: Binding = False,
    fixed_n: FixedSize = 0.0,
    as_json: AsJson = False,
) -> None:
    """Find the bounds, errors and expected size of a group-sequential trial.

    Bounds are exact (recursive integration) and one-sided: for a two-sided error of 5 % give
    --alpha 0.025, the default. Futility is non-binding unless --binding: ignoring it never costs
    type I error. Sizes are multiples of a trial with one look and the same errors.

    For example:
      progenitor design group-sequential --k 5 --alpha 0.025 --spending of
      progenitor design group-sequential --info 0.3,0.6,1 --spending hsd:-4 --fixed-n 300
      progenitor design group-sequential --k 3 --spending ldof --futility hsd:-2 --beta 0.2 --json
    """
    from progenitor.cli._output import write_json
    from progenitor.cli.designs._sequential_answer import sequential_answer, show_sequential

    errors = {"alpha": alpha, "beta": beta}
    spent = {"spending": spending, "futility": futility or None, "binding": binding}
    answer = sequential_answer(_planned(k, info, errors | spent, fixed_n), fixed_n)
    if as_json:
        write_json(answer)
        return
    show_sequential(answer)


def _planned(
    k: int | None,
    info: str,
    plan: Mapping[str, Any],
    fixed_n: float,
) -> "GroupSequential":
    """Plan the trial, or name everything that is wrong with the options."""
    from progenitor.cli.designs import _ranges
    from progenitor.cli.designs._lists import OptionLists
    from progenitor.errors import InputError, Problem
    from progenitor.trial import GroupSequential, equal_looks

    lists = OptionLists()
    times = lists.numbers("--info", info)
    if k is None and not info:
        lists.add("--k", "there is no look", "give --k 5, or --info 0.5,1")
    elif k is not None and times and k != len(times):
        fix = "leave one of them out, or give one time for each look"
        lists.add("--k", f"{k} looks and {len(times)} information times do not fit", fix)
    elif k is not None and k < 1:
        lists.add("--k", f"the number of looks is {k}", "give at least 1")
    if plan["binding"] and not plan["futility"]:
        lists.add("--binding", "there is no futility bound", "add --futility, such as hsd:-2")
    _ranges.need_at_least(lists, 0, fixed_n=fixed_n)
    # looks that are wrong already are replaced by one, so that the rest is checked all the same
    looks = times or (equal_looks(k) if k is not None and k >= 1 and not info else (1.0,))
    try:
        found = GroupSequential.plan(info=looks, **plan)
    except InputError as error:
        lists.problems += [
            Problem(problem.message, problem.fix, field=f"--{problem.field}")
            for problem in error.problems
        ]
    lists.done()
    return found
