"""The public surface is a tested list: ``__all__`` complete and sorted, every name documented."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest


def exported(tree: ast.Module) -> list[str] | None:
    """The names in ``__all__``, or None where a module has none."""
    for node in tree.body:
        target = node.target if isinstance(node, ast.AnnAssign) else None
        if isinstance(node, ast.Assign):
            target = node.targets[0]
        if isinstance(target, ast.Name) and target.id == "__all__":
            return list(ast.literal_eval(node.value))
    return None


def defined(tree: ast.Module) -> Iterator[str]:
    """Public classes and functions written in the module itself."""
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name


def registered(tree: ast.Module) -> set[str]:
    """Names reached without ``__all__``: decorated by a registry, or held by an exported constant.

    ``@app.command()`` registers a command, ``STEP = Step(run=run)`` a step's function.
    """
    public = set(exported(tree) or ())
    names = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            calls = [item.func for item in node.decorator_list if isinstance(item, ast.Call)]
            if any("cache" not in ast.unparse(call) for call in calls):
                names.add(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if public & {target.id for target in targets if isinstance(target, ast.Name)}:
                names |= {item.id for item in ast.walk(node.value) if isinstance(item, ast.Name)}
    return names


def sorting_key(name: str) -> tuple[int, list[str | int]]:
    """Constants, then classes, then functions, each in natural order, as ruff RUF022 sorts."""
    rank = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
    return rank, [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def packages() -> list[str]:
    root = Path(__file__).parents[2] / "src"
    return sorted(
        ".".join(file.parent.relative_to(root).parts) for file in root.rglob("__init__.py")
    )


def test_every_module_says_what_is_public(source_trees: Mapping[Path, ast.Module]) -> None:
    silent = [
        str(file)
        for file, tree in source_trees.items()
        if exported(tree) is None and file.name != "__main__.py"
    ]
    assert not silent, f"give the module an __all__ (an empty list is fine): {silent}"


def test_all_is_complete_and_sorted(source_trees: Mapping[Path, ast.Module]) -> None:
    problems = []
    for file, tree in source_trees.items():
        names = exported(tree) or []
        reached = registered(tree).union(names)
        missing = [n for n in defined(tree) if not n.startswith("_") and n not in reached]
        problems += [f"{file}: {name} is public but not in __all__" for name in missing]
        if names != sorted(set(names), key=sorting_key):
            problems.append(f"{file}: __all__ is not sorted or repeats a name")
    assert not problems, "\n".join(problems)


def test_packages_only_gather(source_trees: Mapping[Path, ast.Module]) -> None:
    """``__init__.py`` = docstring, imports, ``__all__`` (and ``__version__`` at the very top)."""
    strangers = []
    for file, tree in source_trees.items():
        if file.name != "__init__.py":
            continue
        for node in tree.body:
            names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and n.id[:2] == "__"}
            gathers = isinstance(node, (ast.Import, ast.ImportFrom)) or bool(
                names & {"__all__", "__version__"}
            )
            is_docstring = node is tree.body[0] and isinstance(node, ast.Expr)
            if not gathers and not is_docstring:
                strangers.append(f"{file}:{node.lineno}")
    assert not strangers, f"move code out of __init__.py into a file of its own: {strangers}"


@pytest.mark.parametrize("name", packages())
def test_every_public_name_is_documented(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__, f"{name} has no docstring"
    bare = []
    for public in module.__all__:
        thing = getattr(module, public)
        if not (inspect.isclass(thing) or inspect.isroutine(thing)):
            continue
        text = thing.__doc__ or ""
        if not text.strip() or text.startswith(f"{public}("):  # what dataclass writes by itself
            bare.append(public)
    assert not bare, f"{name}: write the docstring of {bare}"
