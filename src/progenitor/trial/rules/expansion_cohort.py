"""The expansion cohort: more patients at the dose that was selected."""

from dataclasses import dataclass
from typing import final

from progenitor.errors import DesignError

__all__ = ["ExpansionCohort"]


@final
@dataclass(frozen=True, slots=True)
class ExpansionCohort:
    """Treat further patients at the selected dose when dose finding has ended.

    Parameters
    ----------
    patients
        Number of them.

    Raises
    ------
    DesignError
        If there are none.

    References
    ----------
    Iasonos, O'Quigley 2013, Journal of Clinical Oncology 31:4014–4021,
    doi:10.1200/JCO.2012.47.9949.

    Examples
    --------
    >>> ExpansionCohort(12).remaining(treated=5)
    7
    """

    patients: int

    def __post_init__(self) -> None:
        if self.patients < 1:
            raise DesignError(f"an expansion of {self.patients}. Fix: give at least 1 patient")

    @property
    def description(self) -> str:
        """The rule as a protocol would say it."""
        return f"{self.patients} more patients are treated at the selected dose."

    def remaining(self, *, treated: int) -> int:
        """How many are still to be enrolled."""
        return max(self.patients - treated, 0)
