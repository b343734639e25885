"""Where a marker divides events into negative and positive: the valley, and two normal curves."""

from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Float

__all__ = ["Split", "split"]

_BINS: Final = 400
_ITERATIONS: Final = 200
_DEEP: Final = 0.9
"""A valley counts where the density is below this share of the lower of its two hills."""
_APART: Final = 2.0
_FEWEST: Final = 0.002
_LEAST_ERROR: Final = 0.004
_TAIL: Final = 3.5


@final
@dataclass(frozen=True, slots=True)
class Split:
    """A gate on one marker.

    Parameters
    ----------
    at
        Where it stands, on the scale of the values.
    error
        Standard error of its place, on the same scale.
    method
        ``"valley"``, ``"two curves"``, ``"edge"`` (a single population), or how it was given.
    apart
        Distance of the two populations in standard deviations; NaN where there is one.

    Examples
    --------
    >>> Split(0.5, 0.01, "given").at
    0.5
    """

    at: float
    error: float
    method: str
    apart: float = float("nan")


def split(values: Float[np.ndarray, " event"], *, single: str = "") -> Split | None:
    """Divide values where their density has a valley, else where two normal curves cross.

    Two normal curves ``w₁N(m₁, s₁²) + w₂N(m₂, s₂²)`` are fitted to a histogram by expectation and
    maximisation, begun at the deepest valley of the smoothed density; the gate is where they cross.
    Its error is the larger of half the distance from crossing to valley and the sampling error of
    the crossing.

    Parameters
    ----------
    values
        One marker on a logicle or logarithmic scale.
    single
        What to do with a single population: ``"below"`` puts the gate above it, ``"above"`` below
        it, at 3.5 robust standard deviations; empty finds no gate.

    Returns
    -------
    Split or None
        None where the values do not divide.

    Examples
    --------
    >>> grid = np.linspace(-2, 2, 401)
    >>> found = split(np.concatenate([0.2 + 0.03 * grid, 0.7 + 0.03 * grid]))
    >>> found.method, round(found.at, 2)
    ('valley', 0.45)
    """
    if values.size == 0:
        return None
    low, high = np.percentile(values, [0.05, 99.95])
    if not high > low:
        return None
    pad = 0.02 * (high - low)
    counts, edges = np.histogram(values, _BINS, (low - pad, high + pad))
    centres = (edges[:-1] + edges[1:]) / 2
    valley = _valley(counts, centres)
    start = float(np.median(values)) if valley is None else valley
    fit = _two_curves(counts.astype(float), centres, start)
    if fit is not None and fit.apart >= _APART and fit.fewest >= _FEWEST:
        crossing = fit.crossing()
        sampling = fit.spread / np.sqrt(max(1.0, fit.fewest * values.size))
        if valley is not None:
            far = abs(crossing - valley) / 2
            return Split(crossing, max(far, sampling, _LEAST_ERROR), "valley", fit.apart)
        return Split(crossing, max(sampling, 2 * _LEAST_ERROR), "two curves", fit.apart)
    if not single:
        return None
    middle = float(np.median(values))
    quarter = np.percentile(values, 25 if single == "below" else 75)
    sd = abs(middle - quarter) / 0.6745
    at = middle + _TAIL * sd * (1 if single == "below" else -1)
    return Split(float(at), max(0.5 * sd, _LEAST_ERROR), "edge")


def _valley(counts: np.ndarray, centres: Float[np.ndarray, " bin"]) -> float | None:
    """Return the place of the clearest valley of the smoothed density, if there is one."""
    total = counts.sum()
    mean = float((counts * centres).sum() / total)
    sd = float(np.sqrt((counts * (centres - mean) ** 2).sum() / total))
    width = 0.4 * sd * total**-0.2 / (centres[1] - centres[0])
    width = max(width, 2.0)
    reach = np.arange(-int(4 * width), int(4 * width) + 1)
    kernel = np.exp(-0.5 * (reach / width) ** 2)
    density = np.convolve(counts, kernel / kernel.sum(), mode="same")
    inner = np.arange(1, density.size - 1)
    lows = inner[(density[inner] <= density[inner - 1]) & (density[inner] < density[inner + 1])]
    left = np.maximum.accumulate(density)
    right = np.maximum.accumulate(density[::-1])[::-1]
    share = np.cumsum(counts) / total
    best, found = 0.0, None
    for place in lows:
        hill = min(left[place], right[place])
        fewest = min(share[place], 1 - share[place])
        if density[place] < _DEEP * hill and fewest >= _FEWEST:
            score = (1 - density[place] / hill) * np.sqrt(fewest)
            if score > best:
                best, found = score, float(centres[place])
    return found


@final
@dataclass(frozen=True, slots=True)
class _Curves:
    """Two normal curves, the lower first."""

    weight: Float[np.ndarray, " 2"]
    mean: Float[np.ndarray, " 2"]
    sd: Float[np.ndarray, " 2"]

    @property
    def apart(self) -> float:
        return float((self.mean[1] - self.mean[0]) / np.sqrt((self.sd**2).mean()))

    @property
    def fewest(self) -> float:
        return float(self.weight.min())

    @property
    def spread(self) -> float:
        return float(self.sd.max())

    def crossing(self) -> float:
        """Return where both curves are equally high, between their means."""
        grid = np.linspace(self.mean[0], self.mean[1], 2001)
        logs = (
            np.log(self.weight / self.sd) - 0.5 * ((grid[:, np.newaxis] - self.mean) / self.sd) ** 2
        )
        return float(grid[np.argmin(np.abs(logs[:, 0] - logs[:, 1]))])


def _two_curves(
    counts: Float[np.ndarray, " bin"], centres: Float[np.ndarray, " bin"], start: float
) -> _Curves | None:
    """Fit two normal curves to a histogram, begun with what lies on both sides of a place."""
    upper = (centres > start).astype(float)
    share = np.stack([1 - upper, upper])
    total, least = counts.sum(), (centres[1] - centres[0])
    weight = mean = sd = np.ones(2)
    for _ in range(_ITERATIONS):
        mass = (share * counts).sum(axis=1)
        if (mass < 1e-6 * total).any():
            return None
        weight = mass / total
        mean = (share * counts) @ centres / mass
        spread = (share * counts * (centres - mean[:, np.newaxis]) ** 2).sum(axis=1) / mass
        sd = np.sqrt(spread) + least
        high = (weight / sd)[:, np.newaxis] * np.exp(
            -0.5 * ((centres - mean[:, np.newaxis]) / sd[:, np.newaxis]) ** 2
        )
        share = (high + 1e-12) / (high + 1e-12).sum(axis=0)
    order = np.argsort(mean)
    return _Curves(weight[order], mean[order], sd[order])
