"""Visual predictive check: observed percentiles beside those of simulated copies of the data."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import InputError, Problem, SimulationError
from progenitor.inference._bins import Binning, ByGaps
from progenitor.inference._measurements import Measurements
from progenitor.inference._percentiles import censored_percentiles, central_interval
from progenitor.inference._prediction_correction import prediction_corrected

__all__ = ["PredictiveCheck", "checked_replicates", "predictive_check"]

_FAILED: Final = 0.05
_FEWEST: Final = 20
_VISITS: Final = ByGaps()


@final
@dataclass(frozen=True, slots=True)
class PredictiveCheck:
    """What a visual predictive check shows; make one with :func:`predictive_check`.

    Parameters
    ----------
    observed
        The observations, corrected when the check is.
    place
        Bin of each observation.
    percentiles
        In per cent, in increasing order.
    level
        Share of replicates inside the intervals.
    replicates
        Simulated copies of the data set.
    failed
        How many simulated values could not be solved; they are left out.
    corrected
        Whether values are prediction-corrected.
    stratum
        Stratum of each bin, a position in ``observed.strata``.
    start, end, centre
        Earliest, latest and median time of the observations of each bin.
    count
        Measurements in each bin.
    percentile
        Observed percentiles; NaN where they lie below the limit of quantification.
    low, middle, high
        Interval and median over replicates of each percentile.
    below
        Observed fraction below the limit; NaN in bins without a limit.
    below_low, below_middle, below_high
        Interval and median over replicates of that fraction.
    inside
        Whether each observed percentile lies in its interval; one below the limit does when the
        interval reaches below the limit as well.
    """

    observed: Measurements
    place: Int[np.ndarray, " observation"]
    percentiles: tuple[float, ...]
    level: float
    replicates: int
    failed: int
    corrected: bool
    stratum: Int[np.ndarray, " bin"]
    start: Float[np.ndarray, " bin"]
    end: Float[np.ndarray, " bin"]
    centre: Float[np.ndarray, " bin"]
    count: Int[np.ndarray, " bin"]
    percentile: Float[np.ndarray, "percentile bin"]
    low: Float[np.ndarray, "percentile bin"]
    middle: Float[np.ndarray, "percentile bin"]
    high: Float[np.ndarray, "percentile bin"]
    below: Float[np.ndarray, " bin"]
    below_low: Float[np.ndarray, " bin"]
    below_middle: Float[np.ndarray, " bin"]
    below_high: Float[np.ndarray, " bin"]
    inside: Bool[np.ndarray, "percentile bin"]


def predictive_check(
    observed: Measurements,
    simulated: Float[np.ndarray, "replicate observation"],
    *,
    binning: Binning = _VISITS,
    percentiles: Sequence[float] = (5.0, 50.0, 95.0),
    level: float = 0.95,
    prediction: Float[np.ndarray, " observation"] | None = None,
    logarithms: bool = False,
) -> PredictiveCheck:
    r"""Set percentiles of the data beside the same percentiles of simulated copies of the data.

    In every bin, percentile :math:`q_p` of the observations is compared with the central interval
    over replicates :math:`r` of :math:`q_p^{(r)}`, the same percentile of the values simulated for
    the same patients at the same times. Under the model each observed percentile lies inside its
    interval with probability ``level``. Observed values below the limit of quantification keep
    their rank and lose their value; the fraction of them is compared in the same way.

    Parameters
    ----------
    observed
        The data.
    simulated
        Replicates of the data with between-patient variability and residual error, and without the
        limit of quantification; NaN where a simulation failed.
    binning
        Rule of the bins, applied to each stratum by itself.
    percentiles
        In per cent.
    level
        Share of replicates inside the intervals.
    prediction
        Population prediction of each observation; given, values are prediction-corrected.
    logarithms
        Whether values are logarithms, which the correction needs to know.

    Raises
    ------
    InputError
        When shapes, percentiles or the level make no sense.
    SimulationError
        When more than 5 % of the simulated values failed, or half of those of one observation.

    References
    ----------
    Karlsson, Holford. A tutorial on visual predictive checks. PAGE 17 (2008), abstract 1434.
    Bergstrand, Karlsson. AAPS J 2009;11:371-380, doi:10.1208/s12248-009-9112-5 (censored data).
    Bergstrand et al. AAPS J 2011;13:143-151, doi:10.1208/s12248-011-9255-z (correction).

    Examples
    --------
    >>> from progenitor.engine import stream
    >>> from progenitor.inference import measurements
    >>> subject, time = np.repeat(np.arange(40), 2), np.tile([1.0, 7.0], 40)
    >>> copies = stream(1, "example").lognormal(size=(200, 80))
    >>> seen = measurements(subject, time, copies[0], limit=0.3)
    >>> check = predictive_check(seen, copies[1:])
    >>> check.count.tolist(), check.percentile.shape, bool(check.inside.all())
    ([40, 40], (3, 2), True)
    """
    percentiles = tuple(sorted(float(one) for one in percentiles))
    _refuse(percentiles, level)
    simulated, failed = checked_replicates(observed, simulated)
    place, stratum = _places(observed, binning)
    if prediction is not None:
        observed, simulated = _corrected(observed, simulated, prediction, place, logarithms)
    columns = [
        _bin(observed, simulated, place == index, percentiles, level)
        for index in range(len(stratum))
    ]
    parts = {name: np.stack([one[name] for one in columns], axis=-1) for name in columns[0]}
    return PredictiveCheck(
        observed=observed,
        place=place,
        percentiles=percentiles,
        level=level,
        replicates=len(simulated),
        failed=failed,
        corrected=prediction is not None,
        stratum=stratum,
        **parts,
    )


def checked_replicates(
    observed: Measurements, simulated: Float[np.ndarray, "replicate observation"]
) -> tuple[Float[np.ndarray, "replicate observation"], int]:
    """Return replicates with NaN wherever a simulation failed, and how many values did.

    Raises
    ------
    InputError
        When the shape does not fit the observations, or there are too few replicates.
    SimulationError
        When more than 5 % of the values failed, or more than half of those of one observation.
    """
    count = len(observed)
    if simulated.shape[1] != count or len(simulated) < _FEWEST:
        message = f"simulated values have shape {simulated.shape}"
        fix = f"give at least {_FEWEST} replicates of all {count} observations"
        raise InputError([Problem(message, fix)])
    failed = ~np.isfinite(simulated)
    total = int(failed.sum())
    if total > _FAILED * failed.size or failed.mean(axis=0).max() > 0.5:
        worst = int(failed.sum(axis=0).argmax())
        raise SimulationError(
            f"{total} of {failed.size} simulated values failed, most of them of observation "
            f"{worst + 1} (time {observed.time[worst]:g}): no check can be made of what is left"
        )
    return np.where(failed, np.nan, simulated), total


def _refuse(percentiles: Sequence[float], level: float) -> None:
    problems = []
    if not percentiles or not all(0 < one < 100 for one in percentiles):
        shown = ", ".join(f"{one:g}" for one in percentiles) or "none"
        problems.append(Problem(f"percentiles are {shown}", "give numbers between 0 and 100"))
    if len(set(percentiles)) < len(percentiles):
        problems.append(Problem("a percentile comes twice", "give each once"))
    if not 0.5 <= level < 1:
        problems.append(Problem(f"the level is {level:g}", "give a number such as 0.95"))
    if problems:
        raise InputError(problems)


def _places(
    observed: Measurements, binning: Binning
) -> tuple[Int[np.ndarray, " observation"], Int[np.ndarray, " bin"]]:
    """Return the bin of each observation, and the stratum of each bin."""
    place = np.zeros(len(observed), dtype=np.int64)
    strata: list[int] = []
    for stratum in np.unique(observed.stratum).tolist():
        mine = observed.stratum == stratum
        bins = binning(observed.time[mine])
        place[mine] = len(strata) + bins
        strata += [stratum] * (int(bins.max()) + 1)
    return place, np.array(strata, dtype=np.int64)


def _corrected(
    observed: Measurements,
    simulated: Float[np.ndarray, "replicate observation"],
    prediction: Float[np.ndarray, " observation"],
    place: Int[np.ndarray, " observation"],
    logarithms: bool,  # noqa: FBT001 - passed through
) -> tuple[Measurements, Float[np.ndarray, "replicate observation"]]:
    """Correct values, limits and replicates alike."""

    def corrected(
        value: Float[np.ndarray, "*replicate observation"],
    ) -> Float[np.ndarray, "*replicate observation"]:
        return prediction_corrected(value, prediction, place, logarithms=logarithms)

    changed = replace(observed, value=corrected(observed.value), limit=corrected(observed.limit))
    return changed, corrected(simulated)


def _percentiles(
    copies: Float[np.ndarray, "replicate observation"], percentiles: Sequence[float]
) -> Float[np.ndarray, "replicate percentile"]:
    """Return the percentiles of every replicate; what failed is left out."""
    find = np.nanpercentile if np.isnan(copies).any() else np.percentile
    found: Float[np.ndarray, "replicate percentile"] = find(copies, percentiles, axis=1).T
    return found


def _bin(
    observed: Measurements,
    simulated: Float[np.ndarray, "replicate observation"],
    mine: Bool[np.ndarray, " observation"],
    percentiles: Sequence[float],
    level: float,
) -> dict[str, Any]:
    """Return everything that is known of one bin: numbers, and a number of each percentile."""
    time, limit, censored = observed.time[mine], observed.limit[mine], observed.censored[mine]
    copies = simulated[:, mine]
    copies = copies[np.isfinite(copies).any(axis=1)]
    found = censored_percentiles(observed.value[mine], censored, limit, percentiles)
    low, middle, high = central_interval(_percentiles(copies, percentiles), level)
    limited = np.isfinite(limit)
    below, fractions = np.float64(np.nan), np.full(3, np.nan)
    if limited.any():
        below = censored[limited].mean()
        solved = np.isfinite(copies[:, limited]).sum(axis=1)
        share = (copies[:, limited] < limit[limited]).sum(axis=1)[solved > 0] / solved[solved > 0]
        fractions = np.array(central_interval(share, level))
    highest = limit[censored].max() if censored.any() else np.nan
    inside = np.where(np.isnan(found), low < highest, (low <= found) & (found <= high))
    return {
        "start": time.min(),
        "end": time.max(),
        "centre": np.median(time),
        "count": np.int64(len(time)),
        "percentile": found,
        "low": low,
        "middle": middle,
        "high": high,
        "below": below,
        "below_low": fractions[0],
        "below_middle": fractions[1],
        "below_high": fractions[2],
        "inside": inside,
    }
