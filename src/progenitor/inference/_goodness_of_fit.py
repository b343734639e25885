"""Goodness of fit: observations and errors against time and prediction, with what to expect."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.errors import InputError, Problem
from progenitor.inference._bins import Binning, ByCount, ByGaps
from progenitor.inference._error_tests import ErrorTests, error_tests
from progenitor.inference._measurements import Measurements
from progenitor.inference._percentiles import censored_percentiles, normal_percentile_interval
from progenitor.inference._prediction_errors import PredictionErrors

__all__ = ["ErrorTrend", "GoodnessOfFit", "goodness_of_fit"]

_PERCENTILES: Final = (5.0, 50.0, 95.0)
_VISITS: Final = ByGaps()
_GROUPS: Final = 8


@final
@dataclass(frozen=True, slots=True)
class ErrorTrend:
    """Percentiles of npde along time or prediction, with what a standard normal sample gives.

    Parameters
    ----------
    centre
        Median of what they are laid out along.
    count
        Errors in each bin.
    percentile
        Observed percentiles of npde.
    low, middle, high
        Exact interval and median of the percentile of as many standard normal numbers.
    """

    centre: Float[np.ndarray, " bin"]
    count: Int[np.ndarray, " bin"]
    percentile: Float[np.ndarray, "percentile bin"]
    low: Float[np.ndarray, "percentile bin"]
    middle: Float[np.ndarray, "percentile bin"]
    high: Float[np.ndarray, "percentile bin"]


@final
@dataclass(frozen=True, slots=True)
class GoodnessOfFit:
    """Everything the goodness-of-fit figures show; make one with :func:`goodness_of_fit`.

    Parameters
    ----------
    observed
        The data.
    prediction
        Population prediction: the typical patient.
    errors
        Prediction discrepancies and errors.
    tests
        What the errors say together.
    percentiles, level
        Of the trends, and of every interval.
    over_time, over_prediction
        Trends of the errors.
    ordered
        Errors in increasing order.
    normal, normal_low, normal_high
        Median and interval of each of as many ordered standard normal numbers.
    group_prediction, group_observed
        Median prediction and median observation of groups of like prediction; NaN where the median
        lies below the limit of quantification.
    """

    observed: Measurements
    prediction: Float[np.ndarray, " observation"]
    errors: PredictionErrors
    tests: ErrorTests
    percentiles: tuple[float, ...]
    level: float
    over_time: ErrorTrend
    over_prediction: ErrorTrend
    ordered: Float[np.ndarray, " error"]
    normal: Float[np.ndarray, " error"]
    normal_low: Float[np.ndarray, " error"]
    normal_high: Float[np.ndarray, " error"]
    group_prediction: Float[np.ndarray, " group"]
    group_observed: Float[np.ndarray, " group"]


def goodness_of_fit(
    observed: Measurements,
    errors: PredictionErrors,
    prediction: Float[np.ndarray, " observation"],
    *,
    binning: Binning = _VISITS,
    percentiles: Sequence[float] = _PERCENTILES,
    level: float = 0.95,
) -> GoodnessOfFit:
    r"""Lay the errors of a check out along time and prediction, and along normal quantiles.

    Under the model errors are standard normal whatever the time and the prediction. The interval of
    each percentile in a bin of :math:`n` errors, and of each ordered error, is exact: ordered
    uniform numbers are Beta distributed (:func:`normal_percentile_interval`).

    Parameters
    ----------
    observed
        The data.
    errors
        As :func:`normalised_prediction_errors` found them.
    prediction
        Population prediction of each observation.
    binning
        Bins of time; those of prediction have equal counts.
    percentiles
        In per cent.
    level
        Probability of each interval.

    Raises
    ------
    InputError
        When there are fewer than 8 errors, or a prediction is not finite.

    References
    ----------
    Nguyen et al. Model evaluation of continuous data pharmacometric models: metrics and graphics.
    CPT Pharmacometrics Syst Pharmacol 2017;6:87-109, doi:10.1002/psp4.12161.

    Examples
    --------
    >>> from progenitor.engine import stream
    >>> from progenitor.inference import normalised_prediction_errors, measurements
    >>> copies = stream(3, "example").lognormal(size=(400, 40))
    >>> seen = measurements(np.arange(40), np.tile([1.0, 7.0], 20), copies[0])
    >>> errors = normalised_prediction_errors(seen, copies[1:], seed=1)
    >>> fit = goodness_of_fit(seen, errors, np.ones(40))
    >>> fit.over_time.count.tolist(), fit.ordered.shape
    ([20, 20], (40,))
    """
    if not np.isfinite(prediction).all():
        message = "a population prediction is not a finite number"
        raise InputError([Problem(message, "leave those observations out")])
    known = np.isfinite(errors.error)
    ordered = np.sort(errors.error[known])
    ranks = 100.0 * (np.arange(len(ordered)) / max(1, len(ordered) - 1))
    lines = np.array([normal_percentile_interval(r, len(ordered), level) for r in ranks.tolist()])
    by_size = ByCount(_GROUPS)

    def trend(along: Float[np.ndarray, " observation"], rule: Binning) -> ErrorTrend:
        return _trend(along[known], errors.error[known], rule, percentiles, level)

    centre, middle = _medians(observed, prediction, by_size)
    return GoodnessOfFit(
        observed=observed,
        prediction=prediction,
        errors=errors,
        tests=error_tests(errors.error),
        percentiles=tuple(percentiles),
        level=level,
        over_time=trend(observed.time, binning),
        over_prediction=trend(prediction, by_size),
        ordered=ordered,
        normal=lines[:, 1],
        normal_low=lines[:, 0],
        normal_high=lines[:, 2],
        group_prediction=centre,
        group_observed=middle,
    )


def _trend(
    along: Float[np.ndarray, " error"],
    error: Float[np.ndarray, " error"],
    rule: Binning,
    percentiles: Sequence[float],
    level: float,
) -> ErrorTrend:
    place = rule(along)
    groups = [place == index for index in range(int(place.max()) + 1)]
    intervals = np.array(
        [
            [normal_percentile_interval(one, int(mine.sum()), level) for mine in groups]
            for one in percentiles
        ]
    )
    return ErrorTrend(
        centre=np.array([np.median(along[mine]) for mine in groups]),
        count=np.array([mine.sum() for mine in groups]),
        percentile=np.stack([np.percentile(error[mine], percentiles) for mine in groups], axis=-1),
        low=intervals[:, :, 0],
        middle=intervals[:, :, 1],
        high=intervals[:, :, 2],
    )


def _medians(
    observed: Measurements, prediction: Float[np.ndarray, " observation"], rule: Binning
) -> tuple[Float[np.ndarray, " group"], Float[np.ndarray, " group"]]:
    """Return the median prediction and the median observation of groups of like prediction."""
    place = rule(prediction)
    groups = [place == index for index in range(int(place.max()) + 1)]
    middle = [
        censored_percentiles(
            observed.value[mine], observed.censored[mine], observed.limit[mine], (50.0,)
        )[0]
        for mine in groups
    ]
    return np.array([np.median(prediction[mine]) for mine in groups]), np.array(middle)
