"""A tiny study run for real: same numbers however it is divided, resumed or read back."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from progenitor.evidence import default_catalogue
from progenitor.study import (
    RunStore,
    Study,
    _condition,
    _division,
    _run,
    load_result,
    run_study,
    template_path,
)
from progenitor.study.results import RunResult

TINY = {"draws": 2, "patients": 4}


def run(folder: Path, *, jobs: int = 1, resume: bool = False) -> RunResult:
    study = Study.load(template_path("tscm_vs_cart_dlbcl")).with_options(**TINY)
    return run_study(
        study,
        catalogue=default_catalogue(),
        runs_dir=folder,
        seed=study.seed,
        jobs=jobs,
        resume=resume,
    )


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    return run(tmp_path_factory.mktemp("runs"))


def test_two_threads_give_the_same_digest(finished: RunResult, tmp_path: Path) -> None:
    assert run(tmp_path, jobs=2).digest == finished.digest


def test_two_processes_give_the_same_digest(
    finished: RunResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_division, "_WORTH_PROCESSES", 1)
    assert run(tmp_path, jobs=2).digest == finished.digest


@pytest.mark.parametrize("block", [1, 3, 4])
def test_chunks_of_any_size_give_the_same_digest(
    finished: RunResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    """Otherwise both draws are one chunk; here draws are cut, or each is a chunk."""
    monkeypatch.setattr(_run, "_BLOCK", block)
    monkeypatch.setattr(_condition, "_TOGETHER", {"fast": 7 * block})
    assert run(tmp_path).digest == finished.digest


def test_the_work_of_the_solver_is_counted(finished: RunResult) -> None:
    """Every infused patient, and those on whom draws were chosen: 20 typical and 6 x 12."""
    infused = sum(arm.flow[1].patients for arm in finished.arms.values())
    chosen = finished.simulations - infused
    assert 20 + 6 * 12 - 6 <= chosen <= 20 + 6 * 12  # a lot without cells is not given
    assert 0 < finished.solving_seconds < finished.seconds


def test_a_run_resumed_after_losing_a_shard_gives_the_same_digest(
    finished: RunResult, tmp_path: Path
) -> None:
    copy = tmp_path / finished.run_dir.name
    shutil.copytree(finished.run_dir, copy)
    with RunStore.open(copy) as store:
        lost = min(store.finished())
    import sqlite3

    with sqlite3.connect(copy / "index.sqlite") as index:
        table = index.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchone()[0]
        index.execute(f"DELETE FROM {table} WHERE chunk = ?", (lost,))
    index.close()
    assert run(tmp_path, resume=True).digest == finished.digest


def test_a_finished_run_reads_back_the_same(finished: RunResult) -> None:
    again = load_result(finished.run_dir)
    assert again.digest == finished.digest
    assert again.headline == finished.headline
    for name, arm in finished.arms.items():
        for endpoint, estimate in arm.endpoints.items():
            other = again.arms[name].endpoints[endpoint]
            assert np.array_equal([estimate.value], [other.value], equal_nan=True), endpoint


def test_patients_are_the_same_people_in_every_arm(finished: RunResult) -> None:
    """Nobody who is lost waiting for the faster product is infused with the slower one."""
    with RunStore.open(finished.run_dir) as store:
        rows = store.read_all().outcomes
    first, second = rows["arm"] == 0, rows["arm"] == 1
    assert (rows["patient"][first] == rows["patient"][second]).all()
    faster = rows["vein_to_vein"][second] <= rows["vein_to_vein"][first]
    assert not (rows["lost_waiting"][second] & rows["infused"][first] & faster).any()


def test_every_number_used_is_in_the_ledger(finished: RunResult) -> None:
    from progenitor.body import assemble
    from progenitor.manufacture import load_recipe

    catalogue = default_catalogue()
    ledger = {row.id for row in finished.ledger.rows}
    for name in ("conventional_car_t", "tscm_car_t"):
        body = assemble(catalogue, chassis=name, disease="dlbcl", host="human_adult")
        assert set(body.parameter_ids) <= ledger
        assert set(load_recipe(catalogue, name).parameter_ids) <= ledger
    assert {row.parameter_id for row in finished.comparisons} <= ledger


def test_ratios_outside_one_half_to_two_are_on_the_first_screen(finished: RunResult) -> None:
    said = " ".join(finished.weaknesses)
    for row in finished.comparisons:
        if not 0.5 <= row.ratio <= 2:
            assert row.quantity in said


def test_flow_adds_up(finished: RunResult) -> None:
    for arm in finished.arms.values():
        enrolled, infused, evaluated = arm.flow
        assert enrolled.patients == finished.patients
        assert enrolled.patients - sum(infused.lost.values()) == infused.patients
        assert infused.patients - sum(evaluated.lost.values()) == evaluated.patients
