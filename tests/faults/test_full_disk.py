"""A disk that refuses: a message with path and megabytes, no litter, and a run to go on with."""

import resource
from contextlib import contextmanager
from pathlib import Path

import pytest

from progenitor.errors import RunStoreError
from progenitor.study import RunStore, plan_chunks

CHUNKS = plan_chunks(draws=1, patients=400, block=200)
KEYS = [chunk.key for chunk in CHUNKS]


@contextmanager
def files_no_larger_than(size: int):
    """Make the kernel refuse to let any file of this process grow beyond ``size`` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_loses_nothing_that_was_finished(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "study"))
    from fake_simulation import simulate

    shards = {chunk.key: simulate({"seed": 1}, chunk) for chunk in CHUNKS}
    with RunStore.create(tmp_path, name="demo", identity={"seed": 1}, chunks=KEYS) as store:
        store.write(KEYS[0], shards[KEYS[0]])
        before = sorted(file.name for file in (store.path / "shards").iterdir())
        with (
            files_no_larger_than(4096),
            pytest.raises(RunStoreError, match=r"cannot use the run folder .*MB.*--resume"),
        ):
            store.write(KEYS[1], shards[KEYS[1]])
        assert sorted(file.name for file in (store.path / "shards").iterdir()) == before
        assert store.finished() == {KEYS[0]}
        store.write(KEYS[1], shards[KEYS[1]])
        assert store.missing() == ()
        assert store.verify() == ()


def test_a_folder_that_cannot_be_made_is_a_message(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(RunStoreError, match=r"cannot use the run folder .*Not a directory"):
        RunStore.create(tmp_path / "file", name="demo", identity={}, chunks=["a"])
