"""How exact the solver really was in a run."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from progenitor.engine import SolverOptions, accuracy
from progenitor.manufacture import manufacture
from progenitor.study._plan import Plan, setup_arms
from progenitor.study._simulate import patient_numbers
from progenitor.study._treat import infusions, protocol

__all__ = ["solver_record"]

_SHARE: Final = 0.01


def solver_record(plan: Plan) -> Mapping[str, Any]:
    """Solve about one patient in a hundred again at rtol 1e-8 and record the error made.

    The patients are the first of evenly spaced draws, in every arm; at least one per arm.
    """
    patients = plan.file.population.patients_per_draw
    every = max(1, round(1 / (_SHARE * patients)))
    checked, failed, worst = 0, 0, ""
    errors: list[float] = []
    for number in range(0, len(plan.draws), every):
        draw, patient = np.full(1, plan.draws[number]), np.zeros(1, dtype=np.int64)
        numbers = patient_numbers(plan, draw=draw, patient=patient)
        for arm in setup_arms(plan):
            batch = manufacture(arm.recipe, numbers, seed=plan.seed, draw=draw, lot=patient)
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
                draw=draw,
                patient=patient,
                fraction=1.0,
            )
            checked += len(found.rows)
            failed += found.failed
            if not errors or found.largest > max(errors):
                worst = found.worst
            errors.append(found.largest)
    options = SolverOptions()
    return {
        "solver": "LSODA (SciPy), reference",
        "rtol": options.rtol,
        "checked at rtol 1e-8": checked,
        "could not be checked": failed,
        "median of largest relative errors": float(np.median(errors)) if errors else None,
        "largest relative error": float(np.max(errors)) if errors else None,
        "observable with the largest error": worst,
    }
