"""`progenitor design forecast-scores`: how good probabilities were."""

from typing import Annotated

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

__all__ = ["forecast_scores"]

Forecasts = Annotated[
    str, typer.Option("--p", metavar="P,P,…", help="Probabilities that were forecast.")
]
Outcomes = Annotated[
    str, typer.Option("--y", metavar="Y,Y,…", help="1 where the event happened, else 0.")
]
Bins = Annotated[int, typer.Option("--bins", metavar="N", help="Bins of equal width.")]


@exits
def forecast_scores(p: Forecasts, y: Outcomes, bins: Bins = 10, as_json: AsJson = False) -> None:
    """Score probabilities once it is known what happened.

    Brier score with its parts, log loss, skill against the base rate, calibration (error over
    bins, in the large, intercept, slope, Spiegelhalter's z) and discrimination (AUC).

    For example:
      progenitor design forecast-scores --p 0.9,0.2,0.6,0.1 --y 1,0,0,0
      progenitor design forecast-scores --p 0.9,0.2,0.6,0.1 --y 1,0,0,0 --bins 5 --json
    """
    from dataclasses import asdict

    import numpy as np

    from progenitor.cli._output import paragraph, table, write_json
    from progenitor.cli.designs import _ranges
    from progenitor.cli.designs._lists import OptionLists
    from progenitor.programme import score_probabilities

    lists = OptionLists()
    forecasts, happened = lists.numbers("--p", p), lists.numbers("--y", y)
    lists.same_length(p=forecasts, y=happened)
    _ranges.need_rates(lists, "--p", forecasts)
    for value in dict.fromkeys(happened):
        if value not in (0.0, 1.0):
            lists.add("--y", f"{value:g} is neither 0 nor 1", "give 1 where it happened, else 0")
    _ranges.need_at_least(lists, 1, bins=bins)
    if not forecasts and not lists.problems:
        lists.add("--p", "there is no forecast", "give at least one probability and outcome")
    lists.done()
    scores = asdict(score_probabilities(np.array(forecasts), np.array(happened), bins=bins))
    protocol = (
        f"{scores['count']} forecasts, of which {100 * scores['base_rate']:.1f} % came true: "
        f"Brier score {scores['brier']:.4f} (0 is perfect), against "
        f"{scores['uncertainty']:.4f} for always saying the base rate; in {bins} bins, "
        f"reliability {scores['reliability']:.4f} (0 is perfect) and resolution "
        f"{scores['resolution']:.4f} (more is better); mean log loss {scores['log_loss']:.4f}."
    )
    if as_json:
        write_json(scores | {"protocol": protocol})
        return
    table(
        ["score", "value"],
        [[name.replace("_", " "), f"{value:.6g}"] for name, value in scores.items()],
    )
    paragraph(protocol)
