"""`progenitor design crm`: the continual reassessment method."""

from typing import Annotated

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson
from progenitor.cli.designs._curve_options import (
    Coherent,
    Enough,
    Halfwidth,
    Intercept,
    Levels,
    Model,
    Nlevel,
    Nu,
    Patients,
    Restrict,
    Safety,
    Scale,
    Skeleton,
    Start,
    Tox,
)
from progenitor.cli.designs._dose_options import Cohort, Probabilities, Target, Trials, TrialSeed

__all__ = ["crm"]

GetPrior = Annotated[bool, typer.Option("--getprior", help="Answer with the skeleton only.")]


@exits
def crm(
    target: Target,
    skeleton: Skeleton = "",
    levels: Levels = "",
    tox: Tox = "",
    model: Model = "power",
    scale: Scale = 1.34**0.5,
    intercept: Intercept = 3.0,
    cohort: Cohort = 1,
    coherent: Coherent = True,
    restrict: Restrict = True,
    safety: Safety = None,
    enough: Enough = None,
    getprior: GetPrior = False,
    halfwidth: Halfwidth = 0.05,
    nu: Nu = None,
    nlevel: Nlevel = None,
    p: Probabilities = "",
    n: Patients = 20,
    start: Start = 1,
    trials: Trials = 10_000,
    seed: TrialSeed = 1,
    as_json: AsJson = False,
) -> None:
    """Fit the curve of the continual reassessment method and say where the next patients go.

    The prior guesses are given with --skeleton or made from indifference intervals with --nu and
    --nlevel (--getprior shows them). With --p whole trials are simulated.

    For example:
      progenitor design crm --target 0.25 --skeleton 0.05,0.12,0.25,0.4 --levels 1,1,2 --tox 0,0,1
      progenitor design crm --target 0.25 --getprior --halfwidth 0.05 --nu 3 --nlevel 5 --json
      progenitor design crm --target 0.25 --nu 3 --nlevel 5 --p 0.05,0.1,0.25,0.4,0.6 --n 20
      progenitor design crm --target 0.3 --model logistic --scale 1 --skeleton 0.1,0.3,0.5
    """
    from progenitor.cli.designs._curve_answer import CurveQuestion, give_answer, simulated_answer
    from progenitor.cli.designs._interval_answer import Simulation
    from progenitor.cli.designs._lists import OptionLists
    from progenitor.trial import Crm

    asked = CurveQuestion(
        *(target, skeleton, levels, tox, model, scale, intercept, halfwidth, nu, nlevel),
        *(cohort, coherent, restrict, safety, enough),
    )
    lists, simulation = OptionLists(), Simulation(p, n, cohort, trials, seed, start)
    design, state, truth = asked.read(Crm, lists, simulation)
    lists.done()
    if getprior and not as_json:
        typer.echo(",".join(f"{guess:.10f}" for guess in design.skeleton))
        return
    found = simulated_answer(design, simulation.conduct(design, truth)) if truth else None
    give_answer(design, state, found, truth, as_json=as_json)
