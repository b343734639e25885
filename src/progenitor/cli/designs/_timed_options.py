"""Options of designs that count follow-up in part, and their trials on a calendar."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from progenitor.cli.designs._lists import OptionLists

if TYPE_CHECKING:
    from progenitor.cli.designs._interval_answer import Simulation
    from progenitor.trial import AbstractDoseFinding, DoseTrials

__all__ = [
    "Arrivals",
    "FollowUp",
    "Rate",
    "Weights",
    "Window",
    "conduct_on_calendar",
    "followed_shares",
    "window_gap",
]

FollowUp = Annotated[
    str,
    typer.Option(
        "--followup", "--followup-days", metavar="D,D,…", help="Days each patient was followed."
    ),
]
Window = Annotated[
    float, typer.Option("--window", "--obswin", metavar="D", help="Days of the window.")
]
Weights = Annotated[
    str, typer.Option("--weights", metavar="W,W,…", help="Shares followed, instead of days.")
]
Rate = Annotated[
    float,
    typer.Option(
        "--rate", "--rate-per-window", metavar="R", help="Patients who arrive within a window."
    ),
]
Arrivals = Annotated[
    str, typer.Option("--accrual", metavar="NAME", help="Arrivals: fixed or poisson.")
]


def conduct_on_calendar(
    design: "AbstractDoseFinding",
    truth: tuple[float, ...],
    asked: "Simulation",
    *,
    gap: Any,
    window: Any,
    accrual: Any = "poisson",
) -> "DoseTrials":
    """Conduct trials in which patients arrive before others are followed up."""
    from progenitor.trial import arrival_days, conduct_timed, toxicity_days

    size = {"patients": asked.n, "replicates": asked.trials, "seed": asked.seed}
    arrivals = arrival_days(**size, gap=gap, accrual=accrual)
    times = toxicity_days(truth, **size, window=window)
    return conduct_timed(
        design, arrivals, times, window=window, cohort=asked.cohort, start=asked.start - 1
    )


def followed_shares(
    lists: OptionLists, followup: str, weights: str, window: float, toxic: tuple[bool, ...]
) -> tuple[float, ...]:
    """Share of the window each patient was followed; 1 with a toxicity or when nothing is said."""
    days, shares = lists.numbers("--followup", followup), lists.numbers("--weights", weights)
    if followup and weights:
        lists.add("--weights", "given as well as --followup", "give one of them")
    if not window > 0.0:
        lists.add("--window", f"{window:g} days", "give days above 0")
        return shares or days or (1.0,) * len(toxic)
    if any(day < 0.0 for day in days) or any(not 0.0 <= share <= 1.0 for share in shares):
        option = "--followup" if followup else "--weights"
        lists.add(option, "negative, or a share above 1", "give days from 0, shares 0 to 1")
    found = shares or tuple(min(day / window, 1.0) for day in days) or (1.0,) * len(toxic)
    if len(found) != len(toxic):
        return found
    return tuple(1.0 if seen else share for share, seen in zip(found, toxic, strict=True))


def window_gap(lists: OptionLists, window: float, rate: float, accrual: str) -> float:
    """Return the mean days between arrivals; note arrivals that cannot be."""
    if accrual not in ("fixed", "poisson"):
        lists.add("--accrual", f"'{accrual}' is unknown", "write fixed or poisson")
    if not rate > 0.0:
        lists.add("--rate", f"{rate:g} patients", "give a number above 0")
        return window
    return window / rate
