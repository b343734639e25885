"""Trials resampled from the patients of an outcome bank."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.engine import stream
from progenitor.errors import DesignError
from progenitor.trial._outcome_bank import OutcomeBank
from progenitor.trial._two_level import shrinkage
from progenitor.trial._waiting_strata import WaitingStrata
from progenitor.trial.rules.analysis_set import AnalysisSet, members

__all__ = ["Pool", "pool_of", "resample"]

_PURPOSE = "trial/resampling"


@final
@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """The patients of one analysis set, draw by draw.

    Parameters
    ----------
    responses
        1 or 0 for members, NaN for others (draw, patient).
    packed
        True for responders, members first (draw, patient).
    sizes
        Members of each draw (draw,).
    failed
        Patients left out because their simulation failed.
    strata
        When members came, where that counts.
    """

    responses: Float[np.ndarray, "draw patient"]
    packed: Bool[np.ndarray, "draw patient"]
    sizes: Int[np.ndarray, " draw"]
    failed: int
    strata: WaitingStrata | None = None

    @property
    def rates(self) -> Float[np.ndarray, " draw"]:
        """Share of responders in each draw; NaN where a draw has no member."""
        some = np.maximum(self.sizes, 1)
        return np.where(self.sizes > 0, np.nansum(self.responses, axis=1) / some, np.nan)

    @property
    def chance(self) -> Float[np.ndarray, " draw"]:
        """Variance of each rate by chance among its patients; NaN below two patients."""
        fewer = np.where(self.sizes > 1, self.sizes - 1, np.nan)
        return self.rates * (1.0 - self.rates) / fewer

    @property
    def rate_variance(self) -> float:
        """Variance of one draw's rate, by doubt and chance together."""
        rates = self.rates[self.sizes > 0]
        if rates.size > 1:
            return float(rates.var(ddof=1))
        return float(np.nan_to_num(self.chance[self.sizes > 0][0], nan=0.25))

    @property
    def own_share(self) -> float:
        """Factor that leaves the rates the spread doubt is estimated to have, without bias."""
        chance = self.chance[np.isfinite(self.chance)]
        spread = self.rate_variance
        if np.count_nonzero(self.sizes) < 2 or spread <= 0.0 or not chance.size:
            return 1.0
        return float(max(0.0, 1.0 - float(chance.mean()) / spread) ** 0.5)

    @property
    def cautious_share(self) -> float:
        """Factor that leaves them the spread doubt may well have; that of :func:`estimate`."""
        if np.count_nonzero(self.sizes) < 2:
            return 1.0
        filled = self.sizes > 0
        return max(self.own_share, shrinkage(self.rates[filled], self.chance[filled]))


def pool_of(
    bank: OutcomeBank, *, arm: str, dose: str | None, endpoint: str, analysis_set: AnalysisSet
) -> Pool:
    """Gather the analysis set of one arm; members without a response are non-responders.

    Raises
    ------
    DesignError
        If a column is missing, the endpoint is not binary or nobody is in the set.

    Examples
    --------
    >>> table = np.array([[[[1.0, 0.0, np.nan]]]])
    >>> columns = {"cr": table, "infused": np.isfinite(table), "failed": table > 1}
    >>> bank = OutcomeBank(1, ("tscm",), ("d",), 3, columns)
    >>> for name in ("itt", "infused"):
    ...     found = pool_of(bank, arm="tscm", dose=None, endpoint="cr", analysis_set=name)
    ...     print(name, found.sizes.tolist(), found.rates.round(3).tolist())
    itt [3] [0.333]
    infused [2] [0.5]
    """
    values = np.asarray(bank.values(endpoint, arm=arm, dose=dose), dtype=float)
    known = values[~np.isnan(values)]
    if np.any((known != 0.0) & (known != 1.0)):
        raise DesignError(
            f"the endpoint '{endpoint}' of arm '{arm}' is not binary: it holds "
            f"{known[(known != 0.0) & (known != 1.0)][0]:g}. Fix: bank 1, 0 or NaN"
        )
    failed = np.asarray(bank.values("failed", arm=arm, dose=dose), dtype=bool)
    infused = np.asarray(bank.values("infused", arm=arm, dose=dose), dtype=bool)
    member = members(analysis_set, infused=infused, failed=failed)
    if not member.any():
        raise DesignError(
            f"nobody in arm '{arm}' is in the {analysis_set} set. Fix: look at the lots and the "
            "failed patients; there is no trial to conduct"
        )
    responded = values == 1.0
    order = np.argsort(~member, axis=1, kind="stable")
    return Pool(
        responses=np.where(member, responded.astype(float), np.nan),
        packed=np.take_along_axis(responded, order, axis=1),
        sizes=member.sum(axis=1),
        failed=int(failed.sum()),
        strata=bank.arrivals[arm].strata(member) if arm in bank.arrivals else None,
    )


def resample(
    pool: Pool, *, draw: int, trials: int, patients: int, own_share: float, seed: int
) -> Bool[np.ndarray, "trial patient"]:
    """Draw the responses of the patients of many trials, with replacement.

    Each patient comes from the draw itself with probability ``own_share``, otherwise from a draw
    taken at random; in strata, the patient at a position comes from those who came as early. Trial
    k is the same however many trials are asked for.

    Examples
    --------
    >>> pool = Pool(np.ones((1, 4)), np.full((1, 4), True), np.array([4]), 0)
    >>> resample(pool, draw=0, trials=2, patients=3, own_share=1.0, seed=1).tolist()
    [[True, True, True], [True, True, True]]
    """
    uniforms = stream(seed, _PURPOSE, draw=draw).random((trials, patients, 3))
    filled = np.flatnonzero(pool.sizes)
    other = filled[(uniforms[..., 0] * filled.size).astype(np.intp)]
    own = (uniforms[..., 1] < own_share) & (pool.sizes[draw] > 0)
    donor = np.where(own, draw, other)
    if pool.strata is not None:
        came = pool.strata.came_before(donor, np.arange(patients))
        chosen = pool.strata.choose(donor, came, uniforms[..., 2])
        return np.asarray(pool.responses[donor, chosen] == 1.0)
    chosen = (uniforms[..., 2] * pool.sizes[donor]).astype(np.intp)
    return np.asarray(pool.packed[donor, chosen])
