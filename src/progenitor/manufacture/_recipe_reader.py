"""Reading a recipe file: every setting of every step, and everything that is wrong at once."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, final

from progenitor.documents import Document
from progenitor.errors import CatalogueError, Problem, UnitError
from progenitor.evidence import Catalogue
from progenitor.manufacture._product_cells import GIVEABLE
from progenitor.manufacture._recipe_order import impossible
from progenitor.manufacture._recipe_step import RecipeStep
from progenitor.manufacture._recipe_variant import extended
from progenitor.manufacture._registry import registered_steps
from progenitor.manufacture._setting_bounds import out_of_bounds
from progenitor.manufacture._step import Setting, Step
from progenitor.product import PHENOTYPES
from progenitor.units import convert, dimension, parse_quantity

__all__ = ["read_recipe"]

_ADDRESS: Final = re.compile(r"[a-z][a-z0-9_]*(/[a-z0-9_]+)+\Z")
_REQUIRED: Final = ("recipe", "title", "steps")
_OPTIONAL: Final = ("description", "gives", "numbers", "settings", "specification")


def read_recipe(
    catalogue: Catalogue, document: Document
) -> tuple[dict[str, Any], tuple[RecipeStep, ...]]:
    """Names and steps of a recipe document.

    A document with ``extends`` is read as the recipe it names with the settings of some steps
    changed.

    Raises
    ------
    CatalogueError
        Listing every unknown step, missing or unknown setting, unknown record and wrong unit.
    """
    return _Reader(catalogue, extended(catalogue, document)).read()


@final
@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one recipe and collects everything that is wrong with it."""

    catalogue: Catalogue
    document: Document
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> tuple[dict[str, Any], tuple[RecipeStep, ...]]:
        data = self.document.data if isinstance(self.document.data, dict) else {}
        known = (*_REQUIRED, *_OPTIONAL)
        for key in sorted(set(_REQUIRED) - data.keys()):
            self.refuse(f"'{key}' is missing", f"add '{key}:'", ())
        for key in sorted(data.keys() - set(known)):
            self.refuse(f"unknown field '{key}'", _suggestion(key, known), (key,))
        entries = data.get("steps") or []
        if not isinstance(entries, list):
            self.refuse("'steps' is not a list", "write '- step: NAME' lines", ("steps",))
            entries = []
        shared = self.mapping(data.get("settings"), ("settings",))
        read = [self.step(entry, index, shared) for index, entry in enumerate(entries)]
        steps = [entry for entry in read if entry is not None]
        self.unique(steps)
        self.unused(shared, steps)
        if not self.problems:
            specified = bool(data.get("specification"))
            found = impossible(steps, specified=specified, value=self.median)
            for place, message, fix in found:
                self.refuse(message, fix, ("steps", place))
        gives = self.gives(data.get("gives"))
        numbers = self.numbers(self.mapping(data.get("numbers"), ("numbers",)))
        if self.problems:
            raise CatalogueError(self.problems)
        text = {
            "name": str(data["recipe"]),
            "title": str(data["title"]),
            "description": str(data.get("description", "")),
            "gives": gives,
            "numbers": numbers,
            "specification": str(data.get("specification") or ""),
        }
        return text, tuple(steps)

    def mapping(self, given: Any, where: tuple[str | int, ...]) -> Mapping[str, Any]:
        """Return what is a mapping, and nothing for what is left out."""
        if given is None or isinstance(given, dict):
            return given or {}
        self.refuse(f"'{where[-1]}' is not a mapping", "write 'name: value' lines", where)
        return {}

    def gives(self, listed: Any) -> tuple[str, ...]:
        if listed is None:
            return PHENOTYPES
        given = tuple(str(word) for word in listed) if isinstance(listed, list) else ()
        for position, word in enumerate(given):
            if word not in GIVEABLE:
                fix = _suggestion(word, GIVEABLE)
                self.refuse(f"unknown phenotype '{word}'", fix, ("gives", position))
        if not given:
            self.refuse("'gives' is not a list", "write 'gives: [tscm, tcm]'", ("gives",))
        return given

    def numbers(self, replaced: Mapping[str, Any]) -> dict[str, str]:
        for old, new in replaced.items():
            try:
                units = [self.catalogue.parameter(str(name)).unit for name in (old, new)]
            except CatalogueError as error:
                self.problems.extend(error.problems)
                continue
            if units[0] != units[1]:
                message = f"'{new}' is in {units[1]}, '{old}' in {units[0]}"
                self.refuse(message, f"use a record in {units[0]}", ("numbers", str(old)))
        return {str(old): str(new) for old, new in replaced.items()}

    def step(self, entry: Any, index: int, shared: Mapping[str, Any]) -> RecipeStep | None:
        place = ("steps", index)
        known = registered_steps()
        name = str(entry.get("step")) if isinstance(entry, dict) else ""
        if name not in known:
            self.refuse(f"unknown step '{name}'", _suggestion(name, known), place)
            return None
        own = dict(self.mapping(entry.get("settings"), (*place, "settings")))
        words = self.words(own, known[name], place)
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
            if value is None and setting.default is not None:
                constants[setting.name] = setting.default
            elif value is None:
                self.refuse(
                    f"step '{name}' needs the setting '{setting.name}' in {setting.unit}",
                    f"add '{setting.name}:' with a quantity or a catalogue id",
                    place,
                )
            elif isinstance(value, str) and _ADDRESS.match(value):
                self.reference(setting, value, where, references)
            else:
                self.constant(setting, value, where, constants)
        label = str(entry.get("label", name))
        return RecipeStep(label, known[name], constants, references, words)

    def words(
        self, own: dict[str, Any], step: Step, place: tuple[str | int, ...]
    ) -> dict[str, tuple[str, ...]]:
        """Take the textual settings out of a step's own."""
        found = {}
        for name in step.words:
            given = own.pop(name, None)
            listed = given if isinstance(given, list) else [given]
            if not listed or not all(isinstance(word, str) for word in listed):
                message = f"step '{step.name}' needs the words '{name}'"
                self.refuse(message, f"write '{name}: [word, word]'", (*place, "settings", name))
                continue
            found[name] = tuple(listed)
            known = step.choices.get(name, found[name])
            for word in found[name]:
                if word not in known:
                    fix = _suggestion(word, known)
                    self.refuse(f"unknown word '{word}'", fix, (*place, "settings", name))
        for parameter in step.parameters_of(found) if len(found) == len(step.words) else ():
            if parameter not in self.catalogue.parameters:
                fix = _suggestion(parameter, self.catalogue.parameters)
                self.refuse(f"unknown parameter '{parameter}'", fix, place)
        return found

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
            return
        if wrong := out_of_bounds(setting, found[setting.name]):
            self.refuse(f"'{value}' {wrong[0]}", wrong[1], where)

    def median(self, step: RecipeStep, setting: str) -> float:
        """Value of a setting in a typical lot; NaN where it is not given."""
        if setting in step.constants:
            return step.constants[setting]
        reference = step.references.get(setting)
        used = None if reference is None else self.catalogue.parameter(reference).used
        return float("nan") if used is None else used.median

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
