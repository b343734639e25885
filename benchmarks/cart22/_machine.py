"""What it ran on: processor, memory, versions, and the memory a process has needed."""

import os
import platform
import resource
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

__all__ = ["machine", "peak_rss_mb", "versions"]

PACKAGES: Final = (
    "antimony",
    "libroadrunner",
    "llvmlite",
    "numba",
    "numbalsoda",
    "numpy",
    "progenitor",
    "scikit-sundae",
    "scipy",
)
_KIB: Final = 1024.0


def peak_rss_mb() -> float:
    """Return the largest resident memory of this process so far, in MB (2**20 bytes).

    Linux keeps the peak of the program itself in ``VmHWM``; ``getrusage`` there answers the peak of
    the parent when that was larger, because a program starts in its parent's memory.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / _KIB
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest / (_KIB * _KIB if platform.system() == "Darwin" else _KIB)


def machine() -> dict[str, str | int]:
    """Return what is worth knowing about this machine."""
    return {
        "processor": _from_file("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": os.cpu_count() or 1,
        "memory": _from_file("/proc/meminfo", "MemTotal"),
        "vectors": _vectors(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def versions() -> dict[str, str]:
    """Return the versions of everything that takes part and is installed."""
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _vectors() -> str:
    """Return the widest vector instructions that matter."""
    flags = _from_file("/proc/cpuinfo", "flags").split()
    return next((name for name in ("avx512f", "avx2", "avx") if name in flags), "")


def _from_file(file: str, key: str) -> str:
    path = Path(file)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(key)), "")
