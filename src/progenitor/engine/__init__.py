"""Models of reactions and events, ensemble simulation and random streams. It knows no biology."""

from progenitor.engine._accuracy import Accuracy, accuracy
from progenitor.engine._c_source import c_source
from progenitor.engine._change import Change
from progenitor.engine._declarations import (
    Event,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Rule,
    Species,
)
from progenitor.engine._expressions import symbols_of
from progenitor.engine._extinction import extinction_probability
from progenitor.engine._model import Model
from progenitor.engine._protocol import Dose, SolverOptions
from progenitor.engine._reset import Reset
from progenitor.engine._sensitivity import Sensitivities, sensitivities
from progenitor.engine._simulate import simulate
from progenitor.engine._simulate_exact import simulate_exact
from progenitor.engine._streamed import Summaries, simulate_streamed
from progenitor.engine._streams import standard_normal_table, standard_normals, stream, uniforms
from progenitor.engine._trajectories import Status, Trajectories
from progenitor.engine._warm_up import warm_up

__all__ = [
    "Accuracy",
    "Change",
    "Dose",
    "Event",
    "Model",
    "ModelParameter",
    "Observable",
    "Reaction",
    "ReactionSet",
    "Reset",
    "Rule",
    "Sensitivities",
    "SolverOptions",
    "Species",
    "Status",
    "Summaries",
    "Trajectories",
    "accuracy",
    "c_source",
    "extinction_probability",
    "sensitivities",
    "simulate",
    "simulate_exact",
    "simulate_streamed",
    "standard_normal_table",
    "standard_normals",
    "stream",
    "symbols_of",
    "uniforms",
    "warm_up",
]
