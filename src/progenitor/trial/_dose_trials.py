"""Conduct many dose-finding trials at once on counterfactual outcomes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.engine import uniforms
from progenitor.errors import DesignError
from progenitor.trial._dose_finding import (
    AbstractDoseFinding,
    DoseDecision,
    DoseDecisions,
    DoseMove,
)
from progenitor.trial._dose_state import DosePatients, DoseState

__all__ = ["DoseTrials", "conduct_dose_finding", "narrate_dose_finding", "toxicity_outcomes"]

_PURPOSE = "dose-finding:tolerance"


@final
@dataclass(frozen=True, slots=True, eq=False)
class DoseTrials:
    """How each of many dose-finding trials went and ended.

    Parameters
    ----------
    design
        The design that was conducted.
    state
        Everything known at the end, patient by patient too.
    selected
        Dose selected, from 0; -1 for none (replicate,).
    move
        The last ``DoseMove`` of each trial.
    duration
        Days from the start to the end of the last patient's window; None where time is not told.
    """

    design: AbstractDoseFinding
    state: DoseState
    selected: Int[np.ndarray, " replicate"]
    move: Int[np.ndarray, " replicate"]
    duration: Float[np.ndarray, " replicate"] | None = None

    @property
    def stopped(self) -> Bool[np.ndarray, " replicate"]:
        """Where a rule ended the trial before its last patient."""
        return self.move >= DoseMove.STOP_TOXIC

    @property
    def patients(self) -> Int[np.ndarray, " replicate"]:
        """Patients that each trial treated."""
        total: Int[np.ndarray, " replicate"] = self.state.treated.sum(axis=1)
        return total


def toxicity_outcomes(
    p_tox: Sequence[float] | Float[np.ndarray, " dose"],
    *,
    patients: int,
    replicates: int,
    seed: int,
    first: int = 0,
    purpose: str = _PURPOSE,
) -> Bool[np.ndarray, "replicate patient dose"]:
    """Draw each patient's tolerance once: a toxicity at every dose whose probability exceeds it.

    Patient j of replicate k has one uniform number of the keyed stream ``purpose``; it does not
    depend on how many replicates are drawn together.

    Parameters
    ----------
    p_tox
        True probability of a toxicity at each dose.
    patients, replicates
        Size of each trial and number of trials.
    seed
        Seed of the study.
    first
        Number of the first replicate.
    purpose
        Name of the stream.

    Raises
    ------
    DesignError
        If a probability is outside 0…1 or there is nobody to draw.

    Examples
    --------
    >>> outcomes = toxicity_outcomes([0.1, 0.3], patients=30, replicates=2000, seed=1)
    >>> outcomes.shape, bool(np.all(outcomes[..., 1] >= outcomes[..., 0]))
    ((2000, 30, 2), True)
    """
    rates = np.asarray(p_tox, dtype=float)
    inside = rates.ndim == 1 and rates.size and np.all((rates >= 0.0) & (rates <= 1.0))
    if not inside or patients < 1 or replicates < 1:
        raise DesignError(
            f"probabilities {rates.tolist()} for {patients} patients in {replicates} trials. "
            "Fix: give a probability from 0 to 1 for each dose, and at least one patient and trial"
        )
    place = np.arange(replicates * patients)
    tolerance = uniforms(seed, purpose, first + place // patients, place % patients)
    return tolerance.reshape(replicates, patients, 1) < rates


def conduct_dose_finding(
    design: AbstractDoseFinding,
    outcomes: Bool[np.ndarray, "replicate patient dose"],
    *,
    cohort: int = 3,
    start: int = 0,
    titration: bool = False,
    responses: Bool[np.ndarray, "replicate patient dose"] | None = None,
    achieved: Float[np.ndarray, "replicate patient dose"] | None = None,
) -> DoseTrials:
    """Conduct a design many times; each cohort is followed up before the next is treated.

    Patient j of a trial is the same person at every dose. A trial ends when the design stops it or
    when all its patients are treated; the last cohort may be smaller.

    Parameters
    ----------
    design
        Any dose-finding design.
    outcomes
        Whether patient j would have a toxicity at each dose; the second axis is the greatest number
        of patients.
    cohort
        Patients treated between decisions.
    start
        First dose, from 0.
    titration
        Treat single patients at rising doses until the first toxicity, then fill that cohort.
    responses
        Whether the patient would respond at each dose, for designs that look at it.
    achieved
        Dose really given at each assigned dose, for designs that look at it.

    Raises
    ------
    DesignError
        If shapes differ, there is nobody, or cohort or start make no sense.

    Examples
    --------
    >>> from progenitor.trial import Boin
    >>> outcomes = toxicity_outcomes([0.05, 0.3, 0.6], patients=30, replicates=500, seed=1)
    >>> trials = conduct_dose_finding(Boin(target=0.3), outcomes)
    >>> bool(np.mean(trials.selected == 1) > 0.6), int(trials.patients.max())
    (True, 30)
    """
    conduct = _Conduct(outcomes, responses, achieved, cohort=cohort, start=start)
    for _ in _steps(conduct, design, titration=titration):
        pass
    state = conduct.state()
    none = np.isin(conduct.move, (DoseMove.STOP_TOXIC, DoseMove.STOP_NONE_ADMISSIBLE))
    return DoseTrials(design, state, np.where(none, -1, design.select(state)), conduct.move)


def narrate_dose_finding(
    design: AbstractDoseFinding,
    outcomes: Bool[np.ndarray, "patient dose"],
    *,
    cohort: int = 3,
    start: int = 0,
    titration: bool = False,
    responses: Bool[np.ndarray, "patient dose"] | None = None,
    achieved: Float[np.ndarray, "patient dose"] | None = None,
) -> tuple[DoseDecision, ...]:
    """Conduct one trial and tell every decision in words; arguments as ``conduct_dose_finding``.

    Examples
    --------
    >>> from progenitor.trial import Boin
    >>> outcomes = toxicity_outcomes([0.05, 0.3, 0.6], patients=9, replicates=1, seed=2)
    >>> [decision.label for decision in narrate_dose_finding(Boin(target=0.3), outcomes[0])]
    ['escalate', 'stay']
    """
    conduct = _Conduct(
        outcomes[None],
        None if responses is None else responses[None],
        None if achieved is None else achieved[None],
        cohort=cohort,
        start=start,
    )
    return tuple(design.explain(state) for state in _steps(conduct, design, titration=titration))


def _steps(
    conduct: "_Conduct", design: AbstractDoseFinding, *, titration: bool
) -> Iterator[DoseState]:
    """Treat cohort after cohort and yield the state before each decision."""
    first = conduct.cohort
    size = np.full(conduct.replicates, first)
    if titration and first > 1:
        conduct.titrate()
        size = np.where(conduct.enrolled > 0, first - 1, first)
    while True:
        conduct.treat(size)
        if not conduct.active.any():
            return
        state = conduct.state()
        yield state
        conduct.follow(design.next_dose(state))
        size = np.full(conduct.replicates, first)


@final
class _Conduct:
    """The trials while they run: counts, patients and who is still going."""

    def __init__(
        self,
        outcomes: Bool[np.ndarray, "replicate patient dose"],
        responses: Bool[np.ndarray, "replicate patient dose"] | None,
        achieved: Float[np.ndarray, "replicate patient dose"] | None,
        *,
        cohort: int,
        start: int,
    ) -> None:
        _check(outcomes, responses, achieved, cohort=cohort, start=start)
        self.outcomes, self.responses, self.achieved = outcomes, responses, achieved
        self.cohort = cohort
        self.replicates, self.places, self.doses = outcomes.shape
        self.active = np.ones(self.replicates, dtype=bool)
        self.enrolled = np.zeros(self.replicates, dtype=np.int64)
        self.level = np.full(self.replicates, start, dtype=np.int64)
        self.opened = self.level.copy()
        self.move = np.full(self.replicates, int(DoseMove.STAY), dtype=np.int64)
        counts = np.zeros((4, self.replicates, self.doses), dtype=np.int64)
        self.treated, self.toxic, self.responded, self.both = counts
        self.eliminated = np.zeros((self.replicates, self.doses), dtype=bool)
        shape = self.replicates, self.places
        self.given = np.full(shape, -1, dtype=np.int64)
        self.seen = np.zeros(shape, dtype=bool)
        self.answered = None if responses is None else np.zeros(shape, dtype=bool)
        self.really = None if achieved is None else np.full(shape, np.nan)

    def treat(self, size: Int[np.ndarray, " replicate"]) -> None:
        """Enrol up to ``size`` patients of every running trial at its current dose."""
        size = np.where(self.active, np.minimum(size, self.places - self.enrolled), 0)
        for member in range(int(size.max(initial=0))):
            self._enrol(np.flatnonzero(size > member))
        self.active &= self.enrolled < self.places

    def titrate(self) -> None:
        """Treat one patient at each dose, upwards, until the first toxicity or the last dose."""
        rising = self.active.copy()
        while rising.any():
            rows = np.flatnonzero(rising)
            self._enrol(rows)
            toxic = self.toxic[rows, self.level[rows]] > 0
            over = toxic | (self.level[rows] == self.doses - 1)
            over |= self.enrolled[rows] >= self.places
            rising[rows[over]] = False
            self.level[rows[~over]] += 1
            self.opened = np.maximum(self.opened, self.level)
        self.active &= self.enrolled < self.places

    def follow(self, decisions: DoseDecisions) -> None:
        """Go where the design says."""
        going = self.active
        self.move[going] = decisions.move[going]
        self.eliminated[going] |= decisions.eliminated[going]
        self.active = going & ~decisions.stop
        self.level[self.active] = decisions.level[self.active]
        self.opened = np.maximum(self.opened, self.level)

    def state(self) -> DoseState:
        """Everything known now."""
        looked = self.responses is not None
        patients = DosePatients(
            self.given, self.seen, np.ones(self.given.shape), self.really, self.answered
        )
        return DoseState(
            treated=self.treated,
            toxic=self.toxic,
            level=self.level,
            opened=self.opened,
            eliminated=self.eliminated,
            responded=self.responded if looked else None,
            toxic_and_responded=self.both if looked else None,
            patients=patients,
        )

    def _enrol(self, rows: Int[np.ndarray, " row"]) -> None:
        """Treat the next patient of some trials."""
        place, level = self.enrolled[rows], self.level[rows]
        toxic = self.outcomes[rows, place, level]
        self.given[rows, place] = level
        self.seen[rows, place] = toxic
        self.treated[rows, level] += 1
        self.toxic[rows, level] += toxic
        if self.responses is not None and self.answered is not None:
            answer = self.responses[rows, place, level]
            self.answered[rows, place] = answer
            self.responded[rows, level] += answer
            self.both[rows, level] += answer & toxic
        if self.achieved is not None and self.really is not None:
            self.really[rows, place] = self.achieved[rows, place, level]
        self.enrolled[rows] += 1


def _check(
    outcomes: Bool[np.ndarray, "replicate patient dose"],
    responses: Bool[np.ndarray, "..."] | None,
    achieved: Float[np.ndarray, "..."] | None,
    *,
    cohort: int,
    start: int,
) -> None:
    """Refuse trials that cannot be conducted, all problems at once."""
    problems = []
    if 0 in outcomes.shape:
        problems.append(f"outcomes of shape {outcomes.shape} hold nobody")
    for name, values in (("responses", responses), ("achieved", achieved)):
        if values is not None and values.shape != outcomes.shape:
            problems.append(f"{name} has shape {values.shape}, outcomes {outcomes.shape}")
    if cohort < 1:
        problems.append(f"a cohort of {cohort}")
    if not 0 <= start < outcomes.shape[2]:
        problems.append(f"start at dose {start + 1} of {outcomes.shape[2]}")
    if problems:
        raise DesignError(
            f"the trials cannot be conducted: {'; '.join(problems)}. Fix: give outcomes "
            "(replicate, patient, dose), a cohort of at least 1 and a first dose among them"
        )
