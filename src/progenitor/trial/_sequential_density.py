"""Where the statistic of a trial that looks several times may be, look after look."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, final

import numpy as np
from jaxtyping import Float

__all__ = ["SequentialDensity", "crossing_probabilities"]

_REACH: Final = 9.0
"""Standard deviations around the mean outside of which a look is never expected."""
_NODES: Final = 16
_PANEL: Final = 3.0
"""Gauss–Legendre nodes per panel, and its length in widths of the narrowest bell on it."""
_LARGEST: Final = 40.0
"""Bound beyond which no probability of a double is above zero."""


@final
@dataclass(frozen=True, slots=True, eq=False)
class SequentialDensity:
    r"""The density of :math:`Z_k` in trials that have not stopped, at one look.

    The statistic of a trial with information :math:`t` (1 at the last look) and drift
    :math:`\theta` is :math:`Z_t = B_t/\sqrt t`, with independent increments
    :math:`B_{t'} - B_t \sim N(\theta (t'-t), t'-t)`. While :math:`a_k < Z_k < b_k` goes on,

    .. math::

        g_{k+1}(z) = \int_{a_k}^{b_k} g_k(u)\, \sqrt{\tfrac{t'}{t'-t}}\,
            \varphi\Bigl(\frac{z\sqrt{t'} - u\sqrt t - \theta(t'-t)}{\sqrt{t'-t}}\Bigr) du

    integrated by Gauss–Legendre panels that are short against every bell, to about 1e-13.

    Parameters
    ----------
    nodes
        Values of the statistic (node,).
    mass
        Probability that each node stands for (node,); their sum is that of not having stopped.
    time
        Information at the look.

    References
    ----------
    Armitage, McPherson, Rowe 1969, JRSS A 132:235–244, doi:10.2307/2343787; Jennison, Turnbull
    2000, Group Sequential Methods, chapter 19.

    Examples
    --------
    >>> first = SequentialDensity.start().advance(0.5, low=-np.inf, high=2.0, next_time=1.0)
    >>> round(float(first.mass.sum()), 8), round(first.above(2.0, 1.0), 8)
    (0.97724987, 0.01523645)
    """

    nodes: Float[np.ndarray, " node"]
    mass: Float[np.ndarray, " node"]
    time: float

    @classmethod
    def start(cls, *, statistic: float = 0.0, time: float = 0.0) -> "SequentialDensity":
        """Begin before any patient, or at a statistic that was seen."""
        return cls(np.array([statistic]), np.ones(1), time)

    def above(self, bound: float, time: float, drift: float = 0.0) -> float:
        """Probability of not having stopped and finding Z above ``bound`` at ``time``."""
        from scipy.special import ndtr

        return float(self.mass @ ndtr(-self._standard(np.array([bound]), time, drift)[0]))

    def below(self, bound: float, time: float, drift: float = 0.0) -> float:
        """Probability of not having stopped and finding Z below ``bound`` at ``time``."""
        from scipy.special import ndtr

        return float(self.mass @ ndtr(self._standard(np.array([bound]), time, drift)[0]))

    def bound_above(self, probability: float, time: float, drift: float = 0.0) -> float:
        """Bound that is exceeded with a probability; infinite where that is 0."""
        if probability <= 0.0:
            return float("inf")
        if probability >= self.mass.sum():
            return float("-inf")

        def excess(bound: float) -> float:
            chance = self.above(bound, time, drift)
            return (np.log(chance) if chance > 0.0 else -1e4) - float(np.log(probability))

        return _root(excess)

    def bound_below(self, probability: float, time: float, drift: float = 0.0) -> float:
        """Bound below which Z falls with a probability; minus infinity where that is 0."""
        if probability <= 0.0:
            return float("-inf")
        return -self._mirrored().bound_above(probability, time, -drift)

    def advance(
        self, time: float, *, low: float, high: float, next_time: float, drift: float = 0.0
    ) -> "SequentialDensity":
        """Go to the look at ``time`` and keep the trials between the bounds."""
        wide = drift * np.sqrt(time)
        first, last = max(low, wide - _REACH), min(high, wide + _REACH)
        if not last > first:
            return SequentialDensity(np.empty(0), np.empty(0), time)
        steps = (time - self.time, next_time - time)
        narrow = min(1.0, *(float(np.sqrt(step / time)) for step in steps if step > 0.0))
        nodes, weights = _panels(first, last, narrow)
        from_here = self._standard(nodes, time, drift)
        bell = np.exp(-0.5 * from_here**2) * np.sqrt(time / (2.0 * np.pi * steps[0]))
        return SequentialDensity(nodes, weights * (bell @ self.mass), time)

    def _standard(
        self, at: Float[np.ndarray, " value"], time: float, drift: float
    ) -> Float[np.ndarray, "value node"]:
        step = time - self.time
        means = self.nodes * np.sqrt(self.time) + drift * step
        return np.asarray((at[:, None] * np.sqrt(time) - means) / np.sqrt(step))

    def _mirrored(self) -> "SequentialDensity":
        return SequentialDensity(-self.nodes, self.mass, self.time)


def crossing_probabilities(
    times: Sequence[float],
    low: Sequence[float],
    high: Sequence[float],
    drift: float = 0.0,
    *,
    seen: SequentialDensity | None = None,
) -> tuple[Float[np.ndarray, " look"], Float[np.ndarray, " look"]]:
    """Return the probabilities of stopping at or above ``high`` and below ``low`` at each look.

    Parameters
    ----------
    times
        Information at each look, increasing; 1 stands for the planned end (look,).
    low, high
        Bounds of Z (look,); ±infinity where a side never stops.
    drift
        Mean of Z at information 1.
    seen
        What is known before the first of these looks; by default nothing.

    Examples
    --------
    >>> up, down = crossing_probabilities([0.5, 1.0], [0.0, 2.0], [3.0, 2.0], drift=3.0)
    >>> up.round(6).tolist(), down.round(6).tolist()
    ([0.189787, 0.649683], [0.016947, 0.143582])
    """
    state = SequentialDensity.start() if seen is None else seen
    upper, lower = np.zeros(len(times)), np.zeros(len(times))
    for look, time in enumerate(times):
        upper[look] = state.above(high[look], time, drift)
        lower[look] = state.below(low[look], time, drift)
        if look + 1 < len(times):
            limits = {"low": low[look], "high": high[look], "next_time": times[look + 1]}
            state = state.advance(time, **limits, drift=drift)
    return upper, lower


def _root(excess: Callable[[float], float]) -> float:
    from scipy.optimize import brentq

    if excess(_LARGEST) > 0.0:
        return float("inf")
    return float(brentq(excess, -_LARGEST, _LARGEST, xtol=1e-11, rtol=1e-13))


@cache
def _legendre() -> tuple[Float[np.ndarray, " node"], Float[np.ndarray, " node"]]:
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return nodes, weights


def _panels(
    first: float, last: float, narrow: float
) -> tuple[Float[np.ndarray, " node"], Float[np.ndarray, " node"]]:
    """Nodes and weights between two values, in panels that suit the narrowest bell."""
    count = int(np.ceil((last - first) / (_PANEL * narrow)))
    edges = np.linspace(first, last, count + 1)
    half = np.diff(edges)[:, None] / 2.0
    middle = (edges[1:] + edges[:-1])[:, None] / 2.0
    nodes, weights = _legendre()
    return (middle + half * nodes).ravel(), (half * weights).ravel()
