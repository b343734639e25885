"""Search of all two-stage designs: exact, vectorised over candidates, pruned by proofs."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import DesignError
from progenitor.trial._binomial_tables import binomial_tables, check_rates

__all__ = ["Boundary", "Criterion", "admissible", "check_boundaries", "search_two_stage"]

Criterion = Literal["optimal", "minimax"]

Boundary = tuple[int, int, int, int]
"""``(r1, n1, r, n)``: stop if X1 ≤ r1 of n1, reject the null if X > r of n."""


@final
@dataclass(frozen=True, slots=True)
class _Tables:
    """Binomial tables under one response rate."""

    pmf: Float[np.ndarray, "n x"]
    tail: Float[np.ndarray, "n x"]

    def rejection(
        self,
        r1: Int[np.ndarray, " candidate"],
        n1: Int[np.ndarray, " candidate"],
        r: Int[np.ndarray, " candidate"],
        n: int,
    ) -> Float[np.ndarray, " candidate"]:
        """P(X1 > r1, X > r) = P(X > r) − Σ_{x ≤ r1} b(x; n1) P(X2 > r − x)."""
        x = np.arange(int(r1.max(initial=-1)) + 1)
        needed = np.clip(r[:, None] + 1 - x, 0, self.tail.shape[1] - 1)
        stopped = self.pmf[n1[:, None], x] * self.tail[(n - n1)[:, None], needed]
        return np.asarray(
            self.tail[n, r + 1] - np.where(x <= r1[:, None], stopped, 0.0).sum(axis=1)
        )


def search_two_stage(
    *, p0: float, p1: float, alpha: float, beta: float, n_max: int, criterion: Criterion
) -> Boundary:
    """Find the two-stage design with the smallest EN(p0) (optimal) or the smallest n (minimax).

    Every (n, n1, r1) with r1 ≥ −1 is considered (−1 never stops early); r is the smallest that
    keeps the type I error *below* alpha, and the type II error must be *below* beta. Three facts
    spare nearly all of the work without changing the answer:

    * no test of n patients beats the randomised Neyman–Pearson test, so n below its power is
      skipped;
    * power cannot exceed P(X1 > r1) nor P(X > r), which bounds r1 and r from above;
    * the expected size is known before the errors are, grows with n at fixed (r1, n1) and is never
      below n1, so once no candidate undercuts the best, none does at a larger n.

    Raises
    ------
    DesignError
        If the rates or errors are impossible, or no design exists up to ``n_max``.

    Examples
    --------
    >>> search_two_stage(p0=0.2, p1=0.4, alpha=0.05, beta=0.2, n_max=100, criterion="minimax")
    (4, 18, 10, 33)
    """
    front = _checked_front(p0, p1, alpha, beta, n_max, first_only=criterion == "minimax")
    return front[-1][0]


def admissible(
    *, p0: float, p1: float, alpha: float, beta: float, n_max: int
) -> list[tuple[Boundary, float, float]]:
    r"""Find every design that is best for some weight between the largest and the mean size.

    A design is admissible if for a weight q it minimises :math:`q\,n + (1-q)\,EN(p_0)`: the lower
    convex hull of the designs' (n, EN). Each comes with the range of q for which it is best; the
    first, at q = 1, is the minimax design and the last, at q = 0, the optimal one.

    Raises
    ------
    DesignError
        If the rates or errors are impossible, or no design exists up to ``n_max``.

    References
    ----------
    Jung, Lee, Kim and George 2004, Statistics in Medicine 23:561–569, doi:10.1002/sim.1600.

    Examples
    --------
    >>> found = admissible(p0=0.05, p1=0.25, alpha=0.1, beta=0.1, n_max=60)
    >>> [design for design, low, high in found]
    [(0, 13, 2, 20), (0, 11, 2, 21), (0, 10, 2, 22), (0, 9, 2, 24)]
    """
    front = _checked_front(p0, p1, alpha, beta, n_max, first_only=False)
    hull: list[tuple[Boundary, float]] = []
    for boundary, expected in front:
        while len(hull) > 1 and _above(hull[-2], hull[-1], (boundary, expected)):
            hull.pop()
        hull.append((boundary, expected))
    weights = [1.0, *(_weight(a, b) for a, b in pairwise(hull)), 0.0]
    return [(hull[k][0], weights[k + 1], weights[k]) for k in range(len(hull))]


def _weight(small: tuple[Boundary, float], large: tuple[Boundary, float]) -> float:
    """Return the weight q of n at which two designs are equally good."""
    saved, more = small[1] - large[1], large[0][3] - small[0][3]
    return saved / (saved + more)


def _above(
    left: tuple[Boundary, float], middle: tuple[Boundary, float], right: tuple[Boundary, float]
) -> bool:
    """Whether the middle design is best for no weight."""
    return _weight(left, middle) <= _weight(middle, right)


def _checked_front(
    p0: float, p1: float, alpha: float, beta: float, n_max: int, *, first_only: bool
) -> list[tuple[Boundary, float]]:
    """Check the numbers and search; complain where nothing is found."""
    check_rates("simon_two_stage", p0=p0, p1=p1)
    if not (0.0 < alpha < 1.0 and 0.0 < beta < 1.0 - alpha and n_max >= 2):
        raise DesignError(
            f"simon_two_stage: alpha = {alpha:g}, beta = {beta:g}, n_max = {n_max}. "
            "Fix: give errors above 0 that sum to less than 1, and n_max of at least 2"
        )
    front = _front(p0, p1, alpha, beta, n_max, first_only=first_only)
    if not front:
        raise DesignError(
            f"no two-stage design of at most {n_max} patients tells {p0:g} from {p1:g} with "
            f"alpha < {alpha:g} and beta < {beta:g}. Fix: raise n_max, move the rates apart or "
            "allow larger errors"
        )
    return front


def check_boundaries(r1: int, n1: int, r: int, n: int) -> None:
    """Refuse numbers that do not describe a two-stage design.

    Raises
    ------
    DesignError
        Unless −1 ≤ r1 < n1 < n and r1 ≤ r < n.

    Examples
    --------
    >>> check_boundaries(3, 43, 12, 13)
    Traceback (most recent call last):
    ...
    progenitor.errors.DesignError: r1/n1 = 3/43, r/n = 12/13 is not a two-stage design. Fix: ...
    """
    if not (-1 <= r1 < n1 < n and max(r1, 0) <= r < n):
        raise DesignError(
            f"r1/n1 = {r1}/{n1}, r/n = {r}/{n} is not a two-stage design. "
            "Fix: give −1 ≤ r1 < n1 < n and r1 ≤ r < n"
        )


def _front(
    p0: float, p1: float, alpha: float, beta: float, n_max: int, *, first_only: bool
) -> list[tuple[Boundary, float]]:
    """Each n's best design with its EN(p0), where it beats every smaller n."""
    null, hoped = (_Tables(*binomial_tables(rate, n_max)) for rate in (p0, p1))
    reach = _largest_index(hoped.tail > 1.0 - beta) - 1  # largest r with P(X > r) > 1 − β, by n
    size = _largest_index(null.tail >= alpha)  # smallest r with P(X > r) < α, by n
    n1, r1 = _first_stages(reach)
    go_on = null.tail[n1, r1 + 1]  # 1 − PET under p0
    front: list[tuple[Boundary, float]] = []
    best_expected = np.inf
    for n in range(_fewest_patients(null, hoped, size, alpha, beta), n_max + 1):
        expected = n1 + go_on * (n - n1)
        chosen = np.flatnonzero((n1 < n) & (expected < best_expected))
        if not chosen.size and n > best_expected:
            break
        top = min(int(size[n]), int(reach[n]))
        found = _smallest_r(null, hoped, r1[chosen], n1[chosen], top, n, alpha, beta)
        feasible = np.flatnonzero(found >= 0)
        if feasible.size:
            at = feasible[np.argmin(expected[chosen[feasible]])]
            winner = chosen[at]
            best_expected = float(expected[winner])
            best = (int(r1[winner]), int(n1[winner]), int(found[at]), n)
            front.append((best, best_expected))
            if first_only:
                break
    return front


def _largest_index(holds: Bool[np.ndarray, "n x"]) -> Int[np.ndarray, " n"]:
    """Largest x at which a condition that holds first and fails later still holds; −1 if never."""
    return np.asarray(np.count_nonzero(holds, axis=1)) - 1


def _first_stages(
    reach: Int[np.ndarray, " n"],
) -> tuple[Int[np.ndarray, " candidate"], Int[np.ndarray, " candidate"]]:
    """Every (n1, r1), n1 ≥ 1 and r1 ≥ −1, whose P(X1 > r1 | p1) still exceeds 1 − β."""
    counts = reach[1:] + 2
    n1 = np.repeat(np.arange(1, reach.size), counts)
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    return n1, np.arange(n1.size) - starts - 1


def _fewest_patients(
    null: _Tables, hoped: _Tables, size: Int[np.ndarray, " n"], alpha: float, beta: float
) -> int:
    """Smallest n at which the randomised Neyman–Pearson test of level α has power > 1 − β."""
    n = np.arange(size.size)
    inside = np.maximum(size, 0)
    share = (alpha - null.tail[n, inside + 1]) / null.pmf[n, inside]
    power = hoped.tail[n, inside + 1] + share * hoped.pmf[n, inside]
    enough = np.flatnonzero(power > 1.0 - beta)
    return int(enough[0]) if enough.size else int(size.size)


def _smallest_r(
    null: _Tables,
    hoped: _Tables,
    r1: Int[np.ndarray, " candidate"],
    n1: Int[np.ndarray, " candidate"],
    top: int,
    n: int,
    alpha: float,
    beta: float,
) -> Int[np.ndarray, " candidate"]:
    """Smallest r ≤ ``top`` with both errors below their limits, −1 where there is none."""
    found = np.full(r1.size, -1)
    alive = np.flatnonzero(r1 <= top)
    if not alive.size:
        return found
    r1, n1 = r1[alive], n1[alive]
    high = np.full(alive.size, top)
    possible = null.rejection(r1, n1, high, n) < alpha
    alive, r1, n1, high = alive[possible], r1[possible], n1[possible], high[possible]
    low = np.maximum(r1, 0)
    while np.any(low < high):
        middle = (low + high) // 2
        small = null.rejection(r1, n1, middle, n) < alpha
        high = np.where(small, middle, high)
        low = np.where(small, low, np.minimum(middle + 1, high))
    powerful = hoped.rejection(r1, n1, high, n) > 1.0 - beta
    found[alive[powerful]] = high[powerful]
    return found
