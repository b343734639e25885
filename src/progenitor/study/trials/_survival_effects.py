"""Effects of an arm against the control: hazard ratio, restricted mean, milestone."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.study.results import Estimate
from progenitor.study.trials._survival_patients import SurvivalBank
from progenitor.trial import (
    between_variance,
    compare_milestones,
    compare_restricted_means,
    cox_regression,
    estimate_from_draws,
    hazard_ratios,
    mixture_cure,
    proportional_hazards_test,
)

__all__ = ["believed_effect", "seen_effects", "true_effects"]


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
    time, event, arm = _everybody(bank, place)
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


def believed_effect(bank: SurvivalBank, place: int) -> tuple[float, float]:
    """Mean and standard deviation over parameter draws of the logarithm of the hazard ratio.

    Chance among the virtual patients of a draw is taken out of the standard deviation.
    """
    ratio = hazard_ratios(*_everybody(bank, place))
    known = np.isfinite(ratio.value) & np.isfinite(ratio.standard_error)
    values, errors = ratio.value[known], ratio.standard_error[known]
    if values.size < 2:
        return float(values.mean()), float(errors.mean())
    return float(values.mean()), float(between_variance(values, errors**2) ** 0.5)


def _everybody(
    bank: SurvivalBank, place: int
) -> tuple[
    Float[np.ndarray, "draw patient"], Bool[np.ndarray, "draw patient"], Int[np.ndarray, " patient"]
]:
    """Every virtual patient under the control, then under one arm."""
    time = np.concatenate([bank.time[0], bank.time[place]], axis=1)
    event = np.concatenate([bank.event[0], bank.event[place]], axis=1)
    return time, event, np.repeat([0, 1], bank.time.shape[2])


def seen_effects(
    time: Float[np.ndarray, " patient"],
    event: Bool[np.ndarray, " patient"],
    arm: Int[np.ndarray, " patient"],
    stratum: Int[np.ndarray, " patient"],
    *,
    horizon: float,
) -> Mapping[str, Estimate]:
    """Effects that one trial shows, with 95 % confidence limits; the hazard ratio by stratum.

    The restricted mean ends with the shorter of both arms' follow-up where that is before the
    horizon, and the milestone is left out there. The cured share is that of a Weibull mixture cure
    model in which the arm acts on both parts; it is left out where the data cannot tell it from
    late events.
    """
    known = np.isfinite(time)
    time, event, arm, stratum = time[known], event[known], arm[known], stratum[known]
    reach = min((float(time[arm == place].max(initial=0.0)) for place in (0, 1)), default=0.0)
    until = float(np.floor(min(horizon, reach)))
    found = _effects(time[np.newaxis], event[np.newaxis], arm, until)
    if until < horizon:
        del found["milestone"]
    fit = cox_regression(time, event, arm[:, np.newaxis].astype(float), stratum=stratum)
    if fit.converged:
        error = float(fit.covariance[0, 0]) ** 0.5
        found["hazard_ratio"] = (fit.coefficients[:1], np.array([error]))
    found |= _cure(time, event, arm)
    said: dict[str, Estimate] = {}
    for name, (value, error) in found.items():
        label, unit = _words(name, until)
        numbers = [float(value[0] + shift * error[0]) for shift in (0.0, -_Z, _Z)]
        if name == "hazard_ratio":
            numbers = [float(np.exp(x)) for x in numbers]
        said[name] = Estimate(numbers[0], numbers[1], numbers[2], unit, label, time.size)
    return said | _proportional(time, event, arm, stratum)


_Z = 1.959963984540054


def _cure(
    time: Float[np.ndarray, " patient"],
    event: Bool[np.ndarray, " patient"],
    arm: Int[np.ndarray, " patient"],
) -> dict[str, tuple[Float[np.ndarray, " trial"], Float[np.ndarray, " trial"]]]:
    """Difference of cured shares with its standard error; nothing where there is no fit."""
    if not (event & (arm == 0)).any() or not (event & (arm == 1)).any():
        return {}
    fit = mixture_cure(np.maximum(time, 0.5), event, arm[:, np.newaxis].astype(float))
    if not fit.converged:
        return {}
    none, one = (float(p) for p in fit.cured(np.array([[0.0], [1.0]])))
    slope = np.array([one * (1 - one) - none * (1 - none), one * (1 - one)])
    variance = float(slope @ fit.covariance[:2, :2] @ slope)
    if not 0.0 <= variance < 1.0:
        return {}
    return {"cure": (np.array([one - none]), np.array([variance**0.5]))}


def _proportional(
    time: Float[np.ndarray, " patient"],
    event: Bool[np.ndarray, " patient"],
    arm: Int[np.ndarray, " patient"],
    stratum: Int[np.ndarray, " patient"],
) -> dict[str, Estimate]:
    """P-value of the Grambsch-Therneau test that the hazard ratio does not change with time."""
    found = proportional_hazards_test(
        time, event, arm[:, np.newaxis].astype(float), stratum=stratum
    )
    nan = float("nan")
    label = "P-value of non-proportional hazards"
    return {"proportional": Estimate(float(found.p_values[0]), nan, nan, "1", label, time.size)}


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
        "cure": ("Cured share, mixture cure model", "1"),
    }[name]
