"""What ignoring feasibility does to the chosen dose: policies against what is right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, final

import numpy as np
from jaxtyping import Float

from progenitor.errors import DesignError
from progenitor.trial._dose_bank import DoseBank
from progenitor.trial._feasible_trials import FeasibleTrials

__all__ = [
    "FeasibilityComparison",
    "PolicyResult",
    "TrueDoses",
    "compare_feasibility",
    "nearest_dose",
    "true_doses",
]


@final
class TrueDoses(NamedTuple):
    """The doses that the bank's patients make right.

    Parameters
    ----------
    tolerated
        Maximum tolerated dose of patients who really get the dose, from 0; -1 for none.
    feasible
        Highest dose up to it that at least the least share can get; -1 for none.
    apparent
        Maximum tolerated dose by assigned dose, whatever was achieved.
    """

    tolerated: int
    feasible: int
    apparent: int


@final
@dataclass(frozen=True, slots=True, eq=False)
class PolicyResult:
    """Averages of one policy, each with its Monte Carlo standard error.

    Parameters
    ----------
    policy
        Name of the policy.
    selected, selected_error
        Share of trials that choose each dose (dose,).
    none
        Share that choose no dose.
    right, right_error
        Share that choose the dose that is truly tolerated and feasible.
    infeasible
        Share that choose a dose which fewer than the least share of patients can get.
    overdose
        Share that choose a dose truly above the maximum tolerated one, if it were given in full.
    level_bias, level_bias_error
        Mean of chosen minus right dose, in levels, over trials that choose one.
    enrolled, replaced
        Mean patients who entered and who were replaced.
    """

    policy: str
    selected: Float[np.ndarray, " dose"]
    selected_error: Float[np.ndarray, " dose"]
    none: float
    right: float
    right_error: float
    infeasible: float
    overdose: float
    level_bias: float
    level_bias_error: float
    enrolled: float
    replaced: float


@final
@dataclass(frozen=True, slots=True, eq=False)
class FeasibilityComparison:
    """What each policy chooses, and what is true of the bank.

    Parameters
    ----------
    feasibility, toxicity_if_given, toxicity_as_assigned
        Of each dose in the bank (dose,).
    truth
        The right doses.
    least
        Least share of patients who must get a dose for it to be feasible.
    policies
        Results by policy.
    """

    feasibility: Float[np.ndarray, " dose"]
    toxicity_if_given: Float[np.ndarray, " dose"]
    toxicity_as_assigned: Float[np.ndarray, " dose"]
    truth: TrueDoses
    least: float
    policies: tuple[PolicyResult, ...]

    @property
    def summary(self) -> str:
        """The comparison in words."""
        right = self.truth.feasible
        first = (
            f"{_named(self.truth.tolerated)} is tolerated when it is really given; "
            f"{_named(right)} is tolerated and feasible for at least {100 * self.least:.0f} % of "
            f"patients. By assigned dose {_named(self.truth.apparent).lower()} seems tolerated."
        )
        words = [
            f"Policy {result.policy}: {100 * result.right:.1f} ± {100 * result.right_error:.1f} % "
            f"of trials choose it, {100 * result.infeasible:.1f} % a dose that too few can get; "
            f"the choice is {result.level_bias:+.2f} levels off on average."
            for result in self.policies
        ]
        return " ".join([first, *words])

    def plain(self) -> dict[str, Any]:
        """Write everything as plain data; doses are counted from 1, none is null."""
        return {
            "feasibility": self.feasibility.tolist(),
            "toxicity_if_given": self.toxicity_if_given.tolist(),
            "toxicity_as_assigned": self.toxicity_as_assigned.tolist(),
            "least": self.least,
            **{
                f"true_{name}": dose + 1 if dose >= 0 else None
                for name, dose in self.truth._asdict().items()
            },
            "policies": [
                {
                    name: value.tolist() if isinstance(value, np.ndarray) else value
                    for name in PolicyResult.__dataclass_fields__
                    for value in [getattr(result, name)]
                }
                for result in self.policies
            ],
            "summary": self.summary,
        }


def true_doses(bank: DoseBank, *, target: float, least: float) -> TrueDoses:
    """Find the doses that are right for the patients of a bank.

    The maximum tolerated dose is the one with the toxicity nearest to the target, the highest of
    equals below it, and none where even the lowest is more than half the target above it.

    Parameters
    ----------
    bank
        At least some thousand patients, for the truth to be one.
    target
        Target rate of toxicities.
    least
        Least share of patients who must get a dose for it to be feasible.

    Examples
    --------
    >>> achieved = np.tile([1.0, 3.0, 3.5], (1, 10, 1))
    >>> toxic = np.zeros(achieved.shape, dtype=bool); toxic[0, :3, 1:] = True
    >>> true_doses(DoseBank((1.0, 3.0, 10.0), achieved, toxic), target=0.3, least=0.5)
    TrueDoses(tolerated=1, feasible=1, apparent=2)
    """
    tolerated = nearest_dose(bank.toxicity_if_given, target)
    enough = np.flatnonzero(bank.feasibility[: tolerated + 1] >= least)
    feasible = int(enough[-1]) if enough.size else -1
    return TrueDoses(tolerated, feasible, nearest_dose(bank.toxicity_as_assigned, target))


def compare_feasibility(
    bank: DoseBank, trials: Sequence[FeasibleTrials], *, target: float
) -> FeasibilityComparison:
    """Compare what policies choose with what is tolerated and feasible.

    Parameters
    ----------
    bank
        The bank the trials were drawn from.
    trials
        The same design conducted under several policies.
    target
        Target rate of toxicities.

    Raises
    ------
    DesignError
        If there are no trials or they differ in the least feasible share.

    References
    ----------
    Devlin, Iasonos, O'Quigley 2021, Journal of the Royal Statistical Society C 70:815–834,
    doi:10.1111/rssc.12485; Bagley, Wages 2021.

    Examples
    --------
    >>> from progenitor.trial import Boin
    >>> from progenitor.trial._feasible_trials import conduct_feasible
    >>> achieved = np.tile([1.0, 3.0, 3.5], (1, 50, 1))
    >>> bank = DoseBank((1.0, 3.0, 10.0), achieved, np.zeros(achieved.shape, dtype=bool))
    >>> trials = [conduct_feasible(Boin(target=0.3), bank, policy=policy, patients=18,
    ...                            replicates=20, seed=1) for policy in ("ignore", "exclude")]
    >>> found = compare_feasibility(bank, trials, target=0.3)
    >>> [(result.policy, result.right, result.infeasible) for result in found.policies]
    [('ignore', 0.0, 1.0), ('exclude', 1.0, 0.0)]
    """
    shares = {found.least for found in trials}
    if len(shares) != 1:
        raise DesignError(
            f"{len(trials)} sets of trials with least feasible shares {sorted(shares)}. Fix: give "
            "trials conducted with one share"
        )
    least = shares.pop()
    truth = true_doses(bank, target=target, least=least)
    results = tuple(_result(found, bank, truth) for found in trials)
    return FeasibilityComparison(
        bank.feasibility,
        bank.toxicity_if_given,
        bank.toxicity_as_assigned,
        truth,
        least,
        results,
    )


def _result(found: FeasibleTrials, bank: DoseBank, truth: TrueDoses) -> PolicyResult:
    chosen, count = found.selected, found.selected.size
    some = chosen[chosen >= 0]
    share = np.bincount(some, minlength=len(bank.doses)) / count
    right = float(np.mean(chosen == truth.feasible))
    short = bank.feasibility < found.least
    off = some - truth.feasible if some.size else np.full(1, np.nan)
    return PolicyResult(
        policy=found.policy,
        selected=share,
        selected_error=_share_error(share, count),
        none=float(np.mean(chosen < 0)),
        right=right,
        right_error=float(_share_error(np.array(right), count)),
        infeasible=float(np.mean(short[some])) * some.size / count if some.size else 0.0,
        overdose=float(np.mean(chosen > truth.tolerated)),
        level_bias=float(off.mean()),
        level_bias_error=float(off.std()) / off.size**0.5,
        enrolled=float(found.enrolled.mean()),
        replaced=float(found.replaced.mean()),
    )


def _share_error(share: Any, count: int) -> Any:
    """Monte Carlo error of a share, not 0 because all trials agreed."""
    moved = (share * count + 0.5) / (count + 1.0)
    return np.sqrt(moved * (1.0 - moved) / count)


def nearest_dose(toxicity: Float[np.ndarray, " dose"], target: float) -> int:
    """Find the dose whose toxicity is nearest to the target; -1 where all are far above."""
    known = np.flatnonzero(np.isfinite(toxicity))
    if not known.size or toxicity[known[0]] > 1.5 * target:
        return -1
    distance = np.abs(toxicity[known] - target)
    ties = known[distance <= distance.min() + 1e-12]
    return int(ties[-1] if toxicity[ties[-1]] <= target else ties[0])


def _named(dose: int) -> str:
    return f"Dose {dose + 1}" if dose >= 0 else "No dose"
