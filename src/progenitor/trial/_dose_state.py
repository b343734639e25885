"""What is known about many dose-finding trials at the moment of a decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from progenitor.errors import DesignError

__all__ = ["DosePatients", "DoseState"]

Counts = Sequence[Any] | np.ndarray[Any, Any] | int
"""Numbers by dose, or by trial and dose."""


@final
@dataclass(frozen=True, slots=True, eq=False)
class DosePatients:
    """Patient by patient, in order of enrolment; a place not used yet has level -1.

    Parameters
    ----------
    level
        Assigned dose, from 0; -1 where nobody is enrolled yet (replicate, patient).
    toxic
        Whether a dose-limiting toxicity was seen so far.
    followed
        Share of the toxicity window observed, 0 to 1; 1 for a patient with toxicity.
    achieved
        Dose really given, in the design's unit; None where it is the assigned one.
    responded
        Whether the patient responded; None where response is not looked at.
    """

    level: Int[np.ndarray, "replicate patient"]
    toxic: Bool[np.ndarray, "replicate patient"]
    followed: Float[np.ndarray, "replicate patient"]
    achieved: Float[np.ndarray, "replicate patient"] | None = None
    responded: Bool[np.ndarray, "replicate patient"] | None = None

    @property
    def enrolled(self) -> Bool[np.ndarray, "replicate patient"]:
        """Which places hold a patient."""
        return self.level >= 0


@final
@dataclass(frozen=True, slots=True, eq=False)
class DoseState:
    """Counts by trial and dose, and where each trial stands.

    Parameters
    ----------
    treated
        Patients treated, pending ones included (replicate, dose).
    toxic
        Patients with a dose-limiting toxicity seen so far.
    level
        Current dose, from 0.
    opened
        Highest dose that was ever given, from 0.
    eliminated
        Doses closed for good.
    pending
        Patients without toxicity whose window is not over; None: nobody is pending.
    followed
        Sum over pending patients of the share of the window observed; None: nobody is pending.
    responded, toxic_and_responded
        Responders, and patients with both; None where response is not looked at.
    patients
        The same patient by patient; None where only counts are known.

    Examples
    --------
    >>> state = DoseState.from_counts([3, 6, 0], [0, 1, 0], level=1)
    >>> state.treated.tolist(), state.opened.tolist(), state.doses
    ([[3, 6, 0]], [1], 3)
    >>> state.at_level(state.treated).tolist()
    [6]
    """

    treated: Int[np.ndarray, "replicate dose"]
    toxic: Int[np.ndarray, "replicate dose"]
    level: Int[np.ndarray, " replicate"]
    opened: Int[np.ndarray, " replicate"]
    eliminated: Bool[np.ndarray, "replicate dose"]
    pending: Int[np.ndarray, "replicate dose"] | None = None
    followed: Float[np.ndarray, "replicate dose"] | None = None
    responded: Int[np.ndarray, "replicate dose"] | None = None
    toxic_and_responded: Int[np.ndarray, "replicate dose"] | None = None
    patients: DosePatients | None = None

    @property
    def replicates(self) -> int:
        """Number of trials."""
        return int(self.treated.shape[0])

    @property
    def doses(self) -> int:
        """Number of doses."""
        return int(self.treated.shape[1])

    def at_level(self, counts: Int[np.ndarray, "replicate dose"]) -> Int[np.ndarray, " replicate"]:
        """Pick from counts by dose those of each trial's current dose."""
        found: Int[np.ndarray, " replicate"] = counts[np.arange(self.replicates), self.level]
        return found

    @classmethod
    def from_counts(
        cls,
        treated: Counts,
        toxic: Counts,
        *,
        level: Counts | None = None,
        eliminated: Counts | None = None,
        pending: Counts | None = None,
        followed: Counts | None = None,
        responded: Counts | None = None,
        toxic_and_responded: Counts | None = None,
    ) -> "DoseState":
        """Build the state of one trial (dose) or of many (replicate, dose) from counts.

        ``level`` is by default the highest dose with patients. Raises ``DesignError`` with every
        problem: shapes that differ, negative counts, more toxicities or pending than treated.
        """
        counts = {
            "treated": treated,
            "toxic": toxic,
            "pending": pending,
            "responded": responded,
            "toxic_and_responded": toxic_and_responded,
        }
        whole = {
            name: np.atleast_2d(np.asarray(values)).astype(np.int64)
            for name, values in counts.items()
            if values is not None
        }
        shape = whole["treated"].shape
        parts = None if followed is None else np.atleast_2d(np.asarray(followed, dtype=float))
        opened = _highest(whole["treated"])
        if level is None:
            current = np.maximum(opened, 0)
        else:
            current = np.broadcast_to(np.asarray(level, dtype=np.int64), shape[:1]).copy()
        _check_counts(whole, parts, current)
        closed = (
            np.zeros(shape, dtype=bool)
            if eliminated is None
            else np.broadcast_to(np.asarray(eliminated, dtype=bool), shape).copy()
        )
        return cls(
            level=current,
            opened=np.maximum(opened, current),
            eliminated=closed,
            followed=parts,
            treated=whole["treated"],
            toxic=whole["toxic"],
            pending=whole.get("pending"),
            responded=whole.get("responded"),
            toxic_and_responded=whole.get("toxic_and_responded"),
        )

    @classmethod
    def from_patients(
        cls,
        patients: DosePatients,
        doses: int,
        *,
        level: Int[np.ndarray, " replicate"] | None = None,
        eliminated: Bool[np.ndarray, "replicate dose"] | None = None,
    ) -> "DoseState":
        """Count patients by dose; ``level`` is by default the dose of the last patient enrolled."""
        enrolled = patients.enrolled
        hot = enrolled[:, :, None] & (patients.level[:, :, None] == np.arange(doses))
        waiting = ~patients.toxic & (patients.followed < 1.0)
        last = np.maximum(enrolled.sum(axis=1) - 1, 0)
        rows = np.arange(patients.level.shape[0])
        current = np.maximum(patients.level[rows, last], 0) if level is None else level
        treated = hot.sum(axis=1)
        answered = patients.responded
        both = None if answered is None else answered & patients.toxic
        return cls(
            treated=treated,
            toxic=(hot & patients.toxic[:, :, None]).sum(axis=1),
            level=current,
            opened=np.maximum(_highest(treated), current),
            eliminated=np.zeros(treated.shape, dtype=bool) if eliminated is None else eliminated,
            pending=(hot & waiting[:, :, None]).sum(axis=1),
            followed=np.where(hot & waiting[:, :, None], patients.followed[:, :, None], 0.0).sum(
                axis=1
            ),
            responded=None if answered is None else (hot & answered[:, :, None]).sum(axis=1),
            toxic_and_responded=None if both is None else (hot & both[:, :, None]).sum(axis=1),
            patients=patients,
        )

    @classmethod
    def from_sequence(
        cls,
        levels: Sequence[int],
        toxic: Sequence[bool],
        doses: int,
        *,
        followed: Sequence[float] | None = None,
        achieved: Sequence[float] | None = None,
        responded: Sequence[bool] | None = None,
        level: int | None = None,
    ) -> "DoseState":
        """Build the state of one trial from its patients in order of enrolment.

        Examples
        --------
        >>> state = DoseState.from_sequence([0, 0, 0, 1], [False, False, True, False], doses=2)
        >>> state.treated.tolist(), state.toxic.tolist(), state.level.tolist()
        ([[3, 1]], [[1, 0]], [1])
        """
        size = max(len(levels), 1)
        _check_sequence(
            doses,
            level,
            {
                "levels": levels,
                "toxic": toxic,
                "followed": followed,
                "achieved": achieved,
                "responded": responded,
            },
        )
        if not len(levels):
            empty = np.zeros((1, doses), dtype=np.int64)
            return cls.from_counts(empty, empty, level=level or 0)
        patients = DosePatients(
            level=np.array(levels, dtype=np.int64).reshape(1, size),
            toxic=np.array(toxic, dtype=bool).reshape(1, size),
            followed=_row(followed, size, 1.0),
            achieved=None if achieved is None else _row(achieved, size, 0.0),
            responded=None if responded is None else np.array(responded, dtype=bool)[None, :],
        )
        return cls.from_patients(
            patients, doses, level=None if level is None else np.array([level], dtype=np.int64)
        )


def _check_sequence(
    doses: int, level: int | None, lists: Mapping[str, Sequence[Any] | None]
) -> None:
    """Refuse lists of patients that do not fit together, all problems at once."""
    given = {name: values for name, values in lists.items() if values is not None}
    problems = []
    if len({len(values) for values in given.values()}) > 1:
        lengths = ", ".join(f"{name} {len(values)}" for name, values in given.items())
        problems.append(f"the lists differ in length ({lengths})")
    if outside := sorted({value + 1 for value in given["levels"] if not 0 <= value < doses}):
        problems.append(f"doses {outside} are not among 1…{doses}")
    followed = given.get("followed", ())
    if not all(0.0 <= share <= 1.0 for share in followed):
        problems.append(f"follow-up {list(followed)} is not a share of the window")
    if level is not None and not 0 <= level < doses:
        problems.append(f"current dose {level + 1} is not among 1…{doses}")
    if problems:
        raise DesignError(
            f"the patients do not fit together: {'; '.join(problems)}. Fix: give one dose from 1 "
            f"to {doses}, one toxicity (0 or 1) and one follow-up for each patient"
        )


def _row(values: Sequence[float] | None, size: int, default: float) -> Float[np.ndarray, "1 n"]:
    if values is None:
        return np.full((1, size), default)
    return np.array(values, dtype=float).reshape(1, size)


def _highest(treated: Int[np.ndarray, "replicate dose"]) -> Int[np.ndarray, " replicate"]:
    """Highest dose with patients, -1 without any."""
    places = np.where(treated > 0, np.arange(treated.shape[1]), -1)
    highest: Int[np.ndarray, " replicate"] = places.max(axis=1)
    return highest


def _check_counts(
    whole: dict[str, Int[np.ndarray, "..."]],
    followed: Float[np.ndarray, "..."] | None,
    level: Int[np.ndarray, " replicate"],
) -> None:
    """Refuse counts that no trial can have, all problems at once."""
    problems = []
    treated = whole["treated"]
    for name, counts in [*whole.items(), ("followed", followed)]:
        if counts is None:
            continue
        if counts.shape != treated.shape:
            problems.append(f"{name} has shape {counts.shape}, treated {treated.shape}")
        elif np.any(counts < 0):
            problems.append(f"{name} {_told(counts)} is negative somewhere")
        elif np.any(counts > treated):
            problems.append(f"{name} {_told(counts)} is more than treated {_told(treated)}")
    ended = whole["toxic"].shape == treated.shape == whole.get("pending", treated).shape
    if ended and "pending" in whole and np.any(whole["toxic"] + whole["pending"] > treated):
        problems.append("toxic and pending together are more than treated")
    if level.size and not 0 <= level.min() <= level.max() < treated.shape[1]:
        problems.append(f"current dose {_told(level + 1)} is not among 1…{treated.shape[1]}")
    if problems:
        raise DesignError(
            f"the counts do not fit together: {'; '.join(problems)}. Fix: give as many whole "
            "numbers as doses, none above the patients treated there"
        )


def _told(counts: Shaped[np.ndarray, "..."]) -> str:
    """Write counts of one trial as a plain list, of many as a list of lists."""
    found = counts[0] if len(counts) == 1 else counts
    return str(found.tolist())
