r"""Expand progenitors that renew themselves in a cocktail, with a leak into maturity.

The division-linked core of the T-cell culture with one stage that renews and one that leaves:

.. math:: \dot N = [(2p - 1)\mu - d] N, \qquad \dot M = 2(1 - p)\mu N

``p`` is held near 1 by the cocktail. A lot is harvested when it holds the target, between the first
and the last day; one that grew less than the minimum is stopped. No long-term expansion of human
progenitors could be read as a number (SEED-001), so rates are wide priors.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from progenitor.manufacture._cell_state import PRECURSORS, CellState
from progenitor.manufacture._collection import column_of
from progenitor.manufacture._step import Check, Inputs, Outcome, Setting, Step

__all__ = ["STEP"]

_GROWTH: Final = "poor growth"


def run(state: CellState, inputs: Inputs) -> Outcome:
    """Expand."""
    setting = inputs.settings
    kind, leaked = inputs.words["kinds"]
    column, matured = column_of(kind, inputs.label), PRECURSORS.index(leaked)
    renewal, division, death = setting["renewal"], setting["division_rate"], setting["death_rate"]
    rate = (2 * renewal - 1) * division - death
    start = state.precursors[:, column]
    wanted = np.log(
        np.divide(setting["target_cells"], start, out=np.ones_like(start), where=start > 0)
    )
    days = np.divide(wanted, rate, out=np.full_like(rate, np.inf), where=rate > 0)
    days = np.clip(days, setting["minimum_duration"], setting["maximum_duration"])
    # integral of N over the culture for one cell at the start; rate 0 has the limit `days`
    exposure = np.where(rate == 0, days, np.expm1(rate * days) / np.where(rate == 0, 1, rate))
    precursors = state.precursors.copy()
    precursors[:, column] = start * np.exp(rate * days)
    precursors[:, matured] += start * 2 * (1 - renewal) * division * exposure
    born, died = start * division * exposure, start * death * exposure
    fold = np.exp(rate * days)
    grown = replace(
        state,
        precursors=precursors,
        dead=(state.dead + died) * setting["debris"],
        divisions=state.divisions + np.log2(1 + division * exposure),
        chromosome_loss=state.chromosome_loss / (1 + division * exposure),
        process_days=state.process_days + days,
        vessel="culture vessel",
    )
    spent = (
        grown.wait(days)
        .spend("materials", days * setting["medium_cost"])
        .spend("labour", days * setting["labour_cost"])
        .spend("facility", days * setting["facility_cost"])
    )
    growth = Check(_GROWTH, "expansion", "fold", fold, setting["minimum_fold"], at_least=True)
    return Outcome(
        spent,
        gained=born,
        lost={"died in culture": died},
        failures={_GROWTH: ~growth.passed},
        checks=(growth,),
    )


STEP: Final = Step(
    name="self_renew",
    title="Expansion of progenitors",
    run=run,
    settings=(
        Setting("renewal", "1", most=1.0),
        Setting("division_rate", "1/day"),
        Setting("death_rate", "1/day"),
        Setting("debris", "1", most=1.0),
        Setting("minimum_duration", "day"),
        Setting("maximum_duration", "day"),
        Setting("target_cells", "cell"),
        Setting("minimum_fold", "1"),
        Setting("medium_cost", "USD/day"),
        Setting("labour_cost", "USD/day"),
        Setting("facility_cost", "USD/day"),
    ),
    cost_lines=("materials", "labour", "facility"),
    failure_modes=(_GROWTH,),
    words=("kinds",),
    choices={"kinds": PRECURSORS},
    resources=("clean room", "culture device"),
    consumables=("medium", "self-renewal cocktail"),
    measurements=("cell count", "phenotype"),
    evidence=("SEED-001", "SEED-003", "SEED-015"),
)
