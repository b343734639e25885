"""The logicle scale: logarithmic for bright events, linear around zero."""

from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Float

from progenitor.errors import InputError, Problem

__all__ = ["Logicle"]

_TABLE: Final = 4097
_POLISHED: Final = 3
_MARGIN: Final = 1.0


@final
@dataclass(frozen=True, slots=True)
class Logicle:
    """Map intensities to a scale on which dim populations are round and bright ones log-normal.

    The scale ``y`` of an intensity ``x`` solves ``x = B(y)`` with
    ``B(y) = a·exp(b·y) − c·exp(−d·y) − f``, where a, b, c, d, f follow from four numbers.

    Parameters
    ----------
    top
        Intensity at scale 1 (T).
    linear
        Decades of the region around zero that is nearly linear (W).
    decades
        Decades of the whole scale (M).
    negative
        Additional decades below zero (A).

    Raises
    ------
    InputError
        Unless T > 0, M > 0, 0 ≤ 2W ≤ M and −W ≤ A ≤ M − 2W.

    References
    ----------
    Moore WA, Parks DR. Update for the logicle data scale including operational code
    implementations. Cytometry A 2012;81A:273-277, doi:10.1002/cyto.a.22030.

    Examples
    --------
    >>> scale = Logicle(top=262144.0, linear=0.5)
    >>> scale.of(np.array([262144.0, 0.0])).round(6).tolist()
    [1.0, 0.111111]
    """

    top: float = 262144.0
    linear: float = 0.5
    decades: float = 4.5
    negative: float = 0.0

    def __post_init__(self) -> None:
        t, w, m, a = self.top, self.linear, self.decades, self.negative
        if not (t > 0 and m > 0 and 0 <= 2 * w <= m and -w <= a <= m - 2 * w):
            message = f"no logicle scale has T={t:g}, W={w:g}, M={m:g}, A={a:g}"
            raise InputError([Problem(message, "give T > 0, M > 0, 0 ≤ 2W ≤ M, −W ≤ A ≤ M − 2W")])

    @classmethod
    def fitted(cls, values: Float[np.ndarray, " event"], top: float) -> "Logicle":
        """Choose the linear region so that the dimmest events are seen.

        ``W = (M − log10(T/|r|))/2`` with r the 5th percentile of the values below zero.

        Parameters
        ----------
        values
            Compensated intensities.
        top
            Largest intensity of the channel.

        Examples
        --------
        >>> Logicle.fitted(np.array([-100.0, 5.0, 1e4]), 262144.0).linear > 0.5
        True
        """
        below, decades = values[values < 0], cls().decades
        if not below.size:
            return cls(top=top)
        reference = max(-float(np.percentile(below, 5)), np.finfo(float).tiny)
        width = (decades - np.log10(top / reference)) / 2
        return cls(top=top, linear=float(np.clip(width, 0.2, 0.4 * decades)))

    def of(self, values: Float[np.ndarray, " event"]) -> Float[np.ndarray, " event"]:
        """Return the scale of intensities, by a table and Newton steps.

        Intensities far beyond the range, where the scale is 2 or -1, are held there.

        Parameters
        ----------
        values
            Intensities.

        Examples
        --------
        >>> scale = Logicle()
        >>> values = np.array([-50.0, 3.0, 7e4])
        >>> bool(np.abs(scale.inverse(scale.of(values)) - values).max() < 1e-6)
        True
        """
        grid = np.linspace(-_MARGIN, 1.0 + _MARGIN, _TABLE)
        ends = self.inverse(grid)
        values = np.clip(np.asarray(values, dtype=float), ends[0], ends[-1])
        scale = np.interp(values, ends, grid)
        a, b, c, d, _, mirror = self._constants()
        for _ in range(_POLISHED):
            away = np.abs(scale - mirror) + mirror
            slope = a * b * np.exp(b * away) + c * d * np.exp(-d * away)
            scale = scale - (self.inverse(scale) - values) / slope
        found: Float[np.ndarray, " event"] = scale
        return found

    def inverse(self, scale: Float[np.ndarray, " event"]) -> Float[np.ndarray, " event"]:
        """Return the intensity at places of the scale.

        Parameters
        ----------
        scale
            Places, 0 to 1 within the range.

        Examples
        --------
        >>> Logicle().inverse(np.array([1.0])).round(3).tolist()
        [262144.0]
        """
        a, b, c, d, f, mirror = self._constants()
        away = np.abs(np.asarray(scale, dtype=float) - mirror) + mirror
        size = a * np.exp(b * away) - c * np.exp(-d * away) - f
        found: Float[np.ndarray, " event"] = np.where(scale < mirror, -size, size)
        return found

    def _constants(self) -> tuple[float, float, float, float, float, float]:
        """Return a, b, c, d, f, and the place of zero, around which the scale is mirrored."""
        whole = self.decades + self.negative
        w, x2 = self.linear / whole, self.negative / whole
        x1, x0, b = x2 + w, x2 + 2 * w, whole * np.log(10.0)
        d = _balance(b, w)
        ratio = np.exp(x0 * (b + d))
        offset = np.exp(b * x1) - ratio * np.exp(-d * x1)
        a = self.top / (np.exp(b) - offset - ratio * np.exp(-d))
        return a, b, ratio * a, d, offset * a, x1


def _balance(b: float, w: float) -> float:
    """Solve ``2(ln d − ln b) + w(b + d) = 0`` for d, by bisection on (0, b]."""
    low, high = 0.0, b
    for _ in range(200):
        middle = (low + high) / 2
        if 2 * (np.log(middle) - np.log(b)) + w * (b + middle) > 0:
            high = middle
        else:
            low = middle
    return (low + high) / 2
