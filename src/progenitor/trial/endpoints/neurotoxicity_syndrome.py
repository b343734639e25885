"""Neurotoxicity of immune effector cells graded by the ASTCT consensus."""

from dataclasses import dataclass, field
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.trial._criteria import address
from progenitor.trial._grade_course import GradeCourse, grade_course
from progenitor.trial._thresholds import check_days, refuse

__all__ = ["NeurotoxicitySyndrome"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class NeurotoxicitySyndrome:
    """Grade of each assessment: the most severe of five signs not due to another cause.

    ===== ========= ===================== ================== ============ ==================
    Grade ICE score consciousness         seizure            weakness     oedema
    ===== ========= ===================== ================== ============ ==================
    1     7–9       awakens spontaneously
    2     3–6       awakens to voice
    3     0–2       awakens only to touch brief, resolves                 focal on imaging
    4     0         unarousable           over 5 min, repeat focal, deep  diffuse, posturing
    ===== ========= ===================== ================== ============ ==================

    Grade 5 is death from neurotoxicity.
    A score of 0 in a patient who can be woken (global aphasia) is grade 3, in one who cannot grade
    4 by consciousness. Whoever awakens spontaneously has a score, which decides alone. Without a
    score the other signs decide; without any sign known the grade is NaN.

    Parameters
    ----------
    score_limits
        Scores below which the grade is 1, 2 and 3; halves, so that whole scores are never on them.

    Raises
    ------
    DesignError
        If the limits do not fall.

    References
    ----------
    Lee et al. 2019, Biology of Blood and Marrow Transplantation 25:625–638,
    doi:10.1016/j.bbmt.2018.12.758, Table 6.

    Examples
    --------
    >>> syndrome = NeurotoxicitySyndrome(score_limits=(9.5, 6.5, 2.5))
    >>> found = syndrome.evaluate(np.array([4.0, 5.0, 6.0]), ice=np.array([[10.0, 5.0, 0.0]]),
    ...                           consciousness=np.array([[0, 1, 4]]))
    >>> found.grade.tolist(), found.onset_day.tolist()
    ([[0.0, 2.0, 4.0]], [5.0])
    """

    score_limits: tuple[float, ...] = field(
        metadata=address(
            "neurotoxicity/icans_1_score",
            "neurotoxicity/icans_2_score",
            "neurotoxicity/icans_3_score",
        )
    )

    def __post_init__(self) -> None:
        limits = self.score_limits
        wrong = len(limits) != 3 or bool(np.any(np.diff(limits) >= 0.0))
        refuse("scores of neurotoxicity", [(wrong, f"limits {limits}")], "give three that fall")

    def evaluate(
        self,
        days: Float[np.ndarray, " time"],
        *,
        ice: Float[np.ndarray, "patient time"],
        consciousness: Int[np.ndarray, "patient time"] | None = None,
        seizure: Int[np.ndarray, "patient time"] | None = None,
        weakness: Bool[np.ndarray, "patient time"] | None = None,
        oedema: Int[np.ndarray, "patient time"] | None = None,
        death_day: Float[np.ndarray, " patient"] | None = None,
    ) -> GradeCourse:
        """Grade every patient at every assessment.

        Parameters
        ----------
        days
            Days since infusion, increasing (time,).
        ice
            Score from 0 to 10, NaN where not taken.
        consciousness
            0 alert, 1 awakens spontaneously, 2 to voice, 3 only to touch, 4 not or hardly.
        seizure
            0 none, 3 brief, 4 prolonged or repeated.
        weakness
            Deep focal motor weakness.
        oedema
            0 none, 3 focal on imaging, 4 diffuse, posturing, palsy of nerve VI, Cushing's triad.
        death_day
            Death *from neurotoxicity*, NaN for none (patient,).

        Raises
        ------
        DesignError
            If days do not increase, or a score or code is impossible.
        """
        nothing = np.zeros(ice.shape, dtype=np.int64)
        signs = [nothing if sign is None else sign for sign in (consciousness, seizure, oedema)]
        checks = [
            check_days(days),
            (np.any((ice < 0.0) | (ice > 10.0)), "a score is outside of 0 to 10"),
            (np.any((signs[0] < 0) | (signs[0] > 4)), "a code of consciousness is not 0 to 4"),
            (not np.isin(signs[1:], (0, 3, 4)).all(), "a code of seizure or oedema not 0, 3, 4"),
        ]
        refuse("neurotoxicity cannot be graded", checks, "give increasing days, scores and codes")
        by_score = np.sum([ice < limit for limit in self.score_limits], axis=0, dtype=float)
        awake, fits, swelling = (sign.astype(float) for sign in signs)
        by_waking = np.where(awake == 1.0, 0.0, awake)
        worst = np.max([by_score, by_waking, fits, swelling], axis=0)
        if weakness is not None:
            worst = np.where(weakness, 4.0, worst)
        grade = np.where(np.isnan(ice) & (worst == 0.0), np.nan, worst)
        if death_day is not None:
            grade = np.where(days >= death_day[:, None], 5.0, grade)
        return grade_course(days, grade)
