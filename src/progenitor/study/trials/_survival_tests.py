"""Other tests of the same trials, and the power that was planned."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.trial import compare_milestones, compare_restricted_means, max_combo

__all__ = ["other_tests", "planned_power"]

_COMBINED = 400


def other_tests(
    time: Float[np.ndarray, "trial patient"],
    event: Bool[np.ndarray, "trial patient"],
    arm: Int[np.ndarray, " patient"],
    horizon: float,
    alpha: float,
) -> Mapping[str, Float[np.ndarray, " trial"]]:
    """Whether each trial succeeds by other tests on its last day; 1, 0, or NaN.

    MaxCombo takes time, so it is done on the first 400 trials.

    Parameters
    ----------
    time, event, arm
        Patients as known on the last day.
    horizon
        Day to which means are restricted and on which survival is compared.
    alpha
        One-sided type I error; the two-sided tests have twice that, in the right direction.
    """
    mean = compare_restricted_means(time, event, arm, horizon=horizon, extend=True)[0]
    share = compare_milestones(time, event, arm, at=horizon)[0]
    some = slice(0, _COMBINED)
    combined = max_combo(time[some], event[some], arm)
    better = np.asarray(mean.value)[some] > 0.0
    maximum = better & (np.asarray(combined.p_value) < 2.0 * alpha)
    return {
        "Restricted mean": _won(mean.value, mean.p_value, alpha),
        "Milestone": _won(share.value, share.p_value, alpha),
        "MaxCombo": maximum.astype(float),
    }


def planned_power(hazard_ratio: float, events: float, *, alpha: float) -> float:
    r"""Power at the hazard ratio planned for, :math:`\Phi(\sqrt{d/4}\,|\ln HR| - z_\alpha)`.

    Schoenfeld's approximation for two equal arms and d events.

    References
    ----------
    Schoenfeld 1981, Biometrika 68:316–319, doi:10.1093/biomet/68.1.316.

    Examples
    --------
    >>> round(planned_power(0.5, 88.0, alpha=0.025), 2)
    0.9
    """
    from scipy.special import ndtr, ndtri

    return float(ndtr(abs(np.log(hazard_ratio)) * (events / 4.0) ** 0.5 + ndtri(alpha)))


def _won(
    value: Float[np.ndarray, " trial"], p_value: Float[np.ndarray, " trial"], alpha: float
) -> Float[np.ndarray, " trial"]:
    better, unlikely = np.asarray(value) > 0.0, np.asarray(p_value) < 2.0 * alpha
    return np.where(np.isfinite(np.asarray(p_value)), better & unlikely, np.nan)
