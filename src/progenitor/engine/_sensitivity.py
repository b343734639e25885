"""Derivatives of a simulation with respect to parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.engine._change import Change
from progenitor.engine._model import Model
from progenitor.engine._protocol import SolverOptions
from progenitor.engine._schedule import Protocol
from progenitor.engine._simulate import simulate
from progenitor.engine._tangent_model import (
    TangentModel,
    reasons_against_tangents,
    tangent_model,
)
from progenitor.engine._trajectories import Trajectories
from progenitor.errors import SimulationError

__all__ = ["Sensitivities", "sensitivities"]

_STANDARD: Final = SolverOptions()
_AT_ONCE: Final = 4
"""Parameters solved together; more make code that no longer fits the processor's cache."""
_KEPT: Final = 16
_cache: Final[dict[tuple[str, tuple[str, ...]], TangentModel]] = {}


@final
@dataclass(frozen=True, slots=True)
class Sensitivities:
    """Observables of simulated patients and how they move with parameters.

    Parameters
    ----------
    times
        Output times.
    values
        Observables in their declared units; NaN throughout in patients that failed.
    derivatives
        Unit of the observable per unit of the parameter; with ``log`` per unit of its logarithm.
    observables, parameters
        Names along the last axes.
    status
        One :class:`Status` per patient.

    Examples
    --------
    See :func:`sensitivities`.
    """

    times: Float[np.ndarray, "patient time"]
    values: Float[np.ndarray, "patient time observable"]
    derivatives: Float[np.ndarray, "patient time observable parameter"]
    observables: tuple[str, ...]
    parameters: tuple[str, ...]
    status: Int[np.ndarray, " patient"]

    def of(self, observable: str, parameter: str) -> Float[np.ndarray, "patient time"]:
        """Return the derivative of one observable with respect to one parameter.

        Raises
        ------
        SimulationError
            When there is none.
        """
        problems = [
            f"no {kind} '{name}'; known: {', '.join(known)}"
            for kind, name, known in (
                ("observable", observable, self.observables),
                ("parameter", parameter, self.parameters),
            )
            if name not in known
        ]
        if problems:
            raise SimulationError("\n".join(problems))
        place = self.observables.index(observable), self.parameters.index(parameter)
        chosen: Float[np.ndarray, "patient time"] = self.derivatives[:, :, place[0], place[1]]
        return chosen


def sensitivities(
    model: Model,
    parameters: Mapping[str, Float[np.ndarray, " patient"]],
    *,
    of: Sequence[str],
    times: Float[np.ndarray, "patient time"],
    doses: Protocol = (),
    log: bool = False,
    options: SolverOptions = _STANDARD,
) -> Sensitivities:
    r"""Simulate patients and the derivatives of every observable with respect to parameters.

    .. math:: \frac{d}{dt} \frac{\partial x}{\partial p} =
       \frac{\partial f}{\partial x} \frac{\partial x}{\partial p} + \frac{\partial f}{\partial p}

    Derivatives are solved beside the species, each with the species' tolerance relative to the
    value of the parameter. Countable species stay continuous. After a :class:`Change` of a
    parameter what follows no longer depends on the value given here.

    Parameters
    ----------
    model, parameters, times, doses, options
        As for :func:`simulate`.
    of
        Parameters to differentiate by.
    log
        Whether to differentiate by the logarithm of each parameter, which must be above 0.

    Raises
    ------
    SimulationError
        When an input does not fit, or the model has events that act, or jumps where its state or
        one of these parameters says: derivatives would miss how the jump moves.

    Examples
    --------
    >>> from progenitor.engine import ModelParameter, Observable, Reaction, ReactionSet, Species
    >>> decay = ReactionSet(
    ...     "decay",
    ...     species=(Species("drug", "mg", initial="start"),),
    ...     parameters=(ModelParameter("start", "mg"), ModelParameter("loss_rate", "1/day")),
    ...     reactions=(Reaction("loss", "loss_rate*drug", {"drug": 1}),),
    ...     observables=(Observable("drug", "drug", "mg"),),
    ... )
    >>> found = sensitivities(
    ...     Model.build("decay", [decay]),
    ...     {"start": np.array([100.0]), "loss_rate": np.array([0.5])},
    ...     of=("start", "loss_rate"), times=np.array([[2.0]]),
    ... )
    >>> found.derivatives.round(3)  # exp(-1), and -2·100·exp(-1)
    array([[[[  0.368, -73.576]]]])
    """
    _check(model, parameters, of, options, log=log)
    groups = [tuple(of[first : first + _AT_ONCE]) for first in range(0, len(of), _AT_ONCE)]
    runs = [_solved(model, parameters, group, times, doses, options) for group in groups]
    derivatives = np.concatenate([derivative for _, derivative in runs], axis=3)
    if log:
        values = np.stack([np.asarray(parameters[name], dtype=np.float64) for name in of], axis=1)
        derivatives = derivatives * values[:, None, None, :]
    first = runs[0][0]
    names = tuple(shown.name for shown in model.observables)
    status = np.max([found.status for found, _ in runs], axis=0)
    failed = status != 0
    values = first.values[:, :, : len(names)].copy()
    values[failed], derivatives[failed] = np.nan, np.nan
    return Sensitivities(first.times, values, derivatives, names, tuple(of), status)


def _solved(
    model: Model,
    parameters: Mapping[str, Float[np.ndarray, " patient"]],
    group: tuple[str, ...],
    times: Float[np.ndarray, "patient time"],
    doses: Protocol,
    options: SolverOptions,
) -> tuple[Trajectories, Float[np.ndarray, "patient time observable parameter"]]:
    """Simulate the sensitivities to a few parameters, each in units of its own value."""
    made = _made(model, group)
    scales = {
        name: np.where((value := np.abs(np.asarray(parameters[name], float))) > 0, value, 1.0)
        for name in group
    }
    count, shown = len(times), len(model.observables)
    found = simulate(
        made.model,
        {**parameters, **{made.directions[name]: scale for name, scale in scales.items()}},
        times=times,
        doses=[*_with_directions(doses, made.directions)],
        seed=0,
        draw=np.zeros(count, np.int64),
        patient=np.arange(count),
        options=options,
    )
    moved = found.values[:, :, shown:].reshape(count, times.shape[1], len(group), shown)
    scale = np.stack([scales[name] for name in group], axis=1)
    return found, np.swapaxes(moved, 2, 3) / scale[:, None, None, :]


def _with_directions(doses: Protocol, directions: Mapping[str, str]) -> Protocol:
    """Stop the direction of a parameter where the parameter is changed to a value of its own."""
    items = []
    for item in doses:
        items.append(item)
        if isinstance(item, Change) and item.parameter in directions:
            still = np.zeros(np.shape(item.time))
            items.append(Change(directions[item.parameter], item.time, still))
    return items


def _made(model: Model, group: tuple[str, ...]) -> TangentModel:
    key = model.content_hash, group
    if key not in _cache:
        while len(_cache) >= _KEPT:
            _cache.pop(next(iter(_cache)))
        _cache[key] = tangent_model(model, group)
    return _cache[key]


def _check(
    model: Model,
    parameters: Mapping[str, Float[np.ndarray, " patient"]],
    of: Sequence[str],
    options: SolverOptions,
    *,
    log: bool,
) -> None:
    known = [parameter.name for parameter in model.parameters]
    problems = [] if of else [f"'of' names no parameter; known: {', '.join(known)}"]
    for name in dict.fromkeys(of):
        if name not in known:
            problems.append(f"no parameter '{name}'; known: {', '.join(known)}")
        elif name not in parameters:
            problems.append(f"parameter '{name}' is missing")
        elif log and not (np.asarray(parameters[name]) > 0).all():
            problems.append(f"parameter '{name}' is not above 0, which has no logarithm")
    problems += [f"parameter '{name}' is named twice" for name in set(of) if of.count(name) > 1]
    if options.precision != "double":
        problems.append("derivatives need precision 'double'")
    problems += [
        f"sensitivities are not solved for this model: {reason}"
        for reason in reasons_against_tangents(model, of)
    ]
    if problems:
        raise SimulationError("\n".join(problems))
