"""Every dose-finding design keeps its promises in states no trial of its own would come to.

A state is a history of cohorts that went up by one dose at most, in which doses may be closed, the
last patients may be followed in part, and the current dose may be any that was opened.
"""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from progenitor.testing import check_dose_state
from progenitor.trial import (
    AbstractDoseFinding,
    Blrm,
    Boin,
    Boin12,
    Crm,
    DoseDecision,
    DoseDecisions,
    DosePatients,
    DoseState,
    Keyboard,
    Mtpi,
    ThreePlusThree,
    TiteBoin,
    TiteCrm,
)

SKELETON = (0.02, 0.06, 0.12, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
DOSES = tuple(float(10**power) for power in range(10))


def designs(doses: int, cohort: int) -> list[AbstractDoseFinding]:
    """One of each, and strict ones, for so many doses."""
    guesses = SKELETON[:doses]
    curves = [
        kind(target=target, skeleton=guesses, model=model, cohort=cohort, safety=safety, enough=9)
        for kind in (Crm, TiteCrm)
        for target, model, safety in ((0.2, "power", None), (0.35, "logistic", 0.9))
    ]
    return [
        *curves,
        Boin(target=0.3),
        Boin(target=0.2, extra_safe=True, bound_mtd=True, early_stop=6),
        Boin12(phi_t=0.3, phi_e=0.25, utility_neither=40.0, utility_both=60.0),
        Keyboard(target=0.25, margin_left=0.1, early_stop=9),
        Mtpi(target=0.3),
        ThreePlusThree(),
        ThreePlusThree(deescalate=True),
        TiteBoin(target=0.3),
        TiteBoin(target=0.2, extra_safe=True, early_stop=6, max_pending=0.3),
    ]


@st.composite
def histories(draw: st.DrawFn) -> tuple[DoseState, int]:
    """A trial and its size of cohorts."""
    doses, cohort = draw(st.integers(1, 10)), draw(st.integers(1, 4))
    levels: list[int] = []
    for step in draw(st.lists(st.integers(-2, 1), max_size=8)):
        here = levels[-1] if levels else 0
        levels += [min(max(here + (step if levels else 0), 0), doses - 1)] * cohort
    size = len(levels)
    flags = st.lists(st.booleans(), min_size=size, max_size=size)
    toxic, responded = np.array(draw(flags), dtype=bool), np.array(draw(flags), dtype=bool)
    followed = np.ones(size)
    for place in range(max(size - draw(st.integers(0, 6)), 0), size):
        followed[place] = 1.0 if toxic[place] else draw(st.floats(0.0, 1.0))
    opened = max(levels, default=0)
    level = draw(st.integers(0, opened))
    closed = np.arange(doses) >= draw(st.integers(0, doses))
    if not size:
        nobody = np.zeros((1, doses), dtype=np.int64)
        return DoseState.from_counts(
            nobody, nobody, eliminated=closed, responded=nobody, toxic_and_responded=nobody
        ), cohort
    patients = DosePatients(np.array([levels]), toxic[None], followed[None], None, responded[None])
    state = DoseState.from_patients(patients, doses, level=np.array([level]))
    return replace(state, eliminated=closed[None]), cohort


@given(histories())
@settings(max_examples=60)
def test_promises_hold_in_any_state(history: tuple[DoseState, int]) -> None:
    state, cohort = history
    for design in designs(state.doses, cohort):
        check_dose_state(design, state, cohort=cohort)


@given(histories())
@settings(max_examples=12)
def test_logistic_regression_keeps_them_too(history: tuple[DoseState, int]) -> None:
    state, cohort = history
    prior = {"mean": (-1.0, 0.2), "sd": (1.5, 0.6), "correlation": -0.2}
    design = Blrm(doses=DOSES[: state.doses], reference=1e3, enough=9, **prior)
    check_dose_state(design, state, cohort=cohort)


@dataclass(frozen=True)
class Broken:
    """BOIN with one thing made wrong."""

    fault: str
    inner: Boin

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def numbers(self) -> dict[str, float]:
        return dict(self.inner.numbers)

    @property
    def description(self) -> str:
        return self.inner.description

    def next_dose(self, state: DoseState) -> DoseDecisions:
        found = self.inner.next_dose(state)
        level, going = found.level.copy(), found.level >= 0
        if self.fault == "skips":
            level[going] = np.minimum(level[going] + 1, state.doses - 1)
        if self.fault == "forgets what is closed":
            found = self.inner.next_dose(replace(state, eliminated=np.zeros_like(state.eliminated)))
            return replace(found, eliminated=found.eliminated | state.eliminated)
        if self.fault == "opens a dose again":
            return replace(found, eliminated=np.zeros_like(found.eliminated))
        if self.fault == "goes on after a stop":
            level[~going] = 0
        if self.fault == "looks at the last patient" and state.patients is not None:
            last = state.patients.toxic[:, -1]
            level = np.where(last & going, 0, level)
        return replace(found, level=level)

    def explain(self, state: DoseState, replicate: int = 0) -> DoseDecision:
        told = self.inner.explain(state, replicate)
        if self.fault == "says nothing":
            return replace(told, message="")
        value = int(self.next_dose(state).level[replicate])
        return told if self.fault == "tells another dose" else replace(told, value=value)

    def select(self, state: DoseState) -> np.ndarray:
        chosen = self.inner.select(state)
        if self.fault == "selects what nobody had":
            return np.full_like(chosen, state.doses - 1)
        return chosen


STATES = {
    "after a quiet cohort": DoseState.from_sequence([0] * 3, [False] * 3, doses=5),
    "two closed": DoseState.from_counts([3, 0, 0], [0, 0, 0], eliminated=[False, True, True]),
    "all closed": DoseState.from_counts([3, 3], [0, 0], eliminated=[True, True]),
    "a toxicity among six": DoseState.from_sequence(
        [0] * 3 + [1] * 6, [False] * 8 + [True], doses=4
    ),
}


@pytest.mark.parametrize(
    ("fault", "where", "told"),
    [
        ("skips", "after a quiet cohort", "unopened dose was recommended"),
        ("forgets what is closed", "two closed", "closed dose was recommended"),
        ("opens a dose again", "two closed", "opened again"),
        ("goes on after a stop", "all closed", "disagree about a stop"),
        ("looks at the last patient", "a toxicity among six", "order within a cohort"),
        ("says nothing", "after a quiet cohort", "without a message"),
        ("selects what nobody had", "after a quiet cohort", "unopened dose was selected"),
    ],
)
def test_a_broken_design_is_caught(fault: str, where: str, told: str) -> None:
    state = STATES[where]
    check_dose_state(Boin(target=0.3), state, cohort=3)
    with pytest.raises(AssertionError, match=told):
        check_dose_state(Broken(fault, Boin(target=0.3)), state, cohort=3)
