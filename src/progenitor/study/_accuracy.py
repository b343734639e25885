"""How exact the solver really was in a run."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from jaxtyping import Int

from progenitor.engine import accuracy, uniforms
from progenitor.study._plan import Plan, setup_arms
from progenitor.study._simulate import make_lots_of, patient_numbers
from progenitor.study._treat import infusions, protocol

__all__ = ["solver_record"]

_SHARE: Final = 0.01
_MOST: Final = 1_000
_NAMES: Final = {
    "fast": "Rodas5P, compiled for this machine (fast engine)",
    "reference": "LSODA of SciPy (reference engine)",
}


def solver_record(plan: Plan) -> Mapping[str, Any]:
    """Solve about one patient in a hundred again at rtol 1e-8 and record the error made.

    They are chosen by chance, the same in every arm; at least one, at most a thousand.
    """
    draw, patient = _checked(plan)
    numbers = patient_numbers(plan, draw=draw, patient=patient)
    errors, worst, largest, failed = [], "", 0.0, 0
    for arm in setup_arms(plan):
        batch = make_lots_of(plan, arm, numbers, draw=draw, patient=patient)
        given = infusions(plan, arm, numbers, batch, draw=draw, patient=patient)
        asked = protocol(plan, arm, numbers, batch, given)
        if not len(asked.who):
            continue
        found = accuracy(
            arm.body.model,
            asked.parameters,
            times=asked.times,
            doses=asked.doses,
            seed=plan.seed,
            draw=draw[asked.who],
            patient=patient[asked.who],
            options=plan.solver,
            fraction=1.0,
        )
        errors.append(found.errors)
        failed += found.failed
        if found.largest > largest:
            worst, largest = found.worst, found.largest
    every = np.concatenate(errors) if errors else np.zeros(0)
    known = every[~np.isnan(every)]
    return {
        "solver": _NAMES[plan.solver.engine],
        "precision": f"{plan.solver.precision}",
        "rtol": plan.solver.rtol,
        "checked at rtol 1e-8": len(every),
        "could not be checked": failed,
        "median of largest relative errors": float(np.median(known)) if known.size else None,
        "largest relative error": float(known.max()) if known.size else None,
        "observable with the largest error": worst,
    }


def _checked(plan: Plan) -> tuple[Int[np.ndarray, " patient"], Int[np.ndarray, " patient"]]:
    """Choose the draw and the number of each patient to check."""
    patients = plan.file.population.patients_per_draw
    found = []
    for draw in plan.draws:
        who = np.arange(patients)
        chance = uniforms(plan.seed, "accuracy", np.full(patients, draw), who)
        found += [(draw, number) for number in np.flatnonzero(chance < _SHARE).tolist()]
    pairs = np.array(found[:_MOST] or [(plan.draws[0], 0)], dtype=np.int64)
    return pairs[:, 0], pairs[:, 1]
