r"""Stochastic cases (DSMTS): means and standard deviations over many exact runs.

.. math:: Z = \sqrt{n}\,\frac{\bar x - \mu}{\sigma}, \qquad
          Y = \sqrt{\frac{n}{2}}\left(\frac{s^2}{\sigma^2} - 1\right)

A case names the ranges of both, (-3, 3) and (-5, 5) as a rule. Fifty times and two statistics make
one value outside quite likely for a perfect simulator, so a case with values outside is run again
on other random numbers, and only a value outside on the same side both times fails it. A Z
outside by chance (2.7e-3) does so with probability 3.7e-6, or 2e-4 for a case of fifty times.

Y has a spread of 1 only where the runs are distributed normally. In a population close to dying out
a few large survivors make it several times that (6 in DSMTS 001-03, where a perfect simulator is
outside two times in five), so a Y outside its range counts only if it is also outside when the
standard error of s², from the fourth moment of the runs, takes the place of σ²√(2/n).
"""

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
from jaxtyping import Float

from progenitor.interop import ImportedModel, read_sbml, run_moments
from progenitor.testing._suite_case import SuiteCase
from progenitor.testing._suite_semantic import observable_of
from progenitor.testing._suite_verdict import SuiteVerdict

__all__ = ["judge_stochastic"]

_EXACTLY: Final = 1e-9
"""How far a course without any spread may be off, relative to its size."""
_Value = tuple[str, float]
"""Which column of the expected results, and when."""


def judge_stochastic(case: SuiteCase, *, runs: int, seed: int) -> SuiteVerdict:
    """Run a stochastic case many times and compare its mean and spread with the expected ones.

    Parameters
    ----------
    case
        The case.
    runs
        How many runs; 10,000 for a verdict.
    seed
        Of the first runs; those after values outside use ``seed + 1``.

    Raises
    ------
    UnsupportedModelError
        When the model is refused.
    """
    imported = read_sbml(case.model)
    first = _outside(case, imported, runs, seed)
    worst = max((abs(ratio) for ratio in first.values()), default=0.0)
    if worst <= 1.0:
        return SuiteVerdict(case.name, "pass", "", worst)
    again = _outside(case, imported, runs, seed + 1)
    agreed = {
        what: ratio
        for what, ratio in first.items()
        if abs(ratio) > 1.0 and abs(again[what]) > 1.0 and (ratio > 0.0) == (again[what] > 0.0)
    }
    if not agreed:
        return SuiteVerdict(case.name, "pass", "", worst)
    what = max(agreed, key=lambda key: abs(agreed[key]))
    reason = (
        f"{len(agreed)} of {len(first)} values outside their range twice; the worst is {what[0]} "
        f"at {what[1]:g}, {agreed[what]:+.2f} times the end of the range"
    )
    return SuiteVerdict(case.name, "fail", reason, abs(agreed[what]))


def _outside(case: SuiteCase, imported: ImportedModel, runs: int, seed: int) -> dict[_Value, float]:
    """Every Z and Y in units of the end of its range: beyond ±1 is outside."""
    settings = case.settings
    times, expected = case.expected()
    names = [name for name in settings.variables if f"{name}-mean" in expected]
    shown = [observable_of(imported, name, settings) or "" for name in names]
    found = run_moments(
        imported, times, shown, parameters=imported.parameters, runs=runs, seed=seed
    )
    ratios: dict[_Value, float] = {}
    for position, name in enumerate(names):
        centre, around = expected[f"{name}-mean"], expected.get(f"{name}-sd")
        spread = found.spread[:, position]
        distance = found.mean[:, position] - centre
        z = _over(distance, (spread if around is None else around) / math.sqrt(runs), centre)
        ratios |= _ranged(f"{name}-mean", times, z, settings.mean_range or (-3.0, 3.0))
        if around is not None:
            distance = spread**2 - around**2
            y = _over(distance, around**2 * math.sqrt(2.0 / runs), centre)
            fair = _over(distance, found.variance_error[:, position], centre)
            y = np.where(np.abs(fair) < np.abs(y), fair, y)
            ratios |= _ranged(f"{name}-sd", times, y, settings.sd_range or (-5.0, 5.0))
    return ratios


def _over(
    distance: Float[np.ndarray, " time"],
    scale: Float[np.ndarray, " time"],
    size: Float[np.ndarray, " time"],
) -> Float[np.ndarray, " time"]:
    """Divide; where nothing varies, 0 if the distance is rounding and infinite if it is not."""
    same = np.abs(distance) <= _EXACTLY * np.maximum(np.abs(size), 1.0)
    ratio = np.where(same, 0.0, np.copysign(np.inf, distance))
    np.divide(distance, scale, out=ratio, where=scale > 0.0)
    return ratio


def _ranged(
    what: str,
    times: Float[np.ndarray, " time"],
    values: Float[np.ndarray, " time"],
    ends: tuple[float, float],
) -> Mapping[_Value, float]:
    low, high = ends
    ratios = np.where(values < 0.0, -np.abs(values / low), np.abs(values / high))
    return {(what, float(time)): float(ratio) for time, ratio in zip(times, ratios, strict=True)}
