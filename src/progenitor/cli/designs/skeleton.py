"""`progenitor design skeleton`: prior guesses from indifference intervals."""

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson
from progenitor.cli.designs._curve_options import Halfwidth, Intercept, Model, Nlevel, Nu
from progenitor.cli.designs._dose_options import Target

__all__ = ["skeleton"]


@exits
def skeleton(
    target: Target,
    nu: Nu = None,
    nlevel: Nlevel = None,
    halfwidth: Halfwidth = 0.05,
    model: Model = "power",
    intercept: Intercept = 3.0,
    as_json: AsJson = False,
) -> None:
    """Make the prior guesses of a continual reassessment design (Lee and Cheung 2009).

    Dose NU is guessed to be at the target; each pair of neighbours is told apart by rates of
    toxicity half-width below and above the target.

    For example:
      progenitor design skeleton --target 0.25 --nu 3 --nlevel 5
      progenitor design skeleton --target 0.3 --halfwidth 0.06 --nu 2 --nlevel 4 --model logistic
    """
    from progenitor.cli._output import write_json
    from progenitor.cli.designs._lists import OptionLists
    from progenitor.cli.designs._skeleton_answer import made_skeleton

    lists = OptionLists()
    if model not in ("power", "empiric", "logistic"):
        lists.add("--model", f"'{model}' is unknown", "write power or logistic")
    for option, value in (("--nu", nu), ("--nlevel", nlevel)):
        if value is None:
            lists.add(option, "not given", "give the number of a dose and how many there are")
    numbers = {"target": target, "halfwidth": halfwidth, "intercept": intercept}
    guesses = made_skeleton(lists, nu=nu or 1, levels=nlevel or 1, model=model, **numbers)
    lists.done()
    if as_json:
        write_json({**numbers, "nu": nu, "nlevel": nlevel, "model": model, "prior": list(guesses)})
        return
    typer.echo(",".join(f"{guess:.10f}" for guess in guesses))
