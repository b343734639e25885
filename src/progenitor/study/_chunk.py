"""The unit of work of a run: some patients of one parameter draw, with every arm inside."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from progenitor.errors import RunStoreError

__all__ = ["Chunk", "patients_in", "plan_chunks"]


@final
@dataclass(frozen=True, slots=True)
class Chunk:
    """Patients ``first_patient … first_patient + patients − 1`` of parameter draw ``draw``.

    Every arm of these patients is simulated inside the chunk, so the patients of two arms are the
    same people. Random streams are keyed by (seed, purpose, draw, patient), so the size of a
    chunk changes nothing but the order of work.

    Parameters
    ----------
    draw
        Index of the parameter draw, from 0.
    first_patient
        Index of the first patient within the draw, from 0.
    patients
        How many patients.

    Examples
    --------
    >>> Chunk(draw=3, first_patient=50, patients=25).key
    'd0003-p000050-n000025'
    """

    draw: int
    first_patient: int
    patients: int

    def __post_init__(self) -> None:
        if self.draw < 0 or self.first_patient < 0 or self.patients < 1:
            raise RunStoreError(
                f"chunk (draw {self.draw}, first patient {self.first_patient}, {self.patients} "
                "patients) does not exist. Fix: count draws and patients from 0 and give at least "
                "one patient"
            )

    @property
    def key(self) -> str:
        """Name of the chunk in the run store; sorts as (draw, first patient)."""
        return f"d{self.draw:04d}-p{self.first_patient:06d}-n{self.patients:06d}"


def plan_chunks(*, draws: int, patients: int, block: int) -> tuple[Chunk, ...]:
    """Cut ``draws`` × ``patients`` into chunks of at most ``block`` patients.

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
    """
    if min(draws, patients, block) < 1:
        raise RunStoreError(
            f"cannot plan {draws} draws of {patients} patients in blocks of {block}. "
            "Fix: give at least one of each"
        )
    return tuple(
        Chunk(draw, first, min(block, patients - first))
        for draw in range(draws)
        for first in range(0, patients, block)
    )


def patients_in(chunks: Sequence[Chunk]) -> int:
    """Count the patients of ``chunks``.

    Examples
    --------
    >>> patients_in(plan_chunks(draws=2, patients=5, block=2))
    10
    """
    return sum(chunk.patients for chunk in chunks)
