"""How exact the solver really was in a run."""

from collections.abc import Mapping
from typing import Any

from progenitor.engine import accuracy
from progenitor.study._error_record import checked_patients, error_record
from progenitor.study._plan import Plan, setup_arms
from progenitor.study._simulate import make_lots_of, patient_numbers
from progenitor.study._treat import infusions, protocol

__all__ = ["solver_record"]


def solver_record(plan: Plan) -> Mapping[str, Any]:
    """Solve about one patient in a hundred again at rtol 1e-8 and record the error made.

    They are chosen by chance, the same in every arm; at least one, at most a thousand.
    """
    draw, patient = checked_patients(plan.seed, plan.draws, plan.file.population.patients_per_draw)
    numbers = patient_numbers(plan, draw=draw, patient=patient)
    found = []
    for arm in setup_arms(plan):
        batch = make_lots_of(plan, arm, numbers, draw=draw, patient=patient)
        given = infusions(plan, arm, numbers, batch, draw=draw, patient=patient)
        asked = protocol(plan, arm, numbers, batch, given)
        if len(asked.who):
            found.append(
                accuracy(
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
            )
    return error_record(plan.solver, found)
