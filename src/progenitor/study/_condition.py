"""Choose the parameter draws that agree with the building data, in two sieves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np
from jaxtyping import Float, Int

from progenitor.inference import Selection, select_draws
from progenitor.manufacture import Batch, manufacture
from progenitor.study._comparators import Target, targets
from progenitor.study._plan import ArmSetup, Plan, setup_arms
from progenitor.study._readout import follow_up, read_out
from progenitor.study._simulate import patient_numbers
from progenitor.study._treat import Infusions, protocol, treat
from progenitor.study._workers import map_all

__all__ = ["condition_draws"]

_Draws = Int[np.ndarray, " draw"]
_Table = Float[np.ndarray, "draw target"]

_FIRST: Final = 10
"""Candidate draws for every draw kept; the first sieve looks at one typical patient of each."""

_SECOND: Final = 3
"""Draws for every draw kept that reach the second sieve, which looks at a panel of patients."""

_PANEL: Final = 12
_PANEL_VISITS: Final = (28.0, 90.0)
_PANEL_STARTS: Final = 1_000_000
"""Patient number of the first panel member, far from the patients of the study."""

_LEVEL_SPREAD: Final = 0.5
"""Logarithmic distance of a level that counts as one unit (a factor of 1.65)."""

_RATE_SPREAD: Final = 0.7
"""Logit distance of a rate that counts as one unit: the standard error of a panel of 12."""

_BLOCK: Final = 10


def condition_draws(plan: Plan, keep: int, *, jobs: int = 1) -> tuple[Plan, Mapping[str, Any]]:
    r"""Keep the ``keep`` draws nearest to the building data (approximate Bayesian selection).

    The first sieve compares blood levels of the typical patient, in whom every between-patient
    score is 0, by :math:`\ln(simulated/published)`. The second compares shares of a panel of 12
    patients up to day 90 by the logit with half a patient added to each side. Both use
    :func:`progenitor.inference.select_draws`. Without an arm of the chassis the data belong to,
    the draws come from the priors alone.

    Returns
    -------
    Plan
        The plan with its draws.
    dict
        What was done, for the record.
    """
    levels, rates = targets(plan.catalogue, "levels"), targets(plan.catalogue, "rates")
    arms = [arm for arm in setup_arms(plan) if _chassis(plan, arm) == levels[0].chassis]
    if not arms:
        return replace(plan, draws=tuple(range(keep))), {"conditioned": False, "candidates": keep}
    candidates = np.arange(keep * _FIRST)
    typical = _mapped(partial(_typical_levels, plan, arms[0].name), candidates, jobs)
    first = select_draws(
        np.log(typical), _logs(levels), np.full(len(levels), _LEVEL_SPREAD), keep=keep * _SECOND
    )
    panel = _mapped(partial(_panel_rates, plan, arms[0].name), candidates[first.kept], jobs)
    wanted = np.array([target.value for target in rates])
    second = select_draws(
        _logit(panel, _PANEL),
        np.log(wanted / (1 - wanted)),
        np.full(len(rates), _RATE_SPREAD),
        keep=keep,
    )
    kept = candidates[first.kept][second.kept]
    return replace(plan, draws=tuple(int(draw) for draw in kept)), {
        "conditioned": True,
        "candidates": len(candidates),
        "levels": _record(first, levels),
        "rates": _record(second, rates),
    }


def _typical_levels(plan: Plan, arm_name: str, draw: _Draws) -> _Table:
    """Levels of the typical patient of each candidate draw; NaN where the simulation failed."""
    wanted = targets(plan.catalogue, "levels")
    arm, numbers, batch, given = _treated(plan, arm_name, draw, np.zeros_like(draw), typical=True)
    looks = np.array([target.day for target in wanted])
    asked = protocol(plan, arm, numbers, batch, given, days=looks)
    trajectories = treat(plan, arm, asked, draw=draw, patient=np.zeros_like(draw))
    levels = np.full((len(draw), len(wanted)), np.nan)
    for number, target in enumerate(wanted):
        levels[given.infused, number] = trajectories.observable(target.quantity)[:, number]
    return levels


def _panel_rates(plan: Plan, arm_name: str, draw: _Draws) -> _Table:
    """Shares of a panel of patients of each draw; NaN where none could be simulated."""
    visits = plan.file.visits.model_copy(update={"response": list(_PANEL_VISITS)})
    short = replace(plan, file=plan.file.model_copy(update={"visits": visits}))
    each = np.repeat(draw, _PANEL)
    patient = np.tile(_PANEL_STARTS + np.arange(_PANEL), len(draw))
    arm, numbers, batch, given = _treated(short, arm_name, each, patient, typical=False)
    trajectories = treat(
        short, arm, protocol(short, arm, numbers, batch, given), draw=each, patient=patient
    )
    seen = follow_up(short, trajectories, given, draw=each, patient=patient)
    columns = read_out(short, numbers, given, seen, draw=each, patient=patient)
    rates = np.full((len(draw), 0), np.nan)
    for target in targets(plan.catalogue, "rates"):
        values = columns[target.quantity].reshape(len(draw), _PANEL)
        known = (~np.isnan(values)).sum(axis=1)
        share = np.where(known > 0, np.nansum(values, axis=1) / np.maximum(known, 1), np.nan)
        rates = np.column_stack([rates, share])
    return rates


def _treated(
    plan: Plan, arm_name: str, draw: _Draws, patient: _Draws, *, typical: bool
) -> tuple[ArmSetup, Mapping[str, Float[np.ndarray, " patient"]], Batch, Infusions]:
    """Give every patient the assigned dose of their own lot, released or not, without losses."""
    arm = next(arm for arm in setup_arms(plan) if arm.name == arm_name)
    numbers = patient_numbers(plan, draw=draw, patient=patient, typical=typical)
    batch = manufacture(arm.recipe, numbers, seed=plan.seed, draw=draw, lot=patient)
    wait, nobody = batch.product.vein_to_vein, np.zeros(len(draw), dtype=bool)
    given = Infusions(
        infused=batch.product.total > 0,
        lost_waiting=nobody,
        too_few=nobody,
        dose=arm.target_per_kg * numbers["host/body_weight"],
        infusion_day=np.where(np.isnan(wait), np.nanmedian(wait), wait),
        exit_day=np.full(len(draw), np.nan),
    )
    return arm, numbers, batch, given


def _mapped(work: Callable[[_Draws], _Table], draws: _Draws, jobs: int) -> _Table:
    """Apply ``work`` block by block, on several processes if asked; the order stays."""
    blocks = np.array_split(draws, max(1, len(draws) // _BLOCK))
    return np.concatenate(map_all(work, blocks, jobs=jobs))


def _logs(wanted: Sequence[Target]) -> Float[np.ndarray, " target"]:
    return np.log([target.value for target in wanted])


def _logit(share: _Table, patients: int) -> _Table:
    """Logit with half a patient added to each side, so that 0 and 1 stay finite."""
    return np.log((share * patients + 0.5) / ((1 - share) * patients + 0.5))


def _chassis(plan: Plan, arm: ArmSetup) -> str:
    return plan.file.products[plan.file.arms[arm.name].product].chassis


def _record(selection: Selection, wanted: Sequence[Target]) -> dict[str, Any]:
    return {
        "on": [target.parameter_id for target in wanted],
        "looked at": len(selection.distance),
        "kept": len(selection.kept),
        "failed": selection.failed,
        "largest distance kept": selection.threshold,
    }
