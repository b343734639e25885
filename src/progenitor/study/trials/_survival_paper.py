"""The randomised trial as a planner would simulate it: fixed curves, proportional hazards."""

from dataclasses import replace

import numpy as np

from progenitor.engine import uniforms
from progenitor.study.trials._survival_patients import SurvivalBank, SurvivalTrials
from progenitor.trial import kaplan_meier

__all__ = ["control_rate", "on_paper"]


def control_rate(bank: SurvivalBank, horizon: float) -> float:
    """Share of the control's virtual patients of all draws who are event-free at a day."""
    known = np.isfinite(bank.time[0]) & bank.solved
    curve = kaplan_meier(bank.time[0][known], bank.event[0][known])
    return float(curve.survival_at(np.array([horizon]), extend=True)[0])


def on_paper(
    trials: SurvivalTrials, *, share: float, horizon: float, hazard_ratio: float, seed: int
) -> SurvivalTrials:
    r"""Give the patients of trials exponential times, :math:`S(t) = s^{HR\,t/h}`.

    The control has the share s event-free at the horizon h, the others the planned hazard ratio.
    Nobody waits, events are known on their day, and patients differ by chance alone. Entry,
    strata and allocation are those of the trials given.

    Parameters
    ----------
    trials
        Trials on mechanistic patients.
    share, horizon
        What the planner knows of the control.
    hazard_ratio
        Planned for.
    seed
        Seed of the study.
    """
    count, size = trials.entry.shape
    place = np.arange(count * size)
    chance = uniforms(seed, "randomised:on paper", place // size, place % size)
    hazard = -np.log(share) / horizon * np.where(trials.arm > 0, hazard_ratio, 1.0)
    time = -np.log(chance.reshape(count, size)) / hazard
    return replace(trials, time=time, event=np.ones(time.shape, dtype=bool))
