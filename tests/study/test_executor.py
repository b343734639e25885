"""The same numbers from any number of processes, whatever dies on the way."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from progenitor.errors import SimulationError
from progenitor.study import RunStore, plan_chunks, run_chunks

CHUNKS = plan_chunks(draws=6, patients=4, block=2)


@pytest.fixture
def fake(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    import fake_simulation

    return fake_simulation.simulate


@pytest.fixture
def store(tmp_path):
    with RunStore.create(
        tmp_path, name="demo", identity={"seed": 1}, chunks=[chunk.key for chunk in CHUNKS]
    ) as opened:
        yield opened


@pytest.fixture
def digest(tmp_path_factory, fake):
    with RunStore.create(
        tmp_path_factory.mktemp("reference"),
        name="demo",
        identity={"seed": 1},
        chunks=[chunk.key for chunk in CHUNKS],
    ) as reference:
        assert run_chunks(CHUNKS, fake, {"seed": 1}, store=reference) == 0
        return reference.digest()


def test_processes_give_the_same_digest_and_report_progress(store, fake, digest):
    said: list[tuple[int, int]] = []
    before = {name: os.environ.get(name) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    run_chunks(
        CHUNKS,
        fake,
        {"seed": 1},
        store=store,
        jobs=2,
        progress=lambda done, total: said.append((done, total)),
    )
    assert store.digest() == digest
    assert said[0] == (0, 24)
    assert said[-1] == (24, 24)
    assert [done for done, _ in said] == sorted(done for done, _ in said)
    assert {name: os.environ.get(name) for name in before} == before


def test_finished_chunks_are_not_simulated_again(store, fake, digest):
    run_chunks(CHUNKS[:5], fake, {"seed": 1}, store=store)
    said: list[tuple[int, int]] = []
    run_chunks(CHUNKS, fake, {"seed": 1}, store=store, progress=lambda *counts: said.append(counts))
    assert said[0] == (10, 24)
    assert len(said) == 8
    assert store.digest() == digest


def test_killed_workers_are_replaced_and_change_nothing(store, fake, digest, tmp_path):
    marks = tmp_path / "marks"
    marks.mkdir()
    plan = {"seed": 1, "die_once": str(marks), "draws_that_die": [1, 4]}
    deaths = run_chunks(CHUNKS, fake, plan, store=store, jobs=2)
    assert deaths >= 2
    assert len(list(marks.iterdir())) == 4
    assert store.digest() == digest


def test_a_chunk_that_always_kills_its_worker_is_named(store, fake):
    plan = {"seed": 1, "always_die": CHUNKS[-1].key}
    with pytest.raises(SimulationError, match=f"{CHUNKS[-1].key} died 5 times.*fewer --jobs"):
        run_chunks(CHUNKS, fake, plan, store=store, jobs=2)
    assert store.finished() >= {chunk.key for chunk in CHUNKS[:8]}


@pytest.mark.parametrize("jobs", [1, 2])
def test_memory_that_runs_out_is_a_message(store, fake, jobs):
    plan = {"seed": 1, "no_memory": CHUNKS[3].key}
    with pytest.raises(SimulationError, match=f"not enough memory for chunk {CHUNKS[3].key}"):
        run_chunks(CHUNKS, fake, plan, store=store, jobs=jobs)


@pytest.mark.parametrize("jobs", [1, 2])
def test_interrupt_stops_within_two_seconds_and_can_be_resumed(store, fake, digest, jobs):
    plan = {"seed": 1, "seconds": 30.0}
    fired: list[float] = []

    def interrupt() -> None:
        time.sleep(1.5)
        fired.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        run_chunks(CHUNKS, fake, plan, store=store, jobs=jobs)
    assert time.monotonic() - fired[0] < 2.0
    run_chunks(CHUNKS, fake, {"seed": 1}, store=store)
    assert store.digest() == digest


def test_workers_use_one_linear_algebra_thread(store, monkeypatch, tmp_path):
    (tmp_path / "look_inside.py").write_text(
        "import os, numpy as np\n"
        "from progenitor.study import Shard\n"
        "def simulate(plan, chunk):\n"
        "    key = np.arange(chunk.patients) + chunk.first_patient\n"
        "    threads = np.full(key.size, int(os.environ['OPENBLAS_NUM_THREADS']))\n"
        "    draw = np.full(key.size, chunk.draw)\n"
        "    return Shard({'draw': draw, 'arm': 0 * key, 'patient': key, 'threads': threads},"
        " {}, np.zeros(0))\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "7")
    import look_inside

    run_chunks(CHUNKS, look_inside.simulate, None, store=store, jobs=2)
    assert set(store.read_all().outcomes["threads"]) == {1}
    assert os.environ["OPENBLAS_NUM_THREADS"] == "7"
    sys.modules.pop("look_inside")
