"""The same trials with one look on their last day, by tests for hazards not in proportion."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.trial import compare_milestones, compare_restricted_means, log_rank, max_combo

__all__ = ["COMBINED", "other_tests"]

COMBINED = 400
"""Trials on which MaxCombo is done."""


def other_tests(
    time: Float[np.ndarray, "trial patient"],
    event: Bool[np.ndarray, "trial patient"],
    arm: Int[np.ndarray, "trial patient"],
    stratum: Int[np.ndarray, "trial patient"],
    horizon: float,
    alpha: float,
) -> Mapping[str, Float[np.ndarray, " trial"]]:
    """Whether each trial succeeds by other tests on its last day; 1, 0, or NaN.

    All but the log-rank tests leave strata out. MaxCombo takes time, so it is done on the first 400
    trials.

    Parameters
    ----------
    time, event, arm, stratum
        Patients as known on the last day.
    horizon
        Day to which means are restricted and on which survival is compared.
    alpha
        One-sided type I error; the two-sided tests have twice that, in the right direction.
    """
    mean = compare_restricted_means(time, event, arm, horizon=horizon, extend=True)[0]
    share = compare_milestones(time, event, arm, at=horizon)[0]
    strata = stratum if stratum.any() else None
    plain = log_rank(time, event, arm, stratum=strata)
    late = log_rank(time, event, arm, stratum=strata, gamma=1.0)
    some = slice(0, COMBINED)
    combined = max_combo(time[some], event[some], arm[some])
    better = np.asarray(mean.value)[some] > 0.0
    maximum = better & (np.asarray(combined.p_value) < 2.0 * alpha)
    return {
        "Log-rank test": _won(-plain.z, plain.p_value, alpha),
        "Fleming–Harrington test (0, 1), late differences": _won(-late.z, late.p_value, alpha),
        "Restricted mean": _won(mean.value, mean.p_value, alpha),
        "Milestone": _won(share.value, share.p_value, alpha),
        "MaxCombo": maximum.astype(float),
    }


def _won(
    value: Float[np.ndarray, " trial"], p_value: Float[np.ndarray, " trial"], alpha: float
) -> Float[np.ndarray, " trial"]:
    better, unlikely = np.asarray(value) > 0.0, np.asarray(p_value) < 2.0 * alpha
    return np.where(np.isfinite(np.asarray(p_value)), better & unlikely, np.nan)
