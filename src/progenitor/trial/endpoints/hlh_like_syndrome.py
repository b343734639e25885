"""HLH-like syndrome after immune effector cells (IEC-HS) by the ASTCT consensus of 2023."""

from dataclasses import dataclass, field
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.trial._criteria import address
from progenitor.trial._grade_course import GradeCourse, grade_course
from progenitor.trial._thresholds import check_days, refuse

__all__ = ["HlhLikeSyndrome"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class HlhLikeSyndrome:
    """Grade of each assessment: is the syndrome there, and what had to be done about it.

    It is there if ferritin exceeds its limit *and* at least one of these is seen: low fibrinogen,
    high transaminases, new or worse cytopenia, haemophagocytosis; and if none of it is explained by
    cytokine release, infection or progression alone (``attributable``). Then the grade is

    ===== ====================================================================================
    1     none or mild symptoms, observation only
    2     treatment of the syndrome, or transfusion for low fibrinogen without symptoms
    3     severe: bleeding that needs transfusion, or hospital for kidneys, pressure or breathing
    4     life-threatening: bleeding, vasopressors, ventilation or dialysis
    5     death from the syndrome
    ===== ====================================================================================

    Parameters
    ----------
    ferritin, transaminases
        Multiples of the upper normal limit (or of baseline where that is higher).
    fibrinogen
        mg/dL.

    Raises
    ------
    DesignError
        If a limit is not above 0.

    References
    ----------
    Hines et al. 2023, Transplantation and Cellular Therapy 29:438.e1–438.e16,
    doi:10.1016/j.jtct.2023.03.006, Tables 1 and 2.

    Examples
    --------
    >>> syndrome = HlhLikeSyndrome(ferritin=2.0, transaminases=5.0, fibrinogen=150.0)
    >>> found = syndrome.evaluate(np.array([10.0, 14.0]), ferritin=np.array([[30.0, 40.0]]),
    ...     fibrinogen=np.array([[200.0, 120.0]]), transaminases=np.array([[1.0, 2.0]]),
    ...     care=np.array([[2, 2]]))
    >>> found.grade.tolist(), found.onset_day.tolist()
    ([[0.0, 2.0]], [14.0])
    """

    ferritin: float = field(metadata=address("endpoint/iechs_ferritin"))
    transaminases: float = field(metadata=address("endpoint/iechs_transaminases"))
    fibrinogen: float = field(metadata=address("endpoint/iechs_fibrinogen"))

    def __post_init__(self) -> None:
        checks = [
            (not getattr(self, name) > 0.0, f"{name} is {getattr(self, name):g}")
            for name in ("ferritin", "transaminases", "fibrinogen")
        ]
        refuse("limits of the HLH-like syndrome", checks, "give limits above 0")

    def evaluate(
        self,
        days: Float[np.ndarray, " time"],
        *,
        ferritin: Float[np.ndarray, "patient time"],
        fibrinogen: Float[np.ndarray, "patient time"],
        transaminases: Float[np.ndarray, "patient time"],
        care: Int[np.ndarray, "patient time"],
        cytopenia: Bool[np.ndarray, "patient time"] | None = None,
        haemophagocytosis: Bool[np.ndarray, "patient time"] | None = None,
        attributable: Bool[np.ndarray, "patient time"] | None = None,
        death_day: Float[np.ndarray, " patient"] | None = None,
    ) -> GradeCourse:
        """Grade every patient at every assessment; NaN where ferritin is not known.

        Parameters
        ----------
        days
            Days since infusion, increasing (time,).
        ferritin, transaminases
            Multiples of the upper normal limit or baseline, NaN where not measured.
        fibrinogen
            mg/dL, NaN where not measured.
        care
            1 observation, 2 treatment, 3 severe, 4 life-threatening, as in the table.
        cytopenia, haemophagocytosis
            New or worse cytopenia, and haemophagocytosis in a biopsy.
        attributable
            False where something else explains the findings; all True where not given.
        death_day
            Death *from the syndrome*, NaN for none (patient,).

        Raises
        ------
        DesignError
            If days do not increase, a value is negative or a code is not 1 to 4.
        """
        low = any(np.any(values < 0.0) for values in (ferritin, fibrinogen, transaminases))
        checks = [
            check_days(days),
            (low, "a laboratory value is below 0"),
            (np.any((care < 1) | (care > 4)), "a code of care is not 1 to 4"),
        ]
        refuse("the HLH-like syndrome cannot be graded", checks, "give days, values and codes")
        sign = (fibrinogen < self.fibrinogen) | (transaminases > self.transaminases)
        for seen in (cytopenia, haemophagocytosis):
            sign = sign if seen is None else sign | seen
        present = (ferritin > self.ferritin) & sign
        present = present if attributable is None else present & attributable
        grade = np.where(np.isnan(ferritin), np.nan, np.where(present, care.astype(float), 0.0))
        if death_day is not None:
            grade = np.where(days >= death_day[:, None], 5.0, grade)
        return grade_course(days, grade)
