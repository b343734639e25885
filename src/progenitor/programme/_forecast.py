"""A forecast: base rate, model and blend of the probability that something happens in time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.evidence import Catalogue
from progenitor.programme._futures import Futures, simulate_futures, years_between
from progenitor.programme._programme_file import ProgrammeFile
from progenitor.programme._simulated_success import SimulatedSuccess

__all__ = ["Belief", "Forecast", "PhaseSummary", "blend_odds", "forecast"]

LOW: Final = 0.05
HIGH: Final = 0.95


@final
@dataclass(frozen=True, slots=True)
class Belief:
    """A probability, and how far it moves with what is not known.

    Parameters
    ----------
    probability
        Mean over parameter draws: the forecast.
    low, high
        5 % and 95 % quantiles over draws, Monte Carlo noise within a draw taken out.
    standard_error
        Monte Carlo standard error of ``probability``; 0 where it was computed exactly per draw.
    """

    probability: float
    low: float
    high: float
    standard_error: float


@final
@dataclass(frozen=True, slots=True)
class PhaseSummary:
    """A phase as the draws believed it: mean success with its range, median duration in years."""

    name: str
    success: Belief
    duration: float
    duration_low: float
    duration_high: float


@final
@dataclass(frozen=True, slots=True)
class Forecast:
    """The answer to a programme's question, its parts shown separately.

    Parameters
    ----------
    programme, title, question
        From the file.
    as_of, deadline
        The day of what is known, and the last day that counts.
    base_rate, base_rates
        From programmes of the same kind: averaged, and by reference class.
    model
        From the simulated programmes.
    blend, weight_of_model
        Both pooled in log odds, and the model's weight.
    by_date
        The model's answer by each date.
    candidates
        The model's answer for each candidate alone.
    phases
        What went in.
    leverage
        Share of the variance of the model's answer between draws that each record goes with,
        largest first: where evidence would change the answer most.
    simulated
        Phases whose success comes from a run of a study, and which run.
    records
        Ids of every record leaned on.
    observed
        Those of them whose reported share and n are the data of a belief.
    assumed
        Those of them that nobody has published.
    seed, draws, replicates
        Of the simulation.
    """

    programme: str
    title: str
    question: str
    as_of: date
    deadline: date
    base_rate: Belief
    base_rates: Mapping[str, Belief]
    model: Belief
    blend: float
    weight_of_model: float
    by_date: tuple[tuple[date, Belief], ...]
    candidates: Mapping[str, Belief]
    phases: tuple[PhaseSummary, ...]
    leverage: tuple[tuple[str, float], ...]
    simulated: Mapping[str, str]
    records: tuple[str, ...]
    observed: tuple[str, ...]
    assumed: tuple[str, ...]
    seed: int
    draws: int
    replicates: int


def forecast(
    file: ProgrammeFile,
    catalogue: Catalogue,
    simulated: Mapping[str, SimulatedSuccess] | None = None,
) -> Forecast:
    """Answer a programme's question.

    Parameters
    ----------
    file
        The programme, from ``load_programme``.
    catalogue
        Where its records are.
    simulated
        Success of the phases that come from runs of studies, as ``simulated_success`` of
        ``progenitor.study`` reads it.
    """
    simulated = simulated or {}
    futures = simulate_futures(file, catalogue, simulated)
    horizon = years_between(file.as_of, file.deadline)
    happens = futures.first <= horizon
    model = _over_worlds(happens)
    bases = _base_rates(file, catalogue, futures)
    base = _over_draws(np.mean(list(bases.values()), axis=0))
    names = (*file.sampled(), *file.observed())
    return Forecast(
        programme=file.programme,
        title=file.title,
        question=file.question,
        as_of=file.as_of,
        deadline=file.deadline,
        base_rate=base,
        base_rates={name: _over_draws(values) for name, values in bases.items()},
        model=model,
        blend=blend_odds(base.probability, model.probability, weight=file.weight_of_model),
        weight_of_model=file.weight_of_model,
        by_date=_by_date(file, futures),
        candidates={
            name: _over_worlds(years <= horizon) for name, years in futures.approved.items()
        },
        phases=tuple(_phase_summary(name, futures) for name in file.phases),
        leverage=_leverage(
            happens.mean(axis=1),
            futures.numbers,
            (*_leaned_on(file), *(simulated[name].label for name in file.from_runs())),
        ),
        simulated={name: simulated[name].words for name in file.from_runs()},
        records=tuple(sorted(names)),
        observed=file.observed(),
        assumed=tuple(sorted(n for n in names if catalogue.parameter(n).state == "assumed")),
        seed=file.seed,
        draws=file.draws,
        replicates=file.replicates,
    )


def blend_odds(base: float, model: float, *, weight: float) -> float:
    r"""Pool two probabilities in log odds, :math:`logit(p) = (1-w)\,logit(b) + w\,logit(m)`.

    A probability of 0 or 1 is kept within one in a million of certainty, so that it cannot silence
    the other.

    Examples
    --------
    >>> round(blend_odds(0.1, 0.3, weight=0.5), 4), round(blend_odds(0.2, 0.2, weight=0.7), 4)
    (0.1791, 0.2)
    """
    both = np.clip([base, model], 1e-6, 1.0 - 1e-6)
    odds = np.log(both / (1.0 - both)) @ np.array([1.0 - weight, weight])
    return float(1.0 / (1.0 + np.exp(-odds)))


def _over_draws(values: Float[np.ndarray, " draw"]) -> Belief:
    low, high = np.quantile(values, [LOW, HIGH])
    return Belief(float(values.mean()), float(low), float(high), 0.0)


def _over_worlds(happens: Bool[np.ndarray, "draw replicate"]) -> Belief:
    """Mean over all worlds; quantiles of the draws' probabilities, shrunk by the noise in them."""
    chance = happens.mean(axis=1)
    mean, total = float(chance.mean()), float(chance.var())
    noise = float((chance * (1.0 - chance)).mean()) / max(happens.shape[1] - 1, 1)
    keep = np.sqrt(max(1.0 - noise / total, 0.0)) if total > 0.0 else 0.0
    low, high = np.quantile(mean + keep * (chance - mean), [LOW, HIGH])
    return Belief(mean, float(max(low, 0.0)), float(high), (total / chance.size) ** 0.5)


def _base_rates(
    file: ProgrammeFile, catalogue: Catalogue, futures: Futures
) -> dict[str, Float[np.ndarray, " draw"]]:
    """P(ever approved) · P(in time | approved), for each reference class and draw."""
    from scipy.special import ndtr

    used = catalogue.parameter(file.base_rate.time).used
    spread = np.log1p(used.between_patient_cv**2) ** 0.5 if used is not None else 0.0
    median = futures.numbers[file.base_rate.time]
    until = years_between(file.base_rate.clock_starts, file.deadline)
    gone = years_between(file.base_rate.clock_starts, file.as_of)

    def share_by(years: float) -> Float[np.ndarray, " draw"]:
        if spread == 0.0 or years <= 0.0:
            return np.asarray(median <= years, dtype=float)
        return np.asarray(ndtr(np.log(years / median) / spread))

    before, after = share_by(gone), share_by(until)
    found = {}
    for name in file.base_rate.success:
        ever = futures.numbers[name]
        # not approved by today: either never, or later
        found[name] = ever * (after - before) / (1.0 - ever * before)
    return found


def _by_date(file: ProgrammeFile, futures: Futures) -> tuple[tuple[date, Belief], ...]:
    dates = sorted({*file.also_by, file.deadline})
    return tuple(
        (day, _over_worlds(futures.first <= years_between(file.as_of, day))) for day in dates
    )


def _phase_summary(name: str, futures: Futures) -> PhaseSummary:
    phase = futures.phases[name]
    low, middle, high = np.quantile(phase.duration, [LOW, 0.5, HIGH])
    return PhaseSummary(name, _over_draws(phase.success), float(middle), float(low), float(high))


def _leaned_on(file: ProgrammeFile) -> Sequence[str]:
    """Name the records the simulated programmes lean on: all but those of the base rate."""
    only_base = {file.base_rate.time, *file.base_rate.success}
    return [name for name in (*file.sampled(), *file.observed()) if name not in only_base]


def _leverage(
    chance: Float[np.ndarray, " draw"],
    numbers: Mapping[str, Float[np.ndarray, " draw"]],
    names: Sequence[str],
) -> tuple[tuple[str, float], ...]:
    """Squared rank correlation of the answer with each record."""
    rank = _ranks(chance)
    found = []
    for name in names:
        other = _ranks(numbers[name])
        together = float((rank * other).mean()) if rank.any() and other.any() else 0.0
        found.append((name, together**2))
    return tuple(sorted(found, key=lambda pair: -pair[1]))


def _ranks(values: Float[np.ndarray, " draw"]) -> Float[np.ndarray, " draw"]:
    """Standardised ranks; ties in order of draw."""
    order = np.empty(values.size)
    order[np.argsort(values, kind="stable")] = np.arange(values.size)
    spread = order.std() if values.min() < values.max() else 0.0
    return (order - order.mean()) / spread if spread > 0.0 else np.zeros_like(order)
