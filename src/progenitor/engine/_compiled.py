"""Functions as machine code: the one way in which the engine uses Numba.

Import this module, and every module that uses it, inside the function that first needs it:
``import progenitor`` must not load Numba.
"""

import functools
import hashlib
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numba import njit

from progenitor.engine._code_cache import CodeCache

__all__ = ["compiled", "compiled_function", "compiled_inline", "compiled_part", "stamp_of"]

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")

_MADE_WITH = "progenitor_made_with"
_INNER = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False}


def compiled(function: Callable[_Given, _Answer]) -> Callable[_Given, _Answer]:
    """Compile a function when it is first called, and keep the machine code on disk.

    For functions that Python calls. The global interpreter lock is released while they run,
    divisions by zero follow IEEE 754 and no rule of arithmetic is relaxed. Kept code is used again
    only when nothing it is made from has changed: neither the file of the function nor anything it
    calls, nor the order of what it is given. Numba alone would look at the file only.

    Examples
    --------
    >>> @compiled
    ... def ratio(one: float, other: float) -> float:
    ...     return one / other
    >>> ratio(1.0, 0.0)
    inf
    """
    machine: Any = _compiled(function, _nrt=False)
    cache = CodeCache(function, functools.partial(stamp_of, machine))
    machine._cache = cache  # noqa: SLF001 - Numba offers no other way
    answer: Callable[_Given, _Answer] = machine
    return answer


def compiled_part(function: Callable[_Given, _Answer]) -> Callable[_Given, _Answer]:
    """Compile a function into the compiled functions that call it.

    For what is called within loops: a call with an array costs more than a small function takes,
    and code that is kept on disk by itself cannot be merged into its caller.

    Examples
    --------
    >>> @compiled_part
    ... def half(value: float) -> float:
    ...     return 0.5 * value
    >>> half(3.0)
    1.5
    """
    return _compiled(function, forceinline=True)


def compiled_function(function: Callable[_Given, _Answer]) -> Callable[_Given, _Answer]:
    """Compile a function that stays a function of its own within those that call it.

    For what is called seldom or from several places, where a copy at every call would only take
    longer to compile. Only compiled functions can call it: the door through which Python would
    pass dozens of arrays takes longer to compile than the function.
    """
    return _compiled(function, **_INNER)


def compiled_inline(function: Callable[_Given, _Answer]) -> Callable[_Given, _Answer]:
    """Compile a function of the innermost loop into the compiled functions that call it.

    As :func:`compiled_part`, without the door for Python.
    """
    return _compiled(function, forceinline=True, **_INNER)


def stamp_of(function: Callable[..., object]) -> str:
    """Return the digest of everything a compiled function is made from.

    It is complete once the modules of all that it calls are: a function may stand above those that
    it calls.

    Examples
    --------
    >>> len(stamp_of(compiled(lambda: 1)))
    32
    """
    reached: set[int] = set()
    stamps: list[str] = []
    waiting: list[Any] = [function]
    while waiting:
        machine = waiting.pop()
        if id(machine) not in reached:
            reached.add(id(machine))
            stamps.append(_own_stamp(machine))
            waiting += [used for _, used in _used(machine) if _is_compiled(used)]
    return hashlib.blake2b("".join(sorted(stamps)).encode(), digest_size=16).hexdigest()


def _compiled(function: Callable[_Given, _Answer], **options: bool) -> Callable[_Given, _Answer]:
    machine: Any = njit(nogil=True, error_model="numpy", **options)(function)
    setattr(machine, _MADE_WITH, options)
    answer: Callable[_Given, _Answer] = machine
    return answer


def _is_compiled(used: object) -> bool:
    return getattr(used, _MADE_WITH, None) is not None


def _used(machine: Any) -> list[tuple[str, Any]]:
    """List what a function's names mean, in the order of the names."""
    function = machine.py_func
    names = sorted(set(function.__code__.co_names))
    return [(name, function.__globals__.get(name)) for name in names]


def _own_stamp(machine: Any) -> str:
    """Digest of a function's file, of what it is given and of the constants it uses."""
    function = machine.py_func
    digest = hashlib.blake2b(_content(inspect.getfile(function)), digest_size=16)
    digest.update(
        f"{function.__qualname__}:{sorted(getattr(machine, _MADE_WITH).items())}".encode()
    )
    digest.update(function.__code__.co_code)
    for given in function.__annotations__.values():
        digest.update(_fields(given).encode())
    for name, used in _used(machine):
        if isinstance(used, int | float | str | tuple | np.generic):
            digest.update(f"{name}={used!r};".encode())
        elif (made := getattr(used, "_defn", None)) is not None:
            digest.update(_content(inspect.getfile(made)))
    return digest.hexdigest()


def _fields(given: Any) -> str:
    """Names of the fields of a named tuple, and of the named tuples within it, in their order."""
    inner = getattr(given, "__annotations__", {}) if hasattr(given, "_fields") else {}
    return "".join(f"{name}({_fields(kind)})" for name, kind in inner.items())


@functools.lru_cache(maxsize=64)
def _content(file: str) -> bytes:
    path = Path(file)
    return path.read_bytes() if path.is_file() else b""
