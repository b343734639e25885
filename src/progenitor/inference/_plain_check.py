"""A check of a model as plain data, for machines."""

from typing import Any

import numpy as np
from jaxtyping import Float

from progenitor.inference._model_check import ModelCheck

__all__ = ["plain_check"]


def plain_check(check: ModelCheck) -> dict[str, Any]:
    """Arrange a check as mappings, lists and numbers; the keys are promised.

    ``bins`` holds a row for each bin, whose ``percentiles`` have the observed value (None below the
    limit of quantification) and the simulated interval; ``below_limit`` the fraction below it.
    ``prediction_intervals`` holds the numerical check and ``errors`` the tests of npde.

    Parameters
    ----------
    check
        As :func:`check_model` made it.

    Examples
    --------
    >>> from progenitor.inference import Layout, check_model, measurements, simulate_replicates
    >>> from progenitor.library import find_model
    >>> days, patient = np.tile([9.0, 28.0], (6, 1)), np.repeat(np.arange(6), 2)
    >>> layout = Layout(days, patient, np.tile([0, 1], 6))
    >>> model = find_model("stein_2019")
    >>> copies = simulate_replicates(model, layout, observable="level", replicates=30, seed=1)
    >>> seen = measurements(patient, days.ravel(), copies.simulated[0])
    >>> plain = plain_check(check_model(seen, copies, seed=1))
    >>> plain["bins"][0]["percentiles"][1]["inside"], sorted(plain)[:3]
    (True, ['bins', 'errors', 'level'])
    """
    visual, numerical, tests = check.visual, check.numerical, check.fit.tests
    return {
        "model": check.model,
        "observable": check.observable,
        "unit": check.unit,
        "replicates": visual.replicates,
        "seed": check.seed,
        "level": visual.level,
        "prediction_corrected": visual.corrected,
        "patients": visual.observed.subjects,
        "observations": len(visual.observed),
        "observations_below_limit": int(visual.observed.censored.sum()),
        "percentiles_outside": int((~visual.inside).sum()),
        "percentiles_checked": visual.inside.size,
        "bins": [_bin(check, index) for index in range(len(visual.stratum))],
        "prediction_intervals": [
            {
                "interval": interval,
                "expected": float(numerical.expected[index]),
                "below": _span(numerical.below, numerical.below_low, numerical.below_high, index),
                "above": _span(numerical.above, numerical.above_low, numerical.above_high, index),
            }
            for index, interval in enumerate(numerical.intervals)
        ],
        "errors": {
            "count": tests.count,
            "mean": tests.mean,
            "mean_se": tests.mean_se,
            "variance": tests.variance,
            "variance_se": tests.variance_se,
            "skewness": tests.skewness,
            "kurtosis": tests.kurtosis,
            "p_mean": tests.p_mean,
            "p_variance": tests.p_variance,
            "p_normality": tests.p_normality,
            "p_global": tests.p_global,
        },
        "weaknesses": list(check.weaknesses),
    }


def _bin(check: ModelCheck, index: int) -> dict[str, Any]:
    visual = check.visual
    return {
        "stratum": visual.observed.strata[int(visual.stratum[index])],
        "start": float(visual.start[index]),
        "end": float(visual.end[index]),
        "centre": float(visual.centre[index]),
        "count": int(visual.count[index]),
        "percentiles": [
            {
                "percentile": percentile,
                "observed": _or_none(visual.percentile[row, index]),
                "low": float(visual.low[row, index]),
                "middle": float(visual.middle[row, index]),
                "high": float(visual.high[row, index]),
                "inside": bool(visual.inside[row, index]),
            }
            for row, percentile in enumerate(visual.percentiles)
        ],
        "below_limit": _span(visual.below, visual.below_low, visual.below_high, index)
        if np.isfinite(visual.below[index])
        else None,
    }


def _span(
    observed: Float[np.ndarray, " item"],
    low: Float[np.ndarray, " item"],
    high: Float[np.ndarray, " item"],
    index: int,
) -> dict[str, float]:
    return {
        "observed": float(observed[index]),
        "low": float(low[index]),
        "high": float(high[index]),
    }


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
