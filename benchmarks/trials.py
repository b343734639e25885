"""How fast trials are conducted, beside how right the answers are.

``python -m benchmarks.trials [--json FILE] [--only WORD]`` conducts each kind of trial once to warm
up and then three times. The table has the best and the median of the three, the target, and a
number from the trials, beside the one it should be. Nothing here is a pass mark.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

__all__ = ["Measure", "main"]

ROUNDS: Final = 3
STUDIES: Final = Path(__file__).parents[1] / "studies"


@dataclass(frozen=True)
class Measure:
    """One row: what is done, in how many seconds it should be, and what it answers."""

    title: str
    target: float
    run: Callable[[], str]


def boin() -> str:
    """10,000 BOIN trials of 30 patients, random numbers included."""
    from progenitor.trial import (
        Boin,
        conduct_dose_finding,
        dose_characteristics,
        toxicity_outcomes,
    )

    rates = (0.05, 0.15, 0.3, 0.45, 0.6)
    outcomes = toxicity_outcomes(rates, patients=30, replicates=10_000, seed=1)
    found = dose_characteristics(conduct_dose_finding(Boin(target=0.3), outcomes))
    share, error = 100.0 * found.selected[2], 100.0 * found.selected_error[2]
    return f"dose 3 selected in {share:.2f} ± {error:.2f} % (R: 55.64 ± 0.56 %)"


def three_plus_three() -> str:
    """Exact 3+3 on ten doses, with de-escalation."""
    from progenitor.trial import ThreePlusThree

    rates = [0.05 * dose for dose in range(1, 11)]
    found = ThreePlusThree(deescalate=True).outcomes(rates)
    return f"{found.expected_n:.4f} patients, chances add up to {found.prob_mtd.sum():.12f}"


def tite_boin() -> str:
    """1,000 TITE-BOIN trials of 30 patients on a calendar."""
    from progenitor.trial import TiteBoin, arrival_days, conduct_timed, toxicity_days

    arrivals = arrival_days(gap=14.0, patients=30, replicates=1_000, seed=1)
    rates = (0.05, 0.15, 0.3, 0.45, 0.6)
    times = toxicity_days(rates, window=28.0, patients=30, replicates=1_000, seed=1)
    trials = conduct_timed(TiteBoin(target=0.3), arrivals, times, window=28.0, cohort=3)
    assert trials.duration is not None
    return f"dose 3 selected in {100.0 * (trials.selected == 2).mean():.1f} %"


def crm() -> str:
    """10,000 trials of the continual reassessment method of 20 patients, one at a time."""
    from progenitor.trial import (
        Crm,
        conduct_dose_finding,
        dose_characteristics,
        toxicity_outcomes,
    )

    outcomes = toxicity_outcomes(
        (0.1, 0.2, 0.4, 0.5, 0.6, 0.65), patients=20, replicates=10_000, seed=1
    )
    design = Crm(target=0.2, skeleton=(0.05, 0.1, 0.2, 0.35, 0.5, 0.7))
    found = dose_characteristics(conduct_dose_finding(design, outcomes, cohort=1))
    share, error = 100.0 * found.selected[1], 100.0 * found.selected_error[1]
    return f"dose 2 selected in {share:.2f} ± {error:.2f} % (R: 52.65 ± 1.12 %)"


def tite_crm() -> str:
    """1,000 TITE-CRM trials of 20 patients on a calendar."""
    from progenitor.trial import TiteCrm, arrival_days, conduct_timed, toxicity_days

    size = {"patients": 20, "replicates": 1_000, "seed": 1}
    arrivals = arrival_days(gap=14.0, accrual="fixed", **size)
    times = toxicity_days((0.05, 0.12, 0.25, 0.4, 0.55), window=28.0, **size)
    design = TiteCrm(target=0.25, skeleton=(0.083973, 0.156741, 0.25, 0.3545, 0.460343))
    trials = conduct_timed(design, arrivals, times, window=28.0)
    return f"dose 3 selected in {100.0 * (trials.selected == 2).mean():.1f} % (R: 54.5 ± 2.0 %)"


def blrm() -> str:
    """200 trials of logistic regression with overdose control on achieved doses, 18 patients."""
    from progenitor.trial import Blrm, conduct_feasible

    bank = cell_yields()
    design = Blrm(doses=bank.doses, reference=3e6, mean=(-1.0, 0.0), sd=(1.5, 0.7))
    found = conduct_feasible(design, bank, policy="achieved", patients=18, replicates=200, seed=1)
    return f"dose 2 chosen in {100.0 * (found.selected == 1).mean():.1f} %"


def cell_yields() -> Any:
    """Patients whose yields are log-normal: a bank from which trials are resampled."""
    from progenitor.trial import DoseBank

    return DoseBank.from_yields(
        (1e6, 3e6, 1e7, 3e7), (0.02, 0.08, 0.27, 0.57), median=8e6, log_sd=1.0, failure=0.05
    )


def from_a_bank() -> str:
    """100,000 BOIN trials of 20 patients resampled from a bank."""
    from progenitor.trial import Boin, conduct_dose_finding

    drawn = cell_yields().resample(patients=20, replicates=100_000, seed=1)
    trials = conduct_dose_finding(Boin(target=0.3), drawn.toxic)
    return f"dose 4 selected in {100.0 * (trials.selected == 3).mean():.1f} %"


def from_a_bank_with_replacement() -> str:
    """The same where patients below their dose are replaced and infeasible doses closed."""
    from progenitor.trial import Boin, conduct_feasible

    found = conduct_feasible(
        Boin(target=0.3), cell_yields(), policy="exclude", patients=20, replicates=100_000, seed=1
    )
    return f"dose 4 chosen in {100.0 * (found.selected == 3).mean():.1f} %"


def simon() -> str:
    """Every admissible two-stage design of 0.2 against 0.4 up to 100 patients."""
    from progenitor.trial import SimonTwoStage

    found = SimonTwoStage.admissible(p0=0.2, p1=0.4, alpha=0.05, beta=0.2, n_max=100)
    (minimax, *_), (optimal, *_) = found[0], found[-1]
    best = f"{optimal.r1}/{optimal.n1}, {optimal.r}/{optimal.n}"
    return f"optimal {best} (R: 3/13, 12/43), minimax n = {minimax.n} (R: 33)"


def bop2() -> str:
    """Search of all 5,100 pairs of lambda and gamma with five looks at 150 patients."""
    from progenitor.trial import Bop2

    design = Bop2.search(p0=0.4, p1=0.52, looks=(30, 60, 90, 120, 150), alpha=0.05)
    return f"power {design.power:.6f} (reference: 0.878681)"


def group_sequential() -> str:
    """Bounds of O'Brien and Fleming with five looks."""
    from progenitor.trial import ErrorSpending, efficacy_bounds, equal_looks

    bounds = efficacy_bounds(ErrorSpending("of"), 0.025, equal_looks(5))
    return f"last bound {bounds[-1]:.6f} (R: 2.040073)"


def survival_trials() -> tuple[Any, Any, Any]:
    """100,000 trials of 150 patients with tied times and a third censored."""
    import numpy as np

    from progenitor.engine import stream

    noise = stream(1, "benchmark_survival")
    shape = (100_000, 150)
    time = np.ceil(noise.exponential(10.0, shape) * 10.0) / 10.0
    return time, noise.random(shape) < 0.67, np.arange(150) % 2


def log_rank_tests() -> str:
    """Log-rank tests of 100,000 trials, their patients drawn first."""
    from progenitor.trial import log_rank

    time, event, arm = survival_trials()
    share = 100.0 * (log_rank(time, event, arm).p_value < 0.05).mean()
    return f"{share:.2f} % significant (null: about 5 %)"


def restricted_means() -> str:
    """Differences of restricted means in 100,000 trials, their patients drawn first."""
    from progenitor.trial import compare_restricted_means

    found = compare_restricted_means(*survival_trials(), horizon=12.0)[0]
    return f"{100.0 * (found.p_value < 0.05).mean():.2f} % significant (null: about 5 %)"


def cox_regressions() -> str:
    """Hazard ratios of 100,000 trials, their patients drawn first."""
    from progenitor.trial import hazard_ratios

    return f"mean ln HR {hazard_ratios(*survival_trials()).value.mean():.5f} (null: 0)"


def max_combos() -> str:
    """MaxCombo with its joint p-value in 10,000 trials."""
    from progenitor.trial import max_combo

    time, event, arm = survival_trials()
    found = max_combo(time[:10_000], event[:10_000], arm)
    return f"{100.0 * (found.p_value < 0.05).mean():.2f} % significant (null: about 5 %)"


def mouse_studies() -> str:
    """1,000 studies of 120 mice in which arms are equal and have donors of their own."""
    import numpy as np

    from progenitor.engine import stream
    from progenitor.trial import MouseBank, MouseDesign, compare_units, conduct_mouse_studies

    generator = stream(1, "benchmark")
    days = np.arange(0.0, 43.0, 3.0)
    growth = 0.07 + 0.01 * generator.standard_normal((10, 1, 1, 40))
    growth = growth + 0.01 * generator.standard_normal((10, 1, 40, 1)) * np.ones((1, 6, 1, 1))
    bank = MouseBank(tuple("abcdef"), days, 100.0 * np.exp(growth[..., np.newaxis] * days))
    design = MouseDesign(
        control=0, donors=4, per_donor=5, limit=1500.0, error=0.15, own_donors=True
    )
    studies = conduct_mouse_studies(bank, design, replicates=100, seed=1)
    rates = [
        100.0 * compare_units(studies, unit=unit).different.any(axis=1).mean()
        for unit in ("batch", "mouse")
    ]
    return f"{rates[0]:.1f} % significant (null: 5 %); {rates[1]:.1f} % with mice as units"


def phase_two_study() -> str:
    """A Phase II study of 150 patients in three arms: patients simulated, 1,000 trials conducted.

    Twenty parameter draws from the priors, 50 patients each in every arm, followed for 24 months;
    two arms are held against the control. Nothing is compiled in the measured rounds.
    """
    from dataclasses import replace

    from progenitor.evidence import default_catalogue
    from progenitor.study import Chunk, Study
    from progenitor.study._baseline import with_baseline
    from progenitor.study._estimates import Table
    from progenitor.study._plan import Plan, setup_arms
    from progenitor.study._simulate import simulate_chunk
    from progenitor.study.trials import conduct_trials

    catalogue = default_catalogue()
    study = Study.load(STUDIES / "phase_2_tscm_vs_cart.yaml")
    trial = study.file.trials["phase2_randomised"].model_copy(
        update={"arms": ["conventional", "tscm", "tscm_again"], "replicates": 1_000}
    )
    arms = dict(study.file.arms) | {"tscm_again": study.file.arms["tscm"]}
    file = study.file.model_copy(update={"arms": arms, "trials": {"trial": trial}})
    plan = Plan(file=file, seed=1, draws=tuple(range(20)), catalogue_path=catalogue.path)
    plan = replace(plan, threads=2)
    shard = simulate_chunk(plan, Chunk(draw=0, first_patient=0, patients=50, draws=20)).ordered()
    rows = {arm.name: Table.of(shard, arm=arm.index) for arm in setup_arms(plan)}
    tables = {name: [table] for name, table in with_baseline(plan, rows).items()}
    found = conduct_trials(file, 1, catalogue, tables).randomised[0]
    success = [f"{100 * pair.success.value:.0f} %" for pair in found.pairs]
    return f"success {' and '.join(success)} (the same product twice)"


MEASURES: Final[tuple[Measure, ...]] = (
    Measure("10,000 BOIN trials, n = 30", 1.0, boin),
    Measure("3+3 enumerated, 10 doses", 0.1, three_plus_three),
    Measure("1,000 TITE-BOIN trials, n = 30", 10.0, tite_boin),
    Measure("10,000 CRM trials, n = 20", 10.0, crm),
    Measure("1,000 TITE-CRM trials, n = 20", 10.0, tite_crm),
    Measure("200 BLRM trials on achieved doses, n = 18", 10.0, blrm),
    Measure("100,000 Phase I trials from a bank, n = 20", 10.0, from_a_bank),
    Measure("100,000 of them with replacement, n = 20", 10.0, from_a_bank_with_replacement),
    Measure("Simon, 0.2 against 0.4, n up to 100", 0.1, simon),
    Measure("BOP2 search, 5 looks at 150 patients", 1.0, bop2),
    Measure("group-sequential, K = 5", 0.02, group_sequential),
    Measure("100,000 log-rank tests, n = 150", 30.0, log_rank_tests),
    Measure("100,000 differences of restricted means, n = 150", 30.0, restricted_means),
    Measure("100,000 Cox regressions, n = 150", 60.0, cox_regressions),
    Measure("10,000 MaxCombo tests, n = 150", 30.0, max_combos),
    Measure("Phase II study, 150 patients x 3 arms x 1,000, 24 months", 60.0, phase_two_study),
    Measure("1,000 mouse studies, n = 120", 5.0, mouse_studies),
)
"""One row of the table each; a new design adds its own."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, write the JSON file and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trials", description=__doc__)
    parser.add_argument("--json", type=Path, help="file to write the result to")
    parser.add_argument("--only", default="", help="measure only rows with this word")
    asked = parser.parse_args(arguments)
    chosen = [one for one in MEASURES if asked.only.lower() in one.title.lower()]
    results = [measured(one) for one in chosen]
    if asked.json is not None:
        asked.json.write_text(json.dumps(results, indent=1, allow_nan=False) + "\n", "utf-8")
    print(table(results))


def measured(one: Measure) -> dict[str, Any]:
    """Run once unmeasured, then a few times by the clock."""
    answer = one.run()
    seconds = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        one.run()
        seconds.append(time.perf_counter() - begin)
    return {
        "measure": one.title,
        "seconds": min(seconds),
        "median": statistics.median(seconds),
        "target": one.target,
        "answer": answer,
    }


def table(results: Sequence[dict[str, Any]]) -> str:
    """Write the results as Markdown."""
    lines = [
        "| trials | best of three (s) | median (s) | target (s) | answer |",
        "|---|---|---|---|---|",
    ]
    for one in results:
        cells = (f"{one[name]:.3g}" for name in ("seconds", "median", "target"))
        lines.append(f"| {one['measure']} | {' | '.join(cells)} | {one['answer']} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
