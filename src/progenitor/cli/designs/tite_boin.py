"""`progenitor design tite-boin`: next dose while patients are pending, and simulated trials."""

from typing import TYPE_CHECKING, Annotated

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

if TYPE_CHECKING:
    from progenitor.trial import DoseCharacteristics, TiteBoin

__all__ = ["tite_boin"]

Window = Annotated[
    float, typer.Option("--window", metavar="D", help="Days of follow-up for a toxicity.")
]
MaxPending = Annotated[
    float, typer.Option("--max-pending", metavar="X", help="Wait above this share of pending.")
]
Npend = Annotated[
    str, typer.Option("--npend", metavar="N,N,…", help="Patients without toxicity yet, pending.")
]
Followup = Annotated[
    str, typer.Option("--followup", metavar="D,D,…", help="Days of pending patients, summed.")
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
    from progenitor.trial import TiteBoin

    lists = OptionLists()
    data = PendingData(npts, ntox, npend, followup, eliminated, current, window)
    if not p and not npts:
        lists.add("--npts", "neither data nor rates are given", "write --npts, --ntox or --p")
    if not gap > 0.0:
        lists.add("--gap", f"{gap:g} days between arrivals", "give more than 0")
    simulation = Simulation(p, n, cohort, trials, seed)
    rates = simulation.rates(lists)
    state = data.state(lists) if npts else None
    nan = float("nan")
    low, high = nan if p_saf is None else p_saf, nan if p_tox is None else p_tox
    design = TiteBoin(target, low, high, cutoff, extra_safe, offset, early_stop, max_pending)
    found = _simulate(design, rates, simulation, window, gap) if rates else None
    content = dose_answer(design, state, found, rates)
    if as_json:
        head = {"design": design.name, **design.numbers, "window": window}
        text = protocol_text(design, n, cohort)
        write_json(head | content | {"protocol": text})
        return
    show_answer(design, content, found, rates)


def _simulate(
    design: "TiteBoin",
    rates: tuple[float, ...],
    asked: Simulation,
    window: float,
    gap: float,
) -> "DoseCharacteristics":
    """Conduct trials on a calendar."""
    from progenitor.trial import arrival_days, conduct_timed, dose_characteristics, toxicity_days

    n, trials, seed = asked.n, asked.trials, asked.seed
    arrivals = arrival_days(gap=gap, patients=n, replicates=trials, seed=seed)
    times = toxicity_days(rates, window=window, patients=n, replicates=trials, seed=seed)
    done = conduct_timed(design, arrivals, times, window=window, cohort=asked.cohort)
    return dose_characteristics(done)
