"""`progenitor design blrm`: Bayesian logistic regression with overdose control."""

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson
from progenitor.cli.designs._blrm_options import (
    Achieved,
    CutHigh,
    CutLow,
    Cuts,
    Doses,
    Grid,
    Mu,
    Overdose,
    Patients,
    Quadrature,
    Reference,
    Rho,
    Sd,
    Step,
    Tox,
    Toxic,
    Treated,
)
from progenitor.cli.designs._curve_options import Enough, Start
from progenitor.cli.designs._dose_options import Cohort, Probabilities, Trials, TrialSeed

__all__ = ["blrm"]


@exits
def blrm(
    doses: Doses,
    dose_ref: Reference,
    mu: Mu,
    sd: Sd,
    rho: Rho = 0.0,
    n: Treated = "",
    y: Toxic = "",
    achieved: Achieved = "",
    tox: Tox = "",
    grid: Grid = "",
    cuts: Cuts = "0.16,0.33",
    cut_lo: CutLow = None,
    cut_hi: CutHigh = None,
    overdose: Overdose = 0.25,
    largest_step: Step = 10.0 / 3.0,
    quadrature: Quadrature = "points",
    cohort: Cohort = 3,
    enough: Enough = None,
    start: Start = 1,
    p: Probabilities = "",
    patients: Patients = 20,
    trials: Trials = 1_000,
    seed: TrialSeed = 1,
    as_json: AsJson = False,
) -> None:
    """Find how probably each dose is under, on or over the target, and the next dose.

    Data are counts at each of --doses (--n and --y), or the dose each patient really achieved
    (--achieved and --tox). The recommended dose is the one most probably on target among those
    that are over with probability below --overdose. With --p whole trials are simulated.

    For example:
      progenitor design blrm --doses 1e5,3e5,1e6 --dose-ref 1e6 --mu -1.386,0 --sd 1.5,0.7
        --n 3,3,0 --y 0,1,0
      progenitor design blrm --doses 1e5,3e5,1e6 --dose-ref 1e6 --mu -1.386,0 --sd 1.5,0.7
        --achieved 9e4,1e5,2.1e5 --tox 0,0,1 --json
    """
    from dataclasses import replace

    from progenitor.cli.designs._blrm_answer import blrm_answer, cut_limits, give_blrm, read_blrm
    from progenitor.cli.designs._interval_answer import Simulation
    from progenitor.cli.designs._lists import OptionLists

    lists = OptionLists()
    simulation = Simulation(p, patients, cohort, trials, seed, start, size="--patients")
    truth = simulation.rates(lists)
    prior = {"reference": dose_ref, "correlation": rho, "overdose": overdose}
    design, state, asked = read_blrm(
        lists,
        {"doses": doses, "grid": grid, "n": n, "y": y, "achieved": achieved, "tox": tox},
        {"mean": mu, "sd": sd, "cuts": cut_limits(lists, cuts, cut_lo, cut_hi)},
        **prior,
        largest_step=largest_step,
        enough=enough,
        quadrature=quadrature,
    )
    if truth and design:
        lists.same_length(doses=design.doses, p=truth)
    lists.done()
    found = simulation.run(replace(design, quadrature="cells"), truth)
    give_blrm(blrm_answer(design, state, asked), found, truth, as_json=as_json)
