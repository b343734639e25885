"""Machine code kept between processes, so that a model is compiled once on a machine.

An entry is named by everything that its code depends on and carries a digest of its content; one
that is damaged, or cannot be read, is made again. Where nothing can be written nothing is kept.
"""

import contextlib
import hashlib
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

__all__ = ["cache_directory", "cached", "writable"]

_DIGEST: Final = 32
_KEPT: Final = 256
_DAY: Final = 86_400.0
"""Seconds after which a file that was not finished is taken for what a killed process left."""


def cache_directory() -> Path | None:
    """Folder of kept machine code, None when there is none.

    ``PROGENITOR_CACHE`` names another folder; set to nothing it keeps nothing. Without a home that
    can be written it is a folder of the user's own among the temporary files.
    """
    chosen = os.environ.get("PROGENITOR_CACHE")
    if chosen is not None:
        return Path(chosen) if chosen else None
    base = os.environ.get("XDG_CACHE_HOME")
    with contextlib.suppress(RuntimeError):
        folder = (Path(base) if base else Path.home() / ".cache") / "progenitor"
        if writable(folder):
            return folder
    with contextlib.suppress(OSError):
        folder = Path(tempfile.gettempdir()) / f"progenitor-cache-{os.getuid()}"
        return folder if writable(folder) and _is_private(folder) else None
    return None


def writable(folder: Path) -> bool:
    """Tell whether files can be made in a folder, which is made where it is missing.

    Examples
    --------
    >>> writable(Path("/proc/none"))
    False
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def _is_private(folder: Path) -> bool:
    """Tell whether nobody else made the folder or can write to it: what is in it is executed."""
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022


def cached(key: str, make: Callable[[], bytes]) -> bytes:
    """Return what was made before under a key, or make and keep it.

    Parameters
    ----------
    key
        Everything the content depends on.
    make
        Called when nothing is kept.
    """
    folder = cache_directory()
    if folder is None:
        return make()
    path = folder / f"{hashlib.sha256(key.encode()).hexdigest()}.o"
    with contextlib.suppress(OSError):
        kept = path.read_bytes()
        if kept[:_DIGEST] == hashlib.sha256(kept[_DIGEST:]).digest():
            os.utime(path)
            return kept[_DIGEST:]
    content = make()
    with contextlib.suppress(OSError):
        _write(folder, path, hashlib.sha256(content).digest() + content)
    return content


def _write(folder: Path, path: Path, content: bytes) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    now = path.stat().st_mtime
    oldest = sorted(folder.glob("*.o"), key=lambda kept: kept.stat().st_mtime)[:-_KEPT]
    left = [file for file in folder.glob("*.new") if file.stat().st_mtime < now - _DAY]
    for gone in (*oldest, *left):
        gone.unlink(missing_ok=True)
