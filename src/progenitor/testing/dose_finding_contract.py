"""What every dose-finding design promises: safe steps, sense of order, and its reasons."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import final

import numpy as np
from jaxtyping import Bool, Int

from progenitor.engine import stream
from progenitor.errors import DesignError
from progenitor.testing.dose_state_check import check_dose_state
from progenitor.trial import (
    AbstractDoseFinding,
    DoseBank,
    DoseDecision,
    DoseDecisions,
    DoseMove,
    DoseState,
    DoseTrials,
    FeasibilityPolicy,
    conduct_dose_finding,
    conduct_feasible,
    conduct_timed,
)

__all__ = ["DoseFindingContract"]

REPLICATES = 120
PATIENTS = 30


@final
@dataclass(frozen=True, slots=True)
class DoseFindingContract:
    """Checks of one dose-finding design on simulated trials.

    Parameters
    ----------
    design
        The design with its numbers.
    doses
        Number of doses it is tried on.
    cohort
        Patients between decisions.
    seed
        Of the simulated outcomes.

    Examples
    --------
    >>> from progenitor.trial import Boin
    >>> DoseFindingContract(Boin(target=0.3), doses=4).all_toxic_trials_stay_at_the_lowest_dose()
    """

    design: AbstractDoseFinding
    doses: int = 5
    cohort: int = 3
    seed: int = 1

    def explains_itself(self) -> None:
        """Every decision has a message, a label and evidence, and is the one that is taken."""
        assert len(self.design.description) > 80
        assert all(np.isfinite(value) for value in self.design.numbers.values())
        labels = {move.label for move in DoseMove}
        for state, found in self._watch(self._outcomes()[:6]):
            for replicate in range(state.replicates):
                told = self.design.explain(state, replicate)
                assert told.message == str(told)
                assert told.value == found.level[replicate]
                assert told.label == found.label(replicate)
                assert told.label in labels
                assert told.evidence, "a decision without evidence cannot be checked"
                assert "dose" in told.message, told.message

    def recommends_only_open_doses_without_skipping(self) -> None:
        """The next dose is never closed, nor more than one above the highest ever given."""
        for state, found in self._watch(self._outcomes()):
            rows = np.arange(state.replicates)
            going = ~found.stop
            assert np.all(found.level < self.doses)
            assert np.all(found.level[going] <= state.opened[going] + 1), "a dose was skipped"
            closed = (found.eliminated | state.eliminated)[rows, np.maximum(found.level, 0)]
            assert not np.any(closed & going), "a closed dose was recommended"
            assert np.all(found.eliminated | ~state.eliminated), "a closed dose was opened again"

    def stays_off_doses_closed_by_others(self) -> None:
        """A dose closed from outside (a safety board) is not recommended either."""
        for state, _ in self._watch(self._outcomes()[:50]):
            closed = np.zeros((state.replicates, self.doses), dtype=bool)
            closed[:, -2:] = True
            found = self.design.next_dose(replace(state, eliminated=closed))
            assert np.all(found.level < self.doses - 2)

    def a_stop_is_a_stop(self) -> None:
        """The level is -1 exactly where the move ends the trial."""
        for _, found in self._watch(self._outcomes()):
            stops = np.isin(found.move, [move for move in DoseMove if move.stops])
            assert np.array_equal(stops, found.stop)

    def order_within_a_cohort_does_not_matter(self) -> None:
        """Patients of one cohort in another order give the same trial."""
        outcomes, responses = self._outcomes(), self._responses()
        order = np.arange(PATIENTS).reshape(-1, self.cohort)[:, ::-1].reshape(-1)
        first = self._conduct(outcomes, responses)
        second = self._conduct(outcomes[:, order], responses[:, order])
        assert np.array_equal(first.state.treated, second.state.treated)
        assert np.array_equal(first.state.toxic, second.state.toxic)
        assert np.array_equal(first.selected, second.selected)

    def trials_do_not_know_each_other(self) -> None:
        """A trial goes the same way alone and among others."""
        outcomes, responses = self._outcomes(), self._responses()
        whole = self._conduct(outcomes, responses)
        for part in (slice(0, 1), slice(7, 40)):
            alone = self._conduct(outcomes[part], responses[part])
            assert np.array_equal(alone.state.treated, whole.state.treated[part])
            assert np.array_equal(alone.selected, whole.selected[part])

    def all_toxic_trials_stay_at_the_lowest_dose(self) -> None:
        """Where every patient has a toxicity nobody is treated above the lowest dose."""
        trials = self._conduct(np.ones((3, PATIENTS, self.doses), dtype=bool), None)
        assert not trials.state.treated[:, 1:].any()
        assert np.all(trials.selected <= 0)

    def harmless_doses_are_climbed(self) -> None:
        """Where nobody has a toxicity some trial reaches the highest dose."""
        outcomes = np.zeros((20, PATIENTS, self.doses), dtype=bool)
        trials = self._conduct(outcomes, self._responses()[:20])
        assert trials.state.opened.max() == self.doses - 1

    def selects_an_open_dose(self) -> None:
        """The dose selected was opened and is not closed."""
        trials = self._conduct(self._outcomes(), self._responses())
        rows, dose = np.arange(REPLICATES), np.maximum(trials.selected, 0)
        chosen = trials.selected >= 0
        assert np.all(trials.selected <= trials.state.opened)
        assert not np.any(trials.state.eliminated[rows, dose] & chosen)

    def keeps_all_this_at_every_state(self) -> None:
        """In every state that trials come to, also where a safety board closed doses."""
        for state, _ in self._watch(self._outcomes()[:3]):
            check_dose_state(self.design, state, cohort=self.cohort)
            closed = np.zeros((state.replicates, self.doses), dtype=bool)
            closed[:, 1:] = True
            check_dose_state(self.design, replace(state, eliminated=closed), cohort=self.cohort)
            closed[:, 0] = True
            check_dose_state(self.design, replace(state, eliminated=closed), cohort=self.cohort)

    def keeps_all_this_while_patients_are_pending(self) -> None:
        """On a calendar, where decisions come before follow-up is over, in any order of a cohort.

        A design that looks at responses, which a calendar of toxicities lacks, is left out.
        """
        outcomes = self._outcomes()[:12]
        days = 28.0 * stream(self.seed, "contract days").random((12, PATIENTS, 1))
        times = np.where(outcomes, days, np.inf)
        arrivals = np.broadcast_to(np.arange(PATIENTS) // self.cohort * 14.0, (12, PATIENTS))
        order = np.arange(PATIENTS).reshape(-1, self.cohort)[:, ::-1].reshape(-1)
        recorder, cohort = _Recorder(self.design), self.cohort
        if self._looks_at_responses():
            return
        first = conduct_timed(recorder, arrivals, times, window=28.0, cohort=cohort)
        second = conduct_timed(self.design, arrivals, times[:, order], window=28.0, cohort=cohort)
        assert np.array_equal(first.state.treated, second.state.treated)
        assert np.array_equal(first.selected, second.selected)
        for state, _ in recorder.seen[::4]:
            check_dose_state(self.design, state, cohort=self.cohort)

    def keeps_all_this_where_doses_cannot_be_made(self) -> None:
        """Under every policy for patients who achieve less than the dose they were assigned."""
        if self._looks_at_responses():
            return
        levels = tuple(10.0**power for power in range(self.doses))
        rates = tuple(np.linspace(0.05, 0.5, self.doses).tolist())
        bank = DoseBank.from_yields(
            levels, rates, median=levels[-2], log_sd=1.0, failure=0.1, seed=self.seed
        )
        policies: tuple[FeasibilityPolicy, ...] = ("ignore", "exclude", "as_treated", "achieved")
        size = {"patients": 15, "replicates": 6, "seed": self.seed, "cohort": self.cohort}
        for policy in policies:
            recorder = _Recorder(self.design)
            found = conduct_feasible(recorder, bank, policy=policy, **size)
            assert np.all(found.selected <= found.tolerated)
            assert np.all(found.tolerated <= found.state.opened)
            for state, _ in recorder.seen:
                check_dose_state(self.design, state, cohort=self.cohort)

    def _looks_at_responses(self) -> bool:
        """Whether the design refuses, in words, a trial that knows toxicities only."""
        try:
            self.design.next_dose(DoseState.from_counts([3] * self.doses, [0] * self.doses))
        except DesignError as error:
            return "responded" in str(error)
        return False

    def _conduct(
        self,
        outcomes: Bool[np.ndarray, "replicate patient dose"],
        responses: Bool[np.ndarray, "replicate patient dose"] | None,
        design: AbstractDoseFinding | None = None,
    ) -> DoseTrials:
        answers = np.zeros_like(outcomes) if responses is None else responses
        return conduct_dose_finding(
            self.design if design is None else design,
            outcomes,
            cohort=self.cohort,
            responses=answers,
        )

    def _watch(
        self, outcomes: Bool[np.ndarray, "replicate patient dose"]
    ) -> list[tuple[DoseState, DoseDecisions]]:
        """Every state the trials come to, and what was decided there."""
        recorder = _Recorder(self.design)
        self._conduct(outcomes, self._responses()[: outcomes.shape[0]], recorder)
        assert recorder.seen, "no decision was ever asked for"
        return recorder.seen

    def _outcomes(self) -> Bool[np.ndarray, "replicate patient dose"]:
        """Trials under three curves: gentle, steep, and toxic from the start."""
        rng = stream(self.seed, "contract toxicities")
        tolerance = rng.random((REPLICATES, PATIENTS, 1))
        gentle = np.linspace(0.02, 0.5, self.doses)
        steep = np.linspace(0.1, 0.8, self.doses)
        toxic = np.linspace(0.4, 0.7, self.doses)
        curves = np.stack([gentle, steep, toxic])[np.arange(REPLICATES) % 3]
        return tolerance < curves[:, None, :]

    def _responses(self) -> Bool[np.ndarray, "replicate patient dose"]:
        rng = stream(self.seed, "contract responses")
        uniform = rng.random((REPLICATES, PATIENTS, 1))
        return uniform < np.linspace(0.2, 0.6, self.doses)


@final
@dataclass(frozen=True, slots=True)
class _Recorder:
    """A design that notes what it was asked and what it said."""

    inner: AbstractDoseFinding
    seen: list[tuple[DoseState, DoseDecisions]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Name of the design inside."""
        return self.inner.name

    @property
    def numbers(self) -> Mapping[str, float]:
        """Numbers of the design inside."""
        return self.inner.numbers

    @property
    def description(self) -> str:
        """Words of the design inside."""
        return self.inner.description

    def next_dose(self, state: DoseState) -> DoseDecisions:
        """Ask the design inside and keep a copy of question and answer."""
        found = self.inner.next_dose(state)
        self.seen.append((deepcopy(state), found))
        return found

    def explain(self, state: DoseState, replicate: int = 0) -> DoseDecision:
        """Ask the design inside."""
        return self.inner.explain(state, replicate)

    def select(self, state: DoseState) -> Int[np.ndarray, " replicate"]:
        """Ask the design inside."""
        return self.inner.select(state)
