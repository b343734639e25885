"""Shares of memory phenotypes with their errors, as a distribution."""

from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Float

from progenitor.engine import stream
from progenitor.product import MeasuredComposition

__all__ = ["Shares", "interval_draws", "measured_of"]

_DRAWS: Final = 4000
_LEAST: Final = 0.5


@final
@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of the memory phenotypes and where their doubt comes from.

    Parameters
    ----------
    mean
        Shares, (5,), adding to 1.
    counting
        Standard error of counting and fitting, (5,).
    placement
        Standard error of where the gates stand, (5,).
    model
        Standard error of the shape of the clouds, (5,).

    Examples
    --------
    >>> one = np.full(5, 0.2)
    >>> Shares(one, 0.3 * one, 0.4 * one, 0.0 * one).error.round(3).tolist()
    [0.1, 0.1, 0.1, 0.1, 0.1]
    """

    mean: Float[np.ndarray, " phenotype"]
    counting: Float[np.ndarray, " phenotype"]
    placement: Float[np.ndarray, " phenotype"]
    model: Float[np.ndarray, " phenotype"]

    @property
    def error(self) -> Float[np.ndarray, " phenotype"]:
        """Standard errors in quadrature."""
        found: Float[np.ndarray, " phenotype"] = np.sqrt(
            self.counting**2 + self.placement**2 + self.model**2
        )
        return found


def measured_of(shares: Shares, events: int, source: str) -> MeasuredComposition:
    """Find the Dirichlet distributions with these means and errors.

    A share p of ``Dirichlet(α)`` has variance ``p(1 − p)/(Σα + 1)``; Σα is chosen so that the
    variances of the quadrants add up, and never larger than the number of events. Stem memory then
    gets the a and b that give its own error.

    Parameters
    ----------
    shares
        Means and errors.
    events
        T cells counted.
    source
        Where they were measured.

    Examples
    --------
    >>> mean = np.array([0.2, 0.05, 0.4, 0.2, 0.15])
    >>> none = np.zeros(5)
    >>> shares = Shares(mean, np.sqrt(mean * (1 - mean) / 1001), none, none)
    >>> found = measured_of(shares, 5000, "demo")
    >>> round(sum(found.quadrants), -3), found.mean.round(3).tolist()
    (1000.0, [0.2, 0.05, 0.4, 0.2, 0.15])
    """
    mean, error = shares.mean, shares.error
    early = float(mean[0] + mean[1])
    # naive and stem memory are told by CD95, which moves both in opposite ways
    early_error = np.sqrt(max(float(error[:2].max()) ** 2 - float(error[:2].min()) ** 2, 0.0))
    early_error = max(early_error, np.sqrt(early * (1 - early) / events))
    quadrant = np.array([early, *mean[2:]])
    wide = np.array([early_error, *error[2:]])
    total = float((quadrant * (1 - quadrant)).sum() / (wide**2).sum() - 1)
    total = float(np.clip(total, 2.0, events))
    stem = float(np.clip(mean[1] / early, 1e-4, 1 - 1e-4))
    own = (float(error[1]) / mean[1]) ** 2 - (1 - early) / (early * (total + 1))
    own = max(own, (1 - stem) / (stem * max(events * early, 1.0)))
    parts = float(np.clip((1 - stem) / (stem * own) - 1, 1.0, events * early + 1.0))
    return MeasuredComposition(
        tuple(float(max(_LEAST, total * of)) for of in quadrant),
        (float(max(_LEAST, parts * stem)), float(max(_LEAST, parts * (1 - stem)))),
        source,
    )


def interval_draws() -> Float[np.ndarray, "number draw"]:
    """Return the uniform numbers that intervals are worked out with, always the same."""
    return stream(0, "measured composition intervals").random((5, _DRAWS))
