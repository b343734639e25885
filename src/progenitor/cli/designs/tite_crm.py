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
    check_arrivals,
    followed_shares,
    simulate_timed,
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
    from progenitor.cli.designs._curve_answer import CurveQuestion, curve_answer, give_answer
    from progenitor.cli.designs._lists import OptionLists
    from progenitor.trial import DoseState, TiteCrm

    asked = CurveQuestion(
        *(target, skeleton, levels, tox, model, scale, intercept, halfwidth, nu, nlevel),
        *(cohort, coherent, safety, enough),
    )
    lists = OptionLists()
    given, toxic = asked.patients(lists)
    truth = lists.numbers("--p", p)
    shares = followed_shares(lists, followup, weights, window, toxic)
    lists.same_length(levels=given, followup=shares)
    check_arrivals(lists, rate, accrual)
    design = asked.design(TiteCrm, lists)
    state = DoseState.from_sequence(given, toxic, len(design.skeleton), followed=shares)
    found = None
    if truth:
        plan = {"window": window, "gap": window / rate, "accrual": accrual, "start": start - 1}
        size = {"patients": n, "replicates": trials, "seed": seed}
        found = simulate_timed(design, truth, cohort=cohort, size=size, plan=plan)
    give_answer(curve_answer(design, state), found, truth, as_json=as_json)
