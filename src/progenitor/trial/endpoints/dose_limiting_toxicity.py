"""Dose-limiting toxicity as a protocol composes it: events, grades, exceptions, a window."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, final

import numpy as np
from jaxtyping import Float

from progenitor.trial._thresholds import check_days, refuse
from progenitor.trial._toxicity_criterion import ToxicityCriterion

__all__ = ["DoseLimitingToxicity", "ToxicityFindings"]


class ToxicityFindings(NamedTuple):
    """Dose-limiting toxicity of each patient.

    ``toxic`` is 1, 0, or NaN where it cannot be told: not followed through the window, or an event
    that may still resolve in time. ``onset_day`` is the onset of the first toxicity to be proven,
    ``proof_day`` the day from which it counts, ``criterion`` its number in the list from 0.
    """

    toxic: Float[np.ndarray, " patient"]
    onset_day: Float[np.ndarray, " patient"]
    proof_day: Float[np.ndarray, " patient"]
    criterion: Float[np.ndarray, " patient"]


@final
@dataclass(frozen=True, slots=True)
class DoseLimitingToxicity:
    """Whether any criterion of a list is met by an event that begins in the window.

    Exceptions are criteria too: "grade 3 that resolves within 72 h is none" is a criterion of grade
    3 with ``resolves_within=3`` beside one of grade 4 without. Grades that the protocol attributes
    to something else are given as 0. A patient without toxicity counts as tolerating the dose only
    if followed to the end of the window; toxicity counts whenever follow-up ended.

    Parameters
    ----------
    criteria
        What limits the dose.
    window
        Days after infusion in which an event has to begin, such as 28, 42 or 90.

    Raises
    ------
    DesignError
        If nothing is listed, a line is there twice or the window is not above 0.

    References
    ----------
    Lee et al. 2019, doi:10.1016/j.bbmt.2018.12.758 (grades); the list is the protocol's.

    Examples
    --------
    >>> toxicity = DoseLimitingToxicity((
    ...     ToxicityCriterion("CRS", 4), ToxicityCriterion("CRS", 3, resolves_within=3.0)), 28.0)
    >>> print(toxicity.description)
    Within 28 days of infusion: CRS of grade 4 or higher; CRS of grade 3 or higher that does ...
    >>> days = np.array([2.0, 4.0, 6.0])
    >>> crs = np.array([[3.0, 2.0, 0.0], [3.0, 3.0, 3.0], [4.0, 2.0, 0.0], [1.0, 0.0, 0.0]])
    >>> found = toxicity.evaluate(days, {"CRS": crs}, np.array([28.0, 28.0, 7.0, 7.0]))
    >>> found.toxic.tolist(), found.proof_day.tolist()
    ([0.0, 1.0, 1.0, nan], [nan, 5.0, 2.0, nan])
    """

    criteria: tuple[ToxicityCriterion, ...]
    window: float

    def __post_init__(self) -> None:
        checks = [
            (not self.criteria, "no criterion is listed"),
            (len(set(self.criteria)) < len(self.criteria), "a criterion is listed twice"),
            (not 0.0 < self.window < np.inf, f"a window of {self.window:g} days"),
        ]
        refuse("dose-limiting toxicity", checks, "list criteria once and give days above 0")

    @property
    def description(self) -> str:
        """The definition as a protocol would say it."""
        lines = "; ".join(criterion.description for criterion in self.criteria)
        return f"Within {self.window:g} days of infusion: {lines}."

    def evaluate(
        self,
        days: Float[np.ndarray, " time"],
        grades: Mapping[str, Float[np.ndarray, "patient time"]],
        followed_to: Float[np.ndarray, " patient"],
    ) -> ToxicityFindings:
        """Judge every patient.

        Parameters
        ----------
        days
            Days since infusion, increasing (time,).
        grades
            Grades 0 to 5 of each event, NaN where not assessed (patient, time).
        followed_to
            Last day followed, NaN for patients not infused (patient,).

        Raises
        ------
        DesignError
            If days do not increase, or the grades of an event are missing or impossible.
        """
        missing = sorted({line.event for line in self.criteria} - set(grades))
        wrong = [name for name, grade in grades.items() if np.any((grade < 0.0) | (grade > 5.0))]
        checks = [
            check_days(days),
            (bool(missing), f"no grades of {', '.join(missing)}"),
            (bool(wrong), f"grades outside of 0 to 5 of {', '.join(wrong)}"),
        ]
        refuse("dose-limiting toxicity", checks, "give grades 0 to 5 of every event listed")
        onset, proof, which = np.full((3, len(followed_to)), np.nan)
        toxic, pending = np.zeros((2, len(followed_to)), dtype=bool)
        for number, line in enumerate(self.criteria):
            found = line.find(days, grades[line.event], followed_to, window=self.window)
            first = found.met & ~(proof <= found.proof_day)
            onset = np.where(first, found.onset_day, onset)
            which = np.where(first, float(number), which)
            proof = np.where(first, found.proof_day, proof)
            toxic |= found.met
            pending |= found.pending
        tolerated = ~pending & (followed_to >= self.window)
        answer = np.where(toxic, 1.0, np.where(tolerated, 0.0, np.nan))
        known = ~np.isnan(followed_to)
        return ToxicityFindings(np.where(known, answer, np.nan), *(
            np.where(known, values, np.nan) for values in (onset, proof, which)))  # fmt: skip
