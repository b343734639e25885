"""`progenitor design tite-crm`: continual reassessment while patients are still followed."""

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
from progenitor.cli.designs._timed_options import (
    Arrivals,
    FollowUp,
    Rate,
    Weights,
    Window,
    conduct_on_calendar,
    followed_shares,
    window_gap,
)

__all__ = ["tite_crm"]


@exits
def tite_crm(
    target: Target,
    skeleton: Skeleton = "",
    levels: Levels = "",
    tox: Tox = "",
    followup: FollowUp = "",
    window: Window = 28.0,
    weights: Weights = "",
    model: Model = "power",
    scale: Scale = 1.34**0.5,
    intercept: Intercept = 3.0,
    cohort: Cohort = 1,
    coherent: Coherent = True,
    restrict: Restrict = True,
    safety: Safety = None,
    enough: Enough = None,
    halfwidth: Halfwidth = 0.05,
    nu: Nu = None,
    nlevel: Nlevel = None,
    p: Probabilities = "",
    n: Patients = 20,
    start: Start = 1,
    rate: Rate = 2.0,
    accrual: Arrivals = "fixed",
    trials: Trials = 1_000,
    seed: TrialSeed = 1,
    as_json: AsJson = False,
) -> None:
    """Fit the curve with patients still followed and say where the next patients go.

    A patient without a toxicity counts by the share of the window followed; one with a toxicity
    counts fully. With --p whole trials are simulated on a calendar.

    For example:
      progenitor design tite-crm --target 0.25 --skeleton 0.14,0.25,0.38 --levels 1,2,2
        --tox 0,0,1 --followup 28,20,6 --window 28
      progenitor design tite-crm --target 0.25 --nu 3 --nlevel 5 --p 0.05,0.12,0.25,0.4,0.55
        --n 20 --window 28 --rate 2 --json
    """
    from progenitor.cli.designs._curve_answer import CurveQuestion, give_answer, simulated_answer
    from progenitor.cli.designs._interval_answer import Simulation
    from progenitor.cli.designs._lists import OptionLists
    from progenitor.trial import TiteCrm

    asked = CurveQuestion(
        *(target, skeleton, levels, tox, model, scale, intercept, halfwidth, nu, nlevel),
        *(cohort, coherent, restrict, safety, enough),
    )
    lists, simulation = OptionLists(), Simulation(p, n, cohort, trials, seed, start)
    shares = followed_shares(lists, followup, weights, window, asked.toxic(lists))
    design, state, truth = asked.read(TiteCrm, lists, simulation, shares)
    gap = window_gap(lists, window, rate, accrual)
    lists.done()
    found = None
    if truth:
        plan = {"gap": gap, "accrual": accrual, "window": window}
        found = simulated_answer(design, conduct_on_calendar(design, truth, simulation, **plan))
    give_answer(design, state, found, truth, as_json=as_json)
