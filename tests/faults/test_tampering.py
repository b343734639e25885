"""A run folder that somebody changed says so: every flip of a bit is found."""

import random  # noqa: TID251 - chooses which bit to flip, from a stated seed
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest

from progenitor.errors import RunStoreError
from progenitor.study import RunStore, plan_chunks

CHUNKS = plan_chunks(draws=1, patients=4, block=2)


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory) -> Path:
    sys.path.insert(0, str(Path(__file__).parents[1] / "study"))
    from fake_simulation import simulate

    with RunStore.create(
        tmp_path_factory.mktemp("run"),
        name="demo",
        identity={"seed": 1},
        chunks=[chunk.key for chunk in CHUNKS],
        study_text="study: demo\n",
    ) as store:
        for chunk in CHUNKS:
            store.write(chunk.key, simulate({"seed": 1}, chunk))
        store.save_json("results.json", {"digest": store.digest()})
    sys.path.pop(0)
    return store.path


def flip(path: Path, generator: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[generator.randrange(len(content))] ^= 1 << generator.randrange(8)
    path.write_bytes(content)


def verdict(path: Path) -> tuple[str, ...]:
    try:
        return RunStore.open(path).verify()
    except RunStoreError as error:
        return (str(error),)


@pytest.mark.parametrize("kind", ["run.json", "results.json", "study.yaml", "shards/*.parquet"])
def test_every_flipped_bit_is_found(tmp_path, run_folder, kind):
    generator = random.Random(20261121)
    copy = tmp_path / run_folder.name
    shutil.copytree(run_folder, copy)
    for _ in range(60):
        target = generator.choice(sorted(copy.glob(kind)))
        original = target.read_bytes()
        flip(target, generator)
        changed = target.read_bytes()
        assert changed != original
        found = verdict(copy)
        assert found, f"{target.name} was changed unnoticed"
        target.write_bytes(original)
    assert verdict(copy) == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE shards SET entry = replace(entry, '<f8', '<f4')",
        "UPDATE shards SET sha256 = 'x'",
        "UPDATE shards SET chunk = 'd0000-p000009-n000002' WHERE chunk LIKE '%p000002%'",
    ],
)
def test_a_changed_index_is_found(tmp_path, run_folder, statement):
    copy = tmp_path / run_folder.name
    shutil.copytree(run_folder, copy)
    with sqlite3.connect(copy / "index.sqlite") as index:
        index.execute(statement)
    index.close()
    assert verdict(copy)
    with pytest.raises(RunStoreError, match="was changed"):
        RunStore.open(copy).read_all()


def test_missing_files_and_renamed_folders_are_found(tmp_path, run_folder):
    copy = tmp_path / run_folder.name
    shutil.copytree(run_folder, copy)
    gone = next((copy / "shards").glob("*.series.parquet"))
    gone.unlink()
    assert f"{gone}: missing" in verdict(copy)
    with pytest.raises(RunStoreError, match="cannot use the run folder"):
        RunStore.open(copy).read_all()
    other = copy.rename(tmp_path / "demo-000000000000")
    assert any("name does not fit" in fault for fault in verdict(other))


def test_an_index_that_is_no_database_is_a_message(tmp_path, run_folder):
    copy = tmp_path / run_folder.name
    shutil.copytree(run_folder, copy)
    (copy / "index.sqlite").write_bytes(b"not a database" * 100)
    assert "cannot use the run folder" in verdict(copy)[0]
