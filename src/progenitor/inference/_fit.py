"""Fit the free numbers of a body to building records, and predict what stands beside them."""

from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np
from jaxtyping import Float

from progenitor.evidence import Catalogue
from progenitor.inference._fit_file import FitFile
from progenitor.inference._fit_targets import FitTarget, published_sd
from progenitor.inference._free_numbers import FreeNumber
from progenitor.inference._importance import Weighted, importance_sample, weighted_quantiles
from progenitor.inference._panel import Panel, Readings

__all__ = ["Fit", "FitRow", "FittedNumber", "fit_body", "predict_body"]

_RANKS: Final = (0.05, 0.5, 0.95)
_LEAST: Final = 1e-12
"""Smallest level on the log scale; a simulated 0 is not minus infinity."""

_Interval = tuple[float, float, float]


@final
@dataclass(frozen=True, slots=True)
class FittedNumber:
    """A free number before and after the fit.

    Parameters
    ----------
    number
        With its record.
    prior, posterior
        5th, 50th and 95th percentile of its median, in the record's unit.
    shift
        Posterior mean of its score: by how many standard deviations of the prior it moved.
    shrinkage
        Share of the prior variance that the data removed, 1 for all, 0 for none.
    """

    number: FreeNumber
    prior: _Interval
    posterior: _Interval
    shift: float
    shrinkage: float


@final
@dataclass(frozen=True, slots=True)
class FitRow:
    """A published number beside ours.

    Parameters
    ----------
    target
        As published.
    fitted
        Whether it was fitted to; otherwise it is predicted.
    prior, ours
        5th, 50th and 95th percentile over draws before and after the fit: of the median patient,
        or of a share.
    patients
        5th and 95th percentile between patients after the fit; NaN for a share.
    inside
        Share of patients within the published interval; NaN without one.
    """

    target: FitTarget
    fitted: bool
    prior: _Interval
    ours: _Interval
    patients: tuple[float, float]
    inside: float

    @property
    def stands(self) -> str:
        """What agreement would mean: ``fitted``, ``building`` (fitted elsewhere) or predicted."""
        if self.fitted:
            return "fitted"
        return "predicted" if self.target.role == "verification" else "building"

    @property
    def ratio(self) -> float:
        """Ours over published; NaN where nothing but a range is published."""
        return self.ours[1] / self.target.value if self.target.value else float("nan")


@final
@dataclass(frozen=True, slots=True)
class Fit:
    """What :func:`fit_body` found.

    Parameters
    ----------
    file
        The fit as described.
    sample
        Draws with their weights.
    numbers
        Free numbers, in the order of the file.
    rows
        Targets, then what stands beside them.
    catalogue_hash, model_hash
        Of what was fitted.
    """

    file: FitFile
    sample: Weighted
    numbers: tuple[FittedNumber, ...]
    rows: tuple[FitRow, ...]
    catalogue_hash: str
    model_hash: str

    @property
    def weaknesses(self) -> tuple[str, ...]:
        """What a reader should doubt, in words."""
        found = []
        effective, draws = self.sample.effective, len(self.sample.weight)
        if effective < _FEW:
            found.append(
                f"the fit rests on {effective:.0f} effective draws of {draws}: give more draws or "
                "rounds before believing its intervals"
            )
        if self.sample.failed:
            found.append(f"{self.sample.failed} of {draws} draws could not be simulated")
        found += [
            f"{row.target.title} is still missed: ours is {row.ratio:.2g} of the published"
            for row in self.rows
            if row.fitted and not _NEAR[0] <= row.ratio <= _NEAR[1]
        ]
        twice = ", ".join(
            one.number.record.id for one in self.numbers if one.number.record.calibrated
        )
        if twice:
            found.append(
                "priors already centred by an earlier calibration, perhaps on the same data, so "
                f"that shifts and intervals count it twice: {twice}"
            )
        far = ", ".join(one.number.record.id for one in self.numbers if abs(one.shift) > _FAR)
        if far:
            found.append(f"moved by more than two standard deviations of the prior: {far}")
        return tuple(found)


_NEAR: Final = (0.5, 2.0)
_FEW: Final = 30
_FAR: Final = 2.0


def fit_body(file: FitFile, catalogue: Catalogue) -> Fit:
    r"""Weight draws of the priors by how near their patients come to the published numbers.

    The likelihood of a draw is normal on the log scale of levels and times and the logit scale of
    shares,

    .. math:: \ln L = -\frac12 \sum_q \frac{(g(s_q) - g(o_q))^2}{\sigma_q^2} + \ln \sigma_q^2,
        \qquad \sigma_q^2 = \sigma_{published}^2 + \sigma_{panel}^2 + \sigma_{discrepancy}^2

    with the standard errors of the published number and of a panel of so few patients (half a
    patient is added to each side of a share), and what the file says the model may be wrong by.
    Weights are those of :func:`progenitor.inference.importance_sample`. Same file, same catalogue,
    same result.

    Parameters
    ----------
    file
        From :func:`load_fit`.
    catalogue
        The catalogue it was checked against; it is never changed.

    Raises
    ------
    SimulationError
        When no draw could be simulated.
    """
    panel, kept = Panel(file, catalogue), []

    def likelihood(
        scores: Float[np.ndarray, "draw free"], draw: np.ndarray
    ) -> Float[np.ndarray, " draw"]:
        readings = panel.read(scores, draw)
        kept.append(readings)
        return _log_likelihood(file, readings)

    sampling = file.sampling
    sample = importance_sample(
        likelihood, len(file.free), draws=sampling.draws, rounds=sampling.rounds, seed=file.seed
    )
    readings = Readings(np.concatenate([one.values for one in kept]))
    return Fit(
        file=file,
        sample=sample,
        numbers=_numbers(panel, sample),
        rows=_rows(file, readings, sample),
        catalogue_hash=catalogue.content_hash,
        model_hash=file.body.model.content_hash,
    )


def predict_body(file: FitFile, catalogue: Catalogue) -> tuple[FitRow, ...]:
    """Read every record of a file from patients at the catalogue's medians; nothing is fitted.

    Parameters
    ----------
    file
        From :func:`load_fit`, perhaps with ``fitted=False``.
    catalogue
        Where the numbers live.
    """
    panel = Panel(replace(file, hold_others=True), catalogue)
    readings = panel.read(np.zeros((1, len(file.free))), np.zeros(1, dtype=np.int64))
    one = np.ones(1)
    sample = Weighted(np.zeros((1, len(file.free))), np.zeros(1), one, np.zeros(1, dtype=np.int64))
    return _rows(file, readings, sample)


def _log_likelihood(file: FitFile, readings: Readings) -> Float[np.ndarray, " draw"]:
    targets = file.targets
    centre = readings.centre(targets)[:, : len(targets)]
    total = np.zeros(len(centre))
    for index, target in enumerate(targets):
        values = readings.values[:, index]
        known = np.maximum((~np.isnan(values)).sum(axis=1), 1)
        if target.share:
            share = (centre[:, index] * known + 0.5) / (known + 1.0)
            seen, wanted = _logit(share), float(_logit(np.array(target.value)))
            panel = 1.0 / (known * share * (1.0 - share))
        else:
            logs = np.log(np.maximum(values, _LEAST))
            some = (~np.isnan(logs)).sum(axis=1) > 1
            spread = np.zeros(len(logs))
            spread[some] = np.nanvar(logs[some], axis=1, ddof=1)
            seen, wanted = np.log(np.maximum(centre[:, index], _LEAST)), np.log(target.value)
            panel = 0.5 * np.pi * spread / known
        variance = published_sd(target) ** 2 + panel + file.discrepancy**2
        total += -0.5 * ((seen - wanted) ** 2 / variance + np.log(variance))
    return np.where(np.isnan(total), -np.inf, total)


def _logit(share: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(share / (1.0 - share)))


def _numbers(panel: Panel, sample: Weighted) -> tuple[FittedNumber, ...]:
    prior = sample.round == 0
    same = np.ones(int(prior.sum()))
    found = []
    for column, number in enumerate(panel.free):
        score = sample.scores[:, column]
        medians = number.median(score)
        mean = float(sample.weight @ score)
        variance = float(sample.weight @ (score - mean) ** 2)
        found.append(
            FittedNumber(
                number=number,
                prior=_three(medians[prior], same),
                posterior=_three(medians, sample.weight),
                shift=mean,
                shrinkage=1.0 - variance,
            )
        )
    return tuple(found)


def _rows(file: FitFile, readings: Readings, sample: Weighted) -> tuple[FitRow, ...]:
    asked = (*file.targets, *file.beside)
    centre, inside = readings.centre(asked), readings.inside(asked)
    low, high = readings.spread(asked, (_RANKS[0], _RANKS[-1]))
    prior = sample.round == 0
    same = np.ones(int(prior.sum()))
    return tuple(
        FitRow(
            target=target,
            fitted=index < len(file.targets),
            prior=_three(centre[prior, index], same),
            ours=_three(centre[:, index], sample.weight),
            patients=(
                weighted_quantiles(low[:, index], sample.weight, (0.5,))[0],
                weighted_quantiles(high[:, index], sample.weight, (0.5,))[0],
            ),
            inside=weighted_quantiles(inside[:, index], sample.weight, (0.5,))[0],
        )
        for index, target in enumerate(asked)
    )


def _three(values: Float[np.ndarray, " draw"], weight: Float[np.ndarray, " draw"]) -> _Interval:
    low, middle, high = weighted_quantiles(values, weight, _RANKS)
    return low, middle, high
