"""Conduct dose-finding trials in which patients may get less than the dose they were assigned."""

from dataclasses import dataclass
from typing import Literal, final, get_args

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import DesignError
from progenitor.trial._dose_bank import DoseBank
from progenitor.trial._dose_finding import AbstractDoseFinding, DoseMove
from progenitor.trial._dose_state import DosePatients, DoseState

__all__ = ["FeasibilityPolicy", "FeasibleTrials", "conduct_feasible", "dose_feasibility"]

FeasibilityPolicy = Literal["ignore", "exclude", "as_treated", "achieved"]
"""Who counts where. ``ignore``: everybody at the assigned dose. ``exclude``: who falls short of it
is replaced. ``as_treated``: at the highest level reached; below the first level replaced.
``achieved``: at the dose really given, for designs that look at it; without product replaced."""


@final
@dataclass(frozen=True, slots=True, eq=False)
class FeasibleTrials:
    """How each of many trials went, with what patients achieved.

    Parameters
    ----------
    design, policy, least
        What was conducted, who counted where, and the least share of patients who must reach a dose
        for it to be feasible.
    state
        Data that the design saw at the end.
    tolerated
        Dose the design selects by toxicity, from 0; -1 for none (replicate,).
    selected
        Highest dose that is tolerated and estimated to be feasible; -1 for none (replicate,).
    move
        The last ``DoseMove`` of each trial; those that ran out of patients keep their last one.
    enrolled, replaced
        Patients who entered, and those among them who did not count (replicate,).
    attempted, delivered
        Patients assigned to each dose, and those who got it within tolerance (replicate, dose).
    feasibility
        Estimated share who can get each dose (replicate, dose); NaN without data.
    """

    design: AbstractDoseFinding
    policy: FeasibilityPolicy
    least: float
    state: DoseState
    tolerated: Int[np.ndarray, " replicate"]
    selected: Int[np.ndarray, " replicate"]
    move: Int[np.ndarray, " replicate"]
    enrolled: Int[np.ndarray, " replicate"]
    replaced: Int[np.ndarray, " replicate"]
    attempted: Int[np.ndarray, "replicate dose"]
    delivered: Int[np.ndarray, "replicate dose"]
    feasibility: Float[np.ndarray, "replicate dose"]


def conduct_feasible(
    design: AbstractDoseFinding,
    bank: DoseBank,
    *,
    policy: FeasibilityPolicy,
    patients: int,
    replicates: int,
    seed: int,
    cohort: int = 3,
    start: int = 0,
    enrol_at_most: int | None = None,
    least: float = 0.5,
    confidence: float | None = 0.9,
    first: int = 0,
) -> FeasibleTrials:
    r"""Conduct a design on patients of a bank who may achieve less than they are assigned.

    A dose, with all above, is closed as infeasible when

    .. math::

        P(f < f_{least} \mid a - b \text{ of } a \text{ short}) > c, \qquad
        f \sim Beta(1 + b, 1 + a - b)

    for the b of a patients assigned to it who got it; a trial standing there goes down at once.
    Under ``ignore`` nothing is closed. Trials use the same patients for every design and policy.

    Parameters
    ----------
    design
        Any dose-finding design; its last patients' order within a cohort cannot matter.
    bank
        Achieved doses and toxicities.
    policy
        Who counts where.
    patients
        Patients that count.
    replicates, seed, first
        Number of trials, seed of the study, and number of the first trial.
    cohort, start
        Patients that count between decisions, and first dose from 0.
    enrol_at_most
        Patients who may enter; by default twice ``patients``.
    least, confidence
        Least feasible share and c; ``confidence=None`` closes nothing during the trial.

    Raises
    ------
    DesignError
        If the numbers make no sense; lists every problem.

    References
    ----------
    Thall, Sung, Choudhury 2001, Biometrics 57:914–921, doi:10.1111/j.0006-341X.2001.00914.x;
    doses that cannot be given in full: Devlin, Iasonos, O'Quigley 2021, Journal of the Royal
    Statistical Society C 70:815–834, doi:10.1111/rssc.12485; Bagley, Wages 2021.

    Examples
    --------
    >>> from progenitor.trial import Boin
    >>> achieved = np.tile([1.0, 3.0, 3.5], (1, 50, 1))
    >>> bank = DoseBank((1.0, 3.0, 10.0), achieved, np.zeros(achieved.shape, dtype=bool))
    >>> found = conduct_feasible(Boin(target=0.3), bank, policy="exclude", patients=18,
    ...                          replicates=5, seed=1)
    >>> found.selected.tolist(), found.feasibility[0].tolist()
    ([1, 1, 1, 1, 1], [1.0, 1.0, 0.0])
    """
    places = 2 * patients if enrol_at_most is None else enrol_at_most
    _check(bank, policy, patients, places, cohort, start, least, confidence)
    drawn = bank.resample(patients=places, replicates=replicates, seed=seed, first=first)
    guard = None if policy == "ignore" else confidence
    trials = _Trials(drawn.toxic, drawn.achieved, bank, policy, start, least, guard)
    for place in range(places):
        trials.treat(place)
        due = trials.active & (trials.waiting >= cohort) & (trials.counted < patients)
        trials.active &= trials.counted < patients
        if due.any():
            trials.decide(design, np.flatnonzero(due))
        if not trials.active.any():
            break
    return trials.finish(design)


def dose_feasibility(
    attempts: Int[np.ndarray, "replicate patient"],
    reached: Int[np.ndarray, "replicate patient"],
    doses: int,
) -> Float[np.ndarray, "replicate dose"]:
    r"""Estimate the share of patients who can get each dose, as a survival function over doses.

    A patient assigned to dose k shows whether they reach each dose up to k, so that

    .. math::

        \hat f_k = \prod_{j \le k} \Bigl(1 - \frac{\#\{\text{assigned} \ge j,
        \text{reached } j - 1, \text{not } j\}}{\#\{\text{assigned} \ge j,
        \text{reached } j - 1\}}\Bigr)

    Assignment plays the part of censoring. Doses that nobody was assigned to are NaN.

    Parameters
    ----------
    attempts
        Assigned dose of each patient, from 0; -1 for nobody.
    reached
        Highest dose at or below the assigned one that the patient reached; -1 for none.
    doses
        Number of doses.

    Examples
    --------
    >>> dose_feasibility(np.array([[0, 1, 1, 1]]), np.array([[0, 1, 0, 1]]), doses=3).round(3)
    array([[1.   , 0.667,   nan]])
    """
    level = np.arange(doses)
    asked = (attempts[:, :, None] >= level) & (reached[:, :, None] >= level - 1)
    at_risk = asked.sum(axis=1)
    kept = (asked & (reached[:, :, None] >= level)).sum(axis=1)
    share = np.where(at_risk > 0, kept / np.maximum(at_risk, 1), np.nan)
    return np.cumprod(share, axis=1)


class _Trials:
    """The trials while they run: everybody's next patient enters at the same time."""

    def __init__(
        self,
        toxic: Bool[np.ndarray, "replicate patient dose"],
        achieved: Float[np.ndarray, "replicate patient dose"],
        bank: DoseBank,
        policy: FeasibilityPolicy,
        start: int,
        least: float,
        confidence: float | None,
    ) -> None:
        self.toxic, self.achieved, self.policy = toxic, achieved, policy
        self.least, self.confidence = least, confidence
        self.replicates, self.places, self.doses = toxic.shape
        self.limits = (1.0 - bank.tolerance) * np.array(bank.doses)
        self.rows = np.arange(self.replicates)
        self.active = np.ones(self.replicates, dtype=bool)
        self.level = np.full(self.replicates, start, dtype=np.int64)
        self.opened = self.level.copy()
        self.move = np.full(self.replicates, int(DoseMove.STAY), dtype=np.int64)
        self.enrolled, self.counted, self.waiting = np.zeros((3, self.replicates), dtype=np.int64)
        counts = np.zeros((4, self.replicates, self.doses), dtype=np.int64)
        self.treated, self.seen, self.attempted, self.delivered = counts
        self.eliminated = np.zeros((self.replicates, self.doses), dtype=bool)
        self.infeasible = self.eliminated.copy()
        shape = self.replicates, self.places
        self.assigned, self.reached = np.full((2, *shape), -1, dtype=np.int64)
        self.given = np.full(shape, -1, dtype=np.int64)
        self.ill = np.zeros(shape, dtype=bool)
        self.really = np.full(shape, np.nan)

    def treat(self, place: int) -> None:
        """Enrol the next patient of every running trial, count or replace them."""
        rows = np.flatnonzero(self.active)
        level = self.level[rows]
        dose, toxic = self.achieved[rows, place, level], self.toxic[rows, place, level]
        reached = np.minimum((dose[:, None] >= self.limits).sum(axis=1) - 1, level)
        self.enrolled[rows] += 1
        self.attempted[rows, level] += 1
        self.delivered[rows, level] += reached >= level
        self.assigned[rows, place], self.reached[rows, place] = level, reached
        counts_at = self._counts_at(level, reached, dose)
        inside = counts_at >= 0
        kept, at = rows[inside], counts_at[inside]
        self.treated[kept, at] += 1
        self.seen[kept, at] += toxic[inside]
        self.counted[kept] += 1
        self.waiting[kept] += 1
        self.given[kept, place], self.ill[kept, place] = at, toxic[inside]
        self.really[kept, place] = dose[inside]
        if self.confidence is not None:
            self._close(rows[reached < level])

    def decide(self, design: AbstractDoseFinding, rows: Int[np.ndarray, " row"]) -> None:
        """Ask the design where some trials go; never to a dose closed as infeasible."""
        found = design.next_dose(self._state(rows))
        self.waiting[rows] = 0
        self.move[rows] = found.move
        self.eliminated[rows] |= found.eliminated
        highest = self._highest_feasible(rows)
        level = np.where(found.stop, self.level[rows], np.minimum(found.level, highest))
        stop = found.stop | (level < 0)
        self.move[rows[(level < 0) & ~found.stop]] = DoseMove.STOP_NONE_ADMISSIBLE
        self.level[rows] = np.where(stop, self.level[rows], level)
        self.opened[rows] = np.maximum(self.opened[rows], self.level[rows])
        self.active[rows[stop]] = False

    def finish(self, design: AbstractDoseFinding) -> FeasibleTrials:
        """Select the doses and gather what happened."""
        state = self._state(self.rows)
        none = np.isin(self.move, (DoseMove.STOP_TOXIC, DoseMove.STOP_NONE_ADMISSIBLE))
        tolerated = np.where(none, -1, design.select(state))
        shares = dose_feasibility(self.assigned, self.reached, self.doses)
        if self.policy == "ignore":
            selected = tolerated
        else:
            level = np.arange(self.doses)
            fine = (np.nan_to_num(shares) >= self.least) & ~self.infeasible
            fine &= level <= tolerated[:, None]
            selected = np.where(fine, level, -1).max(axis=1)
        return FeasibleTrials(
            design=design,
            policy=self.policy,
            least=self.least,
            state=state,
            tolerated=tolerated,
            selected=selected,
            move=self.move,
            enrolled=self.enrolled,
            replaced=self.enrolled - self.counted,
            attempted=self.attempted,
            delivered=self.delivered,
            feasibility=shares,
        )

    def _counts_at(
        self,
        level: Int[np.ndarray, " row"],
        reached: Int[np.ndarray, " row"],
        dose: Float[np.ndarray, " row"],
    ) -> Int[np.ndarray, " row"]:
        """Level at which each patient counts; -1 who is replaced."""
        match self.policy:
            case "ignore":
                return level
            case "exclude":
                return np.where(reached >= level, level, -1)
            case "as_treated":
                return reached
            case "achieved":
                return np.where(dose > 0.0, level, -1)

    def _close(self, rows: Int[np.ndarray, " row"]) -> None:
        """Close the dose at which somebody just fell short, if too many do, and go down."""
        from scipy.special import betainc

        if not rows.size:
            return
        level = self.level[rows]
        reached = self.delivered[rows, level]
        short = self.attempted[rows, level] - reached
        doubt = betainc(1.0 + reached, 1.0 + short, self.least)
        shut = rows[doubt > self.confidence]
        if not shut.size:
            return
        self.infeasible[shut] |= np.arange(self.doses) >= self.level[shut][:, None]
        lower = self._highest_feasible(shut)
        self.level[shut] = np.maximum(lower, 0)
        self.waiting[shut] = 0
        gone = shut[lower < 0]
        self.active[gone] = False
        self.move[gone] = DoseMove.STOP_NONE_ADMISSIBLE

    def _highest_feasible(self, rows: Int[np.ndarray, " row"]) -> Int[np.ndarray, " row"]:
        return np.asarray(np.where(~self.infeasible[rows], np.arange(self.doses), -1).max(axis=1))

    def _state(self, rows: Int[np.ndarray, " row"]) -> DoseState:
        """Return the data of some trials as the design sees them."""
        given = self.given[rows]
        patients = DosePatients(
            given,
            self.ill[rows],
            np.ones(given.shape),
            self.really[rows] if self.policy == "achieved" else None,
        )
        return DoseState(
            treated=self.treated[rows],
            toxic=self.seen[rows],
            level=self.level[rows],
            opened=self.opened[rows],
            eliminated=self.eliminated[rows],
            patients=patients,
        )


def _check(
    bank: DoseBank,
    policy: str,
    patients: int,
    places: int,
    cohort: int,
    start: int,
    least: float,
    confidence: float | None,
) -> None:
    """Refuse trials that cannot be conducted, all problems at once."""
    problems = []
    if policy not in get_args(FeasibilityPolicy):
        problems.append(f"policy '{policy}' is not among {', '.join(get_args(FeasibilityPolicy))}")
    if min(patients, cohort) < 1 or places < patients:
        problems.append(f"{patients} patients in cohorts of {cohort}, {places} may enter")
    if not 0 <= start < len(bank.doses):
        problems.append(f"start at dose {start + 1} of {len(bank.doses)}")
    if not 0.0 < least < 1.0 or not (confidence is None or 0.0 < confidence < 1.0):
        problems.append(f"least feasible share {least:g} with confidence {confidence}")
    if problems:
        raise DesignError(
            f"the trials cannot be conducted: {'; '.join(problems)}. Fix: choose a policy, at "
            "least one patient, a first dose in the bank, and shares inside (0, 1)"
        )
