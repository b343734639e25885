"""A little world with closed-form answers: fading cells, a clone that may die out by chance."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import yaml

from progenitor.body import Mechanism, _mechanisms
from progenitor.engine import Event, Observable, Reaction, Species
from progenitor.evidence import Catalogue
from progenitor.study.experiment import Experiment, run_experiment
from progenitor.study.experiment import _bodies as bodies
from progenitor.study.experiment.results import ExperimentResult

WEIGHT, LOSS, HAZARD, BIRTH, DEATH, CLONE = 0.02, 0.1, 0.01, 0.30, 0.25, 5.0
FADING = Mechanism(
    name="fading",
    parameters=("cells/loss_rate",),
    inputs={"drug_a": "1", "drug_b": "1"},
    species=(Species("cells", "cell", absolute_tolerance=1e-6),),
    reactions=(
        Reaction(
            "loss",
            "loss_rate * (1 + drug_a + 2 * drug_b + drug_a * drug_b) * cells",
            reactants={"cells": 1},
        ),
    ),
    observables=(Observable("cells_here", "cells", "cell", "Cells"),),
)
FADING_TWICE = Mechanism(
    name="fading_twice",
    parameters=("cells/loss_rate",),
    inputs={"drug_a": "1", "drug_b": "1"},
    species=(Species("cells", "cell", absolute_tolerance=1e-6),),
    reactions=(
        Reaction("loss", "2 * loss_rate * (1 + drug_a + drug_b) * cells", reactants={"cells": 1}),
    ),
    observables=(Observable("cells_here", "cells", "cell", "Cells"),),
)
CLONE_OF_FEW = Mechanism(
    name="clone_of_few",
    parameters=("clone/birth_rate", "clone/death_rate", "clone/at_start"),
    species=(Species("clone", "cell", initial="at_start", countable=True),),
    reactions=(
        Reaction("birth", "birth_rate * clone", reactants={"clone": 1}, products={"clone": 2}),
        Reaction("death", "death_rate * clone", reactants={"clone": 1}),
    ),
    observables=(Observable("clone_size", "clone", "cell", "Clone"),),
)
RISK = Mechanism(
    name="risk",
    parameters=("host/hazard",),
    species=(Species("risk_so_far", "1", absolute_tolerance=1e-9),),
    reactions=(Reaction("risk_grows", "hazard", products={"risk_so_far": 1}),),
    observables=(
        Observable("cumulative_hazard", "risk_so_far", "1", "Cumulative hazard"),
        Observable("time_so_far", "time", "day", "Time"),
    ),
)
FAILING = Mechanism(
    name="failing",
    species=(Species("storm", "1"),),
    reactions=(),
    events=(
        Event("over", "time > 1 and cells > 1e9", {"storm": "storm + 1"}, once=False),
        Event("again", "storm > 0", {"storm": "0"}, once=False),
    ),
)
MECHANISMS = (FADING, FADING_TWICE, CLONE_OF_FEW, RISK, FAILING)
NUMBERS = {
    "cells/loss_rate": ("1/day", LOSS),
    "clone/birth_rate": ("1/day", BIRTH),
    "clone/death_rate": ("1/day", DEATH),
    "clone/at_start": ("cell", CLONE),
    "host/hazard": ("1/day", HAZARD),
    "host/body_weight": ("kg", WEIGHT),
}
ENTRIES = {
    "chassis/fader.yaml": {
        "title": "Fading cells",
        "mechanisms": ["fading"],
        "given": {"fresh": "cells"},
        "switches": {"drug_a": 0, "drug_b": 0},
    },
    "diseases/clone.yaml": {"title": "A clone", "mechanisms": ["clone_of_few"]},
    "hosts/mouse.yaml": {"title": "A mouse", "mechanisms": ["risk"]},
}
BASIS: dict[str, Any] = {
    "experiment": "little_world",
    "title": "A little world",
    "question": {
        "of_interest": "Is the arithmetic right?",
        "context_of_use": "Tests.",
        "influence": "low",
        "consequence": "low",
    },
    "seed": 3,
    "uncertainty": {"draws": 2},
    "subjects": {"disease": "clone", "host": "mouse", "per_draw": 4},
    "arms": {
        "nothing": {"title": "Nothing", "chassis": "none"},
        "once": {
            "title": "Once",
            "chassis": "fader",
            "given": {"fresh": "1e6 cell/kg"},
            "on": ["0 day"],
        },
    },
    "looks": {"until": "20 day", "every": "0.5 day"},
    "readouts": {
        "level": {
            "title": "Level on day 10",
            "kind": "value_at",
            "observable": "cells_here",
            "at": "10 day",
        }
    },
}


def write_catalogue(folder: Path, numbers: dict[str, dict[str, Any]]) -> Catalogue:
    """Write the little world as a catalogue; ``numbers`` replaces how some are drawn."""
    for name, (unit, value) in NUMBERS.items():
        used = numbers.get(name, {"distribution": "fixed", "median": value})
        record = {
            "id": name,
            "title": name.replace("_", " "),
            "symbol": "x",
            "unit": unit,
            "role": "prior" if name in numbers else "setting",
            "used": used,
            "reason": "A test needs it.",
        }
        path = folder / "parameters" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(record), encoding="utf-8")
    for name, entry in ENTRIES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(entry), encoding="utf-8")
    return Catalogue.load(folder)


@pytest.fixture
def mechanisms(monkeypatch: pytest.MonkeyPatch) -> None:
    known = dict(_mechanisms.all_mechanisms())
    known |= {mechanism.name: mechanism for mechanism in MECHANISMS}
    monkeypatch.setattr(_mechanisms, "all_mechanisms", lambda: MappingProxyType(known))
    bodies._assembled.cache_clear()


@pytest.fixture
def basis() -> dict[str, Any]:
    """An experiment in the little world, to be bent."""
    return copy.deepcopy(BASIS)


Conduct = Callable[..., ExperimentResult]


@pytest.fixture
def conduct(mechanisms: None, tmp_path: Path) -> Conduct:
    """Runs an experiment of the little world."""

    def run(data: dict[str, Any], **options: Any) -> ExperimentResult:
        numbers = options.pop("numbers", {})
        folder = tmp_path / f"catalogue-{len(list(tmp_path.glob('catalogue-*')))}"
        catalogue = write_catalogue(folder, numbers)
        text = json.dumps(data, indent=1)
        experiment = Experiment.parse(text, path="e.yaml", catalogue=catalogue)
        options.setdefault("runs_dir", tmp_path / "runs")
        return run_experiment(experiment, catalogue=catalogue, seed=experiment.seed, **options)

    return run
