"""Where the rate of toxicities most likely lies: intervals compared by posterior density."""

import numpy as np
from jaxtyping import Float

from progenitor.errors import DesignError
from progenitor.trial._interval_rule import IntervalRule
from progenitor.trial._toxicity_limit import elimination_boundary

__all__ = ["check_margins", "interval_rule", "keys_around"]

SLIVER = 1e-9
"""A rest of the axis shorter than this is rounding, not a key."""
TIE = 1e-11
"""Densities that differ by less, relatively, are equal: keys that mirror each other about ½ are."""


def keys_around(
    target: float, margin_left: float, margin_right: float
) -> tuple[Float[np.ndarray, " edge"], int]:
    """Repeat the target key to both sides until the keys cover 0 … 1.

    Returns
    -------
    edges
        Limits of the keys, rising (edge,).
    aim
        Which key is the target key.

    Examples
    --------
    >>> edges, aim = keys_around(0.3, 0.05, 0.05)
    >>> edges.round(2).tolist(), aim
    ([0.0, 0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95, 1.0], 3)
    """
    width, low, high = margin_left + margin_right, target - margin_left, target + margin_right
    below = int(np.floor((low + SLIVER) / width))
    above = int(np.floor((1.0 - high + SLIVER) / width))
    edges = np.concatenate(
        [low - width * np.arange(below, 0, -1), [low, high], high + width * np.arange(1, above + 1)]
    )
    first, last = bool(edges[0] > SLIVER), bool(edges[-1] < 1.0 - SLIVER)
    whole = np.concatenate([[0.0] * first, edges, [1.0] * last])
    whole[0], whole[-1] = 0.0, 1.0
    return whole, below + int(first)


def interval_rule(
    edges: Float[np.ndarray, " edge"],
    aim: int,
    largest: int,
    *,
    target: float,
    cutoff: float,
    early: int | None,
) -> IntervalRule:
    """Tabulate what the interval of greatest posterior density asks for, for each count.

    Escalate where it lies below interval ``aim``, de-escalate where above; of intervals equally
    dense the highest counts.

    Examples
    --------
    >>> edges, aim = keys_around(0.3, 0.05, 0.05)
    >>> rule = interval_rule(edges, aim, 6, target=0.3, cutoff=0.95, early=None)
    >>> rule.escalate[1:].tolist(), rule.deescalate[1:].tolist()
    ([0, 0, 0, 0, 1, 1], [1, 1, 2, 2, 2, 3])
    """
    from scipy.special import betainc

    n, y = np.arange(largest + 1)[:, None], np.arange(largest + 1)
    safe_y = np.minimum(y, n)
    chance = np.diff(betainc(1.0 + safe_y[..., None], 1.0 + (n - safe_y)[..., None], edges))
    density = chance / np.diff(edges)
    count = edges.size - 1
    most = density.max(axis=2, keepdims=True)
    strongest = count - 1 - np.argmax((density >= most * (1.0 - TIE))[..., ::-1], axis=2)
    inside = y <= n
    up, down = inside & (strongest < aim), inside & (strongest > aim)
    sizes = np.arange(largest + 1)
    eliminate = elimination_boundary(target, cutoff, sizes)
    first_down = np.where(down.any(axis=1), down.argmax(axis=1), sizes + 1)
    return IntervalRule(
        escalate=np.where(up.any(axis=1), largest - up[:, ::-1].argmax(axis=1), -1),
        deescalate=np.minimum(first_down, eliminate),
        eliminate=eliminate,
        stop_lowest=eliminate,
        target=target,
        early_stop=early,
    )


def check_margins(design: str, target: float, margin_left: float, margin_right: float) -> None:
    """Refuse a target interval that leaves no room on both sides.

    Raises
    ------
    DesignError
        Unless the margins are positive and 0 < target − left, target + right < 1.

    Examples
    --------
    >>> check_margins("keyboard", 0.3, 0.05, 0.05)
    """
    if not (
        margin_left > 0.0
        and margin_right > 0.0
        and target - margin_left > 0.0
        and target + margin_right < 1.0
    ):
        raise DesignError(
            f"{design}: target = {target:g} with margins {margin_left:g} and {margin_right:g} does "
            "not fit. Fix: give positive margins with 0 < target − margin and target + margin < 1"
        )
