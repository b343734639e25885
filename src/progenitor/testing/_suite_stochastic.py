r"""Stochastic cases (DSMTS): means and standard deviations over many exact runs.

.. math:: Z = \sqrt{n}\,\frac{\bar x - \mu}{\sigma}, \qquad
          Y = \sqrt{\frac{n}{2}}\left(\frac{s^2}{\sigma^2} - 1\right)

A case names the ranges of both, (-3, 3) and (-5, 5) as a rule. Fifty times and two statistics make
one value outside quite likely for a perfect simulator, so a case with values outside is run again
on other random numbers, and only a value outside on the same side both times fails it. A Z
outside by chance (2.7e-3) does so with probability 3.7e-6, or 2e-4 for a case of fifty times.
"""

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
from jaxtyping import Float

from progenitor.interop import ImportedModel, mean_and_spread, read_sbml
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
    mean, spread = mean_and_spread(
        imported, times, shown, parameters=imported.parameters, runs=runs, seed=seed
    )
    found: dict[_Value, float] = {}
    for position, name in enumerate(names):
        centre, around = expected[f"{name}-mean"], expected.get(f"{name}-sd")
        scatter = spread[:, position] if around is None else around
        distance = math.sqrt(runs) * (mean[:, position] - centre)
        z = _over(distance, scatter, centre)
        found |= _ranged(f"{name}-mean", times, z, settings.mean_range or (-3.0, 3.0))
        if around is not None:
            distance = math.sqrt(runs / 2.0) * (spread[:, position] ** 2 - around**2)
            y = _over(distance, around**2, centre)
            found |= _ranged(f"{name}-sd", times, y, settings.sd_range or (-5.0, 5.0))
    return found


def _over(
    distance: Float[np.ndarray, " time"],
    scale: Float[np.ndarray, " time"],
    size: Float[np.ndarray, " time"],
) -> Float[np.ndarray, " time"]:
    """Divide; where nothing varies, 0 if the distance is rounding and infinite if it is not."""
    same = np.abs(distance) <= _EXACTLY * np.maximum(np.abs(size), 1.0)
    still = np.where(same, 0.0, np.copysign(np.inf, distance))
    return np.divide(distance, scale, out=still, where=scale > 0.0)


def _ranged(
    what: str,
    times: Float[np.ndarray, " time"],
    values: Float[np.ndarray, " time"],
    ends: tuple[float, float],
) -> Mapping[_Value, float]:
    low, high = ends
    ratios = np.where(values < 0.0, -np.abs(values / low), np.abs(values / high))
    return {(what, float(time)): float(ratio) for time, ratio in zip(times, ratios, strict=True)}
