"""Patients who are replaced: never infused, or not evaluable for the dose."""

from dataclasses import dataclass
from typing import Literal, final

from progenitor.errors import DesignError

__all__ = ["Departure", "Replacement"]

Departure = Literal[
    "lost", "not manufactured", "out of specification", "below dose", "not followed"
]
"""Lost while waiting; no product; a product outside its specification; less than the assigned dose
by more than the tolerance; died or left before the end of the window without a toxicity."""


@final
@dataclass(frozen=True, slots=True)
class Replacement:
    """Replace patients who cannot tell about the dose; keep the others in the cohort.

    A patient who is infused counts for safety whatever is decided here. Those who are not replaced
    and were never infused leave the cohort smaller.

    Parameters
    ----------
    replaced
        Reasons for which a patient is replaced.
    tolerance
        Share by which the achieved dose may fall short of the assigned one.

    Raises
    ------
    DesignError
        If the tolerance is not in [0, 1).

    References
    ----------
    Devlin, Iasonos, O'Quigley 2021, doi:10.1111/rssc.12485: patients who cannot get the dose they
    were assigned, and what leaving them out does.

    Examples
    --------
    >>> rule = Replacement(tolerance=0.2)
    >>> rule.replaces("lost"), rule.below_dose(achieved=7e5, assigned=1e6)
    (True, True)
    """

    replaced: frozenset[Departure] = frozenset(
        ("lost", "not manufactured", "out of specification", "below dose", "not followed")
    )
    tolerance: float = 0.2

    def __post_init__(self) -> None:
        if not 0.0 <= self.tolerance < 1.0:
            raise DesignError(f"a tolerance of {self.tolerance:g}. Fix: give one from 0 to below 1")

    @property
    def description(self) -> str:
        """The rule as a protocol would say it."""
        if not self.replaced:
            return "Nobody is replaced."
        return f"Patients are replaced who are: {', '.join(sorted(self.replaced))}."

    def replaces(self, departure: Departure) -> bool:
        """Whether a patient who departs so is replaced."""
        return departure in self.replaced

    def below_dose(self, *, achieved: float, assigned: float) -> bool:
        """Whether the achieved dose falls short by more than the tolerance."""
        return achieved < (1.0 - self.tolerance) * assigned
