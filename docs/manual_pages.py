"""Writes the pages nobody should write by hand: mechanisms, steps, numbers, the API, changes."""

import ast
import importlib
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path

from credibility_pages import credibility_page
from gallery_pages import gallery_pages
from manual_tables import autodoc, table

import progenitor
from progenitor.body import Mechanism
from progenitor.evidence import Catalogue, Parameter, default_catalogue
from progenitor.manufacture import Step

PACKAGE = Path(progenitor.__file__).parent
PLUG_INS = {
    "mechanisms": ("progenitor.body.mechanisms", "Mechanisms of the body"),
    "steps": ("progenitor.manufacture.steps", "Steps of manufacturing"),
    "endpoints": ("progenitor.trial.endpoints", "Endpoints"),
    "designs": ("progenitor.trial.designs", "Trial designs"),
}
NUMBER_HEAD = ("number", "used", "role", "state")
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
    pages["science/numbers.md"] = numbers_page(own_numbers(default_catalogue()))
    pages["reference.md"] = reference_page()
    pages["changes.md"] = changes_page(docs.parent / "changes")
    pages["science/credibility.md"] = credibility_page(docs / "science" / "credibility.json")
    gallery = gallery_pages(docs / "_generated" / "gallery")
    pages |= {f"gallery/{name}": text for name, text in gallery.items()}
    for name, text in pages.items():
        page = docs / "_generated" / name
        if not page.exists() or page.read_text("utf-8") != text:
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text, "utf-8")


def plug_in_page(package: str, title: str) -> str:
    """One section for each file of a plug-in folder: its docstring, then what it is made of."""
    folder = Path(importlib.import_module(package).__file__ or "").parent
    names = [file.stem for file in sorted(folder.glob("*.py")) if file.name[0] != "_"]
    lines = [f"# {title}", "", first_line(folder / "__init__.py"), ""]
    for name in names:
        module = importlib.import_module(f"{package}.{name}")
        lines += [f"## {sentence(name)}", ""]
        if hasattr(module, "MECHANISM"):
            lines += [*autodoc(module.__name__), "", *mechanism_tables(module.MECHANISM)]
        elif hasattr(module, "STEP"):
            lines += [*autodoc(module.__name__), "", *step_tables(module.STEP)]
        else:
            lines += [*autodoc(module.__name__, "members"), ""]
    return "\n".join(lines)


def mechanism_tables(mechanism: Mechanism) -> list[str]:
    """The reactions, rules and numbers of a mechanism, as they are solved."""
    reactions = [
        (f"`{r.name}`", f"{side(r.reactants)} → {side(r.products)}", f"`{r.rate}`")
        for r in mechanism.reactions
    ]
    rules = [(f"`{r.name}`", f"`{r.expression}`", r.unit) for r in mechanism.rules]
    events = [(f"`{e.name}`", f"`{e.trigger}`", f"`{e.delay}`") for e in mechanism.events]
    return [
        *table(("reaction", "turns", "at the rate"), reactions),
        *table(("rule", "is", "unit"), rules),
        *table(("event", "when", "after (day)"), events),
        *numbers_used(mechanism.parameters),
    ]


def step_tables(step: Step) -> list[str]:
    """What a step asks of a recipe, and how it may fail."""
    settings = [(f"`{setting.name}`", setting.unit) for setting in step.settings]
    lines = table(("setting", "unit"), settings) + numbers_used(step.parameters)
    if step.failure_modes:
        lines += [f"May stop a lot for: {', '.join(step.failure_modes)}.", ""]
    return lines


def numbers_used(ids: Iterable[str]) -> list[str]:
    """A line naming catalogue records."""
    names = ", ".join(f"`{name}`" for name in ids)
    return [f"Numbers: {names} ([every number](numbers.md)).", ""] if names else []


def side(amounts: Mapping[str, float]) -> str:
    """One side of a reaction."""
    parts = [name if count == 1 else f"{count:g} {name}" for name, count in amounts.items()]
    return " + ".join(parts) or "∅"


def reference_page() -> str:
    """Every package with its public names."""
    packages = [folder for folder in sorted(PACKAGE.iterdir()) if (folder / "__init__.py").exists()]
    lines = ["# Python reference", "", "Only the names on this page are public.", ""]
    for folder in packages:
        lines += [f"## `progenitor.{folder.name}`", ""]
        lines += [*autodoc(f"progenitor.{folder.name}", "members", "imported-members"), ""]
    lines += ["## `progenitor.errors`", "", *autodoc("progenitor.errors", "members"), ""]
    return "\n".join(lines)


def own_numbers(catalogue: Catalogue) -> list[Parameter]:
    """The numbers of our own models; those of published ones stand on their pages."""
    published = {name for table in catalogue.library.values() for name in table.records}
    return [record for name, record in catalogue.parameters.items() if name not in published]


def numbers_page(parameters: Iterable[Parameter]) -> str:
    """Every number of the catalogue, by subject, with its trust."""
    by_subject = groupby(sorted(parameters, key=lambda p: p.id), lambda p: p.id.partition("/")[0])
    lines = [
        "# Every number",
        "",
        "Those of published models stand on {doc}`their pages <../gallery/index>`.",
        "Generated from the catalogue. *State* is derived from what stands behind the number, not",
        "typed; `assumed` means that nobody has published it. Print a whole record with",
        "`progenitor evidence show ID`.",
        "",
    ]
    for subject, group in by_subject:
        lines += [f"## {sentence(subject)}", "", *table(NUMBER_HEAD, map(number_row, group))]
    return "\n".join(lines)


def number_row(parameter: Parameter) -> tuple[str, ...]:
    used = "" if parameter.used is None else f"{parameter.used.median:.4g} {parameter.unit}"
    state = str(parameter.state)
    named = f"{parameter.title}<br>`{parameter.id}`"
    return named, used, parameter.role, state


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
