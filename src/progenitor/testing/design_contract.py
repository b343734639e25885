"""What every trial design promises: it explains itself, and its probabilities are true."""

from dataclasses import dataclass
from itertools import pairwise
from typing import final

import numpy as np
from jaxtyping import Bool

from progenitor.engine import stream
from progenitor.errors import DesignError
from progenitor.trial import AbstractDesign

__all__ = ["DesignContract"]

RATES = (0.0, 0.05, 0.2, 0.35, 0.5, 0.8, 1.0)
REPLICATES = 4_000
STANDARD_ERRORS = 5.0
"""A check of a true probability fails by chance less than once in a million."""


@final
@dataclass(frozen=True, slots=True)
class DesignContract:
    """Checks of one single-arm design.

    Parameters
    ----------
    design
        The design with its numbers.
    seed
        Of the simulated responses.

    Examples
    --------
    >>> from progenitor.trial import ExactBinomial
    >>> DesignContract(ExactBinomial(p0=0.2, p1=0.4, r=12, n=43)).refuses_too_few_patients()
    """

    design: AbstractDesign
    seed: int = 1

    def explains_itself(self) -> None:
        """Its description and every decision name the numbers that were compared."""
        assert str(self.design.patients) in self.design.description
        assert all(np.isfinite(value) for value in self.design.numbers.values())
        for decision in map(self.design.decide, self._responses(0.3)[:20]):
            assert decision.message == str(decision)
            assert decision.label
            assert "responded" in decision.message, decision.message
            assert decision.evidence, "a decision without evidence cannot be checked"

    def success_grows_with_the_response_rate(self) -> None:
        """Probability of success is 0 without responses, 1 with nothing else, and never falls."""
        chances = [self.design.success_probability(rate) for rate in RATES]
        assert chances[0] == 0.0
        assert abs(chances[-1] - 1.0) < 1e-9
        assert all(later >= earlier for earlier, later in pairwise(chances))

    def conduct_agrees_with_its_probabilities(self) -> None:
        """Simulated trials succeed as often as the design says, within five standard errors."""
        for rate in RATES:
            expected = self.design.success_probability(rate)
            found = float(self.design.conduct(self._responses(rate)).success.mean())
            error = np.sqrt(expected * (1.0 - expected) / REPLICATES)
            room = STANDARD_ERRORS * error + 1.0 / REPLICATES
            assert abs(found - expected) <= room, (
                f"rate {rate}: {found} simulated, {expected} stated"
            )

    def conduct_agrees_with_decide(self) -> None:
        """Many trials at once end as each would alone."""
        responses = self._responses(0.3)[:200]
        together = self.design.conduct(responses)
        alone = [self.design.decide(row).value for row in responses]
        assert together.success.tolist() == alone
        assert together.explain(7) == self.design.decide(responses[7])

    def enrols_no_more_than_it_says(self) -> None:
        """No trial uses more patients than ``patients``; responses beyond them change nothing."""
        responses = self._responses(0.3)
        found = self.design.conduct(responses)
        assert found.patients.max() <= self.design.patients
        extra = np.concatenate([responses, ~responses], axis=1)
        assert np.array_equal(self.design.conduct(extra).success, found.success)

    def refuses_too_few_patients(self) -> None:
        """A bank with fewer patients than a trial can need is an error, not a shorter trial."""
        short = self._responses(0.3)[:, : self.design.patients - 1]
        try:
            self.design.conduct(short)
        except DesignError:
            return
        raise AssertionError(f"{self.design.name} went on with too few patients")

    def _responses(self, rate: float) -> Bool[np.ndarray, "replicate patient"]:
        uniforms = stream(self.seed, "contract responses").random(
            (REPLICATES, self.design.patients)
        )
        responses: Bool[np.ndarray, "replicate patient"] = uniforms < rate
        return responses
