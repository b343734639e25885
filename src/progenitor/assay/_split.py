"""Where a marker divides events into negative and positive: two normal curves, and the valley."""

from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np
from jaxtyping import Float

__all__ = ["Split", "split", "split_intensity"]

_BINS: Final = 300
_ITERATIONS: Final = 60
_LAST_ITERATIONS: Final = 200
_STARTS: Final = (0.15, 0.3, 0.5, 0.7, 0.85)
"""Where fits begin, as parts of the range that holds 98 % of the events."""
_COFACTORS: Final = np.geomspace(3e-4, 0.1, 9)
"""Tried linear regions, as shares of the intensity that one in a hundred events exceeds."""
_SCALED_ON: Final = 15_000
"""Events, evenly taken, that choose the scale."""
_DEEP: Final = 0.9
"""A valley counts where the density is below this share of the lower of its two hills."""
_APART: Final = 2.0
_CLEARLY_APART: Final = 3.0
"""Wanted of markers that may well have a single population."""
_FEWEST: Final = 0.002
_FEWEST_UNSEEN: Final = 0.03
"""Wanted of each population where the density has no valley: a skewed tail looks alike."""
_GAIN: Final = 0.005
"""Log-likelihood per event that two curves must gain over one."""
_LEAST_ERROR: Final = 0.04
"""Of a gate on a logarithmic scale, base e."""
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
    """Divide values where two normal curves cross.

    Two normal curves ``w₁N(m₁, s₁²) + w₂N(m₂, s₂²)`` are fitted to a histogram by expectation and
    maximisation from several starts; the likeliest pair counts that is two standard deviations
    apart (three where a single population would be no surprise), with at least 0.2 % of the events
    in each (3 % where the density has no valley), and more likely than one curve by 0.005 per
    event. The gate is where they cross. Its error is the largest of half the distance to the valley
    of the density, where there is one, the sampling error of the crossing, and 4 % of the
    intensity.

    Parameters
    ----------
    values
        One marker on a logarithmic scale.
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
    if values.size == 0 or not _wide(values):
        return None
    return _gate(values, single) or _edge(values, single)


def split_intensity(
    values: Float[np.ndarray, " event"], *, single: str = ""
) -> tuple[float, float, Split] | None:
    """Divide intensities on that scale ``asinh(x/c)`` on which two normal curves fit best.

    Parameters
    ----------
    values
        Compensated intensities, also below zero.
    single
        As for :func:`split`.

    Returns
    -------
    tuple or None
        Intensities one standard error below and above the gate, and the gate on its scale; None
        where the values do not divide.

    Examples
    --------
    >>> bell = np.linspace(-2, 2, 401)
    >>> values = 50 * np.sinh(np.concatenate([0.5 + 0.3 * bell, 5 + 0.3 * bell]))
    >>> low, high, found = split_intensity(values)
    >>> 100 < low < high < 1500, found.method
    (True, 'valley')
    """
    if values.size == 0 or not _wide(values):
        return None
    top = max(float(np.percentile(np.abs(values), 99)), 1e-6)
    some = values[:: -(-values.size // _SCALED_ON)]
    scores = [_likelihood(some, top * c, single) for c in _COFACTORS]
    cofactor = float(top * _COFACTORS[int(np.argmax(scores))])
    scaled = np.arcsinh(values / cofactor)
    found = _gate(scaled, single) or _edge(scaled, single)
    if found is None:
        return None
    low, high = (cofactor * float(np.sinh(found.at + s * found.error)) for s in (-1.0, 1.0))
    return low, high, found


def _wide(values: Float[np.ndarray, " event"]) -> bool:
    """Whether there is more than one value worth speaking of."""
    low, high = np.percentile(values, [0.05, 99.95])
    return bool(high > low)


def _histogram(
    values: Float[np.ndarray, " event"],
) -> tuple[Float[np.ndarray, " bin"], Float[np.ndarray, " bin"]]:
    """Return counts and centres; what lies far out is counted in the last bins."""
    low, high = np.percentile(values, [0.05, 99.95])
    pad = 0.02 * (high - low)
    counts, edges = np.histogram(np.clip(values, low, high), _BINS, (low - pad, high + pad))
    return counts.astype(float), (edges[:-1] + edges[1:]) / 2


def _likelihood(values: Float[np.ndarray, " event"], cofactor: float, single: str) -> float:
    """Return the log-likelihood on one scale, of two curves that are apart or else of one."""
    inside = np.clip(values, *np.percentile(values, [0.05, 99.95]))
    counts, centres = _histogram(np.arcsinh(inside / cofactor))
    best = _best(_two_curves(counts, centres, _ITERATIONS), single)
    high = _one_curve(counts, centres) if best is None else best.likelihood
    return high - 0.5 * float(np.log(inside**2 + cofactor**2).sum())


def _gate(values: Float[np.ndarray, " event"], single: str) -> Split | None:
    """Return the gate between two populations, if there are two."""
    counts, centres = _histogram(values)
    best = _best(_two_curves(counts, centres, _LAST_ITERATIONS), single)
    if best is None or best.likelihood - _one_curve(counts, centres) < _GAIN * values.size:
        return None
    crossing, valley = best.crossing(), _valley(counts, centres, best)
    sampling = best.spread / np.sqrt(max(1.0, best.fewest * values.size))
    if valley is not None:
        far = abs(crossing - valley) / 2
        return Split(crossing, float(max(far, sampling, _LEAST_ERROR)), "valley", best.apart)
    if best.fewest < _FEWEST_UNSEEN:
        return None
    return Split(crossing, float(max(sampling, 2 * _LEAST_ERROR)), "two curves", best.apart)


def _edge(values: Float[np.ndarray, " event"], single: str) -> Split | None:
    """Return a gate beside a single population, if that is wanted."""
    if not single:
        return None
    middle = float(np.median(values))
    quarter = np.percentile(values, 25 if single == "below" else 75)
    sd = abs(middle - quarter) / 0.6745
    at = middle + _TAIL * sd * (1 if single == "below" else -1)
    return Split(float(at), float(max(0.5 * sd, _LEAST_ERROR)), "edge")


@final
@dataclass(frozen=True, slots=True)
class _Curves:
    """Two normal curves, the lower first, and how likely they make the histogram."""

    weight: Float[np.ndarray, " 2"]
    mean: Float[np.ndarray, " 2"]
    sd: Float[np.ndarray, " 2"]
    likelihood: float

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


def _best(fits: tuple[Any, ...], single: str) -> Any:
    """Return the likeliest pair of curves that are two populations."""
    wanted = _CLEARLY_APART if single else _APART
    two = [of for of in fits if of.apart >= wanted and of.fewest >= _FEWEST]
    return max(two, key=lambda of: of.likelihood) if two else None


def _one_curve(counts: Float[np.ndarray, " bin"], centres: Float[np.ndarray, " bin"]) -> float:
    """Return the log-likelihood of a single normal curve."""
    mean = float(counts @ centres / counts.sum())
    variance = float(counts @ (centres - mean) ** 2 / counts.sum())
    return -0.5 * float(counts.sum()) * float(np.log(variance) + 1)


def _two_curves(
    counts: Float[np.ndarray, " bin"], centres: Float[np.ndarray, " bin"], iterations: int
) -> tuple[Any, ...]:  # of _Curves
    """Fit two normal curves to a histogram from every start at once."""
    total, least = counts.sum(), 0.5 * (centres[1] - centres[0])
    reached = np.cumsum(counts) / total
    low, high = (centres[int(np.searchsorted(reached, part))] for part in (0.01, 0.99))
    starts = low + (high - low) * np.array(_STARTS)
    upper = (centres > starts[:, np.newaxis]).astype(float)
    share = np.stack([1 - upper, upper], axis=1)
    powers = np.stack([np.ones_like(centres), centres, centres**2], axis=1)
    weight, mean, sd, density = share[:, :, 0], share[:, :, 0], share[:, :, 0], share
    for _ in range(iterations):
        moments = (share * counts) @ powers
        mass = np.maximum(moments[..., 0], 1e-9)
        weight, mean = mass / total, moments[..., 1] / mass
        sd = np.sqrt(np.maximum(moments[..., 2] / mass - mean**2, 0.0)) + least
        away = (centres - mean[..., np.newaxis]) / sd[..., np.newaxis]
        density = (weight / sd)[..., np.newaxis] * np.exp(-0.5 * away**2) + 1e-9
        share = density / density.sum(axis=1, keepdims=True)
    likelihood = np.log(density.sum(axis=1)) @ counts
    fits = []
    for place in range(starts.size):
        order = np.argsort(mean[place])
        fits.append(
            _Curves(
                weight[place][order], mean[place][order], sd[place][order], float(likelihood[place])
            )
        )
    return tuple(fits)


def _valley(
    counts: Float[np.ndarray, " bin"], centres: Float[np.ndarray, " bin"], curves: _Curves
) -> float | None:
    """Return the lowest place of the smoothed density between both means, if it is a valley."""
    width = 0.3 * float(curves.sd.min()) / (centres[1] - centres[0])
    width = float(np.clip(width, 1.5, 20.0))
    reach = np.arange(-int(4 * width), int(4 * width) + 1)
    kernel = np.exp(-0.5 * (reach / width) ** 2)
    density = np.convolve(counts, kernel / kernel.sum(), mode="same")
    between = np.flatnonzero((centres >= curves.mean[0]) & (centres <= curves.mean[1]))
    if between.size == 0:
        return None
    place = between[int(np.argmin(density[between]))]
    hill = min(density[: place + 1].max(), density[place:].max())
    return float(centres[place]) if density[place] < _DEEP * hill else None
