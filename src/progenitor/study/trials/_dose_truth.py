"""Which dose is right in each parameter draw, from all of its virtual patients."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Float, Int

from progenitor.study.trials._dose_patients import DosePatientsOfArm
from progenitor.trial import DoseBank, true_doses

__all__ = ["TrueByDraw", "true_by_draw"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class TrueByDraw:
    """What is true of each draw.

    Parameters
    ----------
    tolerated, feasible
        Maximum tolerated dose by assigned dose, and the highest up to it that enough patients can
        get, from 0; -1 for none (draw,).
    toxicity, feasibility
        Share of infused patients with a toxicity at each dose, and who can get it (draw, dose).
    """

    tolerated: Int[np.ndarray, " draw"]
    feasible: Int[np.ndarray, " draw"]
    toxicity: Float[np.ndarray, "draw dose"]
    feasibility: Float[np.ndarray, "draw dose"]


def true_by_draw(
    patients: DosePatientsOfArm, *, target: float, least: float, tolerance: float
) -> TrueByDraw:
    """Find the right doses of every draw.

    The maximum tolerated dose is that of patients as they are assigned: the toxicity of a dose is
    the toxicity of what those assigned to it achieve, and feasibility says how many achieve it.

    Parameters
    ----------
    patients
        All virtual patients.
    target
        Rate of toxicities aimed at.
    least, tolerance
        Least share who must get a dose, and by how much the achieved dose may fall short.
    """
    tolerated, feasible, toxicity, feasibility = [], [], [], []
    for draw, who in enumerate(patients.evaluated):
        bank = DoseBank(
            patients.doses,
            patients.achieved[draw : draw + 1, who],
            np.isfinite(patients.toxic_day[draw : draw + 1, who]),
            tolerance,
        )
        apparent = true_doses(bank, target=target, least=least).apparent
        enough = np.flatnonzero(bank.feasibility[: apparent + 1] >= least)
        tolerated.append(apparent)
        feasible.append(int(enough[-1]) if enough.size else -1)
        toxicity.append(bank.toxicity_as_assigned)
        feasibility.append(bank.feasibility)
    return TrueByDraw(
        np.array(tolerated), np.array(feasible), np.stack(toxicity), np.stack(feasibility)
    )
