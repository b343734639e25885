"""A fragment is named ``<what>.<category>.md`` and holds one short paragraph."""

import re
from pathlib import Path

FRAGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.(science|added|changed|fixed|removed)\.md")


def test_fragments_follow_the_convention(root: Path) -> None:
    files = [file for file in (root / "changes").iterdir() if file.name != "README.md"]
    odd = [file.name for file in files if not FRAGMENT.fullmatch(file.name)]
    assert not odd, f"see changes/README.md: {odd}"
    long = [file.name for file in files if "\n\n" in file.read_text("utf-8").strip()]
    assert not long, f"one paragraph each: {long}"
    empty = [file.name for file in files if not file.read_text("utf-8").strip()]
    assert not empty, f"say what changed: {empty}"
