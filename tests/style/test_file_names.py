"""A file is named after its idea; the catalogue is data and nothing else."""

import ast
from collections.abc import Mapping
from pathlib import Path

VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "shared"}
CATALOGUE_SUFFIXES = {".yaml", ".md"}


def test_no_file_is_named_after_nothing(
    source_trees: Mapping[Path, ast.Module], test_trees: Mapping[Path, ast.Module]
) -> None:
    vague = [
        str(file)
        for file in (*source_trees, *test_trees)
        if VAGUE & {part.strip("_").removesuffix(".py") for part in file.parts}
    ]
    assert not vague, f"name the file after the idea it holds: {vague}"


def test_the_catalogue_holds_only_data(package: Path) -> None:
    files = [file for file in (package / "catalogue").rglob("*") if file.is_file()]
    assert files, "the catalogue is empty"
    strangers = [str(file) for file in files if file.suffix not in CATALOGUE_SUFFIXES]
    assert not strangers, f"only {sorted(CATALOGUE_SUFFIXES)} belong in the catalogue: {strangers}"
