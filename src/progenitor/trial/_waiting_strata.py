"""Patients of a bank by when they came: early ones find an empty facility, later ones wait."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import DesignError

__all__ = ["Arrivals", "WaitingStrata"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class WaitingStrata:
    r"""Strata of a bank whose patients queued, in streams of one trial's length.

    The patient who comes after :math:`a` others belongs to stratum :math:`\lfloor a/w \rfloor`, so
    that a trial's early patients are drawn from early ones of the bank, and late from late. Whoever
    comes after the last of a stream is drawn from the last stratum.

    Parameters
    ----------
    order
        Patients of each draw, those who may be drawn first and by stratum (draw, patient).
    edges
        Where in ``order`` each stratum begins and the last one ends (draw, edge).
    width
        Arrivals of a stratum, w.
    step
        Arrivals for each patient who may be drawn (draw,): 1 where everybody may.

    Examples
    --------
    >>> place, member = np.array([0, 1, 2, 3, 0, 1, 2, 3]), np.full((1, 8), True)
    >>> strata = WaitingStrata.of(place, member, width=2)
    >>> first = strata.choose(np.zeros(4, dtype=int), np.zeros(4), np.array([0.0, 0.3, 0.6, 0.9]))
    >>> place[first].tolist()
    [0, 1, 0, 1]
    """

    order: Int[np.ndarray, "draw patient"]
    edges: Int[np.ndarray, "draw edge"]
    width: int
    step: Float[np.ndarray, " draw"]

    @classmethod
    def of(
        cls,
        place: Int[np.ndarray, " patient"],
        member: Bool[np.ndarray, "draw patient"],
        *,
        width: int,
    ) -> "WaitingStrata":
        """Cut a bank into strata.

        Parameters
        ----------
        place
            How many came before each patient of the bank, in the patient's stream.
        member
            Who may be drawn.
        width
            Arrivals of a stratum.

        Raises
        ------
        DesignError
            If the shapes do not fit, or a stratum has no width.
        """
        if width < 1 or member.ndim != 2 or place.shape != member.shape[1:] or not place.size:
            raise DesignError(
                f"strata of {width} arrivals over {place.shape} patients in a bank of "
                f"{member.shape}. Fix: give (patient,), (draw, patient) and a width from 1"
            )
        stratum = place // width
        count = int(stratum.max()) + 1
        rank = np.where(member, stratum, count)
        sizes = (rank[:, :, np.newaxis] == np.arange(count)).sum(axis=1)
        edges = np.concatenate([np.zeros((len(member), 1), dtype=np.int64), sizes], axis=1)
        step = member.shape[1] / np.maximum(member.sum(axis=1), 1)
        return cls(np.argsort(rank, axis=1, kind="stable"), np.cumsum(edges, axis=1), width, step)

    def came_before(
        self, draw: Int[np.ndarray, "..."], position: Int[np.ndarray, "..."]
    ) -> Float[np.ndarray, "..."]:
        """Return how many came before the patient at a position among those who may be drawn.

        Parameters
        ----------
        draw, position
            Parameter draw, and position from 0.
        """
        return np.asarray(position * self.step[draw])

    def choose(
        self,
        draw: Int[np.ndarray, "..."],
        came_before: Float[np.ndarray, "..."],
        chance: Float[np.ndarray, "..."],
    ) -> Int[np.ndarray, "..."]:
        """Draw patients of the stratum to which those who come at a time belong.

        Parameters
        ----------
        draw
            Parameter draw; somebody of it may be drawn.
        came_before
            How many came before.
        chance
            Uniform numbers from 0 up to below 1.
        """
        last = self.edges.shape[1] - 2
        stratum = np.clip(came_before // self.width, 0, last).astype(np.int64)
        low = np.minimum(self.edges[draw, stratum], self.edges[draw, -1] - 1)
        high = np.maximum(self.edges[draw, stratum + 1], low + 1)
        return np.asarray(self.order[draw, low + (chance * (high - low)).astype(np.int64)])


@final
@dataclass(frozen=True, slots=True, eq=False)
class Arrivals:
    """When the patients of a bank came, the same in every draw.

    Parameters
    ----------
    came_before
        How many came before each, in the patient's stream (patient,).
    width
        Arrivals of a stratum.

    Examples
    --------
    >>> arrivals = Arrivals(np.array([0, 1, 2, 3]), width=2)
    >>> arrivals.strata(np.full((1, 4), True)).edges.tolist()
    [[0, 2, 4]]
    """

    came_before: Int[np.ndarray, " patient"]
    width: int

    def strata(self, member: Bool[np.ndarray, "draw patient"]) -> WaitingStrata:
        """Cut the bank into strata.

        Parameters
        ----------
        member
            Who may be drawn.
        """
        return WaitingStrata.of(self.came_before, member, width=self.width)
