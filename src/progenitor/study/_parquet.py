"""Shards as Parquet files through DuckDB: NumPy in, NumPy out."""

import atexit
import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from progenitor.errors import RunStoreError
from progenitor.study._shard import KEYS, Shard

__all__ = ["read_shards", "schema_of", "write_outcomes", "write_series"]

Column = np.ndarray[Any, Any]


def schema_of(shard: Shard) -> dict[str, dict[str, str]]:
    """List the NumPy type of every outcome column and every curve; text is ``U``.

    Examples
    --------
    >>> schema_of(Shard({"draw": np.zeros(1, "i4"), "arm": np.zeros(1, "i4"),
    ...                  "patient": np.zeros(1, "i4")}, {}, np.zeros(0)))["outcomes"]["draw"]
    '<i4'
    """
    return {
        kind: {
            name: "U" if column.dtype.kind == "U" else column.dtype.str
            for name, column in columns.items()
        }
        for kind, columns in (("outcomes", shard.outcomes), ("series", shard.series))
    }


def write_outcomes(shard: Shard, path: Path) -> None:
    """Write the outcome table of a shard, one row per (draw, arm, patient)."""
    _write_table(shard.outcomes, path)


def write_series(shard: Shard, path: Path) -> None:
    """Write the curves of a shard in long form: draw, arm, patient, day and one column per curve.

    Anyone can then ask ``SELECT day, median(blood) … GROUP BY day`` of the file itself.
    """
    times = shard.days.size
    table = {key: np.repeat(shard.outcomes[key], times) for key in KEYS}
    table["day"] = np.tile(shard.days, shard.rows)
    table |= {name: values.reshape(-1) for name, values in shard.series.items()}
    _write_table(table, path)


def read_shards(
    outcomes: Sequence[Path], series: Sequence[Path], *, schema: Mapping[str, Mapping[str, str]]
) -> Shard:
    """Read many shards as one, sorted by (draw, arm, patient).

    Parameters
    ----------
    outcomes, series
        Paths of the files of every shard.
    schema
        What :func:`schema_of` said of every shard.

    Raises
    ------
    RunStoreError
        If the rows of the curves do not fit the rows of the outcomes.
    """
    table, curves = _read_table(outcomes), _read_table(series)
    rows = table["draw"].size
    times = curves["day"].size // rows if rows else 0
    for key in KEYS:
        if not np.array_equal(np.repeat(table[key], times), curves[key]):
            raise RunStoreError(
                f"the curves of the shards are of other {key}s than their outcomes. "
                "Fix: run the study again without --resume"
            )
    return Shard(
        {name: table[name].astype(kind) for name, kind in schema["outcomes"].items()},
        {
            name: curves[name].reshape(rows, times).astype(kind)
            for name, kind in schema["series"].items()
        },
        curves["day"][:times],
    ).ordered()


@cache
def _connection(process: int) -> Any:  # noqa: ARG001 - a forked process needs one of its own
    """Open a private in-memory DuckDB, once for a process, that never reaches for the network."""
    import duckdb

    atexit.register(_connection.cache_clear)
    return duckdb.connect(
        ":memory:",
        config={
            "threads": "1",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )


@contextlib.contextmanager
def _interrupts() -> Iterator[None]:
    """Turn what DuckDB makes of Ctrl-C, an error of its own, back into an interruption."""
    try:
        yield
    except RuntimeError as error:
        if "interrupt" not in str(error).lower():
            raise
        raise KeyboardInterrupt from error


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _write_table(table: Mapping[str, Column], path: Path) -> None:
    """Copy a dictionary of columns to a Parquet file; NaN is stored as NULL."""
    connection = _connection(os.getpid())
    to = f"{_quoted(str(path))} (FORMAT parquet, COMPRESSION zstd)"
    with _interrupts():
        connection.register("shard", dict(table))
        try:
            connection.execute(f"COPY (SELECT * FROM shard) TO {to}")  # noqa: S608
        finally:
            connection.unregister("shard")


def _read_table(paths: Sequence[Path]) -> dict[str, Column]:
    """Read Parquet files as one dictionary of columns, file after file; NULL becomes NaN."""
    files = ", ".join(_quoted(str(path)) for path in paths)
    with _interrupts():
        table = (
            _connection(os.getpid())
            .execute(f"SELECT * FROM read_parquet([{files}])")  # noqa: S608
            .fetchnumpy()
        )
    return {
        name: np.ma.filled(column, np.nan) if column.dtype.kind == "f" else np.asarray(column)
        for name, column in table.items()
    }
