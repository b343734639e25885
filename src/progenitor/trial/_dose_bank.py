"""Virtual patients at every assigned dose: what each achieves, and whether it is toxic."""

from dataclasses import dataclass
from typing import NamedTuple, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.engine import standard_normals, uniforms
from progenitor.errors import DesignError
from progenitor.trial._outcome_bank import OutcomeBank
from progenitor.trial._waiting_strata import WaitingStrata

__all__ = ["DoseBank", "ResampledPatients"]


@final
class ResampledPatients(NamedTuple):
    """The patients of many trials.

    Parameters
    ----------
    toxic
        Whether each would have a toxicity at each assigned dose (replicate, patient, dose).
    achieved
        Dose really given at each assigned dose; 0 where no product could be given.
    """

    toxic: Bool[np.ndarray, "replicate patient dose"]
    achieved: Float[np.ndarray, "replicate patient dose"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class DoseBank:
    """What every virtual patient would achieve and suffer at every assigned dose.

    Parameters
    ----------
    doses
        Assigned doses, rising.
    achieved
        Dose really given, 0 where there is no product (draw, patient, dose).
    toxic
        Whether the dose that was *achieved* would be dose-limiting toxic (draw, patient, dose).
    tolerance
        Share by which the achieved dose may fall short and still count as the assigned one.
    strata
        When patients came, and who of them may be drawn; without, everybody at any time.

    Raises
    ------
    DesignError
        If the numbers do not fit together; lists every problem.

    Examples
    --------
    >>> achieved = np.array([[[1.0, 3.0], [1.0, 1.5]]])
    >>> toxic = np.array([[[False, True], [False, False]]])
    >>> bank = DoseBank((1.0, 3.0), achieved, toxic, tolerance=0.2)
    >>> bank.feasibility.tolist(), bank.toxicity_as_assigned.tolist()
    ([1.0, 0.5], [0.0, 0.5])
    >>> bank.toxicity_if_given.tolist()
    [0.0, 1.0]
    """

    doses: tuple[float, ...]
    achieved: Float[np.ndarray, "draw patient dose"]
    toxic: Bool[np.ndarray, "draw patient dose"]
    tolerance: float = 0.2
    strata: WaitingStrata | None = None

    def __post_init__(self) -> None:
        problems = []
        rising = all(np.diff(self.doses) > 0.0) and min(self.doses, default=0.0) > 0.0
        if not rising:
            problems.append(f"doses {list(self.doses)} are not positive and rising")
        if self.achieved.shape != self.toxic.shape or 0 in self.achieved.shape:
            problems.append(f"achieved has shape {self.achieved.shape}, toxic {self.toxic.shape}")
        elif self.achieved.shape[2] != len(self.doses):
            problems.append(f"{self.achieved.shape[2]} dose columns for {len(self.doses)} doses")
        if not np.all(self.achieved >= 0.0) or not np.all(np.isfinite(self.achieved)):
            problems.append("an achieved dose is negative, missing or infinite")
        if not 0.0 <= self.tolerance < 1.0:
            problems.append(f"tolerance {self.tolerance:g} is not in [0, 1)")
        if problems:
            raise DesignError(
                f"the dose bank cannot be: {'; '.join(problems)}. Fix: give arrays (draw, patient, "
                "dose), achieved doses from 0 and a tolerance such as 0.2"
            )

    @classmethod
    def from_bank(
        cls,
        bank: OutcomeBank,
        *,
        arm: str,
        doses: tuple[float, ...],
        toxicity: str,
        achieved: str,
        tolerance: float = 0.2,
    ) -> "DoseBank":
        """Take one arm of an outcome bank; a patient without a value got nothing.

        Patients whose simulation failed in the column ``failed`` must not be in the bank.
        """
        given = [bank.values(achieved, arm=arm, dose=name) for name in bank.doses]
        toxic = [bank.values(toxicity, arm=arm, dose=name) for name in bank.doses]
        return cls(
            doses,
            np.nan_to_num(np.stack(given, axis=2).astype(float)),
            np.stack(toxic, axis=2).astype(float) == 1.0,
            tolerance,
        )

    @classmethod
    def from_yields(
        cls,
        doses: tuple[float, ...],
        p_tox: tuple[float, ...],
        *,
        median: float,
        log_sd: float,
        failure: float = 0.0,
        patients: int = 20_000,
        seed: int = 1,
        tolerance: float = 0.2,
    ) -> "DoseBank":
        r"""Make patients with log-normal yields and a toxicity curve of the *achieved* dose.

        A patient's product has :math:`Y = m e^{\sigma Z}` cells, none with probability
        ``failure``; they get min(assigned, Y). The logit of the probability of a toxicity is
        linear in log dose between the doses, and goes on so below the first.

        Parameters
        ----------
        doses, p_tox
            Assigned doses, and probability of a toxicity where one is given in full.
        median, log_sd, failure
            Median yield m, σ of its logarithm, and share without a product.
        patients, seed, tolerance
            Size of the bank, seed, and as for the bank.

        Raises
        ------
        DesignError
            If the numbers make no sense.

        Examples
        --------
        >>> bank = DoseBank.from_yields((1e6, 3e6), (0.1, 0.3), median=1e9, log_sd=0.5)
        >>> bank.feasibility.tolist(), bank.toxicity_if_given.round(1).tolist()
        ([1.0, 1.0], [0.1, 0.3])
        """
        wrong = not all(0.0 < p < 1.0 for p in p_tox) or len(p_tox) != len(doses) or len(doses) < 2
        if wrong or not median > 0.0 or not log_sd >= 0.0 or not 0.0 <= failure < 1.0:
            raise DesignError(
                f"probabilities {list(p_tox)} at doses {list(doses)}, median yield {median:g}, "
                f"log sd {log_sd:g}, failure {failure:g}. Fix: give at least two doses with a "
                "probability inside (0, 1) each, a positive median and shares below 1"
            )
        place = np.arange(patients)
        none = np.zeros(patients, dtype=np.intp)
        made = uniforms(seed, "dose-finding:product", none, place) >= failure
        yields = median * np.exp(log_sd * standard_normals(seed, "dose-finding:yield", none, place))
        level = np.array(doses)
        achieved = np.minimum(np.where(made, yields, 0.0)[:, None], level)
        chance = _toxicity_at(achieved, level, np.array(p_tox))
        ill = uniforms(seed, "dose-finding:tolerance of yield", none, place)[:, None] < chance
        return cls(doses, achieved[None], ill[None], tolerance)

    @property
    def feasible(self) -> Bool[np.ndarray, "draw patient dose"]:
        """Whether each patient could get each dose within the tolerance."""
        return self.achieved >= (1.0 - self.tolerance) * np.array(self.doses)

    @property
    def feasibility(self) -> Float[np.ndarray, " dose"]:
        """Share of patients who could get each dose."""
        return np.asarray(self.feasible.mean(axis=(0, 1)))

    @property
    def toxicity_as_assigned(self) -> Float[np.ndarray, " dose"]:
        """Share with a toxicity by assigned dose, those with less than it and nothing included."""
        return np.asarray(self.toxic.mean(axis=(0, 1)))

    @property
    def toxicity_if_given(self) -> Float[np.ndarray, " dose"]:
        """Share with a toxicity among those who would get the dose; NaN where nobody would."""
        count = self.feasible.sum(axis=(0, 1))
        toxic = (self.toxic & self.feasible).sum(axis=(0, 1))
        return np.where(count > 0, toxic / np.maximum(count, 1), np.nan)

    def resample(
        self, *, patients: int, replicates: int, seed: int, first: int = 0
    ) -> ResampledPatients:
        """Draw the patients of many trials with replacement; replicate k uses draw k mod D.

        Trial k is the same however many trials are drawn, and for every design and policy.
        """
        draws = ((first + np.arange(replicates)) % self.achieved.shape[0])[:, None]
        index = self._places(patients, draws, seed, first)
        return ResampledPatients(self.toxic[draws, index], self.achieved[draws, index])

    def _places(
        self, patients: int, draws: Int[np.ndarray, "replicate 1"], seed: int, first: int
    ) -> Int[np.ndarray, "replicate patient"]:
        replicates = len(draws)
        place = np.arange(replicates * patients)
        chance = uniforms(seed, "dose-finding:patient", first + place // patients, place % patients)
        chance = chance.reshape(replicates, patients)
        if self.strata is None:
            return np.asarray((chance * self.achieved.shape[1]).astype(np.intp))
        came = self.strata.came_before(draws, np.arange(patients))
        return self.strata.choose(draws, came, chance)


def _toxicity_at(
    achieved: Float[np.ndarray, "patient dose"],
    doses: Float[np.ndarray, " dose"],
    p_tox: Float[np.ndarray, " dose"],
) -> Float[np.ndarray, "patient dose"]:
    """Return the probability of a toxicity at an achieved dose; 0 where nothing was given."""
    x, y = np.log(doses), np.log(p_tox / (1.0 - p_tox))
    here = np.log(np.where(achieved > 0.0, achieved, doses[0]))
    slope = (y[1] - y[0]) / (x[1] - x[0])
    score = np.where(here < x[0], y[0] + slope * (here - x[0]), np.interp(here, x, y))
    return np.where(achieved > 0.0, 1.0 / (1.0 + np.exp(-score)), 0.0)
