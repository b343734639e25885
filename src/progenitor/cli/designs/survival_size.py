"""`progenitor design survival-size`: events and patients for a hazard ratio."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

if TYPE_CHECKING:
    from progenitor.trial import SurvivalTrial

__all__ = ["survival_size"]

HazardRatio = Annotated[
    float, typer.Option("--hr", metavar="HR", help="Hazard ratio to find, experimental to control.")
]
Median = Annotated[
    float, typer.Option("--median", metavar="M", help="Median of the control group (months).")
]
Accrual = Annotated[float, typer.Option("--accrual", metavar="M", help="Months of accrual.")]
FollowUp = Annotated[
    float, typer.Option("--follow-up", "--minfup", metavar="M", help="Months the last is followed.")
]
Ratio = Annotated[
    float, typer.Option("--ratio", metavar="R", help="Experimental patients per control patient.")
]
Alpha = Annotated[float, typer.Option("--alpha", metavar="A", help="One-sided type I error.")]
Power = Annotated[float, typer.Option("--power", metavar="P", help="Power.")]
DropOut = Annotated[
    float, typer.Option("--dropout", metavar="Q", help="Share lost to drop-out in --dropout-time.")
]
DropOutTime = Annotated[
    float, typer.Option("--dropout-time", metavar="M", help="Months in which the share is lost.")
]


@exits
def survival_size(
    hr: HazardRatio,
    median: Median,
    accrual: Accrual,
    follow_up: FollowUp,
    ratio: Ratio = 1.0,
    alpha: Alpha = 0.025,
    power: Power = 0.8,
    dropout: DropOut = 0.0,
    dropout_time: DropOutTime = 12.0,
    as_json: AsJson = False,
) -> None:
    """Find how many events and patients a trial of two survival curves needs.

    Exponential times, uniform accrual. By Schoenfeld, Freedman, and Lachin and Foulkes; numbers are
    not rounded. Months may be any unit of time that is used throughout.

    For example:
      progenitor design survival-size --hr 0.7 --median 12 --accrual 24 --follow-up 12
      progenitor design survival-size --hr 0.6 --median 6 --accrual 24 --follow-up 12 --ratio 2
        --power 0.9 --dropout 0.05 --json
    """
    from progenitor.cli._output import paragraph, table, write_json
    from progenitor.trial import EVENT_METHODS

    numbers = {"hazard_ratio": hr, "control_median": median, "accrual": accrual}
    numbers |= {"follow_up": follow_up, "ratio": ratio, "alpha": alpha, "power": power}
    trial = _trial(numbers, dropout, dropout_time)
    sizes = {method: trial.size(method) for method in EVENT_METHODS}
    if as_json:
        plain = {name: {"n": size.patients, "events": size.events} for name, size in sizes.items()}
        seen = {"event_probability": trial.event_probability, "protocol": trial.description}
        write_json(plain | seen)
        return
    rows = [[name, f"{size.events:.5f}", f"{size.patients:.5f}"] for name, size in sizes.items()]
    table(["method", "events", "patients"], rows)
    paragraph(trial.description)


def _trial(numbers: Mapping[str, float], share: float, months: float) -> "SurvivalTrial":
    """Plan the trial, or name everything that is wrong with the options."""
    from progenitor.errors import InputError, Problem
    from progenitor.trial import SurvivalTrial

    options = {"hazard_ratio": "--hr", "control_median": "--median", None: "--dropout"}
    problems: list[Problem] = []
    hazard = 0.0
    try:
        hazard = SurvivalTrial.dropout_hazard(share, months)
    except InputError as error:
        problems += error.problems
    try:
        found = SurvivalTrial(**numbers, dropout=hazard)
    except InputError as error:
        problems += error.problems
    if problems:
        named = [
            (problem, options.get(problem.field) or f"--{problem.field}".replace("_", "-"))
            for problem in problems
        ]
        raise InputError([Problem(p.message, p.fix, field=option) for p, option in named])
    return found
