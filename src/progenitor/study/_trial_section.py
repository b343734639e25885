"""The trials of a study file: every design, and the keys each may have."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeVar, final

from pydantic import Field

from progenitor.errors import DesignError
from progenitor.study._quantities import Days, Dose, Probability
from progenitor.study._sections import Reference, Section
from progenitor.study._toxicity_lines import ToxicityName

__all__ = ["DESIGNS", "DesignKeys", "Trial", "given"]

DoseFindingName = Literal[
    "boin", "keyboard", "three_plus_three", "crm", "tite_boin", "tite_crm", "blrm", "boin12"
]
SingleArmName = Literal["exact_binomial", "simon_two_stage", "predictive_probability", "bop2"]
RandomisedName = Literal["log_rank", "group_sequential"]
DesignName = Literal[SingleArmName, DoseFindingName, RandomisedName]
Value = TypeVar("Value")


@final
class Trial(Section):
    """A trial conducted on the simulated patients; which keys it has depends on its design."""

    design: DesignName
    """Design of the trial."""
    arms: list[Reference] = Field(min_length=1, max_length=20)
    """Arms: one trial in each (single-arm), the one whose doses are sought (dose finding), or the
    control and those compared with it (randomised)."""
    replicates: int = Field(ge=1, le=1_000_000)
    """Trials drawn from the simulated patients."""
    endpoint: Literal["complete_response", "objective_response", "pfs_12_months", "pfs"] | None = (
        None
    )
    """What counts as success in one patient; `pfs`, progression-free survival, in a randomised
    trial."""
    analysis_set: Literal["infused", "itt"] | None = None
    """Who is counted: patients infused, or everybody enrolled (intention to treat)."""
    time_zero: Literal["enrolment", "infusion"] | None = None
    """Day from which times are counted: enrolment for `itt`, infusion for `infused`, and no other;
    if left out, the one that belongs to the analysis set."""
    null: Probability | None = None
    """Success rate that would not be worth more work (p0)."""
    alternative: Probability | None = None
    """Success rate hoped for (p1)."""
    alpha: Probability | None = None
    """One-sided probability of declaring success at the null rate, at most."""
    power: Probability | None = None
    """Probability of declaring success at the alternative rate, at least."""
    patients: int | None = Field(default=None, ge=1, le=100_000)
    """Patients of the trial: evaluable ones in dose finding, enrolled ones over all arms in a
    randomised trial."""
    looks: list[int] | None = Field(default=None, min_length=1, max_length=50)
    """Patients (single-arm) or events (group-sequential) at which data are looked at."""
    target: Probability | None = None
    """Rate of dose-limiting toxicities aimed at."""
    cohort: int | None = Field(default=None, ge=1, le=100)
    """Patients treated between decisions; 3 if left out."""
    start: int | None = Field(default=None, ge=1, le=20)
    """First dose level, counted from 1; the lowest if left out."""
    window: Days | None = None
    """Days after infusion in which a toxicity is dose-limiting."""
    toxicity: list[ToxicityName] | None = Field(default=None, min_length=1, max_length=10)
    """Events that are dose-limiting: the first of them within the window counts."""
    stagger: Days | None = None
    """Days between the first infusion of a cohort and the next; none if left out."""
    arrival_every: Days | None = None
    """Mean time between patients who come to be screened."""
    feasibility: Literal["ignore", "exclude", "as_treated", "achieved"] | None = None
    """Where a patient counts whose lot falls short of the assigned dose; `exclude` if left out."""
    tolerance: Probability | None = None
    """Share by which the achieved dose may fall short of the assigned one; 20 % if left out."""
    least_feasible: Probability | None = None
    """Share of infused patients who must get a dose for it to be feasible; 50 % if left out."""
    skeleton: list[Probability] | None = Field(default=None, min_length=2, max_length=20)
    """Prior guesses of the toxicity rate at each level (CRM)."""
    reference_dose: Dose | None = None
    """Dose at which the prior intercept holds (BLRM)."""
    least_response: Probability | None = None
    """Response rate below which a dose is not worth having (BOIN12)."""
    accrual_days: Days | None = None
    """Time in which all patients are enrolled (randomised)."""
    follow_up: Days | None = None
    """Time from the last enrolment to the final analysis (randomised)."""
    hazard_ratio: Probability | None = None
    """Hazard ratio the trial is planned for (randomised)."""
    spending: Literal["ldof", "ldpocock"] | None = None
    """Spending of alpha over looks (group-sequential): like O'Brien and Fleming, or Pocock."""
    futility: str | None = None
    """Spending of the type II error over looks, so that a trial may stop for futility
    (group-sequential): `ldof`, `ldpocock`, `hsd:-2` or `power:2`; nobody stops if left out."""
    binding: bool | None = None
    """Whether a futile trial must stop, which lowers the bounds of success; it need not if left
    out."""
    stratify_by: list[Literal["tumour_burden", "tumour_growth"]] | None = Field(
        default=None, min_length=1, max_length=2
    )
    """What patients are stratified by, at the median: randomisation and log-rank test
    (randomised)."""
    block: int | None = Field(default=None, ge=2, le=100)
    """Places in a block of the randomisation; twice the number of arms if left out."""
    horizon: Days | None = None
    """Day to which mean survival is restricted, and on which survival is compared (randomised)."""


@final
@dataclass(frozen=True, slots=True)
class DesignKeys:
    """What kind of design it is, the keys it needs, and those it may have besides."""

    kind: Literal["single arm", "dose finding", "randomised"]
    needs: tuple[str, ...]
    may: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every key that belongs to the design, the common ones included."""
        return ("design", "arms", "replicates", *self.needs, *self.may)


_ERRORS: Final = ("endpoint", "analysis_set", "null", "alternative", "alpha", "power")
_ZERO: Final = ("time_zero",)
_SINGLE: Final = DesignKeys("single arm", _ERRORS, _ZERO)
_LOOKED: Final = DesignKeys("single arm", (*_ERRORS[:-1], "looks"), _ZERO)
_FINDING: Final = ("patients", "window", "toxicity", "arrival_every")
_FINDING_MAY: Final = (
    "cohort", "start", "stagger", "feasibility", "tolerance", "least_feasible",
)  # fmt: skip
_TARGET: Final = DesignKeys("dose finding", (*_FINDING, "target"), _FINDING_MAY)
_SKELETON: Final = DesignKeys("dose finding", (*_FINDING, "target", "skeleton"), _FINDING_MAY)
_RANDOMISED: Final = (
    "endpoint", "analysis_set", "patients", "alpha", "power", "hazard_ratio", "accrual_days",
    "follow_up", "horizon",
)  # fmt: skip
_ALLOCATION: Final = (*_ZERO, "stratify_by", "block")

DESIGNS: Final[Mapping[str, DesignKeys]] = {
    "exact_binomial": _SINGLE,
    "simon_two_stage": _SINGLE,
    "predictive_probability": _LOOKED,
    "bop2": _LOOKED,
    "boin": _TARGET,
    "keyboard": _TARGET,
    "three_plus_three": DesignKeys("dose finding", (*_FINDING, "target"), _FINDING_MAY),
    "crm": _SKELETON,
    "tite_boin": _TARGET,
    "tite_crm": _SKELETON,
    "blrm": DesignKeys("dose finding", (*_FINDING, "target", "reference_dose"), _FINDING_MAY),
    "boin12": DesignKeys("dose finding", (*_FINDING, "target", "least_response"), _FINDING_MAY),
    "log_rank": DesignKeys("randomised", _RANDOMISED, _ALLOCATION),
    "group_sequential": DesignKeys(
        "randomised", (*_RANDOMISED, "looks", "spending"), (*_ALLOCATION, "futility", "binding")
    ),
}
"""Designs by name."""


def given(value: Value | None, key: str) -> Value:
    """Return a value that the checks of a study file made sure is there.

    Raises
    ------
    DesignError
        Where it is not: the file was never checked.

    Examples
    --------
    >>> given(0.25, "target")
    0.25
    """
    if value is None:
        raise DesignError(f"the trial has no '{key}'. Fix: add it to the study file")
    return value
