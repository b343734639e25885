"""What a mouse study concludes: batches or mice as units, a mixed model, the humane endpoint."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.trial._dunnett import dunnett_critical
from progenitor.trial._hazard_ratios import hazard_ratios
from progenitor.trial._log_rank import log_rank
from progenitor.trial._mixed_model import RandomEffect, mixed_model
from progenitor.trial._mouse_studies import MouseStudies

__all__ = [
    "ArmEffects",
    "ArmHazards",
    "compare_hazards",
    "compare_measurements",
    "compare_units",
    "fit_batches",
]


@final
@dataclass(frozen=True, slots=True, eq=False)
class ArmEffects:
    """Growth rate of every arm minus that of control, in many studies (study, arm).

    ``low`` and ``high`` are joint limits of all arms; the control's own entries are NaN.
    """

    difference: Float[np.ndarray, "study arm"]
    low: Float[np.ndarray, "study arm"]
    high: Float[np.ndarray, "study arm"]

    @property
    def slower(self) -> Bool[np.ndarray, "study arm"]:
        """Whether an arm is found to grow more slowly than control."""
        return np.asarray(self.high < 0.0)

    @property
    def different(self) -> Bool[np.ndarray, "study arm"]:
        """Whether an arm is found to differ from control, either way."""
        return np.asarray((self.high < 0.0) | (self.low > 0.0))

    def holds(self, truth: Float[np.ndarray, "study arm"]) -> Bool[np.ndarray, " study"]:
        """Whether the joint limits of all arms hold the true differences."""
        inside = (self.low <= truth) & (truth <= self.high) | np.isnan(self.difference)
        return np.asarray(inside.all(axis=1))


def compare_units(studies: MouseStudies, *, unit: Literal["batch", "mouse"]) -> ArmEffects:
    r"""Compare growth rates with Dunnett's test, batches of cells or mice as units.

    Mice that receive cells of one donor share what that batch can do. With the means of batches as
    values, the analysis of variance is that of the mixed model with a random batch where groups
    are of equal size; with mice as values it takes their likeness for evidence. As in
    :func:`dunnett_test`,

    .. math::

        \bar g_a - \bar g_0 \pm c_{\alpha}\, s \sqrt{2/n}

    Parameters
    ----------
    studies
        Studies of one design.
    unit
        What is taken for independent.

    Examples
    --------
    >>> from progenitor.trial import MouseBank, MouseDesign, conduct_mouse_studies
    >>> growth = np.array([0.08, 0.02])[None, :, None, None, None] * np.arange(4.0) * 7.0
    >>> volume = 100.0 * np.exp(growth) * np.ones((1, 2, 3, 4, 4))
    >>> bank = MouseBank(("control", "cells"), 7.0 * np.arange(4.0), volume)
    >>> design = MouseDesign(control=0, donors=3, per_donor=4, limit=1500.0, error=0.15)
    >>> studies = conduct_mouse_studies(bank, design, replicates=100, seed=1)
    >>> float(compare_units(studies, unit="batch").slower[:, 1].mean())
    1.0
    """
    design, arms = studies.design, len(studies.bank.arms)
    cells = studies.growth.reshape(-1, arms, design.mice_per_arm)
    if unit == "batch":
        cells = _mean(cells.reshape(-1, arms, design.donors, design.per_donor))
    known = np.isfinite(cells)
    size = known.sum(axis=2)
    means = _mean(cells)
    left = np.where(known, cells - means[:, :, np.newaxis], 0.0)
    freedom = np.maximum(size.sum(axis=1) - arms, 1)
    spread = np.sqrt((left**2).sum(axis=(1, 2)) / freedom)
    error = spread[:, np.newaxis] * np.sqrt(1.0 / size + 1.0 / size[:, [design.control]])
    shares = np.full(arms - 1, np.sqrt(0.5))
    reach = dunnett_critical(design.alpha, shares, float(arms * (cells.shape[2] - 1)))
    difference = means - means[:, [design.control]]
    difference[:, design.control] = np.nan
    return ArmEffects(difference, difference - reach * error, difference + reach * error)


def fit_batches(studies: MouseStudies, *, most: int) -> ArmEffects:
    r"""Fit a mixed model of growth rates with random batches and cages to the first studies.

    .. math::

        g_i = \mu_{arm(i)} + b_{batch(i)} + c_{cage(i)} + e_i

    by restricted likelihood, with Satterthwaite's degrees of freedom and Dunnett's joint limits.

    Parameters
    ----------
    studies
        Studies of one design.
    most
        How many of them.

    Examples
    --------
    >>> from progenitor.trial import MouseBank, MouseDesign, conduct_mouse_studies
    >>> growth = np.array([0.08, 0.02])[None, :, None, None, None] * np.arange(4.0) * 7.0
    >>> volume = 100.0 * np.exp(growth) * np.ones((1, 2, 3, 4, 4))
    >>> bank = MouseBank(("control", "cells"), 7.0 * np.arange(4.0), volume)
    >>> design = MouseDesign(control=0, donors=3, per_donor=4, limit=1500.0, error=0.15)
    >>> studies = conduct_mouse_studies(bank, design, replicates=5, seed=1)
    >>> fit_batches(studies, most=2).slower.tolist()
    [[False, True], [False, True]]
    """
    design, arms = studies.design, len(studies.bank.arms)
    shares = np.full(arms - 1, np.sqrt(0.5))
    fixed = np.eye(arms)[studies.arm]
    found = np.full((3, min(most, len(studies.draw)), arms), np.nan)
    for study in range(found.shape[1]):
        known = np.isfinite(studies.growth[study])
        fit = mixed_model(
            studies.growth[study, known],
            fixed[known],
            [
                RandomEffect("batch", studies.batch[study, known]),
                RandomEffect("cage", studies.cage[study, known]),
            ],
        )
        for arm in range(arms):
            if arm == design.control:
                continue
            one = fit.contrast(np.eye(arms)[arm] - np.eye(arms)[design.control])
            half = one.standard_error * _reach(design.alpha, shares, one.freedom)
            found[:, study, arm] = one.value, one.value - half, one.value + half
    return ArmEffects(*found)


def compare_measurements(studies: MouseStudies, study: int = 0) -> ArmEffects:
    r"""Fit a mixed model to every measurement of one study, as its report would.

    .. math::

        \ln V_{it} = \alpha + a_i + (\gamma_{arm(i)} + b_{batch(i)} + g_i)\,t + e_{it}

    with random mice (a, g) and batches; what a cage does is part of g. Mice that are removed leave
    no later rows; as removal depends on measured volume alone, the likelihood of the rest is not
    misled.

    Parameters
    ----------
    studies
        Studies of one design.
    study
        Which of them.

    References
    ----------
    Laird, Ware 1982, Biometrics 38:963–974, doi:10.2307/2529876.

    Examples
    --------
    >>> from progenitor.trial import MouseBank, MouseDesign, conduct_mouse_studies
    >>> growth = np.array([0.08, 0.02])[None, :, None, None, None] * np.arange(4.0) * 7.0
    >>> volume = 100.0 * np.exp(growth) * np.ones((1, 2, 3, 4, 4))
    >>> bank = MouseBank(("control", "cells"), 7.0 * np.arange(4.0), volume)
    >>> design = MouseDesign(control=0, donors=3, per_donor=4, limit=1500.0, error=0.15)
    >>> studies = conduct_mouse_studies(bank, design, replicates=5, seed=1)
    >>> compare_measurements(studies).difference.round(2).tolist()
    [[nan, -0.06]]
    """
    design, arms = studies.design, len(studies.bank.arms)
    mouse, place = np.nonzero(np.isfinite(studies.volume[study]))
    day = studies.bank.days[place] - studies.bank.days[0]
    week = day / 7.0
    logs = np.log(studies.volume[study, mouse, place])
    fixed = np.column_stack([np.ones(day.size), np.eye(arms)[studies.arm[mouse]] * week[:, None]])
    fit = mixed_model(
        logs,
        fixed,
        [
            RandomEffect("mouse", mouse),
            RandomEffect("growth of mouse", mouse, week),
            RandomEffect("growth of batch", studies.batch[study, mouse], week),
        ],
    )
    shares = np.full(arms - 1, np.sqrt(0.5))
    found = np.full((3, 1, arms), np.nan)
    for arm in range(arms):
        if arm == design.control:
            continue
        one = fit.contrast((np.eye(arms + 1)[arm + 1] - np.eye(arms + 1)[design.control + 1]) / 7.0)
        half = one.standard_error * _reach(design.alpha, shares, one.freedom)
        found[:, 0, arm] = one.value, one.value - half, one.value + half
    return ArmEffects(*found)


class ArmHazards(NamedTuple):
    """Humane endpoints of every arm against control in many studies (study, arm).

    ``z`` and ``p_value`` are of the log-rank test (below 0: fewer endpoints), ``log_ratio`` and
    ``standard_error`` of Cox regression with Firth's penalty.
    """

    z: Float[np.ndarray, "study arm"]
    p_value: Float[np.ndarray, "study arm"]
    log_ratio: Float[np.ndarray, "study arm"]
    standard_error: Float[np.ndarray, "study arm"]


def compare_hazards(studies: MouseStudies) -> ArmHazards:
    """Compare days of the humane endpoint by log-rank tests and Firth's hazard ratios.

    Neither knows of donors. The control's own entries are NaN.

    Parameters
    ----------
    studies
        Studies of one design.

    Examples
    --------
    >>> from progenitor.trial import MouseBank, MouseDesign, conduct_mouse_studies
    >>> growth = np.array([0.08, 0.02])[None, :, None, None, None] * np.arange(4.0) * 7.0
    >>> volume = 100.0 * np.exp(growth) * np.ones((1, 2, 3, 4, 4))
    >>> bank = MouseBank(("control", "cells"), 7.0 * np.arange(4.0), volume)
    >>> design = MouseDesign(control=0, donors=3, per_donor=4, limit=400.0, error=0.15)
    >>> studies = conduct_mouse_studies(bank, design, replicates=5, seed=1)
    >>> bool(np.all(compare_hazards(studies).log_ratio[:, 1] < 0.0))
    True
    """
    arms, control = len(studies.bank.arms), studies.design.control
    found = np.full((4, len(studies.draw), arms), np.nan)
    for arm in range(arms):
        if arm == control:
            continue
        pair = np.isin(studies.arm, (arm, control))
        time, event = studies.time[:, pair], studies.event[:, pair]
        group = (studies.arm[pair] == arm).astype(int)
        test = log_rank(time, event, group)
        ratio = hazard_ratios(time, event, group, penalised=True)
        found[:, :, arm] = test.z, test.p_value, ratio.value, ratio.standard_error
    return ArmHazards(*found)


def _reach(alpha: float, shares: Float[np.ndarray, " arm"], freedom: float) -> float:
    """Joint critical value; degrees of freedom to a tenth, which many studies share."""
    return _known_reach(alpha, shares.size, round(min(max(freedom, 1.0), 1e4), 1))


def _known_reach(alpha: float, arms: int, freedom: float) -> float:
    key = (alpha, arms, freedom)
    if key not in _REACHES:
        _REACHES[key] = dunnett_critical(alpha, np.full(arms, np.sqrt(0.5)), freedom)
    return _REACHES[key]


_REACHES: dict[tuple[float, int, float], float] = {}


def _mean(values: Float[np.ndarray, "*cell unit"]) -> Float[np.ndarray, "*cell"]:
    """Mean of the known values; NaN where there is none."""
    known = np.isfinite(values)
    count = known.sum(axis=-1)
    total = np.where(known, values, 0.0).sum(axis=-1)
    return np.asarray(total / np.where(count > 0, count, np.nan))
