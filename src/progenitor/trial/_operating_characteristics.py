"""What a design would do: many trials resampled from the outcome bank, one draw to a replicate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.errors import DesignError
from progenitor.trial._decision import AbstractDesign, Decision, Decisions
from progenitor.trial._outcome_bank import OutcomeBank
from progenitor.trial._resampling import Pool, pool_of, resample
from progenitor.trial._two_level import TwoLevel, between_variance, estimate, estimate_from_draws
from progenitor.trial.rules.analysis_set import AnalysisSet

__all__ = ["OperatingCharacteristics", "operating_characteristics"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class OperatingCharacteristics:
    """How often a design succeeds, how many patients it takes and how often it stops early.

    Parameters
    ----------
    design, arm, endpoint, analysis_set
        What was conducted, on whom.
    replicates
        Trials, spread evenly over the draws.
    success, expected_patients, early_stop
        Averages over draws (assurance) with interval over draws and Monte Carlo standard error.
    rate
        Share of responders in the analysis set.
    per_draw
        Operating characteristics given the parameters: ``success``, ``patients`` and
        ``stopped_early`` of each draw (draw,).
    between_draw_share
        Share of the variance of success that is doubt about parameters, the rest being chance;
        NaN for one draw or where every trial ended alike.
    own_share
        Probability with which a trial patient came from the draw itself and not from all draws.
    failed
        Patients left out because their simulation failed.
    example
        The first trial, in words.
    """

    design: AbstractDesign
    arm: str
    endpoint: str
    analysis_set: AnalysisSet
    replicates: int
    success: TwoLevel
    expected_patients: TwoLevel
    early_stop: TwoLevel
    rate: TwoLevel
    per_draw: Mapping[str, Float[np.ndarray, " draw"]]
    between_draw_share: float
    own_share: float
    failed: int
    example: Decision


def operating_characteristics(
    design: AbstractDesign,
    bank: OutcomeBank,
    *,
    arm: str,
    endpoint: str,
    analysis_set: AnalysisSet,
    replicates: int,
    seed: int,
    dose: str | None = None,
    level: float = 0.9,
    separate_chance: bool = True,
) -> OperatingCharacteristics:
    r"""Conduct a single-arm design many times on the patients of a bank.

    Replicate k belongs to draw k mod D, so that each trial has one set of parameters. Its patients
    are resampled with replacement from the analysis set. A finite number of simulated patients
    makes the rates of the draws, :math:`\hat p_d`, more different than the parameters do; resampled
    as they are, that chance would pass for doubt and pull P(success) towards a half (0.71 instead
    of 0.80 for a certain rate of 40 % and 20 draws of 25 patients). So each trial patient of draw d
    is taken from draw d with probability :math:`\lambda` and from a random draw otherwise,

    .. math::

        p_d = \bar p + \lambda (\hat p_d - \bar p), \qquad
        \lambda^2 = \max(0, 1 - \bar v / s^2)

    with :math:`s^2` the variance of the rates and :math:`\bar v` that by chance. The limits come
    from the same trials conducted with the greater λ of :func:`estimate_from_draws`, as data never
    show that there is no doubt. ``separate_chance=False`` takes all patients from the draw itself.
    The same seed uses the same random numbers for every arm.

    Where the bank says when patients came, a trial's patients are drawn from those who came as
    early (:class:`WaitingStrata`).

    The Monte Carlo standard error has two parts: the finite number of replicates, and the finite
    number of draws and patients behind the rates, carried through the slope
    :math:`\partial E[f]/\partial p = Cov(f, X)/(p(1-p))` with X the responders resampled.

    Parameters
    ----------
    design
        Single-arm design on binary responses.
    bank
        Must have the columns ``endpoint`` (1, 0, or NaN), ``infused`` and ``failed``.
    arm, dose
        Which patients; the dose may be left out if the bank has one.
    endpoint
        Column of responses. A member of the analysis set without a response (never infused, died
        or not evaluable before it) is a non-responder.
    analysis_set
        ``"itt"`` or ``"infused"``.
    replicates
        Number of trials, at least two for each draw.
    seed
        Seed of the study.
    level
        Level of the intervals over draws.
    separate_chance
        Whether chance among simulated patients is kept out of the rates.

    Raises
    ------
    DesignError
        If a column is missing or not binary, nobody is in the set, or replicates are fewer than two
        per draw.

    Examples
    --------
    >>> from progenitor.trial import OutcomeBank, SimonTwoStage
    >>> response = np.zeros((2, 1, 1, 50)); response[..., :20] = 1.0
    >>> columns = {"complete_response": response, "infused": response >= 0, "failed": response < 0}
    >>> bank = OutcomeBank(2, ("tscm",), ("2e6 cell/kg",), 50, columns)
    >>> design = SimonTwoStage(p0=0.2, p1=0.4, r1=3, n1=13, r=12, n=43)
    >>> found = operating_characteristics(design, bank, arm="tscm", endpoint="complete_response",
    ...                                   analysis_set="infused", replicates=4000, seed=1)
    >>> abs(found.success.value - design.power) < 0.03
    True
    """
    pool = pool_of(bank, arm=arm, dose=dose, endpoint=endpoint, analysis_set=analysis_set)
    draws = pool.sizes.size
    if replicates < 2 * draws:
        raise DesignError(
            f"{replicates} replicates over {draws} draws. Fix: ask for at least two per draw; "
            "thousands in all make the Monte Carlo error small"
        )
    own = pool.own_share if separate_chance else 1.0
    cautious = pool.cautious_share if separate_chance else 1.0
    trials = _conduct(design, pool, replicates, own, seed)
    wider = trials if cautious == own else _conduct(design, pool, replicates, cautious, seed)
    success, patients, stopped = _measures(trials)
    averages = [
        _averaged(measure, wide, pool.rate_variance, own, level)
        for measure, wide in zip((success, patients, stopped), _measures(wider), strict=True)
    ]
    return OperatingCharacteristics(
        design=design,
        arm=arm,
        endpoint=endpoint,
        analysis_set=analysis_set,
        replicates=replicates,
        success=averages[0],
        expected_patients=averages[1],
        early_stop=averages[2],
        rate=estimate(pool.responses, "proportion", level=level),
        per_draw={
            "success": success.means,
            "patients": patients.means,
            "stopped_early": stopped.means,
        },
        between_draw_share=_between_share(success),
        own_share=own,
        failed=pool.failed,
        example=trials[0].explain(0),
    )


def _conduct(
    design: AbstractDesign, pool: Pool, replicates: int, own_share: float, seed: int
) -> list[Decisions]:
    """Conduct the trials of every draw."""
    draws = pool.sizes.size
    return [
        design.conduct(
            resample(
                pool,
                draw=draw,
                trials=len(range(draw, replicates, draws)),
                patients=design.patients,
                own_share=own_share,
                seed=seed,
            )
        )
        for draw in range(draws)
    ]


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Measure:
    """One measure of all trials, draw by draw: mean, variance of the mean, slope in the rate."""

    means: Float[np.ndarray, " draw"]
    variances: Float[np.ndarray, " draw"]
    slopes: Float[np.ndarray, " draw"]


def _measures(trials: Sequence[Decisions]) -> tuple[_Measure, _Measure, _Measure]:
    """Success, patients and early stop of the trials of every draw."""
    rows = np.array(
        [
            [
                _one_draw(values.astype(float), trial.outcomes)
                for values in (trial.success, trial.patients, trial.stopped_early)
            ]
            for trial in trials
        ]
    )
    success, patients, stopped = (_Measure(*rows[:, measure].T) for measure in range(3))
    return success, patients, stopped


def _averaged(
    measure: _Measure, wide: _Measure, rate_variance: float, own_share: float, level: float
) -> TwoLevel:
    """Average over draws with the limits of ``wide`` and the errors of replicates and rates."""
    value = float(measure.means.mean())
    limits = estimate_from_draws(wide.means, wide.variances, level=level)
    slopes = own_share * measure.slopes + (1.0 - own_share) * measure.slopes.mean()
    error = (measure.variances.sum() + rate_variance * (slopes**2).sum()) / slopes.size**2
    low, high = np.minimum(limits.low, value), np.maximum(limits.high, value)  # NaN stays NaN
    return TwoLevel(value, float(low), float(high), float(error) ** 0.5)


def _one_draw(
    measure: Float[np.ndarray, " trial"], outcomes: Bool[np.ndarray, "trial patient"]
) -> tuple[float, float, float]:
    """Mean, variance of the mean and slope ∂E[measure]/∂rate of the trials of one draw."""
    count = measure.size
    variance = float(measure.var(ddof=1))
    if np.all((measure == 0.0) | (measure == 1.0)):
        share = (measure.sum() + 0.5) / (count + 1.0)  # not certain because every trial agreed
        variance = max(variance, float(share * (1.0 - share)))
    responders = outcomes.sum(axis=1)
    spread = responders.var()
    slope = 0.0
    if spread > 0.0:
        product = ((measure - measure.mean()) * (responders - responders.mean())).mean()
        slope = outcomes.shape[1] * float(product / spread)
    return float(measure.mean()), variance / count, slope


def _between_share(success: _Measure) -> float:
    """Share of the variance of success that lies between draws."""
    mean = float(success.means.mean())
    if success.means.size < 2 or not 0.0 < mean < 1.0:
        return float("nan")
    return min(1.0, between_variance(success.means, success.variances) / (mean * (1.0 - mean)))
