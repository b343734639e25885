"""Reading a recipe file: every setting of every step, and everything that is wrong at once."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, final

from progenitor.documents import Document
from progenitor.errors import CatalogueError, Problem, UnitError
from progenitor.evidence import Catalogue
from progenitor.manufacture._registry import registered_steps
from progenitor.manufacture._step import Setting, Step
from progenitor.units import convert, dimension, parse_quantity

__all__ = ["RecipeStep", "read_recipe"]

_ADDRESS: Final = re.compile(r"[a-z][a-z0-9_]*(/[a-z0-9_]+)+\Z")
_REQUIRED: Final = ("recipe", "title", "steps")
_OPTIONAL: Final = ("description", "settings")


@final
@dataclass(frozen=True, slots=True)
class RecipeStep:
    """One step of a recipe with its settings.

    Parameters
    ----------
    label
        What this use of the step is called in the recipe.
    step
        The unit operation.
    constants
        Setting → value in the step's unit.
    references
        Setting → catalogue id that holds its value.
    """

    label: str
    step: Step
    constants: Mapping[str, float] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)

    @property
    def parameter_ids(self) -> tuple[str, ...]:
        """Catalogue ids this step needs, sorted."""
        return tuple(sorted({*self.step.parameters, *self.references.values()}))


def read_recipe(
    catalogue: Catalogue, document: Document
) -> tuple[dict[str, str], tuple[RecipeStep, ...]]:
    """Names and steps of a recipe document.

    Raises
    ------
    CatalogueError
        Listing every unknown step, missing or unknown setting, unknown record and wrong unit.
    """
    return _Reader(catalogue, document).read()


@final
@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one recipe and collects everything that is wrong with it."""

    catalogue: Catalogue
    document: Document
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> tuple[dict[str, str], tuple[RecipeStep, ...]]:
        data = self.document.data if isinstance(self.document.data, dict) else {}
        known = (*_REQUIRED, *_OPTIONAL)
        for key in sorted(set(_REQUIRED) - data.keys()):
            self.refuse(f"'{key}' is missing", f"add '{key}:'", ())
        for key in sorted(data.keys() - set(known)):
            self.refuse(f"unknown field '{key}'", _suggestion(key, known), (key,))
        entries = data.get("steps") or []
        shared = data.get("settings") or {}
        read = [self.step(entry, index, shared) for index, entry in enumerate(entries)]
        steps = [entry for entry in read if entry is not None]
        self.unique(steps)
        self.unused(shared, steps)
        if self.problems:
            raise CatalogueError(self.problems)
        text = {
            "name": str(data["recipe"]),
            "title": str(data["title"]),
            "description": str(data.get("description", "")),
        }
        return text, tuple(steps)

    def step(self, entry: Any, index: int, shared: Mapping[str, Any]) -> RecipeStep | None:
        place = ("steps", index)
        known = registered_steps()
        name = str(entry.get("step")) if isinstance(entry, dict) else ""
        if name not in known:
            self.refuse(f"unknown step '{name}'", _suggestion(name, known), place)
            return None
        own = entry.get("settings") or {}
        declared = {setting.name: setting for setting in known[name].settings}
        for key in sorted(own.keys() - declared.keys()):
            fix = _suggestion(key, declared)
            self.refuse(f"step '{name}' has no setting '{key}'", fix, (*place, "settings", key))
        constants: dict[str, float] = {}
        references: dict[str, str] = {}
        for setting in declared.values():
            where = (
                (*place, "settings", setting.name)
                if setting.name in own
                else ("settings", setting.name)
            )
            value = own.get(setting.name, shared.get(setting.name))
            if value is None:
                self.refuse(
                    f"step '{name}' needs the setting '{setting.name}' in {setting.unit}",
                    f"add '{setting.name}:' with a quantity or a catalogue id",
                    place,
                )
            elif isinstance(value, str) and _ADDRESS.match(value):
                self.reference(setting, value, where, references)
            else:
                self.constant(setting, value, where, constants)
        return RecipeStep(str(entry.get("label", name)), known[name], constants, references)

    def reference(
        self, setting: Setting, value: str, where: tuple[str | int, ...], found: dict[str, str]
    ) -> None:
        try:
            unit = self.catalogue.parameter(value).unit
        except CatalogueError as error:
            self.problems.extend(error.problems)
            return
        if unit != setting.unit:
            self.refuse(
                f"'{value}' is in {unit}, the setting is in {setting.unit}",
                f"use a record in {setting.unit}",
                where,
            )
        found[setting.name] = value

    def constant(
        self, setting: Setting, value: Any, where: tuple[str | int, ...], found: dict[str, float]
    ) -> None:
        text = (
            f"{value} 1" if isinstance(value, int | float) and setting.unit == "1" else str(value)
        )
        try:
            quantity = parse_quantity(text)
            if dimension(quantity.unit) != dimension(setting.unit):
                message = f"'{value}' is not in {setting.unit}"
                raise UnitError(message)
            found[setting.name] = float(convert(quantity.value, quantity.unit, setting.unit))
        except UnitError as error:
            self.refuse(str(error), f"write a number and a unit such as '1 {setting.unit}'", where)

    def unique(self, steps: list[RecipeStep]) -> None:
        labels = [entry.label for entry in steps]
        for label in sorted({label for label in labels if labels.count(label) > 1}):
            self.refuse(
                f"two steps are called '{label}'", "give each a 'label:' of its own", ("steps",)
            )

    def unused(self, settings: Mapping[str, Any], steps: list[RecipeStep]) -> None:
        used = dict.fromkeys(setting.name for entry in steps for setting in entry.step.settings)
        for key in sorted(settings.keys() - used.keys()):
            fix = _suggestion(key, used)
            self.refuse(f"no step has a setting '{key}'", fix, ("settings", key))

    def refuse(self, message: str, fix: str, where: tuple[str | int, ...]) -> None:
        self.problems.append(
            Problem(
                message,
                fix,
                file=self.document.name,
                line=self.document.line(where),
                field=".".join(str(part) for part in where) or None,
            )
        )


def _suggestion(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    hint = f"did you mean '{close[0]}'? " if close else ""
    return f"{hint}known: {', '.join(known)}"
