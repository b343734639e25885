"""The code hash changes with any file that can change a number, and with no other."""

import shutil
from pathlib import Path

import pytest

from progenitor.study import _code


@pytest.fixture
def package(tmp_path, monkeypatch) -> Path:
    copy = tmp_path / "progenitor"
    shutil.copytree(_code._ROOT, copy, ignore=shutil.ignore_patterns("__pycache__", "catalogue"))
    monkeypatch.setattr(_code, "_ROOT", copy)
    return copy


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("units/__init__.py", True),
        ("study/_shard.py", True),
        ("errors.py", True),
        ("cli/run.py", False),
        ("report/__init__.py", False),
    ],
)
def test_a_changed_file_counts_when_it_can_change_a_number(package, file, counts):
    before = _code.code_hash.__wrapped__()
    with (package / file).open("a", encoding="utf-8") as source:
        source.write("# a remark\n")
    assert (_code.code_hash.__wrapped__() != before) is counts
