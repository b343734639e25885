"""Which dose is right in each parameter draw, and how sure its virtual patients make that."""

from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.engine import stream
from progenitor.study.trials._dose_patients import DosePatientsOfArm
from progenitor.trial import DoseBank
from progenitor.trial._feasibility import nearest_dose
from progenitor.trial._isotonic_selection import isotonic_rates

__all__ = ["TrueByDraw", "true_by_draw"]

_RESAMPLED: Final = 400


@final
@dataclass(frozen=True, slots=True, eq=False)
class TrueByDraw:
    """What is true of each draw.

    Parameters
    ----------
    tolerated, feasible
        Chance that the maximum tolerated dose by assigned dose, and the highest up to it that
        enough patients can get, is none (first column) or each dose (draw, dose + 1).
    error
        Standard error of the rate of toxicities at the dose nearest to the target (draw,).
    feasibility
        Share of infused patients who can get each dose (draw, dose).
    """

    tolerated: Float[np.ndarray, "draw choice"]
    feasible: Float[np.ndarray, "draw choice"]
    error: Float[np.ndarray, " draw"]
    feasibility: Float[np.ndarray, "draw dose"]

    def right(
        self, selected: Int[np.ndarray, " replicate"], own: Int[np.ndarray, " replicate"]
    ) -> Float[np.ndarray, " replicate"]:
        """Chance that each trial's choice (-1 for none) is the tolerated and feasible dose."""
        return np.asarray(self.feasible[own, selected + 1])

    def above(
        self, selected: Int[np.ndarray, " replicate"], own: Int[np.ndarray, " replicate"]
    ) -> Float[np.ndarray, " replicate"]:
        """Chance that each trial's choice is above the maximum tolerated dose."""
        below = np.cumsum(self.tolerated, axis=1) - self.tolerated
        return np.asarray(np.clip(below[own, selected + 1], 0.0, 1.0))


def true_by_draw(
    patients: DosePatientsOfArm, *, target: float, least: float, tolerance: float, seed: int
) -> TrueByDraw:
    """Find the right doses of every draw, with the doubt that its few virtual patients leave.

    The maximum tolerated dose is that of patients as they are assigned: the toxicity of a dose is
    the toxicity of what those assigned to it achieve, and feasibility says how many achieve it. The
    patients of a draw are resampled, each with all their doses; rates are made to rise with the
    dose by isotonic regression, and the right dose is found in every resample. So a dose is right
    with a chance, and only with 0 or 1 where patients are many.

    Parameters
    ----------
    patients
        All virtual patients.
    target
        Rate of toxicities aimed at.
    least, tolerance
        Least share who must get a dose, and by how much the achieved dose may fall short.
    seed
        Of the resampling.
    """
    doses, draws = len(patients.doses), patients.draws
    tolerated, feasible = np.zeros((2, draws, doses + 1))
    error, feasibility = np.full(draws, np.nan), np.full((draws, doses), np.nan)
    for draw, who in enumerate(patients.evaluated):
        toxic = np.isfinite(patients.toxic_day[draw : draw + 1, who])
        bank = DoseBank(patients.doses, patients.achieved[draw : draw + 1, who], toxic, tolerance)
        feasibility[draw] = bank.feasibility
        count = int(who.sum())
        noise = stream(seed, "dose-finding:truth", draw=draw)
        weights = noise.multinomial(count, np.full(count, 1.0 / count), size=_RESAMPLED) / count
        rates = isotonic_rates(weights @ toxic[0].astype(float), np.ones((_RESAMPLED, doses)))
        able = weights @ bank.feasible[0].astype(float) >= least
        error[draw] = rates.std(axis=0)[np.argmin(np.abs(rates.mean(axis=0) - target))]
        for rate, enough in zip(rates, able, strict=True):
            top = nearest_dose(rate, target)
            low = np.flatnonzero(enough[: top + 1])
            tolerated[draw, top + 1] += 1.0
            feasible[draw, (int(low[-1]) if low.size else -1) + 1] += 1.0
    return TrueByDraw(tolerated / _RESAMPLED, feasible / _RESAMPLED, error, feasibility)
