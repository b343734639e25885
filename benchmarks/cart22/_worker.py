"""One entry in a process of its own: it waits for a word on standard input, acts and answers.

So the memory of each entry is measured alone, entries can be timed in turns while the others sleep,
and no library disturbs another.
"""

import json
import os
import sys
import time
from dataclasses import fields
from functools import lru_cache
from typing import Any, Final, Protocol, TextIO

import numpy as np

from benchmarks.cart22._entries import OURS, Entry
from benchmarks.cart22._errors import observable_errors, species_errors
from benchmarks.cart22._machine import peak_rss_mb
from benchmarks.cart22._ours import Ours
from benchmarks.cart22._patients import reference_patients, sample
from benchmarks.cart22._problem import Outputs

__all__ = ["Solver", "make_solver"]

WARMING: Final = 16
"""Patients solved just before each timing, so that code is warm."""


class Solver(Protocol):
    """Anything that solves the problem."""

    def solve(self, patients: dict[str, np.ndarray], rtol: float) -> np.ndarray:
        """Return daily values, (patient, day, output)."""
        ...


@lru_cache(maxsize=2)
def make_solver(entry: Entry, outputs: Outputs) -> Solver:
    """Make the solver of an entry; libraries of peers are imported here only."""
    match entry.solver:
        case "progenitor":
            return Ours(outputs, entry.precision, entry.threads)
        case "numbalsoda":
            from benchmarks.cart22._peers_numbalsoda import Numbalsoda

            return Numbalsoda(outputs)
        case "libroadrunner":
            from benchmarks.cart22._peers_roadrunner import Roadrunner

            return Roadrunner()
        case "scikit-sundae":
            from benchmarks.cart22._peers_sundae import Sundae

            return Sundae()
        case "scipy":
            from benchmarks.cart22._peers_scipy import Scipy

            return Scipy()
        case _:
            raise ValueError(f"no solver is called '{entry.solver}'; known: {OURS} and its peers")


def main() -> None:
    """Serve until told to stop."""
    given = json.loads(sys.argv[1])
    given["tolerances"] = tuple(given["tolerances"])
    entry = Entry(**{field.name: given[field.name] for field in fields(Entry)})
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # libraries talk; answers stay apart
    solver = make_solver(entry, entry.outputs)
    patients = sample(0, entry.patients)
    solver.solve(patients, entry.tolerances[0])
    _tell(answers, {"ready": True})
    for line in sys.stdin:
        asked = json.loads(line)
        match asked["do"]:
            case "time":
                _tell(answers, _time(solver, patients, asked["tolerance"]))
            case "memory":
                _tell(answers, {"peak_rss_mb": peak_rss_mb()})
            case "errors":
                _tell(answers, _errors(entry, solver, asked["tolerance"]))


def _time(solver: Solver, patients: dict[str, np.ndarray], tolerance: float) -> dict[str, Any]:
    _warm(solver, patients, tolerance)
    wall, processor = time.perf_counter(), time.process_time()
    values = solver.solve(patients, tolerance)
    seconds, worked = time.perf_counter() - wall, time.process_time() - processor
    failed = int(np.isnan(values[:, -1, 0]).sum())
    return {"seconds": seconds, "processor_seconds": worked, "failed": failed}


def _warm(solver: Solver, patients: dict[str, np.ndarray], tolerance: float) -> None:
    """Solve a few patients and touch as much memory as the answer will take.

    While an entry sleeps its freed memory goes to others. What it is lent next may never have been
    used since the machine started, and a virtual machine takes ten times as long to touch that.
    """
    few = {name: column[:WARMING] for name, column in patients.items()}
    values = solver.solve(few, tolerance)
    np.full((len(patients["dose"]), *values.shape[1:]), 0.0)


def _errors(entry: Entry, solver: Solver, tolerance: float) -> dict[str, list[float]]:
    patients = reference_patients()
    if entry.outputs == "all":
        return {"species": species_errors(solver.solve(patients, tolerance)).tolist()}
    whole = make_solver(entry, "all").solve(patients, tolerance)
    return {
        "species": species_errors(whole).tolist(),
        "observables": observable_errors(solver.solve(patients, tolerance)).tolist(),
    }


def _tell(answers: TextIO, what: dict[str, Any]) -> None:
    answers.write(json.dumps(what) + "\n")


if __name__ == "__main__":
    main()
