"""A planned mouse study of an experiment: same numbers for any jobs, donors that are donors."""

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from progenitor.errors import InputError
from progenitor.evidence import default_catalogue
from progenitor.study import (
    Experiment,
    load_any_result,
    load_exported_trial,
    run_experiment,
)
from progenitor.study.experiment._plan import ExperimentPlan
from progenitor.study.experiment._simulate import subject_numbers
from progenitor.study.experiment.results import ExperimentResult

STUDY = Path(__file__).parents[3] / "studies" / "mouse_study_120.yaml"


def small() -> Experiment:
    """Three arms, two draws, four mice with the cells of three donors."""
    data: dict[str, Any] = yaml.safe_load(STUDY.read_text("utf-8").replace(" on:", " 'on':"))
    data["uncertainty"]["draws"], data["subjects"]["per_draw"] = 2, 12
    data["arms"] = {name: data["arms"][name] for name in ("control", "receptor", "both")}
    data["comparisons"], data["expectations"] = [], []
    trial = data["animal_trial"]
    trial |= {"bank_donors": 3, "donors": 2, "replicates": 6, "fitted": 2}
    trial["vary"] = {"donors": [2, 3], "per_donor": [5]}
    trial["donor_numbers"] = [name for name in trial["donor_numbers"] if "infused" not in name]
    text = json.dumps(data, indent=1)
    return Experiment.parse(text, path="e.yaml", catalogue=default_catalogue())


def run(folder: Path, **options: Any) -> ExperimentResult:
    experiment = small()
    return run_experiment(
        experiment,
        catalogue=default_catalogue(),
        runs_dir=folder,
        seed=experiment.seed,
        **options,
    )


@pytest.fixture(scope="module")
def finished() -> ExperimentResult:
    with tempfile.TemporaryDirectory() as folder:
        yield run(Path(folder))


def test_donor_numbers_are_the_donors_and_all_others_the_mouses():
    experiment = small()
    plan = ExperimentPlan(experiment.file, experiment.seed, default_catalogue().path)
    found = subject_numbers(plan, draw=np.zeros(12, int), patient=np.arange(12))
    donors = found["macrophage/engulfment_rate"].reshape(3, 4)
    mice = found["her2_xenograft/tumour_growth_rate"].reshape(3, 4)
    assert np.all(donors == donors[:, :1])
    assert len(set(donors[:, 0])) == 3
    assert np.all(mice == mice[:1])
    assert len(set(mice[0])) == 4


def test_everything_planned_is_reported(finished):
    found = finished.animal_trial
    assert found is not None
    assert found.studies == 12
    assert list(found.arms) == ["receptor", "both"]
    assert [size.total for size in found.sizes] == [30, 45]
    assert len(found.equal) == 3
    assert found.example.volume.shape == (30, 15)
    assert found.imbalance_blocked < found.imbalance_simple
    ids = {row.id for row in finished.ledger.rows}
    assert {"assay/calliper_error", "mouse/cage_growth_difference"} <= ids


def test_reading_the_run_again_and_two_jobs_give_the_same_numbers(finished, tmp_path):
    again = load_any_result(finished.run_dir)
    other = run(tmp_path, jobs=2)
    for one in (again.animal_trial, other.animal_trial):
        assert np.array_equal(
            one.example.volume, finished.animal_trial.example.volume, equal_nan=True
        )
        for name, arm in one.arms.items():
            assert arm.batches == finished.animal_trial.arms[name].batches


def test_trials_that_were_not_conducted_are_refused(finished):
    with pytest.raises(InputError, match="give 1 to 12"):
        load_exported_trial(finished.run_dir, trial=13)


def test_the_trial_exported_is_the_one_the_report_draws(finished):
    example = finished.animal_trial.example
    trial = load_exported_trial(finished.run_dir, trial=example.study + 1)
    volume = next(levels for levels in trial.levels if levels.code == "TUMVOL")
    assert np.array_equal(volume.values, example.volume, equal_nan=True)
    assert np.array_equal(trial.facts["DONOR"], example.donor)
    assert len(set(trial.subjects)) == 30


def test_a_replaced_seed_gives_another_study(finished, tmp_path):
    experiment = small()
    other = run_experiment(
        replace(experiment), catalogue=default_catalogue(), runs_dir=tmp_path, seed=99
    )
    assert not np.array_equal(
        other.animal_trial.example.volume, finished.animal_trial.example.volume, equal_nan=True
    )
