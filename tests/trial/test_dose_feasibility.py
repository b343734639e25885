"""Doses that too few patients can get are closed during a trial on a calendar."""

import numpy as np
import pytest
from scipy.stats import beta

from progenitor.errors import DesignError
from progenitor.trial import (
    Boin,
    CalendarPatients,
    ConductRules,
    DoseFeasibility,
    conduct_calendar,
)

DOSES = (1e6, 3e6)


@pytest.mark.parametrize(("assigned", "delivered"), [(1, 0), (3, 0), (3, 1), (6, 1), (20, 7)])
def test_the_posterior_decides(assigned: int, delivered: int) -> None:
    rule = DoseFeasibility(least=0.5, confidence=0.9)
    doubt = beta.cdf(0.5, 1 + delivered, 1 + assigned - delivered)
    assert rule.closes(assigned=assigned, delivered=delivered) == (doubt > 0.9)


def test_a_dose_nobody_gets_is_closed_and_the_trial_goes_on_below() -> None:
    patients = CalendarPatients.uneventful(
        arrival=list(np.arange(40.0)), doses=2, achieved=[1e6, 1.1e6], waiting=10.0
    )
    rules = ConductRules(
        DOSES, cohort=3, patients=12, window=28.0, feasibility=DoseFeasibility(0.5, 0.9)
    )
    trial = conduct_calendar(Boin(target=0.3), patients, rules)
    assert trial.selected == 0
    assert int((trial.level == 1).sum()) == 3  # three of three short: closed
    assert sum(entry.event == "infeasible" for entry in trial.log) == 1
    assert trial.state.treated.tolist() == [[12, 0]]


def test_nonsense_is_refused() -> None:
    with pytest.raises(DesignError, match="inside"):
        DoseFeasibility(least=1.0)
