"""What becomes of patients whose lot failed, as `progenitor make --attempts` prints it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from progenitor.cli._output import number
from progenitor.evidence import default_catalogue
from progenitor.manufacture import Recipe
from progenitor.study import run_campaign

__all__ = ["campaign_record", "campaign_text"]


def campaign_record(recipe: Recipe, lots: int, seed: int, attempts: int) -> dict[str, Any]:
    """Make lots until each patient is served or given up, as plain data.

    Parameters
    ----------
    recipe, lots, seed
        As for the lots themselves: patient ``n`` is the donor of lot ``n``.
    attempts
        Most lots begun for one patient.
    """
    who = np.arange(lots)
    made = run_campaign(
        default_catalogue(), recipe, seed=seed, draw=who, patient=who, attempts=attempts
    )
    banked = any(step.step.name == "bank" for step in recipe.steps)
    served = made.day[np.isfinite(made.day)]
    low, middle, high = (
        (float(day) for day in np.percentile(served, [5, 50, 95]))
        if served.size
        else [float("nan")] * 3
    )
    return {
        "outcomes": dict(made.shares),
        "further_attempts": made.remakes,
        "further_attempts_released": made.remade,
        "new_collections": int((made.collections - 1).sum()),
        "day": {"p5": low, "p50": middle, "p95": high, "unit": "day"},
        "cost_per_patient": float(made.cost.mean()) if not banked else made.cost_per_dose,
        "cost_per_dose": made.cost_per_dose,
        "banked": banked,
    }


def campaign_text(record: Mapping[str, Any]) -> str:
    """Say it in words.

    Examples
    --------
    >>> campaign_text({
    ...     "outcomes": {"released at first": 0.94, "never given": 0.06}, "further_attempts": 3,
    ...     "further_attempts_released": 2, "day": {"p50": 34.2}, "cost_per_patient": 99000.0,
    ...     "cost_per_dose": 101000.0, "banked": False,
    ... })
    'Patients: released at first 94.0 %, never given 6.0 %; 2 of 3 further attempts released; \
median day 34.2; 99,000 USD a patient begun, 101,000 USD a dose given.'
    """
    shares = ", ".join(f"{name} {100 * share:.1f} %" for name, share in record["outcomes"].items())
    who = "Banks" if record["banked"] else "Patients"
    begun = (
        "" if record["banked"] else f"{number(record['cost_per_patient'])} USD a patient begun, "
    )
    return (
        f"{who}: {shares}; {record['further_attempts_released']} of "
        f"{record['further_attempts']} further attempts released; median day "
        f"{number(record['day']['p50'])}; {begun}"
        f"{number(record['cost_per_dose'])} USD a dose given."
    )
