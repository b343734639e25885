"""Single-arm design monitored by its predictive probability of success (Lee and Liu)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, final

import numpy as np
from jaxtyping import Bool

from progenitor.errors import InputError, Problem
from progenitor.trial._decision import Decision, Decisions, enough_patients, percent
from progenitor.trial._looks import Looks
from progenitor.trial._posterior import check_prior, posterior_exceeds, predictive_probability

__all__ = ["PredictiveProbability"]


@final
@dataclass(frozen=True, slots=True)
class PredictiveProbability:
    r"""Stop once success at the end has become too unlikely, given what is known.

    From ``nmin`` patients on, after every patient, the trial stops without success if the
    predictive probability :math:`PP < \theta_L`, and with success if :math:`PP > \theta_U` (never,
    by default). After ``nmax`` patients it succeeds if :math:`P(p > p_0 \mid data) > \theta_T`.

    Parameters
    ----------
    p0
        Response rate of no interest.
    nmax
        Size of the trial.
    theta_t, theta_l, theta_u
        Posterior probability that means success; predictive probabilities that stop.
    prior
        Shapes of the Beta prior of the rate.
    nmin
        Patients at the first look.

    Attributes
    ----------
    stop_if_le, success_if_ge
        Largest count that stops for futility at each look (−1: none), smallest that stops with
        success (one more than the patients: none).

    References
    ----------
    Lee and Liu 2008, Clinical Trials 5:93–106, doi:10.1177/1740774508089279.

    Examples
    --------
    >>> design = PredictiveProbability(p0=0.2, nmax=36, theta_t=0.922, theta_l=0.001,
    ...                                prior=(0.2, 0.8), nmin=10)
    >>> design.stop_if_le[-3:], round(design.success_probability(0.2), 6)
    ((8, 9, 10), 0.087779)
    """

    p0: float
    nmax: int
    theta_t: float
    theta_l: float
    theta_u: float = 1.0
    prior: tuple[float, float] = (1.0, 1.0)
    nmin: int = 1
    stop_if_le: tuple[int, ...] = field(init=False)
    success_if_ge: tuple[int, ...] = field(init=False)
    name: ClassVar[str] = "predictive_probability"

    def __post_init__(self) -> None:
        self._check()
        low, high, size = [], [], self.nmax
        a, b = self.prior
        rule = {"a": a, "b": b, "p0": self.p0, "theta_t": self.theta_t}
        for n in self.looks[:-1]:
            pp = predictive_probability(np.arange(n + 1), n, size, **rule)
            low.append(int(np.count_nonzero(pp < self.theta_l)) - 1)
            high.append(n + 1 - int(np.count_nonzero(pp > self.theta_u)))
        end = posterior_exceeds(np.arange(size + 1), size, a=a, b=b, rate=self.p0)
        low.append(int(np.count_nonzero(end <= self.theta_t)) - 1)
        object.__setattr__(self, "stop_if_le", tuple(low))
        object.__setattr__(self, "success_if_ge", (*high, low[-1] + 1))

    def _check(self) -> None:
        check_prior(*self.prior)
        problems = [
            Problem(f"{name} = {value:g}", "give a probability between 0 and 1", field=self.name)
            for name, value in (("p0", self.p0), ("theta_t", self.theta_t))
            if not 0.0 < value < 1.0
        ]
        if not 0.0 <= self.theta_l < self.theta_u <= 1.0:
            text = f"theta_l = {self.theta_l:g}, theta_u = {self.theta_u:g}"
            problems.append(Problem(text, "give 0 ≤ theta_l < theta_u ≤ 1", field=self.name))
        if not 1 <= self.nmin <= self.nmax:
            text = f"nmin = {self.nmin}, nmax = {self.nmax}"
            problems.append(Problem(text, "give 1 ≤ nmin ≤ nmax", field=self.name))
        if problems:
            raise InputError(problems)

    @property
    def looks(self) -> tuple[int, ...]:
        """Patients at each look."""
        return tuple(range(self.nmin, self.nmax + 1))

    @property
    def patients(self) -> int:
        """Largest number of patients a trial can need."""
        return self.nmax

    @property
    def boundaries(self) -> Looks:
        """The looks with their boundaries, which know the exact operating characteristics."""
        return Looks(self.looks, self.stop_if_le, self.success_if_ge)

    def success_probability(self, rate: float) -> float:
        """Probability of success when every patient responds with probability ``rate``."""
        return self.boundaries.success_probability(rate)

    @property
    def numbers(self) -> Mapping[str, float]:
        """The design's own numbers, for tables."""
        names = ("p0", "nmin", "nmax", "theta_t", "theta_l", "theta_u")
        return {name: float(getattr(self, name)) for name in names}

    @property
    def description(self) -> str:
        """The design in one paragraph."""
        at = self.boundaries.characteristics(self.p0)
        upper = f" and with success when it exceeds {self.theta_u:g}"
        efficacy = upper if self.theta_u < 1.0 else ""
        return (
            f"Predictive probability monitoring: up to {self.nmax} patients under a "
            f"Beta({self.prior[0]:g}, {self.prior[1]:g}) prior. From patient {self.nmin} on, the "
            "trial stops without success when the predictive probability of success falls below "
            f"{self.theta_l:g}{efficacy}; after {self.nmax} patients it succeeds if the posterior "
            f"probability of a rate above {percent(self.p0)} exceeds {self.theta_t:g}, that is if "
            f"more than {self.stop_if_le[-1]} respond. At {percent(self.p0)}: exact type I error "
            f"{percent(at.success)}, {percent(at.early_stop)} of trials stop early, "
            f"{at.expected_patients:.1f} patients expected."
        )

    def decide(self, responses: Bool[np.ndarray, " patient"]) -> Decision:
        """Conduct one trial on responses in order of enrolment and explain how it ended."""
        enough_patients(self.name, self.nmax, responses.size)
        return self.boundaries.decide(responses, self.p0)

    def conduct(self, responses: Bool[np.ndarray, "replicate patient"]) -> Decisions:
        """Conduct many trials at once; patients beyond ``nmax`` are never enrolled."""
        enough_patients(self.name, self.nmax, responses.shape[1])
        return self.boundaries.conduct(self, responses)
