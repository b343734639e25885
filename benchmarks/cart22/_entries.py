"""What takes part: each entry is one process that solves the problem in one way."""

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, final

from benchmarks.cart22._problem import Outputs

__all__ = ["NEEDS", "OURS", "Entry", "Precision", "entries", "missing_peers"]

Precision = Literal["double", "single"]

OURS: Final = "progenitor"
NEEDS: Final = {
    "numbalsoda": ("numbalsoda",),
    "libroadrunner": ("roadrunner", "antimony"),
    "scikit-sundae": ("sksundae",),
    "scipy": ("scipy",),
}
"""Modules that each peer needs, beside Numba."""

_DOUBLE: Final = (1e-4, 1e-5, 1e-6)
_SINGLE: Final = (1e-4, 1e-5)
_QUICK: Final = 4
"""How many times fewer patients a quick run solves."""
_FEWEST: Final = 48


@final
@dataclass(frozen=True, slots=True)
class Entry:
    """A solver in one configuration, at several relative tolerances."""

    solver: str
    precision: Precision
    outputs: Outputs
    threads: int
    tolerances: tuple[float, ...]
    patients: int
    """Solved per timing: about half a second to two seconds of work."""


def entries(*, peers: bool, quick: bool) -> list[Entry]:
    """List everything that takes part; peers only where they are installed."""
    everything = [*_ours(), *(_peers() if peers else ())]
    absent = missing_peers()
    present = [entry for entry in everything if entry.solver not in absent]
    if not quick:
        return present
    return [replace(entry, patients=max(entry.patients // _QUICK, _FEWEST)) for entry in present]


def missing_peers() -> dict[str, str]:
    """Peers that cannot take part, with the reason."""
    absent = {}
    for peer, modules in NEEDS.items():
        lacking = [name for name in modules if importlib.util.find_spec(name) is None]
        if lacking:
            absent[peer] = f"{', '.join(lacking)} not installed: pip install 'progenitor[peers]'"
    return absent


def _ours() -> Iterator[Entry]:
    for threads in (1, 2):
        yield Entry(OURS, "double", "all", threads, _DOUBLE, 1024)
        yield Entry(OURS, "double", "observables", threads, _DOUBLE, 2048)
        yield Entry(OURS, "single", "observables", threads, _SINGLE, 2048)


def _peers() -> Iterator[Entry]:
    finer = (1e-4, 1e-5, 1e-6, 1e-7)
    yield Entry("numbalsoda", "double", "all", 1, finer, 512)
    yield Entry("numbalsoda", "double", "observables", 1, finer, 512)
    yield Entry("libroadrunner", "double", "all", 1, (1e-5, 1e-6, 1e-7, 1e-8), 128)
    yield Entry("scikit-sundae", "double", "all", 1, (1e-5, 1e-6, 1e-7), 128)
    yield Entry("scipy", "double", "all", 1, finer, 128)
