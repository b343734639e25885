"""Cytokine release syndrome graded by what was done about it (ASTCT 2019)."""

from dataclasses import dataclass
from typing import NamedTuple, final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.errors import DesignError

__all__ = ["CrsGrades", "CytokineReleaseSyndrome"]


class CrsGrades(NamedTuple):
    """Highest grade (0 none to 5 death), day of onset and day on which that grade was reached."""

    grade: Float[np.ndarray, " patient"]
    onset_day: Float[np.ndarray, " patient"]
    peak_day: Float[np.ndarray, " patient"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CytokineReleaseSyndrome:
    """Highest grade by the ASTCT consensus, from the days on which signs and treatments began.

    ===== ============================= ====================================== ==================
    Grade with hypotension              and/or hypoxia                         always
    ===== ============================= ====================================== ==================
    1     no                            no                                     fever
    2     without vasopressor (fluids)  low-flow oxygen (6 L/min or less)      fever
    3     one vasopressor               high-flow oxygen, mask                 fever
    4     several vasopressors          positive pressure (CPAP, ventilation)  fever
    5     death from CRS                                                       fever
    ===== ============================= ====================================== ==================

    Fever starts the syndrome: without it there is none, whatever else was done, because low
    pressure or oxygen need alone has another cause. Once it has started fever is no longer asked
    for, as antipyretics, tocilizumab and steroids mask it; so treatment cannot lower the grade of
    what follows. A sign that began before the fever counts from the fever on (the consensus does
    not say; only first days are known here, and a sign is taken to last until the fever comes).
    Vasopressin and organ toxicities do not change the grade.

    Parameters
    ----------
    onset_window
        Last day after infusion on which a first fever is attributed to CRS; a first fever later,
        or before infusion, is not.

    Raises
    ------
    DesignError
        If the window is not above 0.

    References
    ----------
    Lee et al. 2019, Biology of Blood and Marrow Transplantation 25:625–638,
    doi:10.1016/j.bbmt.2018.12.758, Table 2.

    Examples
    --------
    >>> nan, crs = float("nan"), CytokineReleaseSyndrome()
    >>> fever, pressor = np.array([3.0, nan, 2.0]), np.array([5.0, 5.0, nan])
    >>> crs.evaluate(fever=fever, one_vasopressor=pressor, evaluable=np.full(3, True)).grade
    array([3., 0., 1.])
    """

    onset_window: float = float("inf")

    def __post_init__(self) -> None:
        if not self.onset_window > 0.0:
            raise DesignError(
                f"CRS onset window of {self.onset_window:g} days. Fix: give days above 0"
            )

    def evaluate(
        self,
        *,
        fever: Float[np.ndarray, " patient"],
        evaluable: Bool[np.ndarray, " patient"],
        hypotension: Float[np.ndarray, " patient"] | None = None,
        one_vasopressor: Float[np.ndarray, " patient"] | None = None,
        several_vasopressors: Float[np.ndarray, " patient"] | None = None,
        low_flow_oxygen: Float[np.ndarray, " patient"] | None = None,
        high_flow_oxygen: Float[np.ndarray, " patient"] | None = None,
        positive_pressure: Float[np.ndarray, " patient"] | None = None,
        death: Float[np.ndarray, " patient"] | None = None,
    ) -> CrsGrades:
        """Grade every patient; each argument is the first day of that sign or treatment.

        Parameters
        ----------
        fever
            First day at 38 °C or more not attributable to another cause, NaN for never (patient,).
        evaluable
            True for patients infused and simulated to the end; others get NaN, never grade 0.
        hypotension
            Low pressure treated with fluids.
        one_vasopressor, several_vasopressors
            First and second concurrent vasopressor, vasopressin excluded.
        low_flow_oxygen, high_flow_oxygen, positive_pressure
            Oxygen by need.
        death
            Death *from CRS*; death from anything else is not grade 5.
        """
        never = np.full(fever.shape, np.nan)
        levels = (
            (fever, None),
            (hypotension, low_flow_oxygen),
            (one_vasopressor, high_flow_oxygen),
            (several_vasopressors, positive_pressure),
            (death, None),
        )
        started = (fever >= 0.0) & (fever <= self.onset_window)
        onset = np.where(started & evaluable, fever, np.nan)
        grade, peak = np.where(evaluable, 0.0, np.nan), never
        for number, (pressure, oxygen) in enumerate(levels, start=1):
            first = np.fmin(
                never if pressure is None else pressure, never if oxygen is None else oxygen
            )
            day = np.maximum(first, onset)
            grade = np.where(np.isnan(day), grade, float(number))
            peak = np.where(np.isnan(day), peak, day)
        return CrsGrades(grade, onset, peak)
