"""What the logistic regression design says about itself, and what it refuses."""

from itertools import pairwise
from typing import Protocol

from progenitor.errors import DesignError
from progenitor.trial._decision import percent
from progenitor.trial._dose_finding import DoseDecision, DoseDecisions
from progenitor.trial._dose_state import DoseState
from progenitor.trial._logistic_posterior import LogisticPosterior

__all__ = ["LogisticDesign", "check_blrm", "describe_blrm", "explain_blrm"]


class LogisticDesign(Protocol):
    """The numbers of the design."""

    @property
    def doses(self) -> tuple[float, ...]: ...
    @property
    def reference(self) -> float: ...
    @property
    def mean(self) -> tuple[float, float]: ...
    @property
    def sd(self) -> tuple[float, float]: ...
    @property
    def correlation(self) -> float: ...
    @property
    def cuts(self) -> tuple[float, float]: ...
    @property
    def overdose(self) -> float: ...
    @property
    def largest_step(self) -> float: ...
    @property
    def enough(self) -> int | None: ...


def describe_blrm(design: LogisticDesign) -> str:
    """Write the paragraph of the protocol."""
    low, high = design.cuts
    doses = ", ".join(f"{dose:g}" for dose in design.doses)
    text = (
        f"Bayesian logistic regression on the achieved dose, levels {doses}: logit p(d) = ln α + "
        f"β·ln(d/{design.reference:g}) with (ln α, ln β) bivariate normal, means "
        f"{design.mean[0]:g} and {design.mean[1]:g}, standard deviations {design.sd[0]:g} and "
        f"{design.sd[1]:g}, correlation {design.correlation:g}. The next dose is the one most "
        f"probably between {percent(low)} and {percent(high)} among those above {percent(high)} "
        f"with probability below {percent(design.overdose)}; it rises by at most one level and at "
        f"most {design.largest_step:.3g}-fold above the highest dose achieved. Without such a dose "
        "the trial stops."
    )
    if design.enough is not None:
        text += f" It stops when {design.enough} patients were treated at the recommended dose."
    return text


def explain_blrm(
    design: LogisticDesign,
    state: DoseState,
    fit: LogisticPosterior,
    found: DoseDecisions,
    replicate: int,
) -> DoseDecision:
    """Tell one trial's decision in words, with the probabilities that were compared."""
    level, label = int(found.level[replicate]), found.label(replicate)
    treated, toxic = int(state.treated[replicate].sum()), int(state.toxic[replicate].sum())
    parts = [
        f"dose {dose + 1}: on target {percent(float(fit.target[replicate, dose]))}, over "
        f"{percent(float(fit.over[replicate, dose]))}"
        for dose in range(state.doses)
    ]
    end = "." if level < 0 else f", dose {level + 1} ({design.doses[level]:g})."
    message = (
        f"{toxic} of {treated} patients had a dose-limiting toxicity. {'; '.join(parts)} (limit "
        f"{percent(design.overdose)}). Decision: {label}{end}"
    )
    evidence = {"treated": float(treated), "toxic": float(toxic), "limit": design.overdose}
    for dose in range(state.doses):
        evidence[f"target_{dose + 1}"] = float(fit.target[replicate, dose])
        evidence[f"over_{dose + 1}"] = float(fit.over[replicate, dose])
    return DoseDecision(level, message, label, evidence)


def check_blrm(design: LogisticDesign) -> None:
    """Refuse impossible numbers, all problems at once.

    Raises
    ------
    DesignError
        If any number cannot be.
    """
    doses, (low, high) = design.doses, design.cuts
    rising = all(b > a for a, b in pairwise(doses))
    wrong = (
        (not doses or min(doses, default=0.0) <= 0.0 or not rising,
         f"doses {list(doses)} are not positive and rising", "give levels like 1e5, 3e5, 1e6"),
        (not design.reference > 0.0, f"reference dose {design.reference:g}", "give one above 0"),
        (not min(design.sd) > 0.0, f"prior standard deviations {list(design.sd)}",
         "give two above 0"),
        (not -1.0 < design.correlation < 1.0, f"correlation {design.correlation:g}",
         "give one between -1 and 1"),
        (not 0.0 < low < high < 1.0, f"target interval {low:g} to {high:g}",
         "give two rising limits inside (0, 1)"),
        (not 0.0 < design.overdose < 1.0, f"overdose limit {design.overdose:g}", "give 0.25"),
        (not design.largest_step > 1.0, f"largest step {design.largest_step:g}",
         "give a factor above 1"),
        (design.enough is not None and design.enough < 1, f"enough at {design.enough} patients",
         "give at least 1"),
    )  # fmt: skip
    if problems := [f"{message}. Fix: {fix}" for bad, message, fix in wrong if bad]:
        raise DesignError(f"blrm cannot be: {'; '.join(problems)}")
