"""The run folder keeps every bit, knows what is finished, and answers SQL."""

from pathlib import Path

import duckdb
import numpy as np
import pytest

from progenitor.errors import RunStoreError
from progenitor.study import RunStore, Shard, plan_chunks

CHUNKS = plan_chunks(draws=3, patients=5, block=2)
KEYS = [chunk.key for chunk in CHUNKS]
PLAN = {"seed": 7}


def create(folder: Path, **options: object) -> RunStore:
    return RunStore.create(
        folder, **{"name": "demo", "identity": {"seed": 7}, "chunks": KEYS, **options}
    )


@pytest.fixture
def fake(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    import fake_simulation

    return fake_simulation.simulate


def test_what_is_read_is_what_was_written_bit_for_bit(tmp_path, fake):
    whole = fake(PLAN, plan_chunks(draws=1, patients=9, block=9)[0])
    with create(tmp_path, chunks=["only"]) as store:
        store.write("only", whole)
    read = RunStore.open(store.path).read_all()
    for name, column in whole.ordered().outcomes.items():
        assert read.outcomes[name].dtype.kind == column.dtype.kind
        np.testing.assert_array_equal(read.outcomes[name], column)
    for name, values in whole.ordered().series.items():
        assert read.series[name].dtype == values.dtype
        np.testing.assert_array_equal(read.series[name], values)
    assert read.digest() == whole.digest() == store.digest()


@pytest.mark.parametrize("value", [5e-324, -0.0, np.inf, 2**53 + 0.0, 0.1 + 0.2, np.nan])
def test_extreme_numbers_survive(tmp_path, value):
    key = np.zeros(1, dtype=np.int64)
    shard = Shard(
        {"draw": key, "arm": key, "patient": key, "x": np.array([value])}, {}, np.zeros(0)
    )
    with create(tmp_path, chunks=["only"]) as store:
        store.write("only", shard)
        assert store.read_all().outcomes["x"].tobytes() == np.array([value]).tobytes()


@pytest.mark.parametrize("block", [1, 2, 5])
@pytest.mark.parametrize("order", ["forward", "reverse", "shuffled"])
def test_digest_is_independent_of_chunks_and_order(tmp_path, fake, block, order):
    reference = fake(PLAN, plan_chunks(draws=1, patients=5, block=5)[0]).digest()
    chunks = list(plan_chunks(draws=1, patients=5, block=block))
    if order == "reverse":
        chunks.reverse()
    if order == "shuffled":
        chunks.sort(key=lambda chunk: hash((chunk.first_patient * 7919) % 13))
    with create(tmp_path, chunks=[chunk.key for chunk in chunks]) as store:
        for chunk in chunks:
            store.write(chunk.key, fake(PLAN, chunk))
        assert store.digest() == reference


def test_a_shard_answers_sql(tmp_path, fake):
    with create(tmp_path) as store:
        store.write(KEYS[0], fake(PLAN, CHUNKS[0]))
    path = next((store.path / "shards").glob("*.series.parquet"))
    found = duckdb.sql(f"SELECT day, count(*) FROM '{path}' GROUP BY day ORDER BY day").fetchall()
    assert found == [(0.0, 4), (7.0, 4), (28.0, 4)]


def test_names_carry_the_hash_of_the_content(tmp_path, fake):
    import hashlib

    with create(tmp_path) as store:
        store.write(KEYS[0], fake(PLAN, CHUNKS[0]))
    for file in (store.path / "shards").iterdir():
        assert hashlib.sha256(file.read_bytes()).hexdigest() in file.name


def test_resume_keeps_and_a_fresh_run_redoes(tmp_path, fake):
    with create(tmp_path) as store:
        store.write(KEYS[0], fake(PLAN, CHUNKS[0]))
    with create(tmp_path, resume=True) as store:
        assert store.finished() == {KEYS[0]}
        assert store.missing() == tuple(KEYS[1:])
    with create(tmp_path) as store:
        assert store.finished() == set()
        assert not list((store.path / "shards").iterdir())


def test_resume_without_an_earlier_run_begins(tmp_path):
    with create(tmp_path, resume=True) as store:
        assert store.missing() == tuple(KEYS)


def test_litter_of_an_interruption_is_swept(tmp_path, fake):
    with create(tmp_path) as store:
        store.write(KEYS[0], fake(PLAN, CHUNKS[0]))
    (store.path / "shards" / f".{KEYS[1]}.outcomes.partial").write_bytes(b"half")
    (store.path / "shards" / f"{KEYS[1]}-{'0' * 64}.outcomes.parquet").write_bytes(b"orphan")
    (store.path / ".run.json.partial").write_bytes(b"half")
    with create(tmp_path, resume=True) as store:
        assert len(list((store.path / "shards").iterdir())) == 2
        assert not (store.path / ".run.json.partial").exists()
        assert store.finished() == {KEYS[0]}


def test_other_inputs_are_another_folder(tmp_path):
    with create(tmp_path) as one, create(tmp_path, identity={"seed": 8}) as two:
        assert one.path != two.path
        assert one.path.name.startswith("demo-")


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (lambda store, shard: store.write("d0009-p000000-n000001", shard), "not part"),
        (lambda store, shard: store.write(KEYS[0], shard), "finished"),
        (lambda store, shard: RunStore.open(store.path).write(KEYS[1], shard), "open for reading"),
        (lambda store, shard: store.save_json("../x.json", {}), "cannot name"),
    ],
)
def test_writes_that_make_no_sense_are_refused(tmp_path, fake, write, said):
    shard = fake(PLAN, CHUNKS[0])
    with create(tmp_path) as store:
        store.write(KEYS[0], shard)
        with pytest.raises(RunStoreError, match=said):
            write(store, shard)


def test_resume_with_other_chunks_is_refused(tmp_path):
    create(tmp_path).close()
    with pytest.raises(RunStoreError, match=r"cut into other chunks.*without --resume"):
        create(tmp_path, chunks=KEYS[:2], resume=True)


def test_one_process_writes_at_a_time(tmp_path):
    with create(tmp_path), pytest.raises(RunStoreError, match="another process is writing"):
        create(tmp_path)
    create(tmp_path).close()


def test_a_reader_sees_shards_while_a_writer_works(tmp_path, fake):
    with create(tmp_path) as store:
        reader = RunStore.open(store.path)
        assert reader.finished() == set()
        store.write(KEYS[0], fake(PLAN, CHUNKS[0]))
        assert reader.finished() == {KEYS[0]}
        assert reader.digest() == store.digest()


def test_records_are_kept_and_guarded(tmp_path):
    with create(tmp_path, study_text="study: demo\n", details={"numpy": "2"}) as store:
        store.save_json("results.json", {"digest": "abc", "value": float("nan")})
    reader = RunStore.open(store.path)
    assert reader.record["details"] == {"numpy": "2"}
    assert reader.study_text == "study: demo\n"
    assert reader.read_json("results.json")["digest"] == "abc"
    assert reader.verify() == ()


@pytest.mark.parametrize("name", ["../up", "a/b", "", "A", "a b", "é", ".hidden", "x" * 90])
def test_names_that_leave_the_folder_are_refused(tmp_path, name):
    with pytest.raises(RunStoreError, match="cannot name"):
        create(tmp_path, name=name)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_or_foreign_folder_says_what_to_give(tmp_path):
    with pytest.raises(RunStoreError, match="not a run folder"):
        RunStore.open(tmp_path)
    with create(tmp_path) as store, pytest.raises(RunStoreError, match="no finished shard"):
        store.read_all()


def test_shards_with_other_columns_are_refused(tmp_path, fake):
    shard = fake(PLAN, CHUNKS[1])
    narrow = Shard({**shard.outcomes, "cmax": shard.outcomes["draw"]}, shard.series, shard.days)
    with create(tmp_path) as store:
        store.write(KEYS[0], fake(PLAN, CHUNKS[0]))
        store.write(KEYS[1], narrow)
        with pytest.raises(RunStoreError, match="different columns"):
            store.read_all()
