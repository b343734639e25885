"""Toxicity monitored by repeated exact tests with one overall error."""

from dataclasses import dataclass, field
from typing import final

import numpy as np

from progenitor.errors import InputError, Problem
from progenitor.trial._binomial_tables import binomial_tables
from progenitor.trial._decision import Decision
from progenitor.trial._looks import check_looks
from progenitor.trial._repeated_boundary import boundary_levels, nominal_boundary
from progenitor.trial._toxicity_walk import ToxicityCharacteristics, toxicity_characteristics

__all__ = ["RepeatedToxicityTest"]


@final
@dataclass(frozen=True, slots=True)
class RepeatedToxicityTest:
    r"""Stop when toxicities are more than an acceptable rate explains, at any of several looks.

    At look k, after :math:`n_k` of :math:`n_K` patients, the nominal level is

    .. math:: \alpha_k = \Phi\!\left(\Phi^{-1}(\alpha)\,(n_k/n_K)^{-\delta}\right)

    (δ = 0 as Pocock, ½ as O'Brien–Fleming), and more toxicities than the smallest r with
    :math:`P(X > r \mid n_k, p_{lo}) \le \alpha_k` stop the trial. The boundary is a step function
    of α: ``stop_if_gt`` is the largest step whose probability to cross it at :math:`p_{lo}` is at
    most ``error``, and ``looser`` the next one.

    Parameters
    ----------
    acceptable, unacceptable
        Toxicity rates p_lo and p_hi.
    looks
        Patients at each look.
    error
        Probability allowed to stop at the acceptable rate.
    delta
        Shape, from 0 to ½.

    Attributes
    ----------
    stop_if_gt, looser
        Largest tolerated count at each look for the two boundaries around ``error``.

    Raises
    ------
    InputError
        Listing every number that is impossible.
    DesignError
        If the looks do not increase.

    References
    ----------
    Ivanova, Qaqish and Schell 2005, Biometrics 61:540–545, doi:10.1111/j.1541-0420.2005.00311.x;
    Wang and Tsiatis 1987, Biometrics 43:193–199 (shape).

    Examples
    --------
    >>> rule = RepeatedToxicityTest(0.2, 0.4, (5, 10, 15, 20, 25), error=0.1)
    >>> rule.stop_if_gt, rule.looser, round(rule.characteristics(0.2).crossing, 6)
    ((3, 4, 6, 7, 8), (2, 4, 6, 7, 8), 0.074219)
    """

    acceptable: float
    unacceptable: float
    looks: tuple[int, ...]
    error: float = 0.1
    delta: float = 0.0
    stop_if_gt: tuple[int, ...] = field(init=False)
    looser: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._check()
        tails = binomial_tables(self.acceptable, self.looks[-1])[1]
        shape = (np.asarray(self.looks) / self.looks[-1]) ** self.delta
        levels = boundary_levels(tails, self.looks, shape)

        def step(index: int) -> tuple[int, ...]:
            """Boundary of the family: at −1 nothing stops, after the last no toxicity does."""
            if index < 0:
                return tuple(self.looks)
            if index == levels.size:
                return (-1,) * len(self.looks)
            return nominal_boundary(tails, self.looks, shape, float(levels[index]))

        low, high = -1, int(levels.size)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._keeps(step(middle)) else (low, middle)
        strict, loose = step(low), step(high)
        object.__setattr__(self, "stop_if_gt", strict)
        object.__setattr__(self, "looser", loose)

    def _check(self) -> None:
        check_looks("toxicity test", self.looks)
        problems = []
        if not 0.0 < self.acceptable < self.unacceptable < 1.0:
            text = f"rates {self.acceptable:g} and {self.unacceptable:g}"
            problems.append(Problem(text, "give 0 < acceptable < unacceptable < 1"))
        if not 0.0 < self.error < 1.0:
            problems.append(Problem(f"error = {self.error:g}", "give an error between 0 and 1"))
        if not 0.0 <= self.delta <= 0.5:
            problems.append(Problem(f"delta = {self.delta:g}", "give a shape from 0 to 0.5"))
        if problems:
            raise InputError(problems)

    def _keeps(self, boundary: tuple[int, ...]) -> bool:
        stops = tuple(limit + 1 for limit in boundary)
        found = toxicity_characteristics(self.looks, stops, self.acceptable)
        return found.crossing <= self.error

    def characteristics(self, rate: float, *, looser: bool = False) -> ToxicityCharacteristics:
        """Exact crossing probability and expected size at a true rate, of either boundary."""
        boundary = self.looser if looser else self.stop_if_gt
        return toxicity_characteristics(self.looks, tuple(k + 1 for k in boundary), rate)

    def decide(self, toxicities: int, patients: int) -> Decision:
        """Say whether enrolment stops at a look; the value is True where it does."""
        problems = []
        if patients not in self.looks:
            shown = ", ".join(map(str, self.looks))
            problems.append(Problem(f"no look after {patients} patients", f"give one of {shown}"))
        if not 0 <= toxicities <= patients:
            problems.append(Problem(f"{toxicities} toxicities of {patients}", "give 0 ≤ y ≤ n"))
        if problems:
            raise InputError(problems)
        limit = self.stop_if_gt[self.looks.index(patients)]
        stop = toxicities > limit
        message = (
            f"{toxicities} of {patients} patients had a toxicity, "
            f"{'more' if stop else 'not more'} than {limit}: "
            f"enrolment {'stops' if stop else 'goes on'}."
        )
        evidence = {"toxicities": toxicities, "n": patients, "stop_if_gt": limit}
        return Decision(stop, message, "stopped for toxicity" if stop else "goes on", evidence)
