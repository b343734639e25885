"""What is known of patients at enrolment, on which a randomised trial may be stratified."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from progenitor.study._estimates import Table
from progenitor.study._plan import Plan, setup_arms
from progenitor.study._simulate import patient_numbers

__all__ = ["BASELINE", "with_baseline"]

BASELINE: Final[Mapping[str, str]] = {
    "tumour_burden": "tumour_at_enrolment",
    "tumour_growth": "tumour_growth_rate",
}
"""Factor of a study file → symbol of the number behind it, which names its column too."""


def with_baseline(plan: Plan, tables: Mapping[str, Table]) -> dict[str, Table]:
    """Add to every row what the patient brings to enrolment, where a trial is stratified by it.

    Patients are the same in every arm, so the numbers of the first arm are those of all. Nothing
    is stored: the numbers are keyed by seed, draw and patient, and drawn again.

    Parameters
    ----------
    plan
        The study and the draws that were kept.
    tables
        Rows of every arm.
    """
    trials = plan.file.trials.values()
    asked = {factor for trial in trials for factor in trial.stratify_by or ()}
    if not asked:
        return dict(tables)
    symbols = setup_arms(plan)[0].body.symbols
    first = next(iter(tables.values())).outcomes
    numbers = patient_numbers(
        plan, draw=np.array(plan.draws)[first["draw"]], patient=first["patient"]
    )
    added = {BASELINE[factor]: numbers[symbols[BASELINE[factor]]] for factor in sorted(asked)}
    return {
        name: replace(table, outcomes={**table.outcomes, **added}) for name, table in tables.items()
    }
