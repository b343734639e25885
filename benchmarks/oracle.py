"""Virtual patients per second of the reference engine on the body of the first study.

Run it with ``make bench``. Timings are printed as ratios too, because a laptop, a loaded laptop and
a server differ more than two engines do: *per yardstick* is patients solved in the time in which
the same machine, in the same minute, does ten million additions in plain Python.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from progenitor.body import Body, assemble
from progenitor.cohort import sample_numbers
from progenitor.engine import Dose, SolverOptions, accuracy, simulate
from progenitor.evidence import default_catalogue

__all__ = ["TASKS", "Task", "main"]

PATIENTS = 24
SEED = 1
CONDITIONING_DAYS = (1.0, 2.0, 3.0)
INFUSION_DAY = 6.0
CELLS = 1.4e8
COMPOSITION = {"tscm": 0.05, "tcm": 0.35, "teff": 0.55, "tex": 0.05}
INPUTS = {"bridging_stop_day": 1.0, "vector_copies_per_car_cell": 2.0}
ADDITIONS = 10_000_000


@final
@dataclass(frozen=True, slots=True)
class Task:
    """Something to solve: how long, how often it is looked at, how carefully."""

    name: str
    days: float
    looks: int
    options: SolverOptions

    @property
    def times(self) -> np.ndarray:
        """Output times of every patient, (patient, time)."""
        return np.tile(np.linspace(0.0, self.days, self.looks), (PATIENTS, 1))


TASKS = (
    Task("28 days, daily, 1e-6", 28.0, 29, SolverOptions(engine="reference")),
    Task("2 years, 8 visits, 1e-6", 730.0, 8, SolverOptions(engine="reference")),
    Task("2 years, daily, 1e-6", 730.0, 731, SolverOptions(engine="reference")),
    Task("2 years, daily, 1e-8", 730.0, 731, SolverOptions(engine="reference", rtol=1e-8)),
)


def cohort(body: Body) -> Mapping[str, np.ndarray]:
    """Patients, each from a parameter draw of its own."""
    rows = np.arange(PATIENTS)
    numbers = sample_numbers(
        default_catalogue(), body.parameter_ids, seed=SEED, draw=rows, patient=rows
    )
    sampled = {symbol: numbers[address] for symbol, address in body.symbols.items()}
    return sampled | {name: np.full(PATIENTS, value) for name, value in INPUTS.items()}


def protocol(body: Body) -> list[Dose]:
    """Lymphodepletion on three days, then the product."""
    one = np.ones(PATIENTS)
    conditioning = [Dose(body.conditioning_species, day * one, one) for day in CONDITIONING_DAYS]
    product = [
        Dose(body.dose_species[phenotype], INFUSION_DAY * one, CELLS * share * one)
        for phenotype, share in COMPOSITION.items()
    ]
    return conditioning + product


def yardstick() -> float:
    """Processor seconds this machine takes, now, for ten million additions in plain Python."""
    start = time.process_time()
    total = 0
    for number in range(ADDITIONS):
        total += number
    return time.process_time() - start


def measure(body: Body, task: Task) -> str:
    """One row of the table."""
    rows = np.arange(PATIENTS)
    asked = {
        "times": task.times,
        "doses": protocol(body),
        "seed": SEED,
        "draw": rows,
        "patient": rows,
        "options": task.options,
    }
    parameters = cohort(body)
    before = yardstick()
    start = time.process_time()
    result = simulate(body.model, parameters, **asked)
    seconds = time.process_time() - start
    ruler = (before + yardstick()) / 2.0
    made = accuracy(body.model, parameters, **asked, fraction=1.0)
    cells = (
        task.name,
        f"{PATIENTS / seconds:.1f}",
        f"{PATIENTS * ruler / seconds:.1f}",
        f"{np.median(result.steps):.0f}",
        f"{np.nanmedian(made.errors):.1e}",
        f"{made.largest:.1e}",
        f"{int((result.status != 0).sum())}",
    )
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Print the table of ``benchmarks/README.md``."""
    body = assemble(
        default_catalogue(), chassis="conventional_car_t", disease="dlbcl", host="human_adult"
    )
    print(f"{len(body.model.species)} species, {len(body.model.reactions)} reactions,", end=" ")
    print(f"{PATIENTS} patients, one core\n")
    print("| task | patients/s | per yardstick | steps | median error | largest | failed |")
    print("|---|---|---|---|---|---|---|")
    for task in TASKS:
        print(measure(body, task), flush=True)


if __name__ == "__main__":
    main()
