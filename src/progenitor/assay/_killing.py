"""Killing of an adherent tumour in an impedance assay, fitted with the CARRGO form."""

from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np
from jaxtyping import Float

from progenitor.assay._residuals import ResidualTests, residual_tests
from progenitor.errors import InputError, Problem

__all__ = ["KILLING_NUMBERS", "KillingFit", "fit_killing", "killing_course"]

KILLING_NUMBERS: Final = ("growth", "capacity", "killing", "stimulation", "death")
"""ρ, K, κ1, κ2 and θ."""
_MOST_TIMES: Final = 100
_FEWEST_TIMES: Final = 12
_STEPS: Final = 150
_STARTS: Final = 2
_MAY_BE_NONE: Final = ("killing", "death")
_NEGATIVE: Final = 2.576
_MOST_TRIES: Final = 50
_LIMITS: Final = {
    "growth": (1e-4, 1.0), "capacity": (1.01, 100.0), "killing": (1e-6, 100.0),
    "stimulation": (-5.0, 5.0), "death": (1e-7, 1.0),
}  # fmt: skip
"""Per hour, relative to the index when effectors were added: far beyond any assay."""


@final
@dataclass(frozen=True, slots=True)
class KillingFit:
    """A fitted killing curve.

    Parameters
    ----------
    numbers
        ρ (1/h), K, κ1, κ2 (1/h and index) and θ (1/h); index and effectors are relative to the cell
        index when effectors were added.
    errors
        Standard errors; NaN where the data do not tell the number.
    times, observed, fitted
        Hours since effectors were added, and normalised index.
    effectors
        Effectors by the fit, in the same unit.
    residual
        Standard deviation of observed about fitted.
    tests
        Whether residuals look random.
    faults
        Why the form may be wrong for these data; empty when nothing speaks against it.
    untold
        Numbers that these data cannot tell, which speaks neither for nor against the form.
    """

    numbers: dict[str, float]
    errors: dict[str, float]
    times: Float[np.ndarray, " time"]
    observed: Float[np.ndarray, " time"]
    fitted: Float[np.ndarray, " time"]
    effectors: Float[np.ndarray, " time"]
    residual: float
    tests: ResidualTests
    faults: tuple[str, ...]
    untold: tuple[str, ...] = ()

    @property
    def misspecified(self) -> bool:
        """Whether something speaks against the form."""
        return bool(self.faults)


def killing_course(
    numbers: Float[np.ndarray, "set 5"],
    times: Float[np.ndarray, " time"],
    *,
    start: Float[np.ndarray, " set"],
    effectors: Float[np.ndarray, " set"],
) -> tuple[Float[np.ndarray, "set time"], Float[np.ndarray, "set time"]]:
    r"""Solve :math:`\dot x = \rho x(1 - x/K) - \kappa_1 xy,\ \dot y = \kappa_2 xy - \theta y`.

    Fourth-order Runge-Kutta steps on ``ln x`` and ``ln y``, so that neither falls below zero, in
    machine code.

    Parameters
    ----------
    numbers
        ρ, K, κ1, κ2, θ of each set.
    times
        Increasing, from 0.
    start, effectors
        x and y at time 0; above 0.

    Returns
    -------
    tuple
        x and y at the times.

    References
    ----------
    Sahoo P et al. J R Soc Interface 2020;17:20190734, doi:10.1098/rsif.2019.0734, equations 3.1-2.

    Examples
    --------
    >>> logistic = np.array([[0.1, 2.0, 0.0, 0.0, 0.0]])
    >>> one = np.ones(1)
    >>> x, _ = killing_course(logistic, np.array([0.0, 10.0]), start=one, effectors=one)
    >>> bool(abs(x[0, 1] - 2 / (1 + np.exp(-1))) < 1e-9)
    True
    """
    from progenitor.engine._killing_kernel import solve_killing

    found = np.empty((2, len(numbers), times.size))
    begin = np.stack([start, effectors]).astype(float)
    solve_killing(
        np.ascontiguousarray(numbers, dtype=float),
        np.ascontiguousarray(times, dtype=float),
        begin,
        float(times[-1] - times[0]) / _STEPS,
        found,
    )
    return found[0], found[1]


def fit_killing(
    times: Float[np.ndarray, " time"],
    index: Float[np.ndarray, " time"],
    *,
    ratio: float,
    control: Float[np.ndarray, " time"] | None = None,
) -> KillingFit:
    """Fit the CARRGO form to a normalised cell index, and say whether it may be trusted.

    Least squares; growth and capacity come from the targets alone where a control is given, both
    curves fitted together. Residuals are tested for runs and for correlation with the one before;
    a number at the far end of its range is a fault too, and so is a death that would have to be
    negative (score test, 0.5 %). Numbers the data cannot tell are named, and are no faults.

    Parameters
    ----------
    times
        Hours since effectors were added; increasing from 0.
    index
        Cell index divided by that at time 0.
    ratio
        Effectors per target when added.
    control
        The same of targets without effectors.

    Raises
    ------
    InputError
        With fewer than 12 times, times that do not increase from 0, an index that is not finite, or
        a ratio that is not above 0.

    Examples
    --------
    >>> times = np.linspace(0, 60, 61)
    >>> numbers = np.array([[0.03, 3.0, 0.3, 0.05, 0.01]])
    >>> x, _ = killing_course(numbers, times, start=np.ones(1), effectors=np.array([0.2]))
    >>> noise = 0.005 * np.sin(1e3 * times**2)
    >>> control, _ = killing_course(numbers * [[1, 1, 0, 0, 0]], times, start=np.ones(1),
    ...                             effectors=np.array([0.2]))
    >>> fit = fit_killing(times, x[0] + noise, ratio=0.2, control=control[0] + noise[::-1])
    >>> bool(abs(fit.numbers["killing"] - 0.3) < 0.05), fit.misspecified
    (True, False)
    """
    from scipy.optimize import least_squares

    _check(times, index, ratio, control)
    step = max(1, -(-times.size // _MOST_TIMES))
    alone = None if control is None else control[::step]
    task = _Task(times[::step], index[::step], alone, ratio)
    top = float((task.seen if alone is None else alone).max())
    low, high = task.bounds
    guesses = np.clip(_guesses(top), low + 1e-6, high - 1e-6)
    order = np.argsort((task.gap(guesses) ** 2).sum(axis=1))
    found = [
        least_squares(
            lambda free: task.gap(free[np.newaxis])[0],
            guesses[place],
            task.slopes,
            bounds=(low, high),
            max_nfev=_MOST_TRIES,
        )
        for place in order[:_STARTS]
    ]
    return _finished(min(found, key=lambda result: float(result.cost)), task)


@final
@dataclass(frozen=True, slots=True)
class _Task:
    """What is fitted, on the scale that is searched: logarithms, but for κ2, then both starts."""

    times: Float[np.ndarray, " time"]
    seen: Float[np.ndarray, " time"]
    alone: Float[np.ndarray, " time"] | None
    ratio: float

    @property
    def bounds(self) -> tuple[Float[np.ndarray, " 7"], Float[np.ndarray, " 7"]]:
        """Ends of the range that is searched."""
        low, high = np.array([_LIMITS[name] for name in KILLING_NUMBERS]).T
        ends = [np.where(_LOGGED, np.log(np.where(_LOGGED, end, 1.0)), end) for end in (low, high)]
        return np.append(ends[0], [-0.3, -0.3]), np.append(ends[1], [0.3, 0.3])

    def numbers(self, free: Float[np.ndarray, "set 7"]) -> Float[np.ndarray, "set 5"]:
        """Return ρ, K, κ1, κ2, θ."""
        found: Float[np.ndarray, "set 5"] = np.where(
            _LOGGED, np.exp(np.where(_LOGGED, free[:, :5], 0.0)), free[:, :5]
        )
        return found

    def gap(self, free: Float[np.ndarray, "set 7"]) -> Float[np.ndarray, "set residual"]:
        """Return fitted less observed, of the well and then the control."""
        numbers, first, sets = self.numbers(free), np.exp(free[:, 5:]), len(free)
        x, _ = killing_course(
            numbers, self.times, start=first[:, 0], effectors=np.full(sets, self.ratio)
        )
        rest: Float[np.ndarray, "set residual"] = x - self.seen
        if self.alone is not None:
            without = numbers * np.array([1, 1, 0, 0, 0])
            y, _ = killing_course(without, self.times, start=first[:, 1], effectors=np.ones(sets))
            rest = np.concatenate([rest, y - self.alone], axis=1)
        return rest

    def slopes(self, free: Float[np.ndarray, " 7"]) -> Float[np.ndarray, "residual 7"]:
        """Return central differences of the gap, all courses solved at once."""
        moves = _MOVE * np.eye(free.size)
        both = self.gap(np.concatenate([free + moves, free - moves]))
        slopes: Float[np.ndarray, "residual 7"] = (
            (both[: free.size] - both[free.size :]) / (2 * _MOVE)
        ).T
        return slopes


_LOGGED: Final = np.array([name != "stimulation" for name in KILLING_NUMBERS])
_MOVE: Final = 1e-5


def _guesses(top: float) -> Float[np.ndarray, "set 7"]:
    """Return where to begin: all combinations of slow and fast, on the scale that is searched."""
    grids = (
        np.log([0.01, 0.05, 0.2]), np.log([max(1.1, 1.05 * top), max(2.0, 3 * top)]),
        np.log([0.03, 0.2, 1.0, 5.0]), np.array([-0.05, 0.005, 0.05, 0.2]),
        np.log([0.001, 0.03]),
    )  # fmt: skip
    found = np.stack(np.meshgrid(*grids, indexing="ij"), axis=-1).reshape(-1, len(grids))
    return np.column_stack([found, np.zeros((len(found), 2))])


def _finished(best: Any, task: _Task) -> KillingFit:
    """Turn a solution into numbers, errors and faults."""
    numbers = task.numbers(best.x[np.newaxis])
    x, y = killing_course(
        numbers, task.times, start=np.exp(best.x[5:6]), effectors=np.full(1, task.ratio)
    )
    rest = task.seen - x[0]
    freedom = max(1, best.fun.size - best.x.size)
    covariance = np.linalg.pinv(best.jac.T @ best.jac, rcond=1e-12) * (2 * best.cost / freedom)
    sd = np.sqrt(np.diag(covariance))
    low, high = task.bounds
    tests = residual_tests(rest)
    faults, untold, errors = list(tests.faults), [], {}
    for place, name in enumerate(KILLING_NUMBERS):
        value = float(numbers[0, place])
        errors[name] = float(sd[place] * (value if _LOGGED[place] else 1.0))
        near = 1e-3 * (high[place] - low[place])
        if name in _MAY_BE_NONE and best.x[place] - low[place] < near:
            untold.append(f"{name} cannot be told from none")
        elif min(best.x[place] - low[place], high[place] - best.x[place]) < near:
            faults.append(f"{name} is at the end of its range ({value:.3g})")
        elif _LOGGED[place] and sd[place] > 1.0:
            factor = float(np.exp(min(1.96 * sd[place], 50.0)))
            untold.append(f"{name} is not told by the data: {value:.3g}, give or take {factor:.3g}-"
                          "fold")  # fmt: skip
    if (z := _wants_negative_death(best, task)) > _NEGATIVE:
        faults.append(f"effectors would have to die at a negative rate (z {z:.1f})")
    return KillingFit(
        dict(zip(KILLING_NUMBERS, (float(v) for v in numbers[0]), strict=True)),
        errors,
        task.times,
        task.seen,
        x[0],
        y[0],
        float(np.sqrt((rest**2).mean())),
        tests,
        tuple(faults),
        tuple(untold),
    )


def _wants_negative_death(best: Any, task: _Task) -> float:
    """Return how many standard errors the fit would gain by a death below zero; 0 inside."""
    place = KILLING_NUMBERS.index("death")
    low = task.bounds[0]
    if best.x[place] - low[place] > 1e-3 * (task.bounds[1][place] - low[place]):
        return 0.0
    more = best.x.copy()
    more[place] = np.log(np.exp(best.x[place]) + _MOVE)
    slope = (task.gap(more[np.newaxis])[0] - best.fun) / _MOVE
    others = np.delete(best.jac, place, axis=1)
    own = slope - others @ np.linalg.lstsq(others, slope, rcond=None)[0]
    sd = float(np.sqrt(2 * best.cost / max(1, best.fun.size - best.x.size)))
    size = sd * float(np.linalg.norm(own))
    return float(own @ best.fun) / size if size > 0 else 0.0


def _check(
    times: Float[np.ndarray, " time"],
    index: Float[np.ndarray, " time"],
    ratio: float,
    control: Float[np.ndarray, " time"] | None,
) -> None:
    problems = []
    if times.size < _FEWEST_TIMES:
        problems.append(Problem(f"{times.size} times after effectors were added",
                                f"give {_FEWEST_TIMES} or more"))  # fmt: skip
    elif times[0] != 0 or not (np.diff(times) > 0).all():
        problems.append(Problem("times do not increase from 0", "sort them, and count from the "
                                "addition of effectors"))  # fmt: skip
    for name, values in (("index", index), ("control", control)):
        if values is not None and (values.shape != times.shape or not np.isfinite(values).all()):
            message = f"{name} has values that are no numbers, or not one per time"
            problems.append(Problem(message, "give a finite index at every time", field=name))
    if not (np.isfinite(ratio) and ratio > 0):
        problems.append(Problem(f"the effector to target ratio is {ratio:g}", "give more than 0",
                                field="ratio"))  # fmt: skip
    if problems:
        raise InputError(problems)
