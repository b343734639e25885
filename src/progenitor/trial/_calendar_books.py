"""The books of a trial on a calendar: each patient's days, and how rules and designs see them."""

from collections import Counter

import numpy as np
from jaxtyping import Bool

from progenitor.trial._conduct_rules import ConductRules
from progenitor.trial._conduct_view import ConductView, TreatedPatient
from progenitor.trial._dose_state import DosePatients, DoseState

__all__ = ["CalendarBooks"]

_STEPS = ("screened", "consented", "apheresis", "product", "infused", "toxic", "done")
_GONE = ("lost", "not manufactured", "out of specification", "below dose", "not followed")


class CalendarBooks:
    """The books of one trial: day of every step, dose, cohort, fate.

    Parameters
    ----------
    count
        Number of patients who come.
    rules
        How the trial is conducted.
    response
        Response of each patient at each dose, where a design looks at it.

    Examples
    --------
    >>> books = CalendarBooks(2, ConductRules((1e6,), cohort=3, patients=6, window=28.0))
    >>> books.flow["infused"], books.fate
    (0, ['not screened', 'not screened'])
    """

    def __init__(
        self,
        count: int,
        rules: ConductRules,
        response: Bool[np.ndarray, "patient dose"] | None = None,
    ) -> None:
        self.rules, self.response = rules, response
        self.days = {step: np.full(count, np.nan) for step in _STEPS}
        self.level, self.cohort = np.full((2, count), -1, dtype=np.int64)
        self.achieved = np.full(count, np.nan)
        self.counted = np.zeros(count, dtype=bool)
        self.visits = np.zeros(count, dtype=np.int64)
        self.fate: list[str] = ["not screened"] * count
        self._seen: tuple[int, ...] = ()
        self._treated: tuple[TreatedPatient, ...] = ()

    @property
    def infused(self) -> Bool[np.ndarray, " patient"]:
        """Who was infused."""
        return np.asarray(~np.isnan(self.days["infused"]))

    @property
    def enrolled(self) -> dict[int, int]:
        """Patients at each dose who are or will be treated there."""
        stay = [level for level, fate in zip(self.level, self.fate, strict=True)
                if level >= 0 and fate not in _GONE]  # fmt: skip
        return dict(Counter(int(level) for level in stay))

    def delivered(self, level: int) -> tuple[int, int]:
        """How many infused patients were assigned a dose, and how many got it."""
        mine = self.infused & (self.level == level)
        least = (1.0 - self.rules.replacement.tolerance) * self.rules.doses[level]
        return int(mine.sum()), int(np.count_nonzero(mine & (self.achieved >= least)))

    @property
    def flow(self) -> dict[str, int]:
        """Patients by step, then those who left by reason."""
        steps = {
            step: int(np.count_nonzero(~np.isnan(self.days[step])))
            for step in ("screened", "consented", "apheresis", "product", "infused")
        }
        evaluable = int(np.count_nonzero(self.counted & ~np.isnan(self.days["done"])))
        return steps | {"evaluable": evaluable} | dict(sorted(Counter(self.fate).items()))

    def state(self, day: float, current: int, closed: Bool[np.ndarray, " dose"]) -> DoseState:
        """Return the data that count, as known on a day, in order of infusion."""
        who = np.flatnonzero(self.counted & self.infused)
        who = who[np.argsort(self.days["infused"][who], kind="stable")]
        doses, level = len(self.rules.doses), np.array([current])
        if not who.size:
            empty = np.zeros((1, doses), dtype=np.int64)
            none = None if self.response is None else empty
            return DoseState.from_counts(
                empty,
                empty,
                level=level,
                eliminated=closed,
                responded=none,
                toxic_and_responded=none,
            )
        done = ~np.isnan(self.days["done"][who])
        share = (day - self.days["infused"][who]) / self.rules.window
        followed = np.where(done, 1.0, np.clip(share, 0.0, np.nextafter(1.0, 0.0)))
        toxic = ~np.isnan(self.days["toxic"][who])
        answered = None
        if self.response is not None:
            answered = (done & self.response[who, self.level[who]])[None, :]
        patients = DosePatients(
            self.level[who][None, :],
            toxic[None, :],
            followed[None, :],
            self.achieved[who][None, :],
            answered,
        )
        return DoseState.from_patients(
            patients, doses, level=level, eliminated=closed[None, :].copy()
        )

    def view(
        self, day: float, level: int, cohort: int, closed: Bool[np.ndarray, " dose"]
    ) -> ConductView:
        """Return what rules of conduct look at."""
        steps = (self.days["infused"], self.days["done"])
        key = (*(int(np.count_nonzero(~np.isnan(step))) for step in steps), int(self.counted.sum()))
        if key != self._seen:
            self._seen, self._treated = key, self._list_treated()
        shut = frozenset(int(dose) for dose in np.flatnonzero(closed))
        return ConductView(day, level, cohort, self.rules.window, self._treated, shut)

    def _list_treated(self) -> tuple[TreatedPatient, ...]:
        """List everybody infused, in order; only a step of somebody changes it."""
        order = np.argsort(self.days["infused"], kind="stable")[: int(self.infused.sum())]
        columns = (
            order,
            self.level[order],
            self.cohort[order],
            self.days["infused"][order],
            ~np.isnan(self.days["done"][order]),
            ~np.isnan(self.days["toxic"][order]),
            self.counted[order],
        )
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return tuple(TreatedPatient(*row) for row in rows)
