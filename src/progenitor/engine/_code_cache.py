"""Compiled functions kept on disk: made once on a machine, by one process at a time.

Numba keeps compiled functions too, but gives up where it can write nowhere, lets several processes
compile the same thing at once, and may then mix up what they write.
"""

import contextlib
import fcntl
import functools
import inspect
import logging
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, final

from numba.core.caching import IndexDataCacheFile
from numba.core.compiler import CompileResult

from progenitor.engine._object_cache import cache_directory, writable

__all__ = ["CodeCache"]

_KEPT: Final = 16
_log: Final = logging.getLogger(__name__)


@final
class CodeCache:
    """Where the machine code of one function is kept; stands in for Numba's own.

    It is kept in ``NUMBA_CACHE_DIR`` when that is set, else beside the source file, else in the
    folder of :func:`~progenitor.engine._object_cache.cache_directory`, whichever can be written
    first; nowhere when none can. Whoever needs a function that is not there makes it, while other
    processes that need it wait; then it is written to the log that something is compiled.

    Parameters
    ----------
    function
        What is compiled.
    stamp
        Makes the digest of everything the function is made from; called when code is first needed,
        because what a function calls may be defined after it.
    """

    def __init__(self, function: Callable[..., object], stamp: Callable[[], str]) -> None:
        source = Path(inspect.getfile(function))
        self._name = f"{source.stem}.{function.__qualname__}".replace("<", "").replace(">", "")
        self._folder = _folder(source) if source.is_file() else None
        self._stamp = functools.cache(stamp)
        self._lock = contextlib.ExitStack()

    @property
    def cache_path(self) -> str | None:
        """Where code is kept, None for nowhere."""
        return None if self._folder is None else str(self._folder)

    def enable(self) -> None:
        """Do nothing: there is no switch."""

    def disable(self) -> None:
        """Do nothing: there is no switch."""

    def flush(self) -> None:
        """Forget what was kept of this function."""
        with contextlib.suppress(OSError):
            self._file().flush()

    def load_overload(self, signature: Any, context: Any) -> Any:
        """Return what is kept, or None, then holding the lock until something is saved."""
        context.refresh()
        if (kept := self._load(signature, context)) is not None:
            return kept
        _log.info("compiling %s for this machine", self._name)
        self._lock.close()
        self._lock.enter_context(self._alone())
        if (kept := self._load(signature, context)) is not None:
            self._lock.close()
        return kept

    def save_overload(self, signature: Any, result: Any) -> None:
        """Keep what was compiled; where that fails it is compiled again another time."""
        if self._folder is not None:
            with contextlib.suppress(OSError):
                self._keep(_key(signature, result.codegen), result._reduce())  # noqa: SLF001
                self._sweep(self._folder)
        self._lock.close()

    def _keep(self, key: Any, parts: Any) -> None:
        """Write code down; an index that is damaged is begun anew."""
        file = self._file()
        try:
            file.save(key, parts)
        except OSError:
            raise
        except Exception:  # noqa: BLE001 - whatever a damaged index leads to
            file.flush()
            file.save(key, parts)

    def _file(self) -> Any:
        stamp = self._stamp()
        base = f"{self._name}-{stamp}-{sys.implementation.cache_tag}"
        return IndexDataCacheFile(self.cache_path, base, stamp)

    def _load(self, signature: Any, context: Any) -> Any:
        """Return kept code, None when there is none or it is damaged."""
        if self._folder is None:
            return None
        try:
            parts = self._file().load(_key(signature, context.codegen()))
            return None if parts is None else CompileResult._rebuild(context, *parts)  # noqa: SLF001
        except Exception:  # noqa: BLE001 - whatever a damaged file leads to, it is made again
            return None

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Wait until no other process compiles this function."""
        with contextlib.ExitStack() as held:
            with contextlib.suppress(OSError):
                if self._folder is not None:
                    lock = self._folder / f"{self._name}.lock"
                    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                    held.callback(os.close, handle)
                    fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _sweep(self, folder: Path) -> None:
        """Remove code of versions long gone."""
        files = sorted(folder.glob(f"{self._name}-*.nb[ci]"), key=lambda kept: kept.stat().st_mtime)
        for old in files[: -2 * _KEPT]:
            old.unlink(missing_ok=True)


def _key(signature: Any, codegen: Any) -> Any:
    return signature, codegen.magic_tuple()


def _folder(source: Path) -> Path | None:
    """Return the first folder that can be written."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    home = cache_directory()
    folders = [Path(chosen)] if chosen else []
    folders += [source.parent / "__pycache__"]
    folders += [home / "functions"] if home is not None else []
    return next(filter(writable, folders), None)
