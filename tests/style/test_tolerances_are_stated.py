"""``np.allclose(1.29e-8, 2.2e-8)`` is True: a comparison states both of its tolerances."""

import ast
from collections.abc import Mapping
from pathlib import Path

COMPARISONS = {"allclose", "isclose", "assert_allclose"}
NUMPY_NEEDS = {"rtol", "atol"}
MATH_NEEDS = {"rel_tol", "abs_tol"}


def bare_comparisons(tree: ast.Module) -> list[int]:
    lines = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        stated = {keyword.arg for keyword in node.keywords}
        if name in COMPARISONS and not (stated >= NUMPY_NEEDS or stated & MATH_NEEDS):
            lines.append(node.lineno)
        if name == "approx" and not {"rel", "abs"} & stated:
            lines.append(node.lineno)
    return lines


def test_finds_a_bare_comparison() -> None:
    tree = ast.parse("np.allclose(a, b)\nallclose(a, b, rtol=1e-6)\napprox(3.0)\n")
    assert bare_comparisons(tree) == [1, 2, 3]


def test_accepts_stated_tolerances() -> None:
    text = "np.allclose(a, b, rtol=1e-6, atol=0)\nmath.isclose(a, b, rel_tol=1e-6)\n"
    assert bare_comparisons(ast.parse(text)) == []


def test_tolerances_are_stated(
    source_trees: Mapping[Path, ast.Module], test_trees: Mapping[Path, ast.Module]
) -> None:
    found = [
        f"{file}:{line}"
        for file, tree in {**source_trees, **test_trees}.items()
        for line in bare_comparisons(tree)
    ]
    assert not found, f"give rtol and atol (or rel, abs) with a reason: {found}"
