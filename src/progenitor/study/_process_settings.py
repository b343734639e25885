"""What can be varied in a recipe: the harvest day, shared settings, settings of one step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, final

from progenitor.documents import suggestion
from progenitor.errors import InputError, Problem, UnitError
from progenitor.evidence import Catalogue
from progenitor.inference import SearchRange
from progenitor.manufacture import Recipe, RecipeStep, with_settings
from progenitor.study._optimise_section import SettingRange
from progenitor.units import convert, dimension, parse_quantity

__all__ = ["HARVEST_DAY", "ProcessSettings", "process_settings"]

HARVEST_DAY: Final = "harvest_day"
"""Days from the start of the culture to its end; the same day for every lot."""

_WINDOW: Final = ("minimum_duration", "maximum_duration")
_ADDED: Final = (
    "interleukin_2",
    "interleukin_7_15",
    "interleukin_21",
    "pi3k_inhibitor",
    "gsk3b_inhibitor",
)
"""Cytokines and inhibitors, from none (0) to saturating (1)."""

_AMOUNTS: Final = ("seed_cells", "culture_volume")
_BEFORE: Final = ("activate", "transduce", "infect", "electroporate")
"""Steps whose days in culture come before the window of harvest."""

_SHORTEST: Final = 0.1
"""Days that a culture lasts after activation at least."""

_TITLES: Final = {
    HARVEST_DAY: "Harvest day",
    "interleukin_2": "IL-2",
    "interleukin_7_15": "IL-7 and IL-15",
    "interleukin_21": "IL-21",
    "pi3k_inhibitor": "PI3K inhibitor",
    "gsk3b_inhibitor": "GSK3β inhibitor",
    "seed_cells": "Cells seeded",
    "culture_volume": "Vessel",
}
_Places = tuple[tuple[str, str], ...]


@final
@dataclass(frozen=True, slots=True)
class ProcessSettings:
    """Settings of a recipe that a search may vary.

    Parameters
    ----------
    recipe
        As shipped.
    ranges
        Of each setting.
    places
        Name of a setting → label and setting of every step it changes.
    shipped
        Name of a setting → its value in the recipe as shipped; a median where it is uncertain.
    """

    recipe: Recipe
    ranges: tuple[SearchRange, ...]
    places: Mapping[str, _Places]
    shipped: Mapping[str, float]

    def applied(self, values: Mapping[str, float]) -> Recipe:
        """Return the recipe with these settings.

        Parameters
        ----------
        values
            Name → value in the unit of its range.
        """
        changes: dict[str, dict[str, float]] = {}
        for name, value in values.items():
            if name != HARVEST_DAY:
                for label, setting in self.places[name]:
                    changes.setdefault(label, {})[setting] = value
        recipe = with_settings(self.recipe, changes)
        if HARVEST_DAY not in values:
            return recipe
        label = self.places[HARVEST_DAY][0][0]
        left = max(_SHORTEST, values[HARVEST_DAY] - _days_before(recipe, label))
        return with_settings(recipe, {label: dict.fromkeys(_WINDOW, left)})


def process_settings(
    catalogue: Catalogue, recipe: Recipe, wanted: Mapping[str, SettingRange] | None = None
) -> ProcessSettings:
    """Find what may be varied, and between which values.

    Without a range of its own, an additive goes from none to saturating, the harvest day from half
    to one and a half of the recipe's, a number of the catalogue over its limits or its reported
    range, and anything else from half to double.

    Parameters
    ----------
    catalogue
        Where limits are.
    recipe
        As shipped.
    wanted
        Ranges by name of setting; by default the harvest day, cytokines, inhibitors, seeding and
        vessel, as far as the recipe has them.

    Raises
    ------
    InputError
        Listing every setting the recipe does not have and every range that is none.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> from progenitor.manufacture import load_recipe
    >>> catalogue = default_catalogue()
    >>> found = process_settings(catalogue, load_recipe(catalogue, "tscm_car_t"))
    >>> [(item.name, item.low, item.high, item.unit) for item in found.ranges][:2]
    [('harvest_day', 4.0, 12.0, 'day'), ('interleukin_2', 0.0, 1.0, '1')]
    """
    finder = _Finder(catalogue, recipe)
    asked = dict(wanted or {}) or dict.fromkeys(finder.usual())
    ranges = [finder.range_of(name, limits) for name, limits in asked.items()]
    if not finder.problems and not ranges:
        message = f"recipe '{recipe.name}' has no setting that is usually varied"
        fix = "name settings in the study's section 'optimise:', as 'step.setting'"
        finder.problems.append(Problem(message, fix))
    if finder.problems:
        raise InputError(finder.problems)
    known = [item for item in ranges if item is not None]
    return ProcessSettings(
        recipe,
        tuple(known),
        {item.name: finder.places(item.name) for item in known},
        {item.name: finder.shipped(item.name) for item in known},
    )


@final
@dataclass(frozen=True, slots=True)
class _Finder:
    """Look for settings in a recipe and collect what is wrong with those asked for."""

    catalogue: Catalogue
    recipe: Recipe
    problems: list[Problem] = field(default_factory=list)

    def usual(self) -> list[str]:
        return [name for name in (HARVEST_DAY, *_ADDED, *_AMOUNTS) if self.places(name)]

    def places(self, name: str) -> _Places:
        """Every step and setting that a name stands for; none where the recipe lacks it."""
        steps = self.recipe.steps
        if name == HARVEST_DAY:
            return tuple(
                (step.label, _WINDOW[1])
                for step in steps
                if set(_WINDOW) <= {item.name for item in step.step.settings}
            )[-1:]
        label, _, setting = name.rpartition(".")
        return tuple(
            (step.label, setting)
            for step in steps
            if label in {"", step.label} and setting in {s.name for s in step.step.settings}
        )

    def known(self) -> list[str]:
        own = [
            f"{step.label}.{item.name}" for step in self.recipe.steps for item in step.step.settings
        ]
        return [*self.usual(), *own]

    def step(self, label: str) -> RecipeStep:
        return next(step for step in self.recipe.steps if step.label == label)

    def unit(self, name: str) -> str:
        label, setting = self.places(name)[0]
        return next(item.unit for item in self.step(label).step.settings if item.name == setting)

    def reference(self, name: str) -> str | None:
        label, setting = self.places(name)[0]
        found = self.step(label).references.get(setting)
        return None if found is None else self.recipe.used(found)

    def shipped(self, name: str) -> float:
        label, setting = self.places(name)[-1]
        step, found = self.step(label), self.reference(name)
        if found is not None:
            used = self.catalogue.parameter(found).used
            value = float("nan") if used is None else float(used.median)
        else:
            value = step.constants[setting]
        return value + (_days_before(self.recipe, label) if name == HARVEST_DAY else 0.0)

    def range_of(self, name: str, limits: SettingRange | None) -> SearchRange | None:
        if not self.places(name):
            message = f"recipe '{self.recipe.name}' has no setting '{name}'"
            fix = suggestion(name, self.known())
            self.problems.append(Problem(message, fix, field=f"optimise.settings.{name}"))
            return None
        unit, title = self.unit(name), _TITLES.get(name.rpartition(".")[2], "")
        title = title or name.replace(".", ": ").replace("_", " ").capitalize()
        if limits is None:
            low, high = self.usual_range(name)
            return SearchRange(name, low, high, unit, title=title)
        low, high = (
            self.value(name, side, unit, given)
            for side, given in (("low", limits.low), ("high", limits.high))
        )
        if low >= high or low < 0 or (limits.logarithmic and low == 0):
            least = "above zero" if limits.logarithmic else "from zero up"
            message = f"the range is from {low:g} to {high:g} {unit}"
            fix = f"give a low {least} and below the high"
            self.problems.append(Problem(message, fix, field=f"optimise.settings.{name}"))
        return SearchRange(name, low, high, unit, limits.logarithmic, title)

    def usual_range(self, name: str) -> tuple[float, float]:
        if name in _ADDED:
            return 0.0, 1.0
        value, found = self.shipped(name), self.reference(name)
        if name == HARVEST_DAY:
            return value / 2, 1.5 * value
        if found is not None:
            record = self.catalogue.parameter(found)
            used = record.used
            if used is not None and used.lower is not None and used.upper is not None:
                return float(used.lower), float(used.upper)
            for one in record.reported:
                if one.low is not None and one.high is not None and one.unit == record.unit:
                    return float(one.low), float(one.high)
        return value / 2, 2 * value

    def value(self, name: str, side: str, unit: str, given: Any) -> float:
        text = f"{given} 1" if isinstance(given, int | float) and unit == "1" else str(given)
        place = f"optimise.settings.{name}.{side}"
        fix = f"write a number and a unit such as '1 {unit}'"
        try:
            quantity = parse_quantity(text)
            if dimension(quantity.unit) == dimension(unit):
                return float(convert(quantity.value, quantity.unit, unit))
            self.problems.append(Problem(f"'{given}' is not in {unit}", fix, field=place))
        except UnitError as error:
            self.problems.append(Problem(str(error), fix, field=place))
        return float("nan")


def _days_before(recipe: Recipe, label: str) -> float:
    """Days in culture before a step."""
    days = 0.0
    for step in recipe.steps:
        if step.label == label:
            break
        if step.step.name in _BEFORE:
            days += step.constants.get("duration", 0.0)
    return days
