"""Models of reactions and events, ensemble simulation and random streams. It knows no biology."""

from progenitor.engine._accuracy import Accuracy, accuracy
from progenitor.engine._declarations import (
    Event,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Rule,
    Species,
)
from progenitor.engine._model import Model
from progenitor.engine._protocol import Dose, SolverOptions
from progenitor.engine._simulate import simulate
from progenitor.engine._streams import standard_normals, stream, uniforms
from progenitor.engine._trajectories import Status, Trajectories

__all__ = [
    "Accuracy",
    "Dose",
    "Event",
    "Model",
    "ModelParameter",
    "Observable",
    "Reaction",
    "ReactionSet",
    "Rule",
    "SolverOptions",
    "Species",
    "Status",
    "Trajectories",
    "accuracy",
    "simulate",
    "standard_normals",
    "stream",
    "uniforms",
]
