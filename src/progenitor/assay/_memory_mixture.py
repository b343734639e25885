"""Memory phenotypes as overlapping clouds in CD45RA, CCR7 and CD95: how many each truly has."""

from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.product import MEMORY_PHENOTYPES

__all__ = ["SIGNS", "MemoryFit", "fit_memory", "refit_without"]

_CLASSES: Final = len(MEMORY_PHENOTYPES)
SIGNS: Final = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1], [0, 0, 1], [1, 0, 1]], dtype=bool)
"""CD45RA, CCR7 and CD95 of naive, tscm, tcm, tem, teff."""
_SIBLINGS: Final = (SIGNS.T[:, :, np.newaxis] == SIGNS.T[:, np.newaxis, :]) & ~np.eye(
    _CLASSES, dtype=bool
)
"""Marker, cloud, cloud: whether another cloud is on the same side of that gate."""
_PRIOR_EVENTS: Final = 40.0
"""Worth in events of what siblings say about a cloud's centre; four times as much for its width."""
_ITERATIONS: Final = 120
_AGAIN: Final = 12
_TOLERANCE: Final = 5e-6
_OUTSIDE: Final = 0.005
"""Share first given to events that belong to no cloud."""


@final
@dataclass(frozen=True, slots=True)
class MemoryFit:
    """Weights and places of the clouds.

    Parameters
    ----------
    weight
        Share of each phenotype, and of events outside all, (6,).
    mean, sd
        Centre and width of each cloud along each marker, (phenotype, 3).
    responsibility
        Probability of each phenotype for each event, and of none, (event, 6).
    """

    weight: Float[np.ndarray, " class"]
    mean: Float[np.ndarray, "phenotype marker"]
    sd: Float[np.ndarray, "phenotype marker"]
    responsibility: Float[np.ndarray, "event class"]

    @property
    def shares(self) -> Float[np.ndarray, " phenotype"]:
        """Shares of the phenotypes among events that belong to one."""
        shares = self.weight[:_CLASSES]
        found: Float[np.ndarray, " phenotype"] = shares / shares.sum()
        return found


def fit_memory(
    scale: Float[np.ndarray, "event marker"], gated: Int[np.ndarray, " event"]
) -> MemoryFit:
    """Fit five normal clouds and a thin uniform background, begun at the gates.

    Expectation and maximisation; within a phenotype the markers are independent. Clouds on the same
    side of a gate inform each other's centre with the worth of 40 events and its width with that of
    160, so that a cloud of 20 events is where its siblings say unless its own events disagree.

    Parameters
    ----------
    scale
        CD45RA, CCR7 and CD95 of live T cells on scales that make them normal
        (:func:`even_scale`), (event, 3).
    gated
        Phenotype of each event by hard gates, −1 outside all.

    Examples
    --------
    >>> from progenitor.engine import stream
    >>> centres = np.array([[8, 8, 2], [8, 8, 6], [2, 8, 6], [2, 2, 6], [8, 2, 6]])
    >>> label = np.repeat(np.arange(5), [300, 100, 200, 300, 100])
    >>> scale = centres[label] + stream(1, "demo").normal(size=(1000, 3))
    >>> bool(abs(fit_memory(scale, label).shares[1] - 0.1) < 0.02)
    True
    """
    start = np.full((scale.shape[0], _CLASSES + 1), 1e-6)
    known = gated >= 0
    start[np.flatnonzero(known), gated[known]] = 1.0
    start[:, -1] += _OUTSIDE
    start /= start.sum(axis=1, keepdims=True)
    return _iterate(_features(scale), start, _box(scale), _ITERATIONS)


def refit_without(
    scale: Float[np.ndarray, "event marker"], fit: MemoryFit, kept: Bool[np.ndarray, " event"]
) -> Float[np.ndarray, " phenotype"]:
    """Return the shares when only some events had been seen, begun at a finished fit.

    Parameters
    ----------
    scale
        As for :func:`fit_memory`.
    fit
        Of all events.
    kept
        Which events are seen.
    """
    part = _iterate(_features(scale[kept]), fit.responsibility[kept], _box(scale), _AGAIN)
    return part.shares


def _box(scale: Float[np.ndarray, "event marker"]) -> float:
    """Return the volume over which events that belong nowhere are spread."""
    return float(np.prod(np.maximum(scale.max(axis=0) - scale.min(axis=0), 1e-3)))


def _features(scale: Float[np.ndarray, "event marker"]) -> Float[np.ndarray, "event feature"]:
    """Return 1, x and x²: the logarithm of a normal density is linear in them."""
    return np.column_stack([np.ones(scale.shape[0]), scale, scale**2])


def _iterate(
    features: Float[np.ndarray, "event feature"],
    responsibility: Float[np.ndarray, "event class"],
    box: float,
    iterations: int,
) -> MemoryFit:
    last = np.full(_CLASSES + 1, np.inf)
    weight, mean, sd = last, np.zeros((_CLASSES, 3)), np.ones((_CLASSES, 3))
    for _ in range(iterations):
        moments = responsibility.T @ features
        weight = moments[:, 0] / moments[:, 0].sum()
        mean, variance = _clouds(moments[:_CLASSES])
        sd = np.sqrt(variance)
        constant = np.log(np.maximum(weight[:_CLASSES], 1e-12)) - 0.5 * (
            (mean**2 / variance) + np.log(2 * np.pi * variance)
        ).sum(axis=1)
        coefficients = np.column_stack([constant, mean / variance, -0.5 / variance])
        density = np.empty_like(responsibility)
        np.exp(features @ coefficients.T, out=density[:, :_CLASSES])
        density[:, -1] = max(weight[-1], 1e-9) / box
        responsibility = density / density.sum(axis=1, keepdims=True)
        if np.abs(weight - last).max() < _TOLERANCE:
            break
        last = weight
    return MemoryFit(weight, mean, sd, responsibility)


def _clouds(
    moments: Float[np.ndarray, "phenotype feature"],
) -> tuple[Float[np.ndarray, "phenotype marker"], Float[np.ndarray, "phenotype marker"]]:
    """Return centres and variances, drawn towards those of the siblings."""
    mass = np.maximum(moments[:, 0], 1e-9)
    own = moments[:, 1:4] / mass[:, np.newaxis]
    spread = np.maximum(moments[:, 4:] / mass[:, np.newaxis] - own**2, 0.0)
    variance = _pooled(spread, mass, 4 * _PRIOR_EVENTS)
    return _pooled(own, mass, _PRIOR_EVENTS), variance + 1e-6


def _pooled(
    own: Float[np.ndarray, "phenotype marker"], mass: Float[np.ndarray, " phenotype"], worth: float
) -> Float[np.ndarray, "phenotype marker"]:
    """Draw each cloud towards its siblings on the same side of the gate."""
    events = (_SIBLINGS @ mass).T
    said = np.einsum("mkj,j,jm->km", _SIBLINGS, mass, own) / np.maximum(events, 1e-9)
    weight = np.minimum(worth, events)
    own_weight = mass[:, np.newaxis]
    pooled: Float[np.ndarray, "phenotype marker"] = (own_weight * own + weight * said) / (
        own_weight + weight
    )
    return pooled
