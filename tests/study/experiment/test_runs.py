"""Same numbers however a run is divided, stopped or read back; same people in all arms."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from progenitor.errors import RunStoreError
from progenitor.evidence import default_catalogue
from progenitor.study import (
    Experiment,
    RunStore,
    _division,
    load_any_result,
    run_experiment,
    template_path,
)
from progenitor.study.experiment import _run
from progenitor.study.experiment.results import ExperimentResult

TINY = {"draws": 2, "patients": 3}


def run(folder: Path, *, jobs: int = 1, **options) -> ExperimentResult:
    catalogue = default_catalogue()
    experiment = Experiment.load(template_path("car_t_dose_in_dlbcl"), catalogue=catalogue)
    experiment = experiment.with_options(**TINY)
    return run_experiment(
        experiment, catalogue=catalogue, runs_dir=folder, seed=experiment.seed, jobs=jobs, **options
    )


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> ExperimentResult:
    return run(tmp_path_factory.mktemp("runs"))


def test_two_threads_give_the_same_digest(finished, tmp_path):
    assert run(tmp_path, jobs=2).digest == finished.digest


def test_two_processes_give_the_same_digest(finished, tmp_path, monkeypatch):
    monkeypatch.setattr(_division, "_WORTH_PROCESSES", 1)
    assert run(tmp_path, jobs=2).digest == finished.digest


@pytest.mark.parametrize("block", [1, 8, 10**6])
def test_chunks_of_any_size_give_the_same_digest(finished, tmp_path, monkeypatch, block):
    monkeypatch.setattr(_run, "_BLOCK", block)
    assert run(tmp_path).digest == finished.digest


@pytest.mark.parametrize("after", [1, 5])
def test_a_run_stopped_anywhere_goes_on_to_the_same_digest(finished, tmp_path, monkeypatch, after):
    """Stopped among the arms, and among the points of the map."""
    monkeypatch.setattr(_run, "_BLOCK", 4)
    calls = []

    def stop(done: int, total: int) -> None:
        calls.append((done, total))
        if len(calls) > after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, progress=stop)
    again: list[tuple[int, int]] = []
    resumed = run(tmp_path, resume=True, progress=lambda *told: again.append(told))
    assert resumed.digest == finished.digest
    assert again[0][0] >= calls[-2][0], "what was finished is not done again"
    assert again[-1][0] == again[-1][1] == finished.simulations


def test_a_lost_shard_is_simulated_again(finished, tmp_path):
    import shutil

    copy = tmp_path / finished.run_dir.name
    shutil.copytree(finished.run_dir, copy)
    for index in copy.rglob("index.sqlite"):
        with sqlite3.connect(index) as open_index:
            open_index.execute("DELETE FROM shards")
        open_index.close()
    assert run(tmp_path, resume=True).digest == finished.digest


def test_a_finished_run_reads_back_the_same(finished):
    again = load_any_result(finished.run_dir)
    assert isinstance(again, ExperimentResult)
    assert again.digest == finished.digest
    assert again.headline == finished.headline
    assert again.weaknesses == finished.weaknesses
    for name, arm in finished.arms.items():
        for readout, one in arm.readouts.items():
            other = again.arms[name].readouts[readout]
            assert np.array_equal([one.value, one.low], [other.value, other.low], equal_nan=True)


def test_a_changed_shard_of_any_part_is_noticed(finished, tmp_path):
    import shutil

    copy = tmp_path / finished.run_dir.name
    shutil.copytree(finished.run_dir, copy)
    shard = min((copy / "parts").rglob("*.parquet"))
    shard.write_bytes(shard.read_bytes() + b" ")
    with pytest.raises(RunStoreError, match="changed after it was written"):
        load_any_result(copy)


def test_arms_hold_the_same_people(conduct, basis):
    """Two arms that do the same to different names of people would differ by chance."""
    numbers = {
        "cells/loss_rate": {
            "distribution": "lognormal",
            "median": 0.1,
            "between_patient_cv": 0.5,
            "uncertainty_cv": 0.3,
        }
    }
    basis["arms"]["again"] = {**basis["arms"]["once"], "title": "Again"}
    basis["comparisons"] = [
        {"arms": ["once", "again"], "readout": "level"},
        {"arms": ["once", "again"], "readout": "level", "measure": "ratio"},
    ]
    result = conduct(basis, numbers=numbers)
    difference, ratio = (pair.estimate for pair in result.pairs)
    assert (difference.value, difference.low, difference.high) == (0.0, 0.0, 0.0)
    assert (ratio.value, ratio.low, ratio.high) == (1.0, 1.0, 1.0)
    with RunStore.open(result.run_dir) as store:
        levels = store.read_all().outcomes["readout_level"]
    assert len(np.unique(levels[levels > 0])) == 8, "subjects differ from each other"


def test_another_arm_changes_nothing_for_the_others(conduct, basis):
    first = conduct(basis)
    basis["arms"]["late"] = {
        "title": "Late",
        "chassis": "fader",
        "given": {"fresh": "1e5 cell/kg"},
        "on": ["3 day"],
    }
    basis["maps"] = {
        "renewal": {
            "title": "Map",
            "arm": "late",
            "readout": "level",
            "axes": [
                {"title": "Loss", "number": "cells/loss_rate", "values": ["0.5 times", "2 times"]},
                {"title": "Dose", "given": "fresh", "values": ["1e5 cell/kg", "1e6 cell/kg"]},
            ],
        }
    }
    second = conduct(basis)
    assert first.arms["once"].readouts == second.arms["once"].readouts
    assert first.digest != second.digest


def test_every_number_used_is_in_the_ledger(finished):
    from progenitor.body import assemble

    body = assemble(
        default_catalogue(), chassis="conventional_car_t", disease="dlbcl", host="human_adult"
    )
    ledger = {row.id for row in finished.ledger.rows}
    assert set(body.parameter_ids) <= ledger
    assert "host/body_weight" in ledger
    assert {row.parameter_id for row in finished.comparisons} <= ledger
