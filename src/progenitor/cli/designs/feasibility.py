"""`progenitor design feasibility`: what patients who get less than their dose do to the choice."""

from typing import Annotated

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson
from progenitor.cli.designs._dose_options import Cohort, Target, Trials, TrialSeed

__all__ = ["feasibility"]

Doses = Annotated[str, typer.Option("--doses", metavar="D,D,…", help="Assigned doses, rising.")]
Toxicity = Annotated[
    str, typer.Option("--p", metavar="P,P,…", help="Rate of toxicities at doses given in full.")
]
Median = Annotated[
    float, typer.Option("--yield-median", metavar="Y", help="Median yield, in the doses' unit.")
]
Cv = Annotated[float, typer.Option("--yield-cv", metavar="C", help="Its coefficient of variation.")]
Failure = Annotated[
    float, typer.Option("--failure", metavar="P", help="Share of patients without a product.")
]
Tolerance = Annotated[
    float, typer.Option("--tolerance", metavar="F", help="Share by which a dose may fall short.")
]
Least = Annotated[
    float, typer.Option("--least", metavar="F", help="Least share who must get a feasible dose.")
]
Patients = Annotated[int, typer.Option("--n", metavar="N", help="Patients who count.")]
Name = Annotated[str, typer.Option("--design", metavar="NAME", help="boin, keyboard or crm.")]


@exits
def feasibility(
    target: Target,
    doses: Doses,
    p: Toxicity,
    yield_median: Median,
    yield_cv: Cv = 0.8,
    failure: Failure = 0.05,
    tolerance: Tolerance = 0.2,
    least: Least = 0.5,
    n: Patients = 20,
    cohort: Cohort = 3,
    design: Name = "boin",
    trials: Trials = 10_000,
    seed: TrialSeed = 1,
    as_json: AsJson = False,
) -> None:
    """Compare policies for patients who achieve less than the dose they were assigned.

    Yields are log-normal. Policies: ignore it, exclude and replace, or count as treated. Told are
    the share who can get each dose, the maximum tolerated and feasible dose, and how far off each
    policy chooses.

    For example:
      progenitor design feasibility --target 0.3 --doses 1e6,3e6,1e7 --p 0.05,0.2,0.4
        --yield-median 6e6
      progenitor design feasibility --target 0.3 --doses 1e6,3e6,1e7 --p 0.05,0.2,0.4
        --yield-median 6e6 --failure 0.1 --least 0.7 --json
    """
    import math

    from progenitor.cli.designs._feasibility_answer import (
        give_feasibility,
        named_design,
        yield_bank,
    )
    from progenitor.cli.designs._interval_answer import Simulation
    from progenitor.cli.designs._lists import OptionLists
    from progenitor.trial import compare_feasibility, conduct_feasible

    lists = OptionLists()
    levels = lists.numbers("--doses", doses)
    truth = Simulation(p, n, cohort, trials, seed).rates(lists)
    lists.same_length(doses=levels, p=truth)
    if not yield_cv >= 0.0:
        lists.add("--yield-cv", f"{yield_cv:g}", "give a number from 0")
    if not 0.0 < least < 1.0:
        lists.add("--least", f"{least:g} is no share", "give one inside (0, 1), such as 0.5")
    rule = named_design(lists, design, target=target, levels=len(levels), cohort=cohort)
    log_sd = math.sqrt(math.log1p(max(yield_cv, 0.0) ** 2))
    shape = {"median": yield_median, "log_sd": log_sd, "failure": failure, "tolerance": tolerance}
    bank = yield_bank(lists, levels, truth, seed, shape)
    lists.done()
    size = {"patients": n, "replicates": trials, "seed": seed, "cohort": cohort}
    conducted = [
        conduct_feasible(rule, bank, policy=policy, least=least, **size)
        for policy in ("ignore", "exclude", "as_treated")
    ]
    found = compare_feasibility(bank, conducted, target=target)
    give_feasibility(found, levels, rule.description, as_json=as_json)
