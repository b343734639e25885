"""Bayesian optimal Phase II design (BOP2) with a binary endpoint."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, final

import numpy as np
from jaxtyping import Bool

from progenitor.trial._binomial_tables import check_rates
from progenitor.trial._bop2_search import bop2_boundaries, check_threshold, search_bop2
from progenitor.trial._decision import Decision, Decisions, enough_patients, percent
from progenitor.trial._looks import Characteristics, Looks, check_looks
from progenitor.trial._posterior import check_prior

__all__ = ["Bop2"]


@final
@dataclass(frozen=True, slots=True)
class Bop2:
    r"""Stop at any look where the posterior that the treatment works is too small.

    After n of N patients the trial goes on (at the end: succeeds) unless

    .. math:: P(p > p_0 \mid data) < \lambda\,(n/N)^\gamma, \qquad p \sim Beta(a, b)

    ``search`` finds λ and γ with the greatest power among those that keep the type I error; all
    probabilities are exact, by following the count of responders from look to look.

    Parameters
    ----------
    p0, p1
        Response rate of no interest and rate hoped for.
    looks
        Patients at each look, the last being the size of the trial.
    threshold, exponent
        λ and γ.
    prior
        Shapes of the Beta prior; (p0, 1 − p0), worth one patient, is the authors' choice.

    Attributes
    ----------
    stop_if_le
        Largest number of responders that stops at each look; −1 where none does.
    alpha, power, pet0, en0, pet1, en1
        Exact success probability at p0 and p1; early stopping and expected patients at both.

    References
    ----------
    Zhou, Lee and Yuan 2017, Statistics in Medicine 36:3302–3314, doi:10.1002/sim.7338.

    Examples
    --------
    >>> design = Bop2.search(p0=0.2, p1=0.4, looks=(10, 20, 30, 40), alpha=0.1)
    >>> design.threshold, design.exponent, design.stop_if_le, round(design.power, 6)
    (0.86, 0.92, (1, 3, 7, 11), 0.886422)
    """

    p0: float
    p1: float
    looks: tuple[int, ...]
    threshold: float
    exponent: float
    prior: tuple[float, float]
    stop_if_le: tuple[int, ...] = field(init=False)
    alpha: float = field(init=False)
    power: float = field(init=False)
    pet0: float = field(init=False)
    en0: float = field(init=False)
    pet1: float = field(init=False)
    en1: float = field(init=False)
    name: ClassVar[str] = "bop2"

    def __post_init__(self) -> None:
        check_rates(self.name, p0=self.p0, p1=self.p1)
        check_looks(self.name, self.looks)
        check_threshold(self.threshold, self.exponent)
        check_prior(*self.prior)
        stops = bop2_boundaries(
            self.looks, self.p0, self.prior, np.array([self.threshold]), np.array([self.exponent])
        )
        object.__setattr__(self, "stop_if_le", tuple(int(stop) for stop in stops[0]))
        for rate, success, digit in ((self.p0, "alpha", 0), (self.p1, "power", 1)):
            found = self.characteristics(rate)
            object.__setattr__(self, success, found.success)
            object.__setattr__(self, f"pet{digit}", found.early_stop)
            object.__setattr__(self, f"en{digit}", found.expected_patients)

    @classmethod
    def search(
        cls,
        *,
        p0: float,
        p1: float,
        looks: tuple[int, ...],
        alpha: float,
        prior: tuple[float, float] | None = None,
    ) -> "Bop2":
        """Find λ and γ with the greatest power at p1 whose type I error is at most ``alpha``."""
        prior = (p0, 1.0 - p0) if prior is None else prior
        threshold, exponent = search_bop2(p0=p0, p1=p1, looks=looks, alpha=alpha, prior=prior)
        return cls(p0, p1, looks, threshold, exponent, prior)

    @property
    def patients(self) -> int:
        """Largest number of patients a trial can need."""
        return self.looks[-1]

    def characteristics(self, rate: float) -> Characteristics:
        """Exact success, early stopping and expected size at a response rate."""
        return Looks(self.looks, self.stop_if_le).characteristics(rate)

    def success_probability(self, rate: float) -> float:
        """Probability of success when every patient responds with probability ``rate``."""
        return self.characteristics(rate).success

    @property
    def numbers(self) -> Mapping[str, float]:
        """The design's own numbers, for tables."""
        names = ("p0", "p1", "threshold", "exponent", "alpha", "power", "pet0", "en0")
        return {name: getattr(self, name) for name in names} | {"n": self.patients}

    @property
    def description(self) -> str:
        """The design in one paragraph."""
        stops = ", ".join(
            f"{stop} of {n}" for stop, n in zip(self.stop_if_le, self.looks, strict=True)
        )
        return (
            f"Bayesian optimal Phase II (BOP2): up to {self.patients} patients, stopped when at "
            f"most {stops} responded (−1: never); more than {self.stop_if_le[-1]} of "
            f"{self.patients} is a success. The rule is P(rate > {percent(self.p0)} | data) < "
            f"{self.threshold:g}·(n/{self.patients})^{self.exponent:g} under a "
            f"Beta({self.prior[0]:g}, {self.prior[1]:g}) prior. Exact type I error "
            f"{percent(self.alpha)} at {percent(self.p0)}, power {percent(self.power)} at "
            f"{percent(self.p1)}; at {percent(self.p0)}, {self.en0:.1f} patients are expected and "
            f"{percent(self.pet0)} of trials stop early."
        )

    def decide(self, responses: Bool[np.ndarray, " patient"]) -> Decision:
        """Conduct one trial on responses in order of enrolment and explain how it ended."""
        enough_patients(self.name, self.patients, responses.size)
        return Looks(self.looks, self.stop_if_le).decide(responses, self.p0)

    def conduct(self, responses: Bool[np.ndarray, "replicate patient"]) -> Decisions:
        """Conduct many trials at once; patients beyond the last look are never enrolled."""
        enough_patients(self.name, self.patients, responses.shape[1])
        return Looks(self.looks, self.stop_if_le).conduct(self, responses)
