"""What every trial design promises: it explains itself, and its probabilities are true."""

import re
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
DECIDED = (0.05, 0.3, 0.7)
"""Rates at which trials stop early, go to their end, and succeed early."""
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
    looks
        Patients at each time at which the design looks; only its end by default.
    seed
        Of the simulated responses.

    Examples
    --------
    >>> from progenitor.trial import ExactBinomial
    >>> DesignContract(ExactBinomial(p0=0.2, p1=0.4, r=12, n=43)).refuses_too_few_patients()
    """

    design: AbstractDesign
    looks: tuple[int, ...] = ()
    seed: int = 1

    def explains_itself(self) -> None:
        """Its description and every decision name the numbers that were compared."""
        assert str(self.design.patients) in self.design.description
        assert all(np.isfinite(value) for value in self.design.numbers.values())
        rows = [row for rate in DECIDED for row in self._responses(rate)[:20]]
        for row, decision in zip(rows, map(self.design.decide, rows), strict=True):
            assert decision.message == str(decision)
            assert decision.label
            assert "responded" in decision.message, decision.message
            assert decision.evidence, "a decision without evidence cannot be checked"
            assert all(np.isfinite(value) for value in decision.evidence.values())
            seen = [int(row[:look].sum()) for look in self._looks]
            words = re.findall(r"\d+", decision.message)
            assert any(str(count) in words for count in seen), f"{decision.message} {seen}"

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

    def order_between_looks_changes_nothing(self) -> None:
        """Patients who come between the same two looks may come in any order."""
        edges = (0, *self._looks)
        for rate in DECIDED:
            responses = self._responses(rate)[:200]
            parts = [responses[:, low:high] for low, high in pairwise(edges)]
            turned = np.concatenate([np.sort(part, axis=1) for part in parts], axis=1)
            one, other = self.design.conduct(responses), self.design.conduct(turned)
            for name in ("success", "stopped_early", "patients", "responders"):
                assert np.array_equal(getattr(one, name), getattr(other, name)), name
            for row, same in zip(responses[:20], turned[:20], strict=True):
                assert self.design.decide(row) == self.design.decide(same)

    def a_response_more_never_spoils_success(self) -> None:
        """A patient who responds after all does not turn a success into a failure."""
        for rate in DECIDED:
            responses = self._responses(rate)[:200]
            before = self.design.conduct(responses).success
            for patient in {0, self.design.patients // 2, self.design.patients - 1}:
                better = responses.copy()
                better[:, patient] = True
                assert np.all(self.design.conduct(better).success >= before), patient

    def enrols_no_more_than_it_says(self) -> None:
        """No trial uses more patients than ``patients``; responses beyond them change nothing."""
        responses = self._responses(0.3)
        found = self.design.conduct(responses)
        assert found.patients.max() <= self.design.patients
        assert set(found.patients.tolist()) <= set(self._looks), "ended between two looks"
        assert np.array_equal(found.stopped_early, found.patients < self.design.patients)
        counts = np.cumsum(responses, axis=1)[np.arange(len(responses)), found.patients - 1]
        assert np.array_equal(found.responders, counts), "counted others than were enrolled"
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

    @property
    def _looks(self) -> tuple[int, ...]:
        return self.looks or (self.design.patients,)

    def _responses(self, rate: float) -> Bool[np.ndarray, "replicate patient"]:
        uniforms = stream(self.seed, "contract responses").random(
            (REPLICATES, self.design.patients)
        )
        responses: Bool[np.ndarray, "replicate patient"] = uniforms < rate
        return responses
