"""A number has an address and one home: mechanisms and steps hold none of their own."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

PLUG_INS = ("body/mechanisms", "manufacture/steps")
STRUCTURAL = {0, 1, 2, -1}  # nothing, one, a division into two, the last element
PROSE = {"title", "reason", "message", "label", "note", "fix", "description"}
TITLE_AT = {"ModelParameter": 2, "Observable": 3, "Species": 3}  # titles given by position
NUMERICAL = {"absolute_tolerance"}  # how the solver works, not what cells do


def as_expression(node: ast.AST) -> ast.Expression | None:
    """The expression a string spells, with f-string fields as names; None for prose."""
    if isinstance(node, ast.JoinedStr):
        parts = [p.value if isinstance(p, ast.Constant) else "_field_" for p in node.values]
        text = "".join(str(part) for part in parts)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    else:
        return None
    try:
        return ast.parse(text.strip(), mode="eval")
    except SyntaxError:
        return None


def literals(node: ast.AST) -> Iterator[tuple[int, float]]:
    """Line and value of every number in Python code and inside expression text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        if not isinstance(node.value, bool) and node.value not in STRUCTURAL:
            yield node.lineno, node.value
        return
    if (expression := as_expression(node)) is not None:
        line = getattr(node, "lineno", 0)
        yield from ((line, value) for _, value in literals(expression))
    if isinstance(node, (ast.JoinedStr, ast.Raise)):
        return  # the rest of an f-string is layout; a message may quote numbers
    for child in ast.iter_child_nodes(node):
        if not is_docstring(child) and not is_prose(child, node):
            yield from literals(child)


def is_prose(child: ast.AST, parent: ast.AST) -> bool:
    """Whether the child is an argument that holds words or a solver setting."""
    if isinstance(child, ast.keyword):
        return child.arg in PROSE | NUMERICAL
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name):
        position = TITLE_AT.get(parent.func.id)
        return position is not None and child in parent.args[position : position + 1]
    return False


def is_docstring(node: ast.AST) -> bool:
    """A string standing alone as a statement: a docstring or a note."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rate = 0.17", [0.17]),
        ("rate = 2 * x[-1] + 1.0", []),
        ("Rule('loss', '3.5 * effector', '1/day')", [3.5]),
        ("Rule('loss', f'{name} * 0.5', '1/day')", [0.5]),
        ("Rule('il_15', 'interleukin_15 * x2', 'pg/mL', title='IL-15 in blood')", []),
        ("f'{share:.3f} of the cells'", []),
        ("'''Equation 12 of a paper.'''", []),
        ("Observable('il_15', 'interleukin_15', 'pg/mL', 'IL-15 in blood')", []),
        ("Species('drug', '1', absolute_tolerance=1e-6)", []),
        ("Event('e', trigger='fever > 38.0')", [38.0]),
    ],
)
def test_tells_a_literal_from_prose(text: str, expected: list[float]) -> None:
    assert [value for _, value in literals(ast.parse(text))] == expected


@pytest.mark.parametrize("folder", PLUG_INS)
def test_no_biological_literals(folder: str, source_trees: Mapping[Path, ast.Module]) -> None:
    files = [file for file in source_trees if file.as_posix().startswith(folder + "/")]
    assert files, f"{folder} is empty: the rule would pass without looking at anything"
    found = [
        f"{file}:{line}: {value}" for file in files for line, value in literals(source_trees[file])
    ]
    assert not found, f"move the number to catalogue/parameters and name its id: {found}"
