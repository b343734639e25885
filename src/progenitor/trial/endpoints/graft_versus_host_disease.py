"""Acute graft-versus-host disease by organ stages and overall grade (MAGIC)."""

from dataclasses import dataclass, field
from typing import NamedTuple, final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.trial._criteria import address
from progenitor.trial._grade_course import GradeCourse, grade_course
from progenitor.trial._thresholds import check_days, refuse, steps_above, steps_from

__all__ = ["GraftVersusHostDisease", "OrganStages"]


class OrganStages(NamedTuple):
    """Stages of the organs, 0 to 4 (upper gut 0 or 1), NaN where not assessed."""

    skin: Float[np.ndarray, "patient time"]
    liver: Float[np.ndarray, "patient time"]
    upper_gut: Float[np.ndarray, "patient time"]
    lower_gut: Float[np.ndarray, "patient time"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class GraftVersusHostDisease:
    """Stages of skin, liver and gut, and the grade of the worst of them.

    ===== ====================== ============= ================ ======================
    Stage skin (rash)            bilirubin     upper gut        stool, adult (child)
    ===== ====================== ============= ================ ======================
    1     below 25 %             2–3 mg/dL     persistent       500–999 mL (10–19.9/kg)
    2     25–50 %                3.1–6                          1,000–1,500 (20–30)
    3     above 50 %             6.1–15                         above 1,500 (above 30)
    4     blisters, peeling >5 % above 15                       ileus, blood, severe pain
    ===== ====================== ============= ================ ======================

    Grade IV: skin, liver or lower gut 4. III: liver or lower gut 2–3. II: skin 3, or liver, upper
    or lower gut 1. I: skin 1–2 alone. An organ that was not assessed counts as 0 where another was;
    if none was the grade is NaN. Chronic disease has other criteria and is not graded here.

    Parameters
    ----------
    skin, bilirubin, stool, child_stool
        Limits of stages: skin 2 and 3 (shares), bilirubin 1 to 4 (mg/dL), stool 1 to 3 (mL/day,
        mL/kg/day).
    child
        Whether stool is given per kilogram.

    Raises
    ------
    DesignError
        If limits do not rise.

    References
    ----------
    Harris et al. 2016, Biology of Blood and Marrow Transplantation 22:4–10,
    doi:10.1016/j.bbmt.2015.09.001, Tables 1 and 2.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> from progenitor.trial import published_endpoint
    >>> disease = published_endpoint(GraftVersusHostDisease, default_catalogue())
    >>> stages = disease.stages(rash=np.array([[0.3, 0.6]]), bilirubin=np.array([[1.0, 2.5]]))
    >>> disease.evaluate(np.array([20.0, 30.0]), stages).grade.tolist()
    [[1.0, 2.0]]
    """

    skin: tuple[float, ...] = field(metadata=address(*(f"endpoint/magic_skin_{n}" for n in (2, 3))))
    bilirubin: tuple[float, ...] = field(
        metadata=address(*(f"endpoint/magic_bilirubin_{n}" for n in (1, 2, 3, 4)))
    )
    stool: tuple[float, ...] = field(
        metadata=address(*(f"endpoint/magic_stool_{n}" for n in (1, 2, 3)))
    )
    child_stool: tuple[float, ...] = field(
        metadata=address(*(f"endpoint/magic_child_stool_{n}" for n in (1, 2, 3)))
    )
    child: bool = False

    def __post_init__(self) -> None:
        checks = [
            (np.any(np.diff(getattr(self, name)) <= 0.0), f"{name} limits {getattr(self, name)}")
            for name in ("skin", "bilirubin", "stool", "child_stool")
        ]
        refuse("stages of graft-versus-host disease", checks, "give limits that rise")

    def stages(
        self,
        *,
        rash: Float[np.ndarray, "patient time"],
        bilirubin: Float[np.ndarray, "patient time"] | None = None,
        stool: Float[np.ndarray, "patient time"] | None = None,
        nausea: Bool[np.ndarray, "patient time"] | None = None,
        blisters: Bool[np.ndarray, "patient time"] | None = None,
        ileus: Bool[np.ndarray, "patient time"] | None = None,
    ) -> OrganStages:
        """Stage the organs; findings that are not given are absent.

        Parameters
        ----------
        rash, bilirubin, stool
            Share of skin, mg/dL and mL/day (mL/kg/day of a child), NaN where not assessed.
        nausea
            Persistent nausea, vomiting or anorexia due to the disease.
        blisters
            Erythroderma with blisters and peeling above 5 % of skin.
        ileus
            Severe pain, ileus or grossly bloody stool.
        """
        nothing, never = np.zeros(rash.shape), np.zeros(rash.shape, dtype=bool)
        yellow = nothing if bilirubin is None else bilirubin
        volume = nothing if stool is None else stool
        amounts = self.child_stool if self.child else self.stool
        any_rash = np.where(np.isnan(rash), np.nan, (rash > 0.0).astype(float))
        skin = any_rash + steps_from(rash, self.skin[:1]) + steps_above(rash, self.skin[1:])
        liver = steps_from(yellow, self.bilirubin[:1]) + steps_above(yellow, self.bilirubin[1:])
        gut = steps_from(volume, amounts[:2]) + steps_above(volume, amounts[2:])
        skin = np.where(never if blisters is None else blisters, 4.0, skin)
        gut = np.where(never if ileus is None else ileus, 4.0, gut)
        return OrganStages(skin, liver, (never if nausea is None else nausea).astype(float), gut)

    def evaluate(self, days: Float[np.ndarray, " time"], stages: OrganStages) -> GradeCourse:
        """Grade every patient at every assessment from the stages of the organs.

        Raises
        ------
        DesignError
            If days do not increase or a stage is impossible.
        """
        organs = np.stack(stages)
        top = np.array([4.0, 4.0, 1.0, 4.0])[:, None, None]
        wrong = np.any(
            (organs < 0.0) | (organs > top) | (organs != np.floor(organs)) & ~np.isnan(organs)
        )
        checks = [check_days(days), (wrong, "a stage is not 0 to 4 (upper gut 0 or 1)")]
        refuse("graft-versus-host disease", checks, "give increasing days and whole stages")
        known = ~np.isnan(organs).all(axis=0)
        s, i, u, g = np.nan_to_num(organs)
        worst = np.maximum(i, g)
        tests = (
            np.maximum(s, worst) == 4.0,
            worst >= 2.0,
            (s == 3.0) | (np.maximum(worst, u) == 1.0),
        )
        grade = np.select((*tests, s >= 1.0), (4.0, 3.0, 2.0, 1.0), 0.0)
        return grade_course(days, np.where(known, grade, np.nan))
