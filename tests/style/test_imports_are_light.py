"""Importing Progenitor costs NumPy and little else: heavy packages wait until they are needed."""

import subprocess
import sys

import pytest

HEAVY = (
    "pandas", "xarray", "scipy.stats", "altair", "matplotlib", "numba", "pint", "vl_convert",
    "duckdb",
)  # fmt: skip


@pytest.mark.parametrize("module", ["progenitor", "progenitor.cli"])
def test_imports_are_light(module: str) -> None:
    code = f"import sys, {module}; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [], f"import {module} loads them; import where they are used"
