"""What the dose-finding trials of a run found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from progenitor.study._result_values import Estimate, FlowStep

__all__ = ["DoseFindingResult", "DoseLevel", "ExamplePatient", "ExampleTrial", "PolicyChoice"]


@final
@dataclass(frozen=True, slots=True)
class DoseLevel:
    """One dose level: what is true of it, and how trials deal with it.

    ``toxicity``, ``response`` and ``feasibility`` are shares of infused patients assigned to it;
    ``best`` is the share of parameter draws in which it is the maximum tolerated dose, and
    ``best_feasible`` the tolerated and feasible one (each draw by the chance that its patients give
    it). ``selected`` is the share of trials on
    mechanistic patients that choose it, ``fixed`` that of trials planned on fixed probabilities.
    ``treated`` and ``toxic`` are patients in a trial.
    """

    dose: float
    label: str
    toxicity: Estimate
    response: Estimate
    feasibility: Estimate
    best: float
    best_feasible: float
    selected: Estimate
    fixed: Estimate
    treated: Estimate
    toxic: Estimate


@final
@dataclass(frozen=True, slots=True)
class PolicyChoice:
    """What trials choose when patients below their assigned dose are dealt with in one way.

    ``right`` chooses the tolerated and feasible dose of the draw (averaged over the doubt about
    it), ``infeasible`` a dose that too
    few patients can get, ``overdose`` one above the maximum tolerated dose; ``delivered`` is the
    share of infused patients who could get the chosen dose.
    """

    policy: str
    selected: tuple[Estimate, ...]
    none: Estimate
    right: Estimate
    infeasible: Estimate
    overdose: Estimate
    delivered: Estimate


@final
@dataclass(frozen=True, slots=True)
class ExamplePatient:
    """A patient of the example trial; days since the trial began, NaN for what did not happen."""

    number: int
    level: int
    screened: float
    infused: float
    end: float
    toxic: bool
    delivered: float
    fate: str


@final
@dataclass(frozen=True, slots=True)
class ExampleTrial:
    """One trial day by day: its patients, its decisions in words and the dose it chose.

    ``number`` says which of the trials conducted day by day it is, from 1.
    """

    patients: tuple[ExamplePatient, ...]
    decisions: tuple[tuple[float, str], ...]
    log: tuple[str, ...]
    selected: int
    days: float
    number: int = 1


@final
@dataclass(frozen=True, slots=True)
class DoseFindingResult:
    """A dose-finding design conducted on mechanistic patients.

    ``truth_error`` is the median over draws of the standard error of a draw's rate of toxicities,
    at the dose nearest to the target.
    """

    name: str
    arm: str
    title: str
    design: str
    description: str
    conduct: str
    numbers: Mapping[str, float]
    target: float
    window: float
    events: tuple[str, ...]
    policy: str
    least_feasible: float
    tolerance: float
    replicates: int
    calendars: int
    virtual_patients: int
    truth_error: float
    levels: tuple[DoseLevel, ...]
    none: Estimate
    fixed_none: Estimate
    right: Estimate
    fixed_right: Estimate
    overdose: Estimate
    patients: Estimate
    toxicities: Estimate
    enrolled: Estimate
    duration: Estimate
    between_draw_share: float
    policies: tuple[PolicyChoice, ...]
    flow: tuple[FlowStep, ...]
    example: ExampleTrial
    summary: str
