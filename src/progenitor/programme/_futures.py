"""Simulated futures of several programmes that share some of their luck."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.cohort import Numbers, sample_numbers
from progenitor.engine import standard_normals, uniforms
from progenitor.evidence import Catalogue, published
from progenitor.programme._programme_file import (
    Candidate,
    ProgrammeFile,
    RunSuccess,
    TrialSuccess,
)
from progenitor.programme._simulated_success import SimulatedSuccess, require_simulated
from progenitor.trial import ExactBinomial, SimonTwoStage

__all__ = ["DAYS_PER_YEAR", "Futures", "PhaseNumbers", "simulate_futures", "years_between"]

DAYS_PER_YEAR: Final = 365.25
_RATES: Final = np.linspace(0.0, 1.0, 401)
_MOST_UNNAMED: Final = 40
"""Unnamed programmes of one kind beyond this are not simulated: a Poisson mean of 20 reaches it."""


@final
@dataclass(frozen=True, slots=True, eq=False)
class PhaseNumbers:
    """What each draw believes about a phase.

    Parameters
    ----------
    success
        Probability of success (draw,).
    duration
        Median duration in years; 0 for a condition that takes no time (draw,).
    spread
        Standard deviation of the log of the duration between programmes.
    """

    success: Float[np.ndarray, " draw"]
    duration: Float[np.ndarray, " draw"]
    spread: float


@final
@dataclass(frozen=True, slots=True, eq=False)
class Futures:
    """What became of every candidate in every simulated world.

    Parameters
    ----------
    approved
        Years from ``as_of`` to approval, infinite where it never comes (draw, replicate), of the
        first candidate of its kind, by the candidate's name.
    phases
        What each draw believed, by phase.
    numbers
        The records' values in each draw, observed rates, and simulated success, by id.
    """

    approved: Mapping[str, Float[np.ndarray, "draw replicate"]]
    phases: Mapping[str, PhaseNumbers]
    numbers: Mapping[str, Float[np.ndarray, " draw"]]

    @property
    def first(self) -> Float[np.ndarray, "draw replicate"]:
        """Years to the first approval of any candidate."""
        return np.asarray(np.min(list(self.approved.values()), axis=0))


def years_between(start: date, end: date) -> float:
    """Years from one day to another.

    Examples
    --------
    >>> round(years_between(date(2026, 12, 31), date(2030, 12, 31)), 3)
    4.0
    """
    return (end - start).days / DAYS_PER_YEAR


def simulate_futures(
    file: ProgrammeFile,
    catalogue: Catalogue,
    simulated: Mapping[str, SimulatedSuccess] | None = None,
) -> Futures:
    r"""Send every candidate through the phases of its route, in many worlds of many draws.

    A draw fixes what is not known (rates, medians, the correlation ρ); worlds of one draw differ by
    luck. In a world, candidate c passes phase k if

    .. math:: \Phi^{-1}(p_k) > \sqrt\rho\, Z_k + \sqrt{1-\rho}\,\varepsilon_{ck}

    with :math:`Z_k` shared by all candidates at that phase, so that each phase succeeds with
    probability :math:`p_k` whatever ρ is, and programmes of one kind fail together. Durations are
    lognormal. Every number is keyed by what it is: more replicates change none of the earlier ones.

    Parameters
    ----------
    file
        The programme.
    catalogue
        Where its records are.
    simulated
        Success of the phases that come from runs of studies.

    Raises
    ------
    InputError
        If a phase comes from a run that is not given.

    References
    ----------
    Portfolio dependence by a one-factor Gaussian copula: Vasicek 2002, Risk 15(12):160–162.
    """
    draw = np.arange(file.draws)
    numbers = dict(_typical(file, catalogue, draw))
    for record in file.observed():
        numbers[record] = _believed_rate(record, file, catalogue, draw)
    for name in file.from_runs():
        found = require_simulated(name, simulated or {})
        chance = uniforms(file.seed, f"run:{name}", draw, np.zeros_like(draw))
        numbers[found.label] = found.believed(chance)
    phases = {name: _phase(file, catalogue, name, numbers, simulated) for name in file.phases}
    worlds = _Worlds(file.seed, file.draws, file.replicates, numbers[file.shared_luck])
    approved = {c.name: _kind(c, file, phases, numbers, worlds) for c in file.candidates}
    return Futures(approved, phases, numbers)


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Worlds:
    """Keyed random numbers of every world, and its shared luck."""

    seed: int
    draws: int
    replicates: int
    correlation: Float[np.ndarray, " draw"]

    def uniform(self, purpose: str) -> Float[np.ndarray, "draw replicate"]:
        return uniforms(self.seed, purpose, *self._keys()).reshape(self.draws, -1)

    def normal(self, purpose: str) -> Float[np.ndarray, "draw replicate"]:
        return standard_normals(self.seed, purpose, *self._keys()).reshape(self.draws, -1)

    def _keys(self) -> tuple[Int[np.ndarray, " world"], Int[np.ndarray, " world"]]:
        draw = np.repeat(np.arange(self.draws), self.replicates)
        return draw, np.tile(np.arange(self.replicates), self.draws)


def _typical(file: ProgrammeFile, catalogue: Catalogue, draw: Int[np.ndarray, " draw"]) -> Numbers:
    return sample_numbers(
        catalogue,
        file.sampled(),
        seed=file.seed,
        draw=draw,
        patient=np.zeros_like(draw),
        typical=True,
    )


def _believed_rate(
    record: str, file: ProgrammeFile, catalogue: Catalogue, draw: Int[np.ndarray, " draw"]
) -> Float[np.ndarray, " draw"]:
    """Draw a rate from the Jeffreys posterior of a reported share and its n."""
    from scipy.special import betaincinv

    from progenitor.units import convert

    entry = published(catalogue.parameter(record))
    n = entry.reported.n or 0
    responders = round(convert(entry.value, entry.unit, "1") * n)
    chance = uniforms(file.seed, f"rate:{record}", draw, np.zeros_like(draw))
    return np.asarray(betaincinv(responders + 0.5, n - responders + 0.5, chance))


def _phase(
    file: ProgrammeFile,
    catalogue: Catalogue,
    name: str,
    numbers: Mapping[str, Float[np.ndarray, " draw"]],
    simulated: Mapping[str, SimulatedSuccess] | None,
) -> PhaseNumbers:
    specification = file.phases[name]
    success = specification.success
    if isinstance(success, RunSuccess):
        chance = numbers[require_simulated(name, simulated or {}).label]
        if success.and_then is not None:
            chance = chance * numbers[success.and_then]
    else:
        chance = numbers[success] if isinstance(success, str) else _trial_chance(success, numbers)
    if specification.duration is None:
        return PhaseNumbers(chance, np.zeros(file.draws), 0.0)
    used = catalogue.parameter(specification.duration).used
    spread = np.log1p(used.between_patient_cv**2) ** 0.5 if used is not None else 0.0
    return PhaseNumbers(chance, numbers[specification.duration], float(spread))


def _trial_chance(
    trial: TrialSuccess, numbers: Mapping[str, Float[np.ndarray, " draw"]]
) -> Float[np.ndarray, " draw"]:
    """Exact power at each draw's response rate, times whatever else must go well."""
    rate = numbers[trial.response]
    if trial.infused is not None:
        rate = rate * numbers[trial.infused]
    p0, p1, alpha, beta = trial.p0, trial.p1, trial.alpha, trial.beta
    design: SimonTwoStage | ExactBinomial
    if trial.design == "simon_two_stage":
        design = SimonTwoStage.search(p0=p0, p1=p1, alpha=alpha, beta=beta)
    else:
        design = ExactBinomial.search(p0=p0, p1=p1, alpha=alpha, power=1.0 - beta)
    power = [design.success_probability(float(at)) for at in _RATES]
    chance = np.interp(rate, _RATES, power)
    return np.asarray(chance if trial.and_then is None else chance * numbers[trial.and_then])


def _kind(
    candidate: Candidate,
    file: ProgrammeFile,
    phases: Mapping[str, PhaseNumbers],
    numbers: Mapping[str, Float[np.ndarray, " draw"]],
    worlds: _Worlds,
) -> Float[np.ndarray, "draw replicate"]:
    """Years to the first approval among the programmes of one kind."""
    if isinstance(candidate.count, int):
        most, exists = candidate.count, None
    else:
        exists = _poisson(numbers[candidate.count], worlds.uniform(f"count:{candidate.name}"))
        most = int(exists.max())
    first = np.full((worlds.draws, worlds.replicates), np.inf)
    for member in range(most):
        years = _one(candidate, member, file, phases, worlds)
        if exists is not None:
            years = np.where(member < exists, years, np.inf)
        first = np.minimum(first, years)
    return first


def _one(
    candidate: Candidate,
    member: int,
    file: ProgrammeFile,
    phases: Mapping[str, PhaseNumbers],
    worlds: _Worlds,
) -> Float[np.ndarray, "draw replicate"]:
    years = np.zeros((worlds.draws, worlds.replicates))
    passed: Bool[np.ndarray, "draw replicate"] = np.ones_like(years, dtype=bool)
    for position, name in enumerate(candidate.route):
        key = f"{candidate.name}:{member}:{name}"
        numbers = phases[name]
        passed = passed & _passes(numbers.success, name, key, worlds)
        chance = worlds.uniform(f"time:{key}")
        if position > 0:
            years = years + _duration(numbers, chance)
        elif candidate.started is None:
            years = worlds.uniform(f"progress:{key}") * _duration(numbers, chance)
        else:
            elapsed = years_between(candidate.started, file.as_of)
            years = _remaining(numbers, chance, elapsed)
    return np.where(passed, years, np.inf)


def _passes(
    chance: Float[np.ndarray, " draw"], phase: str, key: str, worlds: _Worlds
) -> Bool[np.ndarray, "draw replicate"]:
    from scipy.special import ndtri

    shared = worlds.correlation[:, None]
    luck = np.sqrt(shared) * worlds.normal(f"shared:{phase}")
    luck = luck + np.sqrt(1.0 - shared) * worlds.normal(f"own:{key}")
    return np.asarray(luck < ndtri(chance)[:, None])


def _duration(
    numbers: PhaseNumbers, chance: Float[np.ndarray, "draw replicate"]
) -> Float[np.ndarray, "draw replicate"]:
    from scipy.special import ndtri

    return np.asarray(numbers.duration[:, None] * np.exp(numbers.spread * ndtri(chance)))


def _remaining(
    numbers: PhaseNumbers, chance: Float[np.ndarray, "draw replicate"], elapsed: float
) -> Float[np.ndarray, "draw replicate"]:
    """Time left of a phase that has lasted ``elapsed`` years: its duration given that it is longer.

    Where a draw thinks such a duration all but impossible, the phase is about to end.
    """
    from scipy.special import ndtr

    if elapsed <= 0.0 or numbers.spread == 0.0:
        return np.maximum(_duration(numbers, chance) - elapsed, 0.0)
    over = np.asarray(ndtr(np.log(elapsed / numbers.duration) / numbers.spread))[:, None]
    later = np.minimum(over + chance * (1.0 - over), 1.0 - 1e-12)
    return np.maximum(_duration(numbers, later) - elapsed, 0.0)


def _poisson(
    mean: Float[np.ndarray, " draw"], chance: Float[np.ndarray, "draw replicate"]
) -> Int[np.ndarray, "draw replicate"]:
    """Draw counts by inversion, at most ``_MOST_UNNAMED``."""
    from scipy.special import pdtr

    counts = np.zeros(chance.shape, dtype=np.int64)
    for k in range(_MOST_UNNAMED):
        counts += chance > pdtr(k, mean)[:, None]
    return counts
