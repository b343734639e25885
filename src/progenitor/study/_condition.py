"""Choose the parameter draws that agree with the building data, in two sieves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np
from jaxtyping import Float, Int

from progenitor.inference import Selection, select_draws
from progenitor.manufacture import Batch
from progenitor.study._comparators import Target, conditioned_disease, targets
from progenitor.study._division import divide
from progenitor.study._effort import Effort, timed
from progenitor.study._plan import ArmSetup, Plan, setup_arms
from progenitor.study._readout import follow_up, read_out
from progenitor.study._simulate import make_lots_of, patient_numbers
from progenitor.study._treat import Infusions, protocol, treat
from progenitor.study._workers import map_all

__all__ = ["condition_draws"]

_Draws = Int[np.ndarray, " draw"]
_Table = Float[np.ndarray, "draw target"]
_Found = tuple[_Table, Effort]

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

_TOGETHER: Final = {"fast": 2_000, "reference": 100}
"""Patients simulated at a time; nothing but memory and the order of work depends on it."""


def condition_draws(
    plan: Plan, keep: int, *, jobs: int = 1
) -> tuple[Plan, Mapping[str, Any], Effort]:
    r"""Keep the ``keep`` draws nearest to the building data (approximate Bayesian selection).

    The first sieve compares blood levels of the typical patient, in whom every between-patient
    score is 0, by :math:`\ln(simulated/published)`. The second compares shares of a panel of 12
    patients up to day 90 by the logit with half a patient added to each side. Both use
    :func:`progenitor.inference.select_draws`. Without an arm of the chassis and the disease the
    data belong to, the draws come from the priors alone.

    Returns
    -------
    Plan
        The plan with its draws.
    dict
        What was done, for the record.
    Effort
        What the solver did.
    """
    levels, rates = targets(plan.catalogue, "levels"), targets(plan.catalogue, "rates")
    arms = [arm for arm in setup_arms(plan) if _chassis(plan, arm) == levels[0].chassis]
    if plan.file.population.disease != conditioned_disease(plan.catalogue):
        arms = []
    arms = _one_dose_first(plan, arms)
    if not arms:
        nothing = {"conditioned": False, "candidates": keep}
        return replace(plan, draws=tuple(range(keep))), nothing, Effort()
    candidates = np.arange(keep * _FIRST)
    typical, one = _mapped(_typical_levels, plan, arms[0].name, candidates, jobs=jobs)
    first = select_draws(
        np.log(typical), _logs(levels), np.full(len(levels), _LEVEL_SPREAD), keep=keep * _SECOND
    )
    likely = candidates[first.kept]
    panel, two = _mapped(_panel_rates, plan, arms[0].name, likely, jobs=jobs, patients=_PANEL)
    wanted = np.array([target.value for target in rates])
    second = select_draws(
        _logit(panel, _PANEL),
        np.log(wanted / (1 - wanted)),
        np.full(len(rates), _RATE_SPREAD),
        keep=keep,
    )
    kept = likely[second.kept]
    record = {
        "conditioned": True,
        "candidates": len(candidates),
        "levels": _record(first, levels),
        "rates": _record(second, rates),
    }
    return replace(plan, draws=tuple(int(draw) for draw in kept)), record, one + two


def _typical_levels(plan: Plan, arm_name: str, draw: _Draws) -> _Found:
    """Levels of the typical patient of each candidate draw; NaN where the simulation failed."""
    wanted = targets(plan.catalogue, "levels")
    keys = {"draw": draw, "patient": np.zeros_like(draw)}
    seconds: list[float] = []
    with timed(seconds):
        arm, numbers, batch, given = _treated(plan, arm_name, **keys, typical=True)
        looks = np.array([target.day for target in wanted])
        asked = protocol(plan, arm, numbers, batch, given, days=looks)
        trajectories = treat(plan, arm, asked, **keys)
    levels = np.full((len(draw), len(wanted)), np.nan)
    for number, target in enumerate(wanted):
        levels[given.infused, number] = trajectories.observable(target.quantity)[:, number]
    return levels, Effort(seconds[0], len(asked.who))


def _panel_rates(plan: Plan, arm_name: str, draw: _Draws) -> _Found:
    """Shares of a panel of patients of each draw; NaN where none could be simulated."""
    visits = plan.file.visits.model_copy(update={"response": list(_PANEL_VISITS)})
    short = replace(plan, file=plan.file.model_copy(update={"visits": visits}))
    panel = np.tile(_PANEL_STARTS + np.arange(_PANEL), len(draw))
    keys = {"draw": np.repeat(draw, _PANEL), "patient": panel}
    seconds: list[float] = []
    with timed(seconds):
        arm, numbers, batch, given = _treated(short, arm_name, **keys, typical=False)
        asked = protocol(short, arm, numbers, batch, given)
        trajectories = treat(short, arm, asked, **keys)
    seen = follow_up(short, trajectories, given, **keys)
    columns = read_out(short, numbers, given, seen, **keys)
    rates = np.full((len(draw), 0), np.nan)
    for target in targets(plan.catalogue, "rates"):
        values = columns[target.quantity].reshape(len(draw), _PANEL)
        known = (~np.isnan(values)).sum(axis=1)
        share = np.where(known > 0, np.nansum(values, axis=1) / np.maximum(known, 1), np.nan)
        rates = np.column_stack([rates, share])
    return rates, Effort(seconds[0], len(asked.who))


def _treated(
    plan: Plan, arm_name: str, *, draw: _Draws, patient: _Draws, typical: bool
) -> tuple[ArmSetup, Mapping[str, Float[np.ndarray, " patient"]], Batch, Infusions]:
    """Give every patient the assigned dose of their own lot, without losses.

    A lot that was not released is given on the day on which that was decided.
    """
    arm = next(arm for arm in setup_arms(plan) if arm.name == arm_name)
    numbers = patient_numbers(plan, draw=draw, patient=patient, typical=typical)
    batch = make_lots_of(plan, arm, numbers, draw=draw, patient=patient)
    wait, nobody = batch.product.vein_to_vein, np.zeros(len(draw), dtype=bool)
    given = Infusions(
        infused=batch.product.total > 0,
        lost_waiting=nobody,
        too_few=nobody,
        dose=arm.target_per_kg * numbers[arm.address("host/body_weight")],
        infusion_day=np.where(np.isnan(wait), batch.decided_day, wait),
        exit_day=np.full(len(draw), np.nan),
    )
    return arm, numbers, batch, given


def _mapped(
    work: Callable[[Plan, str, _Draws], _Found],
    plan: Plan,
    arm_name: str,
    draws: _Draws,
    *,
    jobs: int,
    patients: int = 1,
) -> _Found:
    """Do ``work`` for all draws, of which each has ``patients``; the order stays."""
    engine = plan.file.solver.engine
    processes, threads = divide(engine, simulations=len(draws) * patients, jobs=jobs)
    shared = replace(plan, threads=threads)
    together = max(1, _TOGETHER[engine] // patients)
    blocks = [draws[first : first + together] for first in range(0, len(draws), together)]
    found = map_all(partial(work, shared, arm_name), blocks, jobs=processes)
    tables, efforts = zip(*found, strict=True)
    return np.concatenate(tables), sum(efforts, start=Effort())


def _logs(wanted: Sequence[Target]) -> Float[np.ndarray, " target"]:
    return np.log([target.value for target in wanted])


def _logit(share: _Table, patients: int) -> _Table:
    """Logit with half a patient added to each side, so that 0 and 1 stay finite."""
    return np.log((share * patients + 0.5) / ((1 - share) * patients + 0.5))


def _chassis(plan: Plan, arm: ArmSetup) -> str:
    return plan.file.products[plan.file.arms[arm.arm].product].chassis


def _one_dose_first(plan: Plan, arms: list[ArmSetup]) -> list[ArmSetup]:
    """Arms with one dose, or else the middle levels: the data come from one dose."""
    levels = {arm.arm: len(plan.file.arms[arm.arm].levels) for arm in arms}
    single = [arm for arm in arms if levels[arm.arm] == 1]
    return single or [arm for arm in arms if arm.level == (levels[arm.arm] - 1) // 2]


def _record(selection: Selection, wanted: Sequence[Target]) -> dict[str, Any]:
    return {
        "on": [target.parameter_id for target in wanted],
        "looked at": len(selection.distance),
        "kept": len(selection.kept),
        "failed": selection.failed,
        "largest distance kept": selection.threshold,
    }
