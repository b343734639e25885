"""`progenitor design tite-boin`: next dose while patients are pending, and simulated trials."""

import math
from typing import Annotated

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson
from progenitor.cli.designs._dose_options import (
    Cohort,
    Current,
    Cutoff,
    EarlyStop,
    Eliminated,
    ExtraSafe,
    Largest,
    Npts,
    Ntox,
    Offset,
    Probabilities,
    PSaf,
    PTox,
    Target,
    Trials,
    TrialSeed,
)
from progenitor.cli.designs._interval_answer import (
    Simulation,
    dose_answer,
    protocol_text,
    show_answer,
)
from progenitor.cli.designs._lists import OptionLists
from progenitor.cli.designs._pending_data import PendingData
from progenitor.cli.designs._timed_options import conduct_on_calendar

__all__ = ["tite_boin"]

Window = Annotated[
    float, typer.Option("--window", metavar="D", help="Days of follow-up for a toxicity.")
]
MaxPending = Annotated[
    float,
    typer.Option(
        "--max-pending", "--maxpen", metavar="X", help="Wait above this share of pending."
    ),
]
Npend = Annotated[
    str, typer.Option("--npend", metavar="N,N,…", help="Patients without toxicity yet, pending.")
]
Followup = Annotated[
    str,
    typer.Option(
        "--followup",
        "--pend-followup-sum",
        metavar="D,D,…",
        help="Days of pending patients, summed.",
    ),
]
Gap = Annotated[
    float, typer.Option("--gap", metavar="D", help="Mean days between arrivals, with --p.")
]


@exits
def tite_boin(
    target: Target,
    window: Window = 28.0,
    max_pending: MaxPending = 0.5,
    npts: Npts = "",
    ntox: Ntox = "",
    npend: Npend = "",
    followup: Followup = "",
    current: Current = None,
    eliminated: Eliminated = "",
    p_saf: PSaf = None,
    p_tox: PTox = None,
    cutoff: Cutoff = 0.95,
    extra_safe: ExtraSafe = False,
    offset: Offset = 0.05,
    early_stop: EarlyStop = None,
    p: Probabilities = "",
    n: Largest = 30,
    cohort: Cohort = 3,
    gap: Gap = 14.0,
    trials: Trials = 10_000,
    seed: TrialSeed = 1,
    as_json: AsJson = False,
) -> None:
    """Say where the next patients go while others are pending, or that they wait.

    Every list has an entry for each dose: patients treated, with toxicity, pending, and the days
    that pending patients were observed in all. With --p trials are simulated on a calendar:
    patients arrive at random, toxicities fall evenly in the window.

    For example:
      progenitor design tite-boin --target 0.3 --npts 6,3 --ntox 0,0 --npend 0,1 --followup 0,17.6
      progenitor design tite-boin --target 0.3 --p 0.05,0.15,0.3 --gap 14 --trials 2000 --json
    """
    from progenitor.cli._output import write_json
    from progenitor.trial import TiteBoin, dose_characteristics

    lists = OptionLists()
    data = PendingData(npts, ntox, npend, followup, eliminated, current, window)
    if not any((p, npts, ntox, npend)):
        lists.add("--npts", "neither data nor rates are given", "write --npts, --ntox or --p")
    if not gap > 0.0:
        lists.add("--gap", f"{gap:g} days between arrivals", "give more than 0")
    simulation = Simulation(p, n, cohort, trials, seed)
    rates, state = simulation.rates(lists), data.state(lists)
    low, high = (math.nan if rate is None else rate for rate in (p_saf, p_tox))
    safety = (cutoff, extra_safe, offset, early_stop)
    design = lists.attempt(lambda: TiteBoin(target, low, high, *safety, max_pending))
    lists.done()
    found = None
    if rates:
        conducted = conduct_on_calendar(design, rates, simulation, gap=gap, window=window)
        found = dose_characteristics(conducted)
    content = dose_answer(design, state, found, rates)
    if as_json:
        head = {"design": design.name, **design.numbers, "window": window}
        text = protocol_text(design, n, cohort)
        write_json(head | content | {"protocol": text})
        return
    show_answer(design, content, found, rates)
