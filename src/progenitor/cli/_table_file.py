"""Where a command writes a table: to a file that is whole or absent, or to stdout."""

import os
from pathlib import Path

import typer

from progenitor.errors import InputError, Problem

__all__ = ["check_target", "write_table"]


def check_target(path: Path | None) -> None:
    """Refuse a file that could not be written, before any work is done.

    Parameters
    ----------
    path
        The file, or None for stdout.

    Raises
    ------
    InputError
        When its folder does not exist or it is a folder itself.
    """
    if path is None:
        return
    if path.is_dir():
        raise _unwritable(path, "is a folder")
    if not path.parent.is_dir():
        raise _unwritable(path, f"there is no folder {path.parent}")


def write_table(text: str, path: Path | None) -> None:
    """Write text to a file in one step, or to stdout.

    Parameters
    ----------
    text
        What to write.
    path
        The file, or None for stdout.

    Raises
    ------
    InputError
        When it cannot be written; an older file of that name is left as it was.
    """
    if path is None:
        typer.echo(text, nl=False)
        return
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise _unwritable(path, f"cannot be written: {error.strerror or error}") from None
    finally:
        partial.unlink(missing_ok=True)


def _unwritable(path: Path, why: str) -> InputError:
    return InputError([Problem(why, "choose another file", str(path))])
