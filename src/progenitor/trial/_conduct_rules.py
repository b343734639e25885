"""How a trial is conducted besides its design: sizes, window and rules, put together."""

from dataclasses import dataclass, field
from typing import final

import numpy as np

from progenitor.errors import DesignError
from progenitor.trial._conduct_view import AbstractHold
from progenitor.trial.rules.backfill import Backfill
from progenitor.trial.rules.dose_feasibility import DoseFeasibility
from progenitor.trial.rules.expansion_cohort import ExpansionCohort
from progenitor.trial.rules.minimum_follow_up import MinimumFollowUp
from progenitor.trial.rules.replacement import Replacement

__all__ = ["ConductRules"]


@final
@dataclass(frozen=True, slots=True)
class ConductRules:
    """How a trial is conducted, besides its design.

    Parameters
    ----------
    doses
        Assigned doses, rising.
    cohort, patients
        Patients between decisions; patients that count in dose finding.
    window
        Days of follow-up for a toxicity.
    holds
        Rules that make enrolment, infusion or decisions wait.
    replacement
        Who is replaced.
    backfill, expansion
        Patients at lower doses meanwhile, and at the selected dose afterwards; None: nobody.
    feasibility
        Closes doses that too few patients can get; None: none is closed for that.
    start
        First dose, from 0.
    out_of_specification
        Whether products outside their specification are infused.
    visits
        Days after infusion on which patients are seen, while they are followed.

    Raises
    ------
    DesignError
        If the numbers make no sense; lists every problem.

    Examples
    --------
    >>> from progenitor.trial.rules.sentinel_gap import SentinelGap
    >>> rules = ConductRules((1e6, 3e6), cohort=3, patients=18, window=28.0,
    ...                      holds=(SentinelGap(14.0),))
    >>> print(rules.description)
    Cohorts of 3, at most 18 patients, a window of 28 days. Within a cohort the other patients ...
    """

    doses: tuple[float, ...]
    cohort: int
    patients: int
    window: float
    holds: tuple[AbstractHold, ...] = ()
    replacement: Replacement = field(default_factory=Replacement)
    backfill: Backfill | None = None
    expansion: ExpansionCohort | None = None
    feasibility: DoseFeasibility | None = None
    start: int = 0
    out_of_specification: bool = False
    visits: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        problems = []
        if not self.doses or min(self.doses) <= 0.0 or np.any(np.diff(self.doses) <= 0.0):
            problems.append(f"doses {list(self.doses)} are not positive and rising")
        if min(self.cohort, self.patients) < 1 or not self.window > 0.0:
            problems.append(
                f"{self.patients} patients in cohorts of {self.cohort}, window {self.window:g} days"
            )
        if any(not day > 0.0 for day in self.visits):
            problems.append(f"visits on days {list(self.visits)}")
        if not 0 <= self.start < len(self.doses):
            problems.append(f"start at dose {self.start + 1} of {len(self.doses)}")
        if problems:
            raise DesignError(
                f"the conduct cannot be: {'; '.join(problems)}. Fix: give rising doses, a first "
                "dose among them, and positive numbers"
            )

    @property
    def all_holds(self) -> tuple[AbstractHold, ...]:
        """The rules that hold; without one on follow-up, the whole window is waited for."""
        if any(isinstance(hold, MinimumFollowUp) for hold in self.holds):
            return self.holds
        return (*self.holds, MinimumFollowUp(self.window))

    @property
    def description(self) -> str:
        """The conduct as a protocol would say it."""
        others = (
            *self.all_holds,
            self.replacement,
            self.feasibility,
            self.backfill,
            self.expansion,
        )
        words = [rule.description for rule in others if rule is not None]
        first = (
            f"Cohorts of {self.cohort}, at most {self.patients} patients, a window of "
            f"{self.window:g} days."
        )
        return " ".join([first, *words])
