"""Single-arm, single-stage design with the exact binomial test."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import ClassVar, final

import numpy as np
from jaxtyping import Bool

from progenitor.errors import DesignError
from progenitor.trial._binomial_tables import binomial_tables, check_rates
from progenitor.trial._decision import Decision, Decisions, enough_patients, percent, verdict
from progenitor.trial._exact_search import search_single_stage

__all__ = ["ExactBinomial"]


@final
@dataclass(frozen=True, slots=True)
class ExactBinomial:
    r"""Treat ``n`` patients and succeed if more than ``r`` respond.

    .. math::

        \alpha = P(X > r \mid n, p_0), \qquad power = P(X > r \mid n, p_1)

    Both are exact. As X is a whole number, power is a saw-tooth in n: one patient more can force r
    up by one and power *down*, so a larger trial may miss a power that a smaller one reached.
    ``search`` returns the smallest n that reaches it; ``steady=True`` asks for the smallest n from
    which every larger n up to ``n_max`` reaches it too, so that an extra patient never hurts.

    Parameters
    ----------
    p0, p1
        Response rate of no interest and rate hoped for.
    r, n
        Boundary and size of the trial.

    Attributes
    ----------
    alpha, power
        Exact probability of success at p0 and at p1.

    Raises
    ------
    DesignError
        If the numbers do not describe a design.

    References
    ----------
    A'Hern 2001, Statistics in Medicine 20:859–866, doi:10.1002/sim.721.

    Examples
    --------
    >>> design = ExactBinomial.search(p0=0.1, p1=0.2, alpha=0.05, power=0.8)
    >>> design.r, design.n, round(design.alpha, 4), round(design.power, 4)
    (12, 78, 0.0453, 0.8082)
    """

    p0: float
    p1: float
    r: int
    n: int
    alpha: float = field(init=False)
    power: float = field(init=False)
    name: ClassVar[str] = "exact_binomial"

    def __post_init__(self) -> None:
        check_rates(self.name, p0=self.p0, p1=self.p1)
        if not 0 <= self.r < self.n:
            raise DesignError(
                f"{self.name}: r/n = {self.r}/{self.n} is not a design. Fix: give 0 ≤ r < n"
            )
        object.__setattr__(self, "alpha", self.success_probability(self.p0))
        object.__setattr__(self, "power", self.success_probability(self.p1))

    @classmethod
    def search(
        cls,
        *,
        p0: float,
        p1: float,
        alpha: float,
        power: float,
        n_max: int = 500,
        steady: bool = False,
    ) -> "ExactBinomial":
        """Find the smallest n with type I error at most ``alpha`` and power at least ``power``.

        Raises
        ------
        DesignError
            If the rates or errors are impossible, or no design exists up to ``n_max``.
        """
        r, n = search_single_stage(
            p0=p0, p1=p1, alpha=alpha, power=power, n_max=n_max, steady=steady
        )
        return cls(p0=p0, p1=p1, r=r, n=n)

    @property
    def patients(self) -> int:
        """Number of patients of every trial."""
        return self.n

    def success_probability(self, rate: float) -> float:
        """Probability of success when every patient responds with probability ``rate``."""
        return float(binomial_tables(rate, self.n)[1][self.n, self.r + 1])

    @property
    def numbers(self) -> Mapping[str, float]:
        """The design's own numbers, for tables."""
        return asdict(self)

    @property
    def description(self) -> str:
        """The design in one paragraph."""
        return (
            f"Exact binomial, one stage: treat {self.n} patients and succeed if more than {self.r} "
            f"respond. Exact type I error {percent(self.alpha)} at {percent(self.p0)}, power "
            f"{percent(self.power)} at {percent(self.p1)}."
        )

    def decide(self, responses: Bool[np.ndarray, " patient"]) -> Decision:
        """Conduct one trial and explain how it ended."""
        enough_patients(self.name, self.n, responses.size)
        total = int(responses[: self.n].sum())
        return verdict(responders=total, patients=self.n, boundary=self.r, p0=self.p0)

    def conduct(self, responses: Bool[np.ndarray, "replicate patient"]) -> Decisions:
        """Conduct many trials at once; patients beyond ``n`` are never enrolled."""
        enough_patients(self.name, self.n, responses.shape[1])
        total = responses[:, : self.n].sum(axis=1)
        return Decisions(
            design=self,
            success=total > self.r,
            stopped_early=np.zeros(total.size, dtype=bool),
            patients=np.full(total.size, self.n),
            responders=total,
            outcomes=responses,
        )
