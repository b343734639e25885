"""`progenitor design three-plus-three`: exact operating characteristics of 3+3."""

from typing import Annotated

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson
from progenitor.cli.designs._dose_options import Current, Npts, Ntox
from progenitor.cli.designs._interval_answer import DoseData, dose_answer, show_answer
from progenitor.cli.designs._lists import OptionLists

__all__ = ["three_plus_three"]

MOST = 6
"""Patients that 3+3 ever treats at a dose."""

Rates = Annotated[
    str, typer.Option("--p", metavar="P,P,…", help="True rate of toxicities at each dose.")
]
Deescalate = Annotated[
    bool,
    typer.Option(
        "--deescalate",
        "--allow-deescalate",
        help="Fill the dose below a closed one up to six patients.",
    ),
]


@exits
def three_plus_three(
    p: Rates = "",
    deescalate: Deescalate = False,
    npts: Npts = "",
    ntox: Ntox = "",
    current: Current = None,
    as_json: AsJson = False,
) -> None:
    """Enumerate a 3+3 trial: chance of each dose to be selected, patients, toxicities. Exact.

    With --npts and --ntox it says where the next three patients go. The first probability of
    prob_mtd is that of selecting none.

    For example:
      progenitor design three-plus-three --p 0.05,0.1,0.2,0.35
      progenitor design three-plus-three --p 0.05,0.1,0.2,0.35 --deescalate --json
      progenitor design three-plus-three --npts 3,3 --ntox 0,1
    """
    from progenitor.cli._output import number, table, write_json
    from progenitor.trial import ThreePlusThree

    lists = OptionLists()
    rates = lists.numbers("--p", p)
    if any(not 0.0 <= rate <= 1.0 for rate in rates):
        lists.add("--p", f"'{p}' are not all rates", "write rates from 0 to 1")
    if not p and not npts:
        lists.add("--p", "neither rates nor data are given", "write --p 0.1,0.2 or --npts, --ntox")
    state = DoseData(npts, ntox, current).state(lists)
    if state is not None and state.treated.max() > MOST:
        lists.add("--npts", f"more than {MOST} patients at a dose", "3+3 treats three or six")
    lists.done()
    design = ThreePlusThree(deescalate=deescalate)
    found = design.outcomes(rates) if rates else None
    content = dose_answer(design, state, None, rates)
    if as_json:
        exact = found.plain() if found is not None else {}
        head = {"design": design.name, "deescalate": deescalate}
        write_json(head | exact | content | {"protocol": design.description})
        return
    if found is not None:
        rows = [["none", "", number(100.0 * float(found.prob_mtd[0])), "", ""]]
        for dose, rate in enumerate(rates):
            shares = (100.0 * found.prob_mtd[dose + 1], found.treated[dose], found.toxic[dose])
            rows.append([str(dose + 1), f"{rate:g}", *(number(float(share)) for share in shares)])
        table(["dose", "true rate", "selected (%)", "patients", "toxicities"], rows)
        typer.echo(
            f"{number(found.expected_n)} patients, {number(found.expected_toxicities)} toxicities "
            "on average (exact)"
        )
    show_answer(design, content, None, rates)
