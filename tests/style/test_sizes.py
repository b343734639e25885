"""One idea fits on a few screens: files and functions have a size."""

import ast
from collections.abc import Mapping
from pathlib import Path

PLUG_IN_FOLDERS = {"mechanisms", "steps", "designs", "endpoints", "rules"}
PLUG_IN_LINES = 150
MACHINERY_LINES = 400
HARD_STOP = 600
FUNCTION_LINES = 50

# Machinery that grew past 400 lines, with the reason it is still one idea.
GROWN: dict[str, str] = {
    "trial/__init__.py": "gathers public names, two lines each, and does nothing else",
}


def is_plug_in(file: Path) -> bool:
    return file.parent.name in PLUG_IN_FOLDERS and not file.name.startswith("_")


def lines_of(file: Path, package: Path) -> int:
    return len((package / file).read_text("utf-8").splitlines())


def test_plug_ins_are_short(source_trees: Mapping[Path, ast.Module], package: Path) -> None:
    sizes = {str(file): lines_of(file, package) for file in source_trees if is_plug_in(file)}
    assert sizes, "no plug-in was found: the rule would pass without looking at anything"
    long = {file: lines for file, lines in sizes.items() if lines > PLUG_IN_LINES}
    assert not long, f"over {PLUG_IN_LINES} lines, split the idea: {long}"


def test_machinery_is_readable(source_trees: Mapping[Path, ast.Module], package: Path) -> None:
    sizes = {str(file): lines_of(file, package) for file in source_trees}
    long = {file: lines for file, lines in sizes.items() if lines > MACHINERY_LINES}
    assert set(long) == set(GROWN), f"over {MACHINERY_LINES} lines, split or list in GROWN: {long}"
    assert all(lines <= HARD_STOP for lines in long.values()), f"over {HARD_STOP}: {long}"


def test_functions_fit_on_a_screen(source_trees: Mapping[Path, ast.Module]) -> None:
    long = [
        f"{file}:{node.lineno}: {node.name} has {length} lines"
        for file, tree in source_trees.items()
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (length := (node.end_lineno or 0) - node.lineno + 1 - docstring_lines(node))
        > FUNCTION_LINES
    ]
    assert not long, f"over {FUNCTION_LINES} lines of code: {long}"


def docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the docstring: a paragraph from the paper is not code."""
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return (first.end_lineno or first.lineno) - first.lineno + 1
    return 0
