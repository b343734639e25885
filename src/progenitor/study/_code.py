"""Which code made a number: a hash of the source files that can change it."""

import hashlib
from functools import cache
from pathlib import Path

__all__ = ["code_hash"]

_ROOT = Path(__file__).resolve().parents[1]
_SPEAKS_ONLY = frozenset({"app", "cli", "interop", "report", "testing", "catalogue"})


@cache
def code_hash() -> str:
    """Hash the source of every package that takes part in a simulation, as 64 hexadecimal digits.

    Packages that only show or export results do not count, nor does the catalogue, which has a
    hash of its own. A run folder named after this hash never mixes shards of two versions.

    Examples
    --------
    >>> len(code_hash())
    64
    """
    state = hashlib.sha256()
    for path in sorted(_ROOT.rglob("*.py")):
        name = path.relative_to(_ROOT)
        if name.parts[0] not in _SPEAKS_ONLY:
            state.update(f"{name.as_posix()}\n".encode())
            state.update(hashlib.sha256(path.read_bytes()).digest())
    return state.hexdigest()
