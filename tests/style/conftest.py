"""What the style tests look at: the files git would commit, and their syntax trees."""

import ast
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def package(root: Path) -> Path:
    return root / "src" / "progenitor"


@pytest.fixture(scope="session")
def committed(root: Path) -> tuple[Path, ...]:
    """Every file git tracks or would track."""
    if not (root / ".git").exists():
        pytest.skip("not a git checkout: an installed copy has no list of tracked files")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout
    names = sorted(listing.decode().split("\0"))
    return tuple(root / name for name in names if name and (root / name).is_file())


@pytest.fixture(scope="session")
def source_trees(package: Path) -> Mapping[Path, ast.Module]:
    """Syntax tree of every module of the package, by path inside it."""
    files = sorted(package.rglob("*.py"))
    return {file.relative_to(package): ast.parse(file.read_text("utf-8")) for file in files}


@pytest.fixture(scope="session")
def test_trees(root: Path) -> Mapping[Path, ast.Module]:
    """Syntax tree of every test and benchmark, by path inside the repository."""
    files = [*sorted((root / "tests").rglob("*.py")), *sorted((root / "benchmarks").rglob("*.py"))]
    return {file.relative_to(root): ast.parse(file.read_text("utf-8")) for file in files}
