"""Simon's two-stage single-arm design."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import ClassVar, final

import numpy as np
from jaxtyping import Bool

from progenitor.trial._binomial_tables import binomial_tables, check_rates
from progenitor.trial._decision import Decision, Decisions, enough_patients, percent, verdict
from progenitor.trial._looks import Looks
from progenitor.trial._simon_inference import TwoStageInference, two_stage_inference
from progenitor.trial._simon_search import Criterion, check_boundaries, search_two_stage
from progenitor.trial._simon_search import admissible as search_admissible

__all__ = ["SimonTwoStage"]


@final
@dataclass(frozen=True, slots=True)
class SimonTwoStage:
    r"""Stop after ``n1`` patients if at most ``r1`` responded; succeed if more than ``r`` of ``n``.

    With :math:`X_1 \sim B(n_1, p)` responders in the first stage and X in all,

    .. math::

        PET = P(X_1 \le r_1), \quad EN = n_1 + (1 - PET)(n - n_1), \quad
        P(success) = P(X_1 > r_1, X > r)

    Parameters
    ----------
    p0, p1
        Response rate of no interest and rate hoped for.
    r1, n1, r, n
        Boundary and size of the first stage and of the whole; ``r1 = -1`` never stops early.

    Attributes
    ----------
    en0, pet0, alpha, power
        Mean patients, probability of early stop and of success at p0; of success at p1. All exact.

    References
    ----------
    Simon 1989, Controlled Clinical Trials 10:1–10, doi:10.1016/0197-2456(89)90015-9, Tables 1–2.

    Examples
    --------
    >>> design = SimonTwoStage.search(p0=0.2, p1=0.4, alpha=0.05, beta=0.2)
    >>> design.r1, design.n1, design.r, design.n, round(design.en0, 2), round(design.pet0, 3)
    (3, 13, 12, 43, 20.58, 0.747)
    """

    p0: float
    p1: float
    r1: int
    n1: int
    r: int
    n: int
    en0: float = field(init=False)
    pet0: float = field(init=False)
    alpha: float = field(init=False)
    power: float = field(init=False)
    name: ClassVar[str] = "simon_two_stage"

    def __post_init__(self) -> None:
        check_rates(self.name, p0=self.p0, p1=self.p1)
        check_boundaries(self.r1, self.n1, self.r, self.n)
        stop = float(binomial_tables(self.p0, self.n1)[0][self.n1, : self.r1 + 1].sum())
        object.__setattr__(self, "pet0", stop)
        object.__setattr__(self, "en0", self.n1 + (1.0 - stop) * (self.n - self.n1))
        object.__setattr__(self, "alpha", self.success_probability(self.p0))
        object.__setattr__(self, "power", self.success_probability(self.p1))

    @classmethod
    def search(
        cls,
        *,
        p0: float,
        p1: float,
        alpha: float,
        beta: float,
        n_max: int = 200,
        criterion: Criterion = "optimal",
    ) -> "SimonTwoStage":
        """Find the design with the smallest EN(p0) (``"optimal"``) or smallest n (``"minimax"``).

        Errors must be *below* ``alpha`` and ``beta``; ``DesignError`` where no design keeps them.
        """
        limits = {"p0": p0, "p1": p1, "alpha": alpha, "beta": beta}
        r1, n1, r, n = search_two_stage(**limits, n_max=n_max, criterion=criterion)
        return cls(p0=p0, p1=p1, r1=r1, n1=n1, r=r, n=n)

    @classmethod
    def admissible(
        cls, *, p0: float, p1: float, alpha: float, beta: float, n_max: int = 200
    ) -> "tuple[tuple[SimonTwoStage, float, float], ...]":
        """Find the designs best for some weight q of n against EN(p0), and the ranges of q."""
        found = search_admissible(p0=p0, p1=p1, alpha=alpha, beta=beta, n_max=n_max)
        return tuple((cls(p0, p1, *design), low, high) for design, low, high in found)

    @property
    def patients(self) -> int:
        """Largest number of patients a trial can need."""
        return self.n

    def success_probability(self, rate: float) -> float:
        """Probability of success when every patient responds with probability ``rate``."""
        pmf, tail = binomial_tables(rate, self.n)
        x1 = np.arange(self.r1 + 1, self.n1 + 1)
        return float(pmf[self.n1, x1] @ tail[self.n - self.n1, np.maximum(self.r + 1 - x1, 0)])

    @property
    def numbers(self) -> Mapping[str, float]:
        """The design's own numbers, for tables."""
        return asdict(self)

    @property
    def description(self) -> str:
        """The design in one paragraph."""
        return (
            f"Simon two-stage: stop after {self.n1} patients if at most {self.r1} respond, else "
            f"treat {self.n} and succeed if more than {self.r} respond. Exact type I error "
            f"{percent(self.alpha)} at {percent(self.p0)}, power {percent(self.power)} at "
            f"{percent(self.p1)}; at {percent(self.p0)}, {self.en0:.1f} patients are expected and "
            f"{percent(self.pet0)} of trials stop early."
        )

    def inference(self, x: int, *, level: float = 0.95) -> TwoStageInference:
        """Estimate the rate after ``x`` responders in all, allowing for the early stop."""
        design = {"r1": self.r1, "n1": self.n1, "r": self.r, "n": self.n}
        return two_stage_inference(**design, x=x, p0=self.p0, level=level)

    def decide(self, responses: Bool[np.ndarray, " patient"]) -> Decision:
        """Conduct one trial on responses in order of enrolment and explain how it ended."""
        enough_patients(self.name, self.n, responses.size)
        first, total = int(responses[: self.n1].sum()), int(responses[: self.n].sum())
        if first <= self.r1:
            return Looks((self.n1, self.n), (self.r1, self.r)).decide(responses, self.p0)
        begin = f"{first} of the first {self.n1} patients responded, "
        end = verdict(responders=total, patients=self.n, boundary=self.r, p0=self.p0)
        message = f"{begin}more than {self.r1}, so the trial went on. {end.message}"
        stages = {"r1": self.r1, "n1": self.n1, "first_stage": first, **end.evidence}
        return Decision(end.value, message, end.label, stages)

    def conduct(self, responses: Bool[np.ndarray, "replicate patient"]) -> Decisions:
        """Conduct many trials at once; patients beyond ``n`` are never enrolled."""
        enough_patients(self.name, self.n, responses.shape[1])
        return Looks((self.n1, self.n), (self.r1, self.r)).conduct(self, responses)
