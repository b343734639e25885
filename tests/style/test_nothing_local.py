"""The repository names no machine: no local paths, no package index, no private host."""

import re
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[3]
"""The folder this checkout stands in: a path of this machine, whatever machine it is."""

OPTIONS = ("index" + "-url", "find" + "-links", "trusted" + "-host")
FOLDERS = [re.escape(f"{folder}/") for folder in (HERE, Path.home()) if len(folder.parts) > 1]
LOCAL = re.compile("|".join([*FOLDERS, *OPTIONS]))
BINARY = {".png", ".jpg", ".gif", ".parquet", ".sqlite", ".woff2"}


@pytest.mark.parametrize("text", [f"pip install --{OPTIONS[0]} Z", f"cd {HERE / 'x'}/y"])
def test_finds_a_machine(text: str) -> None:
    assert LOCAL.search(text) or (len(HERE.parts) == 1 and text.startswith("cd"))


def test_nothing_local_is_committed(committed: tuple[Path, ...], root: Path) -> None:
    found = [
        f"{file.relative_to(root)}:{number}: {match.group()}"
        for file in committed
        if file.suffix not in BINARY
        for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), start=1)
        if (match := LOCAL.search(line))
    ]
    assert not found, f"a machine's name or path was committed: {found}"


def test_no_file_is_huge(committed: tuple[Path, ...], root: Path) -> None:
    """A clone stays small; pictures and tables above a megabyte live elsewhere."""
    huge = {str(f.relative_to(root)): f.stat().st_size for f in committed if f.stat().st_size > 1e6}
    assert not huge, f"larger than 1 MB: {huge}"
