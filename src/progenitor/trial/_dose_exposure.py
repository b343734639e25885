"""The dose each patient of each trial really got, patient by patient."""

from typing import NamedTuple, final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.errors import DesignError
from progenitor.trial._dose_state import DoseState

__all__ = ["DoseExposure", "exposures"]


@final
class DoseExposure(NamedTuple):
    """Dose and toxicity of every patient with complete follow-up.

    Parameters
    ----------
    dose
        Dose really given; the assigned one where nothing else is known (trial, patient).
    toxic
        Whether the patient had a toxicity.
    counted
        Whether the place holds a patient whose outcome is known.
    """

    dose: Float[np.ndarray, "trial patient"]
    toxic: Bool[np.ndarray, "trial patient"]
    counted: Bool[np.ndarray, "trial patient"]

    @property
    def highest(self) -> Float[np.ndarray, " trial"]:
        """Highest dose given to a patient whose outcome is known; 0 without any."""
        return np.asarray(np.max(np.where(self.counted, self.dose, 0.0), axis=1, initial=0.0))


def exposures(state: DoseState, doses: tuple[float, ...]) -> DoseExposure:
    """List the patients of every trial, those with the same data in the same order.

    Patients are sorted within a trial by dose and outcome, so that trials with the same data look
    the same whatever the order of enrolment.

    Parameters
    ----------
    state
        Data of the trials.
    doses
        Assigned doses.

    Raises
    ------
    DesignError
        If the trials have another number of doses, or an achieved dose is not positive.

    Examples
    --------
    >>> found = exposures(DoseState.from_counts([2, 1], [0, 1]), (1e5, 3e5))
    >>> found.dose.tolist(), found.toxic.tolist()
    ([[100000.0, 100000.0, 300000.0]], [[False, False, True]])
    """
    if state.doses != len(doses):
        raise DesignError(
            f"the design has {len(doses)} doses, the trial {state.doses}. Fix: give the same doses"
        )
    found = _from_counts(state, doses) if state.patients is None else _from_patients(state, doses)
    if np.any(found.counted & ~(found.dose > 0.0)):
        raise DesignError(
            "an achieved dose is not above 0. Fix: leave out patients who got no cells, or use a "
            "policy of the feasibility layer"
        )
    order = np.lexsort((found.toxic, np.where(found.counted, found.dose, np.inf)), axis=-1)
    return DoseExposure(*(np.take_along_axis(part, order, axis=1) for part in found))


def _from_patients(state: DoseState, doses: tuple[float, ...]) -> DoseExposure:
    patients = state.patients
    assert patients is not None
    given = np.array(doses)[np.maximum(patients.level, 0)]
    if patients.achieved is not None:
        given = np.where(np.isnan(patients.achieved), given, patients.achieved)
    counted = patients.enrolled & (patients.toxic | (patients.followed >= 1.0))
    return DoseExposure(np.where(counted, given, 1.0), patients.toxic & counted, counted)


def _from_counts(state: DoseState, doses: tuple[float, ...]) -> DoseExposure:
    pending = np.zeros_like(state.treated) if state.pending is None else state.pending
    spared = state.treated - pending - state.toxic
    parts = np.stack([spared, state.toxic], axis=2).reshape(state.replicates, -1)
    ends = np.cumsum(parts, axis=1)
    place = np.arange(max(int(ends[:, -1].max(initial=0)), 1))
    which = np.minimum((place[None, :, None] >= ends[:, None, :]).sum(axis=2), parts.shape[1] - 1)
    counted = place[None, :] < ends[:, -1:]
    toxic = counted & (which % 2 == 1)
    return DoseExposure(np.where(counted, np.array(doses)[which // 2], 1.0), toxic, counted)
