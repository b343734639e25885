"""What a record says besides results: failures by kind, and versions of the software."""

import platform
from importlib.metadata import version
from typing import Any

import numpy as np
import scipy

from progenitor import __version__
from progenitor.engine import Status

__all__ = ["failure_counts", "versions"]


def failure_counts(status: np.ndarray[Any, Any]) -> dict[str, int]:
    """Count failed simulations by how they failed."""
    return {
        Status(code).name.lower(): int((status == code).sum())
        for code in np.unique(status)
        if Status(code) is not Status.OK
    }


def versions() -> dict[str, str]:
    """Versions of everything that decides the numbers."""
    return {
        "progenitor": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "numba": version("numba"),
        "llvmlite": version("llvmlite"),
        "machine": platform.machine(),
    }
