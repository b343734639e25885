"""A run folder that survives interruption: immutable shards, a durable index, one digest.

::

    runs/<name>-<hash>/
    ├── run.json              what was asked: inputs, versions, chunks, and a hash of all that
    ├── study.yaml            the study as it was read
    ├── index.sqlite          which shards are finished (WAL, synchronous=FULL)
    ├── lock                  held by the one process that writes
    └── shards/<chunk>-<sha256>.{outcomes,series}.parquet
"""

import contextlib
import fcntl
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, final

from progenitor.errors import RunStoreError
from progenitor.study import _durable
from progenitor.study._parquet import read_shards, schema_of, write_outcomes, write_series
from progenitor.study._shard import Shard

__all__ = ["RunStore"]

_FORMAT = 1
_TABLES = {"outcomes": write_outcomes, "series": write_series}
_INDEX = "CREATE TABLE IF NOT EXISTS shards (chunk TEXT PRIMARY KEY, entry TEXT, sha256 TEXT)"


@final
@dataclass(frozen=True, slots=True)
class RunStore:
    """One run on disk.

    Open it with :meth:`create` (to write) or :meth:`open` (to read); close it with ``with``.
    One process writes, any number read. A shard is visible only when it is whole and flushed to
    the disk, so a run killed at any instant is resumed with nothing lost but the chunk in hand.

    Examples
    --------
    >>> import tempfile, numpy as np
    >>> shard = Shard({"draw": np.array([0]), "arm": np.array([0]), "patient": np.array([0])},
    ...               {"blood": np.array([[1.0]])}, np.array([0.0]))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with RunStore.create(folder, name="demo", identity={"seed": 1}, chunks=["a"]) as store:
    ...         store.write("a", shard)
    ...         store.finished(), store.verify(), store.digest() == shard.digest()
    ({'a'}, (), True)
    """

    path: Path
    chunks: tuple[str, ...]
    _lock: list[int] = field(default_factory=list, repr=False, compare=False)

    @classmethod
    def create(
        cls,
        runs_dir: Path | str,
        *,
        name: str,
        identity: Mapping[str, Any],
        chunks: Sequence[str],
        study_text: str = "",
        details: Mapping[str, Any] | None = None,
        resume: bool = False,
    ) -> Self:
        """Open the run folder for writing, making it where it does not exist.

        Parameters
        ----------
        runs_dir
            Folder that holds the runs.
        name
            Name of the study: small letters, digits, ``_``, ``-`` and ``.``.
        identity
            Everything that decides the numbers (study content, catalogue, code, seed); its hash
            ends the folder's name.
        chunks
            Keys of all chunks of the run.
        study_text
            Text of the study file, kept beside the results.
        details
            More to record in ``run.json`` (versions, options).
        resume
            Keep the finished shards of an earlier, interrupted run; otherwise they are redone.

        Raises
        ------
        RunStoreError
            If another process writes this run, the folder cannot be written, or a resumed run
            was cut into other chunks.
        """
        for text in (name, *chunks):
            _durable.check_name(text)
        path = Path(runs_dir) / _folder(name, identity)
        record = {
            "format": _FORMAT,
            "name": name,
            "identity": dict(identity),
            "chunks": list(chunks),
            "details": dict(details or {}),
            "study_sha256": hashlib.sha256(study_text.encode()).hexdigest(),
        }
        store = cls(path, tuple(chunks))
        with _durable.clear_errors(path):
            (path / "shards").mkdir(parents=True, exist_ok=True)
            store._take_lock()
            try:
                store._prepare(record, study_text, resume=resume)
            except BaseException:
                store.close()
                raise
        return store

    @classmethod
    def open(cls, path: Path | str) -> Self:
        """Open an existing run folder for reading.

        Raises
        ------
        RunStoreError
            If there is no run in the folder or its record was changed.
        """
        path = Path(path)
        if not (path / "run.json").is_file():
            raise RunStoreError(
                f"{path} is not a run folder (no run.json). Fix: give the folder that "
                "`progenitor run` printed, for example runs/tscm_vs_cart_dlbcl-0123456789ab"
            )
        record = _durable.read_record(path / "run.json")
        return cls(path, tuple(str(chunk) for chunk in record["chunks"]))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let another process write this run."""
        while self._lock:
            os.close(self._lock.pop())

    @property
    def record(self) -> dict[str, Any]:
        """Content of ``run.json``."""
        return _durable.read_record(self.path / "run.json")

    @property
    def study_text(self) -> str:
        """Text of the study file as it was read for this run."""
        with _durable.clear_errors(self.path):
            return (self.path / "study.yaml").read_text(encoding="utf-8")

    def finished(self) -> set[str]:
        """Keys of the chunks whose shards are whole and on disk."""
        return set(self._entries())

    def missing(self) -> tuple[str, ...]:
        """Keys of the chunks that still have to be simulated, in order."""
        finished = self.finished()
        return tuple(chunk for chunk in self.chunks if chunk not in finished)

    def write(self, chunk: str, shard: Shard) -> None:
        """Add the shard of one chunk: all of it or nothing.

        Raises
        ------
        RunStoreError
            If the store is open for reading, the chunk is unknown or finished, or the disk
            refuses; finished shards are never touched.
        """
        if not self._lock:
            raise RunStoreError(
                f"{self.path} is open for reading. Fix: open it with RunStore.create"
            )
        if chunk not in self.missing():
            raise RunStoreError(
                f"chunk '{chunk}' is {'finished' if chunk in self.chunks else 'not part'} of the "
                f"run in {self.path}. Fix: write each of store.missing() once"
            )
        size = sum(array.nbytes for array in (*shard.outcomes.values(), *shard.series.values()))
        with _durable.clear_errors(self.path, size):
            entry = {"schema": schema_of(shard)} | {
                kind: self._write_file(chunk, kind, shard) for kind in _TABLES
            }
            with self._index() as index, index:
                index.execute(
                    "INSERT INTO shards VALUES (?, ?, ?)",
                    (chunk, json.dumps(entry), _durable.hash_json([chunk, entry])),
                )

    def read_all(self) -> Shard:
        """Read every finished shard as one, sorted by (draw, arm, patient) whatever the order.

        Raises
        ------
        RunStoreError
            If nothing is finished, a file is gone, or the shards do not fit each other.
        """
        entries = self._entries()
        schemas = {json.dumps(entry["schema"], sort_keys=True) for entry in entries.values()}
        if len(schemas) != 1:
            fault = "different columns in its shards" if entries else "no finished shard"
            raise RunStoreError(
                f"{self.path} holds {fault}. Fix: run the study again without --resume"
            )
        files = {
            kind: [self._file(chunk, kind, entry[kind]) for chunk, entry in entries.items()]
            for kind in _TABLES
        }
        with _durable.clear_errors(self.path):
            return read_shards(files["outcomes"], files["series"], schema=json.loads(schemas.pop()))

    def digest(self) -> str:
        """Hash all outcomes and curves; equal whatever the chunks, jobs, order or interruption."""
        return self.read_all().digest()

    def verify(self) -> tuple[str, ...]:
        """Compare every file with its recorded hash; an empty answer means nothing was touched."""
        faults = []
        try:
            entries = self._entries()
            records = {file.name: _durable.read_record(file) for file in self.path.glob("*.json")}
        except RunStoreError as error:
            return (str(error),)
        record = records["run.json"]
        if self.path.name != _folder(record["name"], record["identity"]):
            faults.append(f"{self.path}: the folder's name does not fit its inputs")
        if _durable.hash_file(self.path / "study.yaml") != record["study_sha256"]:
            faults.append(f"{self.path / 'study.yaml'}: changed after the run")
        for chunk, entry in entries.items():
            for kind in _TABLES:
                file = self._file(chunk, kind, entry[kind])
                if not file.exists():
                    faults.append(f"{file}: missing")
                elif _durable.hash_file(file) != entry[kind]:
                    faults.append(f"{file}: changed after it was written")
        return tuple(faults)

    def save_json(self, name: str, content: Mapping[str, Any]) -> Path:
        """Write a further record of the run, such as ``results.json``, atomically.

        Raises
        ------
        RunStoreError
            If the name is unsafe or the disk refuses.
        """
        _durable.check_name(name)
        with _durable.clear_errors(self.path):
            return _durable.write_record(self.path / name, content)

    def read_json(self, name: str) -> dict[str, Any]:
        """Read a record that :meth:`save_json` wrote.

        Raises
        ------
        RunStoreError
            If there is none, or it was changed.
        """
        _durable.check_name(name)
        return _durable.read_record(self.path / name)

    def _take_lock(self) -> None:
        handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            raise RunStoreError(
                f"another process is writing {self.path}. Fix: wait for it, or give another "
                "--seed or --runs-dir"
            ) from None
        self._lock.append(handle)

    def _prepare(self, record: dict[str, Any], study_text: str, *, resume: bool) -> None:
        """Start afresh or keep what is finished; sweep what an interruption left."""
        if resume and (self.path / "run.json").exists():
            if _durable.read_record(self.path / "run.json")["chunks"] != record["chunks"]:
                raise RunStoreError(
                    f"{self.path} was cut into other chunks. Fix: run again without --resume"
                )
        else:
            for old in (*self.path.glob("index.sqlite*"), *self.path.glob("*.json")):
                old.unlink()
        with self._index() as index:
            index.execute("PRAGMA journal_mode=WAL")
            index.execute(_INDEX)
        known = {
            self._file(chunk, kind, entry[kind])
            for chunk, entry in self._entries().items()
            for kind in _TABLES
        }
        litter = {*(self.path / "shards").iterdir(), *self.path.glob(".*.partial")}
        for file in litter - known:
            file.unlink()
        _durable.write_atomically(self.path / "study.yaml", study_text.encode())
        _durable.write_record(self.path / "run.json", record)

    def _file(self, chunk: str, kind: str, sha256: str) -> Path:
        return self.path / "shards" / f"{chunk}-{sha256}.{kind}.parquet"

    def _write_file(self, chunk: str, kind: str, shard: Shard) -> str:
        """Write one table under a partial name, then give it the name of its content."""
        partial = self.path / "shards" / f".{chunk}.{kind}.partial"
        try:
            _TABLES[kind](shard, partial)
            sha256 = _durable.hash_file(partial)
            _durable.publish(partial, self._file(chunk, kind, sha256))
        finally:
            partial.unlink(missing_ok=True)
        return sha256

    def _entries(self) -> dict[str, dict[str, Any]]:
        """Read the index: for every finished chunk the hashes of its files and its columns."""
        with _durable.clear_errors(self.path), self._index() as index:
            rows = list(index.execute("SELECT chunk, entry, sha256 FROM shards ORDER BY chunk"))
            entries = {chunk: json.loads(entry) for chunk, entry, _ in rows}
            hashes = {chunk: sha256 for chunk, _, sha256 in rows}
        for chunk, entry in entries.items():
            if _durable.hash_json([chunk, entry]) != hashes[chunk]:
                raise RunStoreError(
                    f"{self.path / 'index.sqlite'}: the entry of chunk '{chunk}' was changed. "
                    "Fix: run again without --resume"
                )
        return entries

    @contextlib.contextmanager
    def _index(self) -> Iterator[sqlite3.Connection]:
        """Open the index; a reader who may not write the folder reads it as unchanging."""
        file = self.path / "index.sqlite"
        mode = "rwc" if self._lock else "ro" if os.access(self.path, os.W_OK) else "ro&immutable=1"
        uri = f"{file.absolute().as_uri()}?mode={mode}"
        with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=30.0)) as index:
            index.execute("PRAGMA synchronous=FULL")
            yield index


def _folder(name: str, identity: Mapping[str, Any]) -> str:
    """Name of the run's folder, from everything that decides its numbers."""
    return f"{name}-{_durable.hash_json(dict(identity))[:12]}"
