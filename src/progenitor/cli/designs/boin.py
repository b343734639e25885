"""`progenitor design boin`: boundaries, next dose, selection and simulated trials of BOIN."""

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
    Start,
    Target,
    Titration,
    Trials,
    TrialSeed,
)
from progenitor.cli.designs._interval_answer import DoseData, Simulation, interval_answer

__all__ = ["boin"]

BoundMtd = Annotated[
    bool,
    typer.Option("--bound-mtd", help="Select only a dose with an isotonic rate below lambda_d."),
]


@exits
def boin(
    target: Target,
    n: Largest = 30,
    cohort: Cohort = 3,
    p_saf: PSaf = None,
    p_tox: PTox = None,
    cutoff: Cutoff = 0.95,
    extra_safe: ExtraSafe = False,
    offset: Offset = 0.05,
    bound_mtd: BoundMtd = False,
    early_stop: EarlyStop = None,
    npts: Npts = "",
    ntox: Ntox = "",
    current: Current = None,
    eliminated: Eliminated = "",
    p: Probabilities = "",
    trials: Trials = 10_000,
    seed: TrialSeed = 1,
    start: Start = 1,
    titration: Titration = False,
    as_json: AsJson = False,
) -> None:
    """Tabulate a Bayesian optimal interval design; answer for data; simulate trials.

    Boundaries are for 1 … N patients at the current dose. With --npts and --ntox it says where the
    next patients go and which dose is selected; with --p it simulates trials of N patients.

    For example:
      progenitor design boin --target 0.3 --n 30
      progenitor design boin --target 0.25 --npts 3,6,12 --ntox 0,1,4 --bound-mtd --json
      progenitor design boin --target 0.3 --n 30 --p 0.05,0.15,0.3,0.45 --trials 10000 --seed 1
      progenitor design boin --target 0.3 --p 0.1,0.3,0.5 --early-stop 12 --titration
    """
    from progenitor.trial import Boin

    nan = float("nan")
    low, high = nan if p_saf is None else p_saf, nan if p_tox is None else p_tox
    data = DoseData(npts, ntox, current, eliminated)
    simulation = Simulation(p, n, cohort, trials, seed, start, titration)
    interval_answer(
        lambda: Boin(target, low, high, cutoff, extra_safe, offset, bound_mtd, early_stop),
        data,
        simulation,
        as_json=as_json,
    )
