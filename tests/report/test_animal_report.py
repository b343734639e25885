"""The mouse study in a report: weakest evidence first, every mouse drawn, claims beside power."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from progenitor.cli import _animal_output
from progenitor.evidence import default_catalogue
from progenitor.report import render_experiment_report
from progenitor.report.experiment._animal_figures import (
    animal_effects,
    animal_growth,
    animal_power,
    animal_survival,
)
from progenitor.report.experiment._animal_tables import animal_tables
from progenitor.report.figures._palette import arm_colours, arm_labels
from progenitor.study import Experiment, run_experiment
from progenitor.study.experiment.results import ExperimentResult

STUDY = Path(__file__).parents[2] / "studies" / "mouse_study_120.yaml"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ExperimentResult:
    data: dict[str, Any] = yaml.safe_load(STUDY.read_text("utf-8").replace(" on:", " 'on':"))
    data["uncertainty"]["draws"], data["subjects"]["per_draw"] = 2, 12
    data["arms"] = {name: data["arms"][name] for name in ("control", "receptor", "both")}
    data["arms"]["both"]["title"] = "Both <of> them"
    data["comparisons"], data["expectations"] = [], []
    trial = data["animal_trial"]
    trial |= {"bank_donors": 3, "donors": 2, "replicates": 6, "fitted": 2}
    trial["donor_numbers"] = ["macrophage/engulfment_rate"]
    trial["vary"] = {"donors": [2, 3], "per_donor": [5]}
    catalogue = default_catalogue()
    experiment = Experiment.parse(json.dumps(data, indent=1), path="e.yaml", catalogue=catalogue)
    return run_experiment(
        experiment,
        catalogue=catalogue,
        runs_dir=tmp_path_factory.mktemp("runs"),
        seed=experiment.seed,
    )


def inner(part: Any) -> list[dict[str, Any]]:
    """Every table written into a chart."""
    if isinstance(part, list):
        return [found for one in part for found in inner(one)]
    if not isinstance(part, dict):
        return []
    own = [part["data"]] if "values" in part.get("data", {}) else []
    return own + [found for one in part.values() for found in inner(one)]


def test_the_section_begins_with_what_is_weak(result):
    page = render_experiment_report(result)
    section = page[page.index('<section id="animal"') :]
    section = section[: section.index("</section>")]
    assert section.index("The weakest evidence of the plan first") < section.index("The plan")
    assert "What ignoring donors would claim" in section
    assert "Both <of> them" not in section
    titles = re.findall(r"<h3>(.*?)</h3>", section)
    assert titles[:2] == ["Randomisation", "One study"]
    assert section.count("<svg") == 4


def test_every_measurement_is_drawn_and_removed_mice_are_marked(result):
    found = result.animal_trial
    labels, colours = arm_labels(result.arms), arm_colours(result.arms)
    chart = json.loads(animal_growth(found, labels, colours).to_json(validate=False))
    tables = [*chart.get("datasets", {}).values(), *(table["values"] for table in inner(chart))]
    rows = [row for table in tables for row in table if "mouse" in row]
    seen = np.isfinite(found.example.volume).sum()
    assert len({(row["mouse"], row["day"]) for row in rows}) == seen
    assert len({row["mouse"] for row in rows if row["removed"]}) == found.example.event.sum()
    for drawn in (animal_survival, animal_power):
        assert drawn(found, labels, colours).to_dict(validate=False)["description"]
    assert "per day" in animal_effects(found, labels).to_dict(validate=False)["description"]


def test_tables_show_power_beside_what_mice_would_claim(result):
    tables = animal_tables(result.animal_trial, arm_labels(result.arms))
    heads = [column.title for column in tables["animal_arms"].columns]
    assert {"Power: batches", "Claimed: mice"} <= set(heads)
    assert len(tables["animal_equal"].rows) == 4
    assert len(tables["animal_sizes"].rows) == 2
    assert all("mice claim" in cell.small for cell in tables["animal_sizes"].rows[0][2:])


def test_the_command_line_says_the_same(result, capsys):
    plain = _animal_output.plain_animal_trial(result.animal_trial)
    assert plain["arms"]["both"]["power_batches"]["value"] == (
        result.animal_trial.arms["both"].batches.value
    )
    json.dumps(plain)
    _animal_output.show_animal_trial(result.animal_trial)
    assert "mice claim" in capsys.readouterr().out
    assert _animal_output.plain_animal_trial(None) is None
