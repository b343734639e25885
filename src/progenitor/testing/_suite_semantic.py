"""Semantic cases of the SBML test suite: one deterministic course against the expected one."""

from typing import Final

import numpy as np
from jaxtyping import Float

from progenitor.engine import SolverOptions, Status, Trajectories, simulate
from progenitor.interop import ImportedModel, read_sbml
from progenitor.testing._suite_case import Settings, SuiteCase
from progenitor.testing._suite_verdict import SuiteVerdict

__all__ = ["judge_semantic", "observable_of"]

_CAREFUL: Final = 1e-3
"""The solver is asked for this part of what a case allows."""
_MOST_FIRINGS: Final = 1_000_000
"""Some cases let two events call each other thousands of times."""
_DEADLINE: Final = 300.0


def judge_semantic(case: SuiteCase, *, engine: str = "fast") -> SuiteVerdict:
    r"""Import a case, simulate it and compare every value with the expected one.

    .. math:: |x - expected| \le absolute + relative \cdot |expected|

    Parameters
    ----------
    case
        The case.
    engine
        ``fast`` or ``reference``.

    Raises
    ------
    UnsupportedModelError
        When the model is refused.
    """
    if case.settings.steps == 0 or case.kind != "TimeCourse":
        return SuiteVerdict(case.name, "unsupported", f"{case.kind} is not a time course")
    times, expected = case.expected()
    imported = read_sbml(case.model)
    found = _simulated(imported, times, _options(imported, case.settings, engine))
    status = Status(int(found.status[0]))
    if status is not Status.OK:
        return SuiteVerdict(case.name, "fail", f"the solver gave up: {status.name}")
    worst, culprit = 0.0, ""
    for name in case.settings.variables:
        shown = observable_of(imported, name, case.settings)
        if shown is None or name not in expected:
            return SuiteVerdict(case.name, "fail", f"no course of '{name}' was imported")
        deviation = _deviation(found.observable(shown)[0], expected[name], case.settings)
        if not deviation <= worst:
            worst, culprit = deviation, name
    if worst <= 1.0:
        return SuiteVerdict(case.name, "pass", "", worst)
    reason = f"'{culprit}' is {worst:.3g} times further off than allowed"
    return SuiteVerdict(case.name, "fail", reason, worst)


def observable_of(imported: ImportedModel, name: str, settings: Settings) -> str | None:
    """Name of the observable that reports an id in the way the settings ask for.

    Parameters
    ----------
    imported
        The model.
    name
        An SBML id.
    settings
        Say whether its amount or its concentration is meant.
    """
    if name in settings.amounts and name in imported.amounts:
        return imported.amounts[name]
    if name in settings.concentrations and name in imported.concentrations:
        return imported.concentrations[name]
    return imported.symbols.get(name)


def _options(imported: ImportedModel, settings: Settings, engine: str) -> SolverOptions:
    """Tolerances well below what the case allows, whatever the model's own are."""
    allowed = settings.absolute or settings.relative
    scale = 1e-12 if allowed <= 0.0 else _CAREFUL * allowed
    largest = max((s.absolute_tolerance or 1e-6 for s in imported.model.species), default=1e-6)
    return SolverOptions(
        rtol=float(np.clip(settings.relative * _CAREFUL, 1e-10, 1e-6)),
        atol_scale=float(np.clip(scale / largest, 1e-12, 1.0)),
        max_firings=_MOST_FIRINGS,
        deadline=_DEADLINE,
        engine=engine,
    )


def _simulated(
    imported: ImportedModel, times: Float[np.ndarray, " time"], options: SolverOptions
) -> Trajectories:
    one = np.zeros(1, dtype=np.int64)
    return simulate(
        imported.model,
        {name: np.array([value]) for name, value in imported.parameters.items()},
        times=times[np.newaxis, :],
        seed=0,
        draw=one,
        patient=one,
        options=options,
    )


def _deviation(
    found: Float[np.ndarray, " time"], expected: Float[np.ndarray, " time"], settings: Settings
) -> float:
    """Largest deviation in units of what is allowed; infinite for the wrong kind of number."""
    finite = np.isfinite(expected)
    same = np.where(np.isnan(expected), np.isnan(found), found == expected)
    if not (finite | same).all() or not np.isfinite(found[finite]).all():
        return float("inf")
    allowed = settings.absolute + settings.relative * np.abs(expected[finite])
    apart = np.abs(found[finite] - expected[finite])
    ratio = np.divide(apart, allowed, out=np.where(apart > 0.0, np.inf, 0.0), where=allowed > 0.0)
    return float(ratio.max(initial=0.0))
