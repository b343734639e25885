"""Stopping for toxicity when the posterior rate is probably too high."""

from dataclasses import dataclass
from typing import final

import numpy as np

from progenitor.errors import InputError, Problem
from progenitor.trial._decision import Decision, percent
from progenitor.trial._posterior import check_prior, posterior_exceeds
from progenitor.trial._toxicity_walk import ToxicityCharacteristics, toxicity_characteristics

__all__ = ["BayesianToxicityStopping"]


@final
@dataclass(frozen=True, slots=True)
class BayesianToxicityStopping:
    r"""Stop enrolment when toxicity is probably above what is tolerable.

    After any n patients with y toxicities, stop if

    .. math:: P(p > p_T \mid y, n) > cut, \qquad p \sim Beta(a, b)

    Parameters
    ----------
    tolerable
        Toxicity rate p_T that should not be exceeded.
    cut
        Posterior probability above which the trial stops.
    prior
        Shapes of the Beta prior of the toxicity rate.

    Raises
    ------
    InputError
        Listing every number that is impossible.
    DesignError
        If the prior is not a distribution.

    References
    ----------
    Thall, Simon and Estey 1995, Statistics in Medicine 14:357–379, doi:10.1002/sim.4780140404.

    Examples
    --------
    >>> rule = BayesianToxicityStopping(tolerable=0.3, cut=0.9, prior=(0.5, 0.5))
    >>> rule.boundary(5), BayesianToxicityStopping(0.25, 0.95, (1, 1)).boundary(2)
    ((1, 2, 2, 3, 3), (None, 2))
    """

    tolerable: float
    cut: float
    prior: tuple[float, float] = (1.0, 1.0)

    def __post_init__(self) -> None:
        check_prior(*self.prior)
        problems = [
            Problem(f"{name} = {value:g}", "give a probability between 0 and 1", field=name)
            for name, value in (("tolerable", self.tolerable), ("cut", self.cut))
            if not 0.0 < value < 1.0
        ]
        if problems:
            raise InputError(problems)

    def stop_if_ge(self, n: int) -> int | None:
        """Smallest number of toxicities among n patients that stops; None where none does."""
        if n < 1:
            raise InputError([Problem(f"n = {n} patients", "give at least 1")])
        a, b = self.prior
        posterior = posterior_exceeds(np.arange(n + 1), n, a=a, b=b, rate=self.tolerable)
        going = int(np.count_nonzero(posterior <= self.cut))
        return going if going <= n else None

    def boundary(self, patients: int) -> tuple[int | None, ...]:
        """List the stopping numbers after 1, 2, … patients."""
        return tuple(self.stop_if_ge(n) for n in range(1, patients + 1))

    def characteristics(self, looks: tuple[int, ...], rate: float) -> ToxicityCharacteristics:
        """Exact probability to stop and expected size when looked at after ``looks`` patients."""
        stops = tuple(self.stop_if_ge(n) for n in looks)
        return toxicity_characteristics(
            looks, tuple(n + 1 if k is None else k for n, k in zip(looks, stops, strict=True)), rate
        )

    def decide(self, toxicities: int, patients: int) -> Decision:
        """Say whether enrolment stops; the value is True where it does."""
        limit = self.stop_if_ge(patients)
        if not 0 <= toxicities <= patients:
            raise InputError([Problem(f"{toxicities} toxicities of {patients}", "give 0 ≤ y ≤ n")])
        a, b = self.prior
        chance = float(posterior_exceeds(toxicities, patients, a=a, b=b, rate=self.tolerable))
        stop = limit is not None and toxicities >= limit
        message = (
            f"{toxicities} of {patients} patients had a toxicity: the rate exceeds "
            f"{percent(self.tolerable)} with probability {chance:.3f}, "
            f"{'more' if stop else 'not more'} than {self.cut:g}: "
            f"enrolment {'stops' if stop else 'goes on'}."
        )
        evidence = {
            "toxicities": toxicities, "n": patients, "posterior": chance, "cut": self.cut,
        }  # fmt: skip
        return Decision(stop, message, "stopped for toxicity" if stop else "goes on", evidence)
