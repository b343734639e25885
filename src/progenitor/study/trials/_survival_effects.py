"""Effects of an arm against the control: hazard ratio, restricted mean, milestone."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.study.results import Estimate
from progenitor.study.trials._survival_patients import SurvivalBank
from progenitor.trial import (
    compare_milestones,
    compare_restricted_means,
    estimate_from_draws,
    hazard_ratios,
)

__all__ = ["seen_effects", "true_effects"]


def true_effects(bank: SurvivalBank, place: int, *, horizon: float) -> Mapping[str, Estimate]:
    """Effects in all virtual patients, draw by draw; the interval is that over draws.

    Parameters
    ----------
    bank
        Everybody in every arm.
    place
        Arm compared with the first.
    horizon
        Day to which means are restricted and on which survival is compared.
    """
    time = np.concatenate([bank.time[0], bank.time[place]], axis=1)
    event = np.concatenate([bank.event[0], bank.event[place]], axis=1)
    arm = np.repeat([0, 1], bank.time.shape[2])
    found = _effects(time, event, arm, horizon)
    count = int(np.isfinite(time).sum())
    said: dict[str, Estimate] = {}
    for name, (value, error) in found.items():
        answer = estimate_from_draws(value, error**2)
        label, unit = _words(name, horizon)
        numbers = [float(x) for x in answer[:3]]
        mcse = answer.mcse
        if name == "hazard_ratio":
            numbers = [float(np.exp(x)) for x in numbers]
            mcse *= numbers[0]
        low, high = numbers[1:]
        said[name] = Estimate(numbers[0], low, high, unit, label, count, mcse)
    return said


def seen_effects(
    time: Float[np.ndarray, " patient"],
    event: Bool[np.ndarray, " patient"],
    arm: Int[np.ndarray, " patient"],
    *,
    horizon: float,
) -> Mapping[str, Estimate]:
    """Effects that one trial shows, with 95 % confidence limits."""
    found = _effects(time[np.newaxis], event[np.newaxis], arm, horizon)
    said: dict[str, Estimate] = {}
    for name, (value, error) in found.items():
        label, unit = _words(name, horizon)
        numbers = [float(value[0] + shift * error[0]) for shift in (0.0, -_Z, _Z)]
        if name == "hazard_ratio":
            numbers = [float(np.exp(x)) for x in numbers]
        count = int(np.isfinite(time).sum())
        said[name] = Estimate(numbers[0], numbers[1], numbers[2], unit, label, count)
    return said


_Z = 1.959963984540054


def _effects(
    time: Float[np.ndarray, "trial patient"],
    event: Bool[np.ndarray, "trial patient"],
    arm: Int[np.ndarray, " patient"],
    horizon: float,
) -> dict[str, tuple[Float[np.ndarray, " trial"], Float[np.ndarray, " trial"]]]:
    """Estimates and standard errors; the hazard ratio as its logarithm."""
    ratio = hazard_ratios(time, event, arm)
    mean = compare_restricted_means(time, event, arm, horizon=horizon, extend=True)[0]
    share = compare_milestones(time, event, arm, at=horizon)[0]
    return {
        "hazard_ratio": (ratio.value, ratio.standard_error),
        "restricted_mean": (mean.value, mean.standard_error),
        "milestone": (share.value, share.standard_error),
    }


def _words(name: str, horizon: float) -> tuple[str, str]:
    return {
        "hazard_ratio": ("Hazard ratio, below 1 is better", "ratio"),
        "restricted_mean": (f"Mean PFS within {horizon:g} days", "day"),
        "milestone": (f"PFS on day {horizon:g}", "1"),
    }[name]
