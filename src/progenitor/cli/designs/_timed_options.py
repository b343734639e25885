"""Options of designs that count follow-up in part, and their trials on a calendar."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from progenitor.cli.designs._lists import OptionLists

if TYPE_CHECKING:
    from progenitor.trial import AbstractDoseFinding, DoseCharacteristics

__all__ = [
    "Arrivals",
    "FollowUp",
    "Rate",
    "Weights",
    "Window",
    "check_arrivals",
    "followed_shares",
    "simulate_timed",
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


def simulate_timed(
    design: "AbstractDoseFinding",
    truth: tuple[float, ...],
    *,
    cohort: int,
    size: dict[str, int],
    plan: dict[str, Any],
) -> "DoseCharacteristics":
    """Conduct trials in which patients arrive before others are followed up."""
    from progenitor.trial import arrival_days, conduct_timed, dose_characteristics, toxicity_days

    arrivals = arrival_days(**size, gap=plan["gap"], accrual=plan["accrual"])
    times = toxicity_days(truth, **size, window=plan["window"])
    conducted = conduct_timed(
        design, arrivals, times, window=plan["window"], cohort=cohort, start=plan["start"]
    )
    return dose_characteristics(conducted)


def followed_shares(
    lists: OptionLists, followup: str, weights: str, window: float, toxic: tuple[bool, ...]
) -> tuple[float, ...]:
    """Share of the window each patient was followed; 1 with a toxicity or when nothing is said."""
    days, shares = lists.numbers("--followup", followup), lists.numbers("--weights", weights)
    if followup and weights:
        lists.add("--weights", "given as well as --followup", "give one of them")
    if not window > 0.0:
        lists.add("--window", f"{window:g} days", "give days above 0")
        return ()
    if any(day < 0.0 for day in days) or any(not 0.0 <= share <= 1.0 for share in shares):
        lists.add("--followup", "negative, or a share above 1", "give days from 0, shares 0 to 1")
    found = shares or tuple(min(day / window, 1.0) for day in days) or (1.0,) * len(toxic)
    if len(found) != len(toxic):
        return found
    return tuple(1.0 if seen else share for share, seen in zip(found, toxic, strict=True))


def check_arrivals(lists: OptionLists, rate: float, accrual: str) -> None:
    """Note arrivals that cannot be."""
    if accrual not in ("fixed", "poisson"):
        lists.add("--accrual", f"'{accrual}' is unknown", "write fixed or poisson")
    if not rate > 0.0:
        lists.add("--rate", f"{rate:g} patients", "give a number above 0")
