"""The unit of work of a run: some patients of some parameter draws, with every arm inside."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from progenitor.errors import RunStoreError

__all__ = ["Chunk", "patients_in", "plan_chunks"]


@final
@dataclass(frozen=True, slots=True)
class Chunk:
    """Patients ``first_patient … first_patient + patients − 1`` of some parameter draws.

    Every arm of these patients is simulated inside the chunk, so the patients of two arms are the
    same people. Random streams are keyed by (seed, purpose, draw, patient), so the size of a
    chunk changes nothing but the order of work.

    Parameters
    ----------
    draw
        Index of the first parameter draw, from 0.
    first_patient
        Index of the first patient within each draw, from 0.
    patients
        How many patients of each draw.
    draws
        How many draws.

    Examples
    --------
    >>> Chunk(draw=3, first_patient=50, patients=25).key
    'd0003-p000050-n000025'
    >>> Chunk(draw=4, first_patient=0, patients=25, draws=4).key
    'd0004-d0007-p000000-n000025'
    """

    draw: int
    first_patient: int
    patients: int
    draws: int = 1

    def __post_init__(self) -> None:
        if self.draw < 0 or self.first_patient < 0 or min(self.patients, self.draws) < 1:
            raise RunStoreError(
                f"chunk (draw {self.draw}, first patient {self.first_patient}, {self.patients} "
                f"patients, {self.draws} draws) does not exist. Fix: count draws and patients "
                "from 0 and give at least one of each"
            )

    @property
    def key(self) -> str:
        """Name of the chunk in the run store; sorts as (draw, first patient)."""
        last = f"-d{self.draw + self.draws - 1:04d}" if self.draws > 1 else ""
        return f"d{self.draw:04d}{last}-p{self.first_patient:06d}-n{self.patients:06d}"


def plan_chunks(*, draws: int, patients: int, block: int) -> tuple[Chunk, ...]:
    """Cut ``draws`` × ``patients`` into chunks of at most ``block`` patients.

    A draw with more patients than that is cut; draws with fewer are taken together.

    Parameters
    ----------
    draws
        Number of parameter draws.
    patients
        Patients per draw.
    block
        Largest number of patients in a chunk.

    Raises
    ------
    RunStoreError
        If any of the three is below one.

    Examples
    --------
    >>> [chunk.key for chunk in plan_chunks(draws=1, patients=5, block=2)]
    ['d0000-p000000-n000002', 'd0000-p000002-n000002', 'd0000-p000004-n000001']
    >>> [chunk.key for chunk in plan_chunks(draws=3, patients=2, block=4)]
    ['d0000-d0001-p000000-n000002', 'd0002-p000000-n000002']
    """
    if min(draws, patients, block) < 1:
        raise RunStoreError(
            f"cannot plan {draws} draws of {patients} patients in blocks of {block}. "
            "Fix: give at least one of each"
        )
    together = max(1, block // patients)
    return tuple(
        Chunk(draw, first, min(block, patients - first), min(together, draws - draw))
        for draw in range(0, draws, together)
        for first in range(0, patients, block)
    )


def patients_in(chunks: Sequence[Chunk]) -> int:
    """Count the patients of ``chunks``.

    Examples
    --------
    >>> patients_in(plan_chunks(draws=2, patients=5, block=2))
    10
    """
    return sum(chunk.patients * chunk.draws for chunk in chunks)
