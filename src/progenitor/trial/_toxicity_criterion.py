"""One line of a protocol's list of dose-limiting toxicities."""

from dataclasses import dataclass
from typing import NamedTuple, final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.trial._thresholds import refuse

__all__ = ["CriterionFinding", "ToxicityCriterion"]


class CriterionFinding(NamedTuple):
    """Whether the criterion is met, cannot be told yet, and its first onset and day of proof."""

    met: Bool[np.ndarray, " patient"]
    pending: Bool[np.ndarray, " patient"]
    onset_day: Float[np.ndarray, " patient"]
    proof_day: Float[np.ndarray, " patient"]


@final
@dataclass(frozen=True, slots=True)
class ToxicityCriterion:
    """A grade of an event that limits the dose, unless it resolves in time.

    Parameters
    ----------
    event
        Name of the event, as its grades are given.
    grade
        Least grade, 1 to 5.
    resolves_within
        Days within which an event that falls below ``to_below`` does not limit the dose; None for
        an event that does so at once.
    to_below
        Grade below which it has resolved; ``grade`` where not given.

    Raises
    ------
    DesignError
        If a grade or the days are impossible.

    Examples
    --------
    >>> criterion = ToxicityCriterion("cytokine release syndrome", 3, resolves_within=3.0)
    >>> print(criterion.description)
    cytokine release syndrome of grade 3 or higher that does not fall below grade 3 within 3 days
    >>> days, grade = np.array([1.0, 2.0, 5.0]), np.array([[3.0, 2.0, 0.0], [3.0, 3.0, 0.0]])
    >>> criterion.find(days, grade, np.array([28.0, 28.0]), window=28.0).met.tolist()
    [False, True]
    """

    event: str
    grade: int
    resolves_within: float | None = None
    to_below: int | None = None

    def __post_init__(self) -> None:
        ends = self.grade if self.to_below is None else self.to_below
        allowed = self.resolves_within
        checks = [
            (not self.event, "no event is named"),
            (not 1 <= self.grade <= 5, f"grade {self.grade}"),
            (not 1 <= ends <= self.grade, f"resolved below grade {ends}"),
            (allowed is not None and not 0.0 < allowed < np.inf, f"within {allowed} days"),
            (allowed is None and self.to_below is not None, "to_below without resolves_within"),
            (allowed is not None and self.grade == 5, "a death that resolves"),
        ]
        refuse("criterion of toxicity", checks, "give an event, grades 1 to 5 and days above 0")

    @property
    def description(self) -> str:
        """The criterion as a protocol would say it."""
        text = f"{self.event} of grade {self.grade}{' or higher' if self.grade < 5 else ''}"
        if self.resolves_within is None:
            return text
        ends = self.grade if self.to_below is None else self.to_below
        return f"{text} that does not fall below grade {ends} within {self.resolves_within:g} days"

    def find(
        self,
        days: Float[np.ndarray, " time"],
        grade: Float[np.ndarray, "patient time"],
        followed_to: Float[np.ndarray, " patient"],
        *,
        window: float,
    ) -> CriterionFinding:
        """Look for episodes that begin in the window.

        A grade speaks until the next known one. An episode still open at the end of the data met
        the criterion if it was followed for longer than allowed, else it is pending.

        Parameters
        ----------
        days
            Days since infusion, increasing (time,).
        grade
            0 to 5, NaN where not assessed (patient, time).
        followed_to
            Last day on which the patient was followed (patient,).
        window
            Last day on which an episode may begin.
        """
        ends = self.grade if self.to_below is None else self.to_below
        none = np.full(len(grade), np.nan)
        met, pending = np.zeros((2, len(grade)), dtype=bool)
        onset, proof, begun = none.copy(), none.copy(), none.copy()
        allowed = 0.0 if self.resolves_within is None else self.resolves_within
        for sample, day in enumerate(days):
            now = grade[:, sample]
            begins = (now >= self.grade) & np.isnan(begun) & (0.0 <= day <= window)
            begun = np.where(begins, day, begun)
            late = ~np.isnan(begun) & ((day - begun > allowed) | (self.resolves_within is None))
            new = late & ~met & ~np.isnan(now)
            onset, proof = np.where(new, begun, onset), np.where(new, begun + allowed, proof)
            met |= new
            begun = np.where(now < ends, np.nan, begun)
        longer = ~np.isnan(begun) & ~met & (followed_to - begun > allowed)
        onset, proof = np.where(longer, begun, onset), np.where(longer, begun + allowed, proof)
        met |= longer
        pending = ~np.isnan(begun) & ~met
        return CriterionFinding(met, pending, onset, proof)
