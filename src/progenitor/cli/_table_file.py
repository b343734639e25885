"""Where a command writes tables: to files that are whole or absent, or to stdout."""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

import typer

from progenitor.errors import InputError, Problem

__all__ = ["check_new", "check_target", "write_table", "write_tables"]


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


def check_new(path: Path | None, *, folder: bool = False) -> None:
    """Refuse a page or a folder that could not be made, before any work is done.

    Folders on the way to it are made later if they are not there.

    Parameters
    ----------
    path
        What will be written, or None for nothing.
    folder
        Whether it is a folder.

    Raises
    ------
    InputError
        When it is of the other kind, or stands where nothing can be written.
    """
    if path is None:
        return
    if path.exists() and path.is_dir() != folder:
        raise _unwritable(path, "is a folder" if path.is_dir() else "is a file, not a folder")
    nearest = next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())
    if nearest.is_dir() and not os.access(nearest, os.W_OK | os.X_OK):
        raise _unwritable(path, f"nothing can be written in {nearest}")
    if not nearest.is_dir() and nearest != path.absolute():
        raise _unwritable(path, f"{nearest} is a file, not a folder")


def write_tables(texts: Mapping[Path, str]) -> None:
    """Write several files together: all of them, or none.

    Every file is written under another name first; folders are made as needed.

    Parameters
    ----------
    texts
        What to write, by file.

    Raises
    ------
    InputError
        When one cannot be written; older files are left as they were.
    """
    partial = {path: path.with_name(f".{path.name}.{os.getpid()}.partial") for path in texts}
    made = [one for path in texts for one in (path.parent, *path.parent.parents)]
    made = [one for one in dict.fromkeys(made) if not one.exists()]
    at = Path()
    try:
        for at in texts:
            if at.is_dir():
                raise IsADirectoryError(0, "it is a folder")
        for path, text in texts.items():
            at = path
            path.parent.mkdir(parents=True, exist_ok=True)
            with partial[path].open("w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        for path, other in partial.items():
            at = path
            other.replace(path)
    except OSError as error:
        for other in partial.values():
            other.unlink(missing_ok=True)
        for folder in made:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise _unwritable(at, f"cannot be written: {error.strerror or error}") from None


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
    return InputError([Problem(why, "choose another place", str(path))])
