"""Choose the parameter draws under which the typical patient looks like the building data."""

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from typing import Any, Final

import numpy as np
from jaxtyping import Float, Int

from progenitor.inference import Selection, select_draws
from progenitor.manufacture import manufacture
from progenitor.study._comparators import Target, targets
from progenitor.study._plan import ArmSetup, Plan, setup_arms
from progenitor.study._simulate import patient_numbers
from progenitor.study._treat import Infusions, protocol, treat

__all__ = ["CANDIDATES_PER_DRAW", "condition_draws"]

CANDIDATES_PER_DRAW: Final = 10
"""Candidate draws simulated for every draw kept."""

_SPREAD: Final = 0.5
"""Logarithmic distance from a published level that counts as one unit (a factor of 1.65)."""

_BLOCK: Final = 20


def condition_draws(plan: Plan, keep: int, *, jobs: int = 1) -> tuple[Plan, Mapping[str, Any]]:
    r"""Keep the ``keep`` draws nearest to the building levels of CAR-T cells in blood.

    Each candidate draw simulates its typical donor and patient (every between-patient score 0)
    under the arm whose chassis the published levels belong to. The distance is the root mean
    square of :math:`\ln(simulated/published)/\sigma`; :func:`progenitor.inference.select_draws`
    keeps the nearest tenth. With no such arm every draw is kept unconditioned.

    Returns
    -------
    Plan
        The plan with its draws.
    dict
        What was done, for the record.
    """
    observed = targets(plan.catalogue)
    arms = [arm for arm in setup_arms(plan) if _chassis(plan, arm) == observed[0].chassis]
    if not arms:
        return replace(plan, draws=tuple(range(keep))), {"conditioned": False, "candidates": keep}
    candidates = np.arange(keep * CANDIDATES_PER_DRAW)
    blocks = np.array_split(candidates, max(1, len(candidates) // _BLOCK))
    work = partial(_levels, plan, arms[0].name)
    if jobs <= 1:
        parts = [work(block) for block in blocks]
    else:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            parts = list(pool.map(work, blocks))
    selection = select_draws(
        np.log(np.concatenate(parts)),
        np.log([target.value for target in observed]),
        np.full(len(observed), _SPREAD),
        keep=keep,
    )
    return replace(plan, draws=tuple(int(d) for d in selection.kept)), _record(selection, observed)


def _levels(
    plan: Plan, arm_name: str, draw: Int[np.ndarray, " draw"]
) -> Float[np.ndarray, "draw target"]:
    """Levels of the typical patient of each candidate draw; NaN where the simulation failed."""
    arm = next(arm for arm in setup_arms(plan) if arm.name == arm_name)
    wanted = targets(plan.catalogue)
    patient = np.zeros_like(draw)
    numbers = patient_numbers(plan, draw=draw, patient=patient, typical=True)
    batch = manufacture(arm.recipe, numbers, seed=plan.seed, draw=draw, lot=patient)
    wait, dose = batch.product.vein_to_vein, arm.target_per_kg * numbers["host/body_weight"]
    nobody, nothing = np.zeros(len(draw), dtype=bool), np.full(len(draw), np.nan)
    given = Infusions(
        infused=batch.product.total > 0,
        lost_waiting=nobody,
        too_few=nobody,
        dose=dose,
        infusion_day=np.where(np.isnan(wait), np.nanmedian(wait), wait),
        exit_day=nothing,
    )
    looks = np.array([target.day for target in wanted])
    asked = protocol(plan, arm, numbers, batch, given, days=looks)
    trajectories = treat(plan, arm, asked, draw=draw, patient=patient)
    levels = np.full((len(draw), len(wanted)), np.nan)
    for number, target in enumerate(wanted):
        levels[given.infused, number] = trajectories.observable(target.quantity)[:, number]
    return levels


def _chassis(plan: Plan, arm: ArmSetup) -> str:
    return plan.file.products[plan.file.arms[arm.name].product].chassis


def _record(selection: Selection, observed: tuple[Target, ...]) -> dict[str, Any]:
    return {
        "conditioned": True,
        "candidates": len(selection.distance),
        "kept": [int(draw) for draw in selection.kept],
        "failed": selection.failed,
        "threshold": selection.threshold,
        "on": [target.parameter_id for target in observed],
    }
