"""Files that are whole or absent, and that show when somebody changed them."""

import contextlib
import hashlib
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from progenitor.errors import RunStoreError

__all__ = [
    "check_name",
    "clear_errors",
    "hash_file",
    "hash_json",
    "publish",
    "read_record",
    "write_atomically",
    "write_record",
]

_SAFE_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,80}")


def check_name(name: str) -> None:
    """Refuse a name that could leave its folder.

    Raises
    ------
    RunStoreError
        If the name holds anything but small letters, digits, ``_``, ``-`` and ``.``.

    Examples
    --------
    >>> check_name("../etc/passwd")
    Traceback (most recent call last):
    ...
    progenitor.errors.RunStoreError: '../etc/passwd' cannot name a run, a chunk or a record. Fix: \
use up to 80 small letters, digits, '_', '-' and '.', beginning with a letter or digit
    """
    if not _SAFE_NAME.fullmatch(name):
        raise RunStoreError(
            f"'{name}' cannot name a run, a chunk or a record. Fix: use up to 80 small letters, "
            "digits, '_', '-' and '.', beginning with a letter or digit"
        )


def hash_json(content: Any) -> str:
    """Hash plain data whatever the order of its keys, as 64 hexadecimal digits.

    Examples
    --------
    >>> hash_json({"a": 1, "b": 2}) == hash_json({"b": 2, "a": 1})
    True
    """
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def hash_file(path: Path) -> str:
    """Hash the bytes of a file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_atomically(path: Path, content: bytes) -> Path:
    """Write a file so that a crash leaves the old one or the new one, never a torn one."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_bytes(content)
        return publish(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def publish(partial: Path, path: Path) -> Path:
    """Flush a finished file to the disk, give it its name in one step, and flush the folder."""
    _flush(partial)
    partial.replace(path)
    _flush(path.parent)
    return path


def write_record(path: Path, content: Mapping[str, Any]) -> Path:
    """Write plain data as JSON together with its own hash."""
    record = json.loads(json.dumps(content))
    text = json.dumps({**record, "sha256": hash_json(record)}, indent=2, sort_keys=True)
    return write_atomically(path, text.encode())


def read_record(path: Path) -> dict[str, Any]:
    """Read what :func:`write_record` wrote.

    Raises
    ------
    RunStoreError
        If the file is gone, unreadable, or no longer fits its own hash.
    """
    with clear_errors(path.parent):
        record = dict(json.loads(path.read_text(encoding="utf-8")))
    if record.pop("sha256", None) != hash_json(record):
        raise RunStoreError(f"{path}: changed after it was written. Fix: run the study again")
    return record


@contextlib.contextmanager
def clear_errors(path: Path, size: int = 0) -> Iterator[None]:
    """Turn errors of disk, DuckDB and SQLite into one message that says what to do.

    Parameters
    ----------
    path
        Run folder in use.
    size
        Bytes about to be written.
    """
    import duckdb

    try:
        yield
    except (OSError, ValueError, TypeError, sqlite3.Error, duckdb.Error) as error:
        standing = next(p for p in (path, *path.absolute().parents) if p.exists())
        free = shutil.disk_usage(standing).free
        raise RunStoreError(
            f"cannot use the run folder {path}: {error} (needed now about {size / 1e6:.1f} MB, "
            f"free {free / 1e6:.0f} MB). Fix: make room, or choose another --runs-dir; finished "
            "shards are kept, continue with --resume"
        ) from error


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
