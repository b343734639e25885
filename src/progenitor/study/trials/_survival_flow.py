"""The way of the patients of one randomised trial, from allocation to its data cut-off."""

from collections.abc import Mapping

import numpy as np

from progenitor.study._estimates import Table
from progenitor.study.results import FlowStep
from progenitor.study.trials._survival_patients import SurvivalTrials

__all__ = ["TrialPatients", "trial_flow"]

TrialPatients = Mapping[str, np.ndarray]
"""Columns of a table for the patients of one arm of one trial."""


def trial_flow(
    trials: SurvivalTrials, tables: Mapping[str, Table], arms: tuple[str, ...], *, day: float,
    trial: int = 0,
) -> dict[str, tuple[FlowStep, ...]]:  # fmt: skip
    """Count the patients of one trial from step to step, arm by arm.

    Parameters
    ----------
    trials
        Many trials.
    tables, arms
        Rows of every arm, and the arms in their order.
    day
        Data cut-off, days since the first patient could come.
    trial
        Which one.
    """
    event = trials.cut(np.full(len(trials.entry), day))[1]
    flows = {}
    for place, arm in enumerate(arms):
        mine = np.flatnonzero((trials.arm[trial] == place) & (trials.entry[trial] <= day))
        table = tables[arm]
        row = trials.draw[trial, mine] * table.column("infused").shape[1]
        rows = row + trials.patient[trial, mine]
        flows[arm] = _steps(
            {name: table.outcomes[name][rows] for name in _COLUMNS},
            day - trials.entry[trial, mine],
            event[trial, mine],
        )
    return flows


_COLUMNS = ("infused", "lot_released", "lost_waiting", "vein_to_vein", "exit_day")


def _steps(columns: TrialPatients, followed: np.ndarray, event: np.ndarray) -> tuple[FlowStep, ...]:
    ever = columns["infused"].astype(bool)
    given = ever & (columns["vein_to_vein"] <= followed)
    left = ~ever & (columns["exit_day"] <= followed)
    lost = left & columns["lost_waiting"].astype(bool)
    failed = left & ~lost & ~columns["lot_released"].astype(bool)
    few = left & ~lost & ~failed
    waiting = ~given & ~left
    return (
        FlowStep("Randomised and apheresed", int(ever.size)),
        FlowStep(
            "Infused",
            int(given.sum()),
            {
                "lot failed": int(failed.sum()),
                "progressed, died or withdrew while waiting": int(lost.sum()),
                "too few cells": int(few.sum()),
                "waiting at the data cut-off": int(waiting.sum()),
            },
        ),
        FlowStep(
            "Event-free at the data cut-off",
            int((given & ~event).sum()),
            {"progressed or died": int((given & event).sum())},
        ),
    )
