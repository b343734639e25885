"""Prediction correction: observations of a bin made comparable when doses and covariates differ."""

import numpy as np
from jaxtyping import Float, Int

from progenitor.errors import InputError, Problem

__all__ = ["prediction_corrected"]


def prediction_corrected(
    value: Float[np.ndarray, "*replicate observation"],
    prediction: Float[np.ndarray, " observation"],
    place: Int[np.ndarray, " observation"],
    *,
    logarithms: bool = False,
) -> Float[np.ndarray, "*replicate observation"]:
    r"""Scale every value by what the typical patient of its bin would have had.

    .. math::

        y^{pc}_{ij} = y_{ij}\,\frac{\widetilde{PRED}_{bin}}{PRED_{ij}}
        \qquad\text{or, of logarithms,}\qquad
        y^{pc}_{ij} = y_{ij} + \widetilde{PRED}_{bin} - PRED_{ij}

    where the tilde is the median over the observations of the bin. Observed and simulated values
    are treated alike, so that variability which doses, covariates and sampling times explain no
    longer widens the bin.

    Parameters
    ----------
    value
        Observed or simulated values.
    prediction
        Population prediction of each observation: the typical patient with its dose and covariates.
    place
        Bin of each observation.
    logarithms
        Whether values and predictions are logarithms.

    Raises
    ------
    InputError
        When a prediction is not finite, or not above 0.

    References
    ----------
    Bergstrand, Hooker, Wallin, Karlsson. Prediction-corrected visual predictive checks for
    diagnosing nonlinear mixed-effects models. AAPS J 2011;13:143-151,
    doi:10.1208/s12248-011-9255-z, equations 1 and 2 (lower bound 0).

    Examples
    --------
    >>> value, prediction = np.array([12.0, 50.0, 8.0]), np.array([10.0, 40.0, 20.0])
    >>> prediction_corrected(value, prediction, np.zeros(3, dtype=int)).tolist()
    [24.0, 25.0, 8.0]
    """
    wrong = ~np.isfinite(prediction) | (np.False_ if logarithms else prediction <= 0)
    if wrong.any():
        first = int(np.argmax(wrong))
        message = (
            f"the population prediction of {int(wrong.sum())} of {len(prediction)} observations "
            f"cannot be divided by (first: observation {first + 1}, {prediction[first]:g})"
        )
        fix = "leave out observations the model predicts as 0, or check without correction"
        raise InputError([Problem(message, fix)])
    middle = np.zeros(prediction.shape)
    for bin_ in np.unique(place):
        middle[place == bin_] = np.median(prediction[place == bin_])
    corrected: Float[np.ndarray, "*replicate observation"]
    corrected = value + (middle - prediction) if logarithms else value * (middle / prediction)
    return corrected
