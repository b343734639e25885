"""Rates of change of a model at states of our choosing, through the engine's public door."""

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from progenitor.engine import Model, ModelParameter, Observable, ReactionSet, simulate

__all__ = ["reaction_rates", "rule_values"]


def reaction_rates(
    model: Model,
    parameters: Mapping[str, Float[np.ndarray, " patient"]],
    states: Mapping[str, Float[np.ndarray, " patient"]],
) -> dict[str, Float[np.ndarray, " patient"]]:
    """Evaluate the rate of every reaction, one patient for each state.

    The model is rebuilt with its initial values as parameters and its rates as observables, and
    read at the first moment.

    Parameters
    ----------
    model
        The model.
    parameters
        Value of each parameter, (patient,).
    states
        Amount of each species, (patient,).
    """
    unit_of = {species.name: species.unit for species in model.species}
    wanted = {
        reaction.name: (reaction.rate, f"({unit_of[next(iter(reaction.change))]})/day")
        for reaction in model.reactions
    }
    return _read(model, wanted, parameters, states)


def rule_values(
    model: Model,
    names: Collection[str],
    parameters: Mapping[str, Float[np.ndarray, " patient"]],
    states: Mapping[str, Float[np.ndarray, " patient"]],
) -> dict[str, Float[np.ndarray, " patient"]]:
    """Evaluate those rules of some names that a model has, one patient for each state.

    Parameters
    ----------
    model, parameters, states
        As for :func:`reaction_rates`.
    names
        Names of rules.
    """
    wanted = {rule.name: (rule.name, rule.unit) for rule in model.rules if rule.name in names}
    return _read(model, wanted, parameters, states) if wanted else {}


def _read(
    model: Model,
    wanted: Mapping[str, tuple[str, str]],
    parameters: Mapping[str, Float[np.ndarray, " patient"]],
    states: Mapping[str, Float[np.ndarray, " patient"]],
) -> dict[str, Float[np.ndarray, " patient"]]:
    probe = Model.build("probe", [_probe(model, wanted)])
    starts = {f"start_of_{name}": amounts for name, amounts in states.items()}
    patients = len(next(iter(states.values())))
    read = simulate(
        probe,
        {**parameters, **starts},
        times=np.zeros((patients, 1)),
        seed=0,
        draw=np.zeros(patients, dtype=np.int64),
        patient=np.arange(patients),
    )
    return {name: read.observable(f"value_of_{name}")[:, 0] for name in wanted}


def _probe(model: Model, wanted: Mapping[str, tuple[str, str]]) -> ReactionSet:
    """The model standing still, with what is wanted to be read."""
    unit_of = {species.name: species.unit for species in model.species}
    return ReactionSet(
        name="probe",
        species=tuple(
            replace(species, initial=f"start_of_{species.name}", countable=False)
            for species in model.species
        ),
        parameters=(
            *model.parameters,
            *(ModelParameter(f"start_of_{name}", unit) for name, unit in unit_of.items()),
        ),
        rules=model.rules,
        observables=tuple(
            Observable(f"value_of_{name}", expression, unit)
            for name, (expression, unit) in wanted.items()
        ),
    )
