"""Writes the pages nobody should write by hand: mechanisms, steps, numbers, the API, changes."""

import ast
import importlib
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import progenitor
from progenitor.evidence import Parameter, default_catalogue

PACKAGE = Path(progenitor.__file__).parent
PLUG_INS = {
    "mechanisms": ("progenitor.body.mechanisms", "Mechanisms of the body"),
    "steps": ("progenitor.manufacture.steps", "Steps of manufacturing"),
    "endpoints": ("progenitor.trial.endpoints", "Endpoints"),
    "designs": ("progenitor.trial.designs", "Trial designs"),
}
CATEGORIES = {
    "science": "Numbers that change",
    "added": "Added",
    "changed": "Changed",
    "fixed": "Fixed",
    "removed": "Removed",
}


def write_pages(docs: Path) -> None:
    """Write every generated page under ``docs/_generated``, touching only what changed."""
    pages = {f"science/{kind}.md": plug_in_page(*about) for kind, about in PLUG_INS.items()}
    pages["science/numbers.md"] = numbers_page(default_catalogue().parameters.values())
    pages["reference.md"] = reference_page()
    pages["changes.md"] = changes_page(docs.parent / "changes")
    for name, text in pages.items():
        page = docs / "_generated" / name
        if not page.exists() or page.read_text("utf-8") != text:
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text, "utf-8")


def plug_in_page(package: str, title: str) -> str:
    """One section for each file of a plug-in folder, made of its docstring."""
    folder = Path(importlib.import_module(package).__file__ or "").parent
    names = [file.stem for file in sorted(folder.glob("*.py")) if file.name[0] != "_"]
    lines = [f"# {title}", "", first_line(folder / "__init__.py"), ""]
    for name in names:
        lines += [f"## {sentence(name)}", "", *autodoc(f"{package}.{name}", "members"), ""]
    return "\n".join(lines)


def reference_page() -> str:
    """Every package with its public names."""
    packages = [folder for folder in sorted(PACKAGE.iterdir()) if (folder / "__init__.py").exists()]
    lines = ["# Python reference", "", "Only the names on this page are public.", ""]
    for folder in packages:
        lines += [f"## `progenitor.{folder.name}`", ""]
        lines += [*autodoc(f"progenitor.{folder.name}", "members", "imported-members"), ""]
    lines += ["## `progenitor.errors`", "", *autodoc("progenitor.errors", "members"), ""]
    return "\n".join(lines)


def autodoc(module: str, *options: str) -> list[str]:
    """The fence that asks Sphinx for a module's docstrings."""
    flags = [f"   :{option}:" for option in (*options, "no-index")]
    return ["```{eval-rst}", f".. automodule:: {module}", *flags, "```"]


def numbers_page(parameters: Iterable[Parameter]) -> str:
    """Every number of the catalogue, by subject, with its trust."""
    by_subject = groupby(sorted(parameters, key=lambda p: p.id), lambda p: p.id.partition("/")[0])
    lines = [
        "# Every number",
        "",
        "Generated from the catalogue. *State* is derived from what stands behind the number, not",
        "typed; `assumed` means that nobody has published it. Print a whole record with",
        "`progenitor evidence show ID`.",
        "",
    ]
    for subject, group in by_subject:
        lines += [f"## {sentence(subject)}", "", "| id | meaning | used | unit | role | state |"]
        lines += ["|---|---|---|---|---|---|", *map(number_row, group), ""]
    return "\n".join(lines)


def number_row(parameter: Parameter) -> str:
    used = "" if parameter.used is None else f"{parameter.used.median:.4g}"
    cells = [f"`{parameter.id}`", parameter.title, used, parameter.unit, parameter.role]
    cells.append(str(parameter.state))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def changes_page(folder: Path) -> str:
    """The fragments of the coming release, by category."""
    lines = ["# What changes in the next release", ""]
    for category, title in CATEGORIES.items():
        fragments = sorted(folder.glob(f"*.{category}.md"))
        if fragments:
            lines += [f"## {title}", ""]
            lines += [f"- {' '.join(file.read_text('utf-8').split())}" for file in fragments]
            lines.append("")
    return "\n".join(lines)


def first_line(module: Path) -> str:
    docstring = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    return docstring.partition("\n")[0].replace("``", "`")


def sentence(name: str) -> str:
    return name.replace("_", " ").capitalize()
