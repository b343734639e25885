"""The error a simulation actually made, found by solving some patients again much more finely."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.engine._model import Model
from progenitor.engine._protocol import SolverOptions
from progenitor.engine._schedule import Protocol
from progenitor.engine._simulate import simulate
from progenitor.engine._streams import uniforms
from progenitor.engine._trajectories import Status

__all__ = ["Accuracy", "accuracy"]

_FINE: Final = 1e-8
_FINER: Final = 1e-2
_FLOOR: Final = 1e-6
_STANDARD: Final = SolverOptions()


@final
@dataclass(frozen=True, slots=True)
class Accuracy:
    """Largest relative error of each checked patient.

    Parameters
    ----------
    rows
        Which patients were solved again.
    errors
        Largest relative error over observables and output times; NaN when a solution failed.
    worst
        The observable with the largest error of all; empty when there is none.

    Examples
    --------
    >>> Accuracy(np.array([3, 8]), np.array([1e-6, np.nan]), "cells").largest
    1e-06
    """

    rows: Int[np.ndarray, " checked"]
    errors: Float[np.ndarray, " checked"]
    worst: str

    @property
    def largest(self) -> float:
        """Largest error among patients that could be solved; NaN when none could."""
        solved = self.errors[~np.isnan(self.errors)]
        return float(solved.max()) if solved.size else float("nan")

    @property
    def failed(self) -> int:
        """How many of the checked patients could not be solved."""
        return int(np.isnan(self.errors).sum())


def accuracy(
    model: Model,
    parameters: Mapping[str, Float[np.ndarray, " patient"]],
    *,
    times: Float[np.ndarray, "patient time"],
    doses: Protocol = (),
    seed: int,
    draw: Int[np.ndarray, " patient"],
    patient: Int[np.ndarray, " patient"],
    options: SolverOptions = _STANDARD,
    fraction: float = 0.01,
) -> Accuracy:
    r"""Solve a random share of the patients again at rtol 1e-8 and report the error made.

    Absolute tolerances are a hundredth of the usual in the finer solution y*.

    .. math::

        \max_{time, observable} \frac{|y - y^*|}{|y^*| + 10^{-6} \max_{time} |y^*|}

    Countable species are kept continuous in both solutions, since two random paths cannot be
    compared; their leaps are exact but for the mean path that the rest of the system sees.

    Parameters
    ----------
    model, parameters, times, doses, seed, draw, patient, options
        As for :func:`simulate`.
    fraction
        Share of the patients; at least one is checked. Which ones depends on ``seed``, ``draw``
        and ``patient`` only.

    Raises
    ------
    SimulationError
        When an input does not fit.

    Examples
    --------
    >>> from progenitor.engine import ModelParameter, Observable, Reaction, ReactionSet, Species
    >>> decay = ReactionSet(
    ...     "decay",
    ...     species=(Species("drug", "1", initial="100"),),
    ...     parameters=(ModelParameter("loss_rate", "1/day"),),
    ...     reactions=(Reaction("loss", "loss_rate*drug", {"drug": 1}),),
    ...     observables=(Observable("drug", "drug", "1"),),
    ... )
    >>> one = np.array([0])
    >>> found = accuracy(
    ...     Model.build("decay", [decay]), {"loss_rate": np.array([0.3])},
    ...     times=np.array([[1.0, 10.0]]), seed=1, draw=one, patient=one,
    ... )
    >>> found.largest < 1e-4
    True
    """
    chance = uniforms(seed, "accuracy", draw, patient)
    rows = np.flatnonzero((chance < fraction) | (chance == chance.min(initial=1.0)))
    plain = replace(options, countable_threshold=0.0)
    fine = replace(plain, rtol=min(_FINE, options.rtol), atol_scale=_FINER * options.atol_scale)
    coarse_values, fine_values = (
        _values(model, parameters, times, doses, (seed, draw, patient), rows, chosen)
        for chosen in (plain, fine)
    )
    errors = _relative_errors(coarse_values, fine_values)
    by_observable = errors.max(axis=1, initial=0.0)
    each = by_observable.max(axis=1, initial=0.0)
    highest = np.nan_to_num(by_observable).max(axis=0, initial=0.0)
    worst = model.observables[int(highest.argmax())].name if highest.any() else ""
    return Accuracy(rows, each, worst)


def _values(
    model: Model,
    parameters: Mapping[str, Float[np.ndarray, " patient"]],
    times: Float[np.ndarray, "patient time"],
    doses: Protocol,
    keys: tuple[int, Int[np.ndarray, " patient"], Int[np.ndarray, " patient"]],
    rows: Int[np.ndarray, " checked"],
    options: SolverOptions,
) -> Float[np.ndarray, "checked time observable"]:
    seed, draw, patient = keys
    found = simulate(
        model,
        {name: np.asarray(column)[rows] for name, column in parameters.items()},
        times=times[rows],
        doses=[dose.of(rows) for dose in doses],
        seed=seed,
        draw=draw[rows],
        patient=patient[rows],
        options=options,
    )
    found.values[found.status != Status.OK] = np.nan
    return found.values


def _relative_errors(
    coarse: Float[np.ndarray, "checked time observable"],
    fine: Float[np.ndarray, "checked time observable"],
) -> Float[np.ndarray, "checked time observable"]:
    """Zero where both are zero, or both undefined because the patient had stopped."""
    difference, size = np.abs(coarse - fine), np.abs(fine)
    scale = size + _FLOOR * np.nan_to_num(size).max(axis=1, keepdims=True, initial=0.0)
    alive = ~np.isnan(fine).all(axis=(1, 2), keepdims=True)
    stopped = np.isnan(coarse) & np.isnan(fine) & alive
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((difference == 0) | stopped, 0.0, difference / scale)
