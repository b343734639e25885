"""`progenitor design keyboard` and `mtpi`: designs by the most likely interval of the rate."""

from collections.abc import Callable
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
    Largest,
    Npts,
    Ntox,
    Probabilities,
    Start,
    Target,
    Titration,
    Trials,
    TrialSeed,
)
from progenitor.cli.designs._interval_answer import DoseData, Simulation, interval_answer

__all__ = ["keyboard", "mtpi"]

Margin = Annotated[
    float, typer.Option("--margin", metavar="M", help="Reach of the target interval either side.")
]
MarginLeft = Annotated[
    float | None, typer.Option("--margin-left", metavar="M", help="Reach below; default --margin.")
]
MarginRight = Annotated[
    float | None, typer.Option("--margin-right", metavar="M", help="Reach above; default --margin.")
]


def _command(name: str, told: str) -> Callable[..., None]:
    """Make the command of a design that looks for the most likely interval."""

    def command(
        target: Target,
        n: Largest = 30,
        margin: Margin = 0.05,
        margin_left: MarginLeft = None,
        margin_right: MarginRight = None,
        cohort: Cohort = 3,
        cutoff: Cutoff = 0.95,
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
        from progenitor.trial import Keyboard, Mtpi

        low = margin if margin_left is None else margin_left
        high = margin if margin_right is None else margin_right
        kind = Keyboard if name == "keyboard" else Mtpi
        data = DoseData(npts, ntox, current, eliminated)
        simulation = Simulation(p, n, cohort, trials, seed, start, titration)
        interval_answer(
            lambda: kind(target, low, high, cutoff, early_stop), data, simulation, as_json=as_json
        )

    command.__name__, command.__doc__ = name, told
    return exits(command)


keyboard = _command(
    "keyboard",
    """Tabulate a Keyboard (mTPI-2) design; answer for data; simulate trials.

    Boundaries are for 1 … N patients at the current dose. With --npts and --ntox it says where the
    next patients go and which dose is selected; with --p it simulates trials of N patients.

    For example:
      progenitor design keyboard --target 0.3 --n 30
      progenitor design keyboard --target 0.3 --margin 0.05 --npts 3,6 --ntox 0,2 --json
      progenitor design keyboard --target 0.3 --p 0.05,0.15,0.3,0.45 --trials 10000
    """,
)

mtpi = _command(
    "mtpi",
    """Tabulate a modified toxicity probability interval design; answer for data; simulate trials.

    Its improved form, mTPI-2, is `progenitor design keyboard`.

    For example:
      progenitor design mtpi --target 0.3 --n 30
      progenitor design mtpi --target 0.3 --npts 3,6 --ntox 0,2 --current 2 --json
    """,
)
