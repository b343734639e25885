"""A trial looked at several times: exact paths of the count, conduct and prose."""

from dataclasses import dataclass
from itertools import pairwise
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import DesignError, InputError, Problem
from progenitor.trial._decision import AbstractDesign, Decision, Decisions, percent, verdict

__all__ = ["Characteristics", "Looks", "check_looks", "walk"]


@final
@dataclass(frozen=True, slots=True)
class Characteristics:
    """Exact operating characteristics of a monitored trial at one response rate.

    Parameters
    ----------
    rate
        True response rate.
    success
        Probability that the trial declares success.
    early_stop
        Probability that it ends before its last look for want of responses (PET).
    expected_patients
        Mean number of patients (EN).

    Examples
    --------
    >>> Looks((1, 2), (0, 1)).characteristics(0.5)
    Characteristics(rate=0.5, success=0.25, early_stop=0.5, expected_patients=1.5)
    """

    rate: float
    success: float
    early_stop: float
    expected_patients: float


@final
@dataclass(frozen=True, slots=True)
class Looks:
    """Boundaries of a single-arm trial looked at after fixed numbers of patients.

    At look k the trial stops without success if at most ``stop_if_le[k]`` of ``sizes[k]`` patients
    responded, and with success if at least ``success_if_ge[k]`` did. The last look always decides:
    more than its ``stop_if_le`` is a success.

    Parameters
    ----------
    sizes
        Patients at each look, increasing; the last is the size of the trial.
    stop_if_le
        Largest count that stops at each look; −1 where none does.
    success_if_ge
        Smallest count that ends with success at each look before the last; empty for never.

    Raises
    ------
    DesignError
        If sizes do not increase, or a boundary is missing or larger than its look.

    Examples
    --------
    >>> Looks((10, 20, 30, 40), (1, 3, 7, 11)).success_probability(0.4)  # doctest: +ELLIPSIS
    0.88642...
    """

    sizes: tuple[int, ...]
    stop_if_le: tuple[int, ...]
    success_if_ge: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        check_looks("looks", self.sizes)
        low, high = self.stop_if_le, self.success_if_ge
        fits = len(low) == len(self.sizes) and len(high) in (0, len(self.sizes))
        if not (fits and all(-1 <= x <= n for x, n in zip(low, self.sizes, strict=True))):
            raise DesignError(
                f"looks: {len(self.sizes)} looks with stop_if_le = {low} and success_if_ge = {high}"
                " do not fit. Fix: give one boundary for each look, from −1 to its patients"
            )

    def success_probability(self, rate: float) -> float:
        """Probability of success when every patient responds with probability ``rate``."""
        return self.characteristics(rate).success

    def characteristics(self, rate: float) -> Characteristics:
        """Exact success, early stopping and expected size at a response rate.

        Raises ``InputError`` for a rate that is no probability.
        """
        if not 0.0 <= rate <= 1.0:
            raise InputError([Problem(f"rate = {rate:g}", "give a probability")])
        high = np.array([self.success_if_ge]) if self.success_if_ge else None
        low, up = walk(self.sizes, np.array([self.stop_if_le]), high, rate)
        sizes = np.asarray(self.sizes, dtype=float)
        early = low[0, :-1] + up[0, :-1]
        expected = float(early @ sizes[:-1] + (1.0 - early.sum()) * sizes[-1])
        return Characteristics(rate, float(up[0].sum()), float(low[0, :-1].sum()), expected)

    def decide(self, responses: Bool[np.ndarray, " patient"], p0: float) -> Decision:
        """Conduct one trial and explain how it ended."""
        for look, n in enumerate(self.sizes[:-1]):
            count, low = int(responses[:n].sum()), self.stop_if_le[look]
            evidence = {"look": look + 1, "n": n, "responders": count, "stop_if_le": low}
            if count <= low:
                message = (
                    f"{count} of the first {n} patients responded, not more than {low}: "
                    "the trial stops for futility."
                )
                return Decision(
                    value=False, message=message, label="stopped early", evidence=evidence
                )
            if self.success_if_ge and count >= self.success_if_ge[look]:
                message = (
                    f"{count} of the first {n} patients responded, at least "
                    f"{self.success_if_ge[look]}: the trial stops early with success; "
                    f"a rate of {percent(p0)} or less is rejected."
                )
                return Decision(
                    value=True, message=message, label="early success", evidence=evidence
                )
        total = int(responses[: self.sizes[-1]].sum())
        return verdict(
            responders=total, patients=self.sizes[-1], boundary=self.stop_if_le[-1], p0=p0
        )

    def conduct(
        self, design: AbstractDesign, responses: Bool[np.ndarray, "replicate patient"]
    ) -> Decisions:
        """Conduct many trials at once; patients after the end are never enrolled."""
        sizes = np.asarray(self.sizes)
        counts = np.cumsum(responses, axis=1)[:, sizes - 1]
        low = np.asarray(self.stop_if_le)
        high = np.asarray(self.success_if_ge or sizes + 1)
        ends = (counts <= low) | (counts >= high)
        ends[:, -1] = True
        last = ends.argmax(axis=1)
        rows = np.arange(last.size)
        found = counts[rows, last]
        return Decisions(
            design=design,
            success=found > low[last],
            stopped_early=last < sizes.size - 1,
            patients=sizes[last],
            responders=found,
            outcomes=responses,
        )


def check_looks(design: str, sizes: tuple[int, ...]) -> None:
    """Refuse looks that do not increase from one patient on.

    Raises
    ------
    DesignError
        Unless 1 ≤ n₁ < n₂ < …

    Examples
    --------
    >>> check_looks("bop2", (20, 10))
    Traceback (most recent call last):
    ...
    progenitor.errors.DesignError: bop2: looks after 20, 10 patients do not increase. Fix: ...
    """
    if not sizes or sizes[0] < 1 or any(b <= a for a, b in pairwise(sizes)):
        shown = ", ".join(map(str, sizes)) or "no"
        raise DesignError(
            f"{design}: looks after {shown} patients do not increase. "
            "Fix: give increasing numbers of patients, such as 10, 20, 40"
        )


def walk(
    sizes: tuple[int, ...],
    low: Int[np.ndarray, "boundary look"],
    high: Int[np.ndarray, "boundary look"] | None,
    rate: float,
) -> tuple[Float[np.ndarray, "boundary look"], Float[np.ndarray, "boundary look"]]:
    r"""Follow the number of responders from look to look, for many boundaries at once.

    With :math:`f_k(x)` the probability to be at x responders at look k and not stopped before,

    .. math::

        f_{k+1}(x) = \sum_{low_k < u < high_k} f_k(u)\, b(x - u;\, n_{k+1} - n_k,\, p)

    Every term is positive, so nothing cancels.

    Parameters
    ----------
    sizes
        Patients at each look.
    low, high
        Counts that leave downwards (at most) and upwards (at least); ``high`` None for never.
        At the last look everything above ``low`` leaves upwards.
    rate
        Probability of response.

    Returns
    -------
    down, up
        Probability to leave at each look.

    Examples
    --------
    >>> down, up = walk((1, 2), np.array([[0, 1]]), None, 0.5)
    >>> down.tolist(), up.tolist()
    ([[0.5, 0.25]], [[0.0, 0.25]])
    """
    down, up = np.zeros(low.shape), np.zeros(low.shape)
    state, before = np.ones((low.shape[0], 1)), 0
    for look, n in enumerate(sizes):
        for _ in range(n - before):
            state = _one_more(state, rate)
        x, before = np.arange(n + 1), n
        leaves = x <= low[:, look, None]
        down[:, look] = np.where(leaves, state, 0.0).sum(axis=1)
        wins = np.zeros_like(leaves) if high is None else x >= high[:, look, None]
        if look == len(sizes) - 1:
            wins = ~leaves
        up[:, look] = np.where(wins & ~leaves, state, 0.0).sum(axis=1)
        state = np.where(leaves | wins, 0.0, state)
    return down, up


def _one_more(
    state: Float[np.ndarray, "boundary count"], rate: float
) -> Float[np.ndarray, "boundary more"]:
    """Probabilities of the count after one patient more."""
    longer = np.zeros((state.shape[0], state.shape[1] + 1))
    longer[:, :-1] = (1.0 - rate) * state
    longer[:, 1:] += rate * state
    return longer
