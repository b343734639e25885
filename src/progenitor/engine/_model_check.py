"""Everything that can be wrong with a declared model, found in one go."""

import difflib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, final, runtime_checkable

from progenitor.engine._declarations import Event, Reaction, ReactionSet, Rule, Species
from progenitor.engine._expressions import (
    CONSTANT_TIME,
    Expression,
    Number,
    is_symbol,
    names_in,
    parse,
)
from progenitor.engine._units_check import DAY, PLAIN, Kind, Measure, UnitChecker, Unmeasured
from progenitor.errors import ModelError, UnitError

__all__ = ["problems_of"]

_WHOLE_UNITS: Final = ("cell", "1")


def problems_of(model: ReactionSet, time_unit: str = "day") -> list[str]:
    """Every problem of a model, each as one line that says where, what and the way out.

    Parameters
    ----------
    model
        The merged declarations of all parts.
    time_unit
        Unit of the model's time.

    Examples
    --------
    >>> model = ReactionSet("m", species=(Species("x", "1"),), rules=(Rule("r", "2*y", "1"),))
    >>> problems_of(model)
    ["rule 'r': unknown name 'y'; known: r, time, x"]
    """
    problems: list[str] = []
    _check_symbols(model, problems)
    trees = _trees(model.rules)
    cycle = _cycle(trees)
    if cycle:
        problems.append(f"rules define each other in a circle: {' → '.join(cycle)}; break it")
    context = _Context(
        time=_time(time_unit, problems),
        units=_units(model, problems),
        static=_static_names(model, trees),
        species={species.name: species for species in model.species},
        problems=problems,
    )
    for species in model.species:
        _check_species(species, context)
    for rule in model.rules:
        context.measured(rule.expression, rule.unit, f"rule '{rule.name}'")
    for reaction in model.reactions:
        _check_reaction(reaction, context)
    for event in model.events:
        _check_event(event, context)
    for shown in model.observables:
        context.measured(shown.expression, shown.unit, f"observable '{shown.name}'")
    return list(dict.fromkeys(problems))


@runtime_checkable
class _Named(Protocol):
    @property
    def name(self) -> str: ...


@final
@dataclass(frozen=True, slots=True)
class _Context:
    """What is known about the model while its expressions are checked."""

    time: Measure
    units: Mapping[str, Kind]
    static: frozenset[str]
    species: Mapping[str, Species]
    problems: list[str] = field(default_factory=list)

    def examined(self, text: str, where: str) -> Expression | None:
        """Read an expression whose names are all known; otherwise None, with problems noted."""
        try:
            tree = parse(text)
        except ModelError as error:
            self.problems.append(f"{where}: {error}")
            return None
        unknown = sorted(names_in(tree) - self.units.keys() - {CONSTANT_TIME})
        known = [*self.units, CONSTANT_TIME]
        self.problems.extend(
            f"{where}: unknown name '{name}'; {_suggestion(name, known)}" for name in unknown
        )
        return None if unknown else tree

    def measured(
        self, text: str, unit: str, where: str, *, bare: bool = False
    ) -> Expression | None:
        """Also check the unit; with ``bare`` a lone number is taken to be in that unit."""
        tree = self.examined(text, where)
        if tree is None or (bare and isinstance(tree, Number)):
            return tree
        self.with_checker(
            where, lambda checker: checker.require(tree, Measure.of(unit), f"'{text}'")
        )
        return tree

    def with_checker(self, where: str, check: Callable[[UnitChecker], None]) -> None:
        """Run a unit check and note what it finds; unknown units were already reported."""
        checker = UnitChecker(self.units, time=self.time)
        try:
            check(checker)
        except UnitError:
            return
        self.problems.extend(f"{where}: {problem}" for problem in checker.problems)

    def known_species(self, name: str, where: str) -> bool:
        """Whether a species exists; notes it otherwise."""
        if name in self.species:
            return True
        known = _suggestion(name, list(self.species))
        self.problems.append(f"{where}: unknown species '{name}'; {known}")
        return False


def _check_symbols(model: ReactionSet, problems: list[str]) -> None:
    if not model.species:
        problems.append("a model needs at least one species")
    symbols: dict[str, str] = {}
    kinds: tuple[tuple[str, Sequence[_Named]], ...] = (
        ("species", model.species),
        ("parameter", model.parameters),
        ("rule", model.rules),
    )
    for kind, items in kinds:
        for item in items:
            if not is_symbol(item.name):
                problems.append(
                    f"{kind} '{item.name}': not a usable name; letters, digits and underscores, "
                    "beginning with a letter and not a word of the expression language"
                )
            if item.name in symbols:
                problems.append(
                    f"'{item.name}' is both a {symbols[item.name]} and a {kind}; rename one"
                )
            symbols[item.name] = kind


def _time(unit: str, problems: list[str]) -> Measure:
    """Measure of the model's time; a plain number is a time too, as in models without units."""
    try:
        found = Measure.of(unit)
    except UnitError as error:
        problems.append(f"time_unit: {error}")
        return DAY
    if found.dimension not in (DAY.dimension, PLAIN.dimension):
        problems.append(f"time_unit is '{unit}', which is not a time; use day, hour, ... or 1")
    return found


def _units(model: ReactionSet, problems: list[str]) -> dict[str, Kind]:
    units: dict[str, Kind] = {}
    for kind, items in (
        ("species", model.species),
        ("parameter", model.parameters),
        ("rule", model.rules),
        ("observable", model.observables),
    ):
        for item in items:
            found: Kind = Unmeasured.UNKNOWN
            try:
                found = Measure.of(item.unit)
            except UnitError as error:
                problems.append(f"{kind} '{item.name}': {error}")
            if kind != "observable":
                units[item.name] = found
    return units


def _trees(rules: Sequence[Rule]) -> dict[str, Expression]:
    trees = {}
    for rule in rules:
        try:
            trees[rule.name] = parse(rule.expression)
        except ModelError:
            continue
    return trees


def _cycle(trees: Mapping[str, Expression]) -> list[str]:
    """Rules that depend on themselves, in order, the first repeated at the end."""
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        for other in sorted(names_in(trees[name]) & trees.keys()):
            found = visit(other, [*path, name])
            if found:
                return found
        done.add(name)
        return []

    for name in trees:
        found = visit(name, [])
        if found:
            return found
    return []


def _static_names(model: ReactionSet, trees: Mapping[str, Expression]) -> frozenset[str]:
    """Parameters, and rules made of nothing but parameters."""
    static = {parameter.name for parameter in model.parameters}
    while True:
        more = {name for name, tree in trees.items() if names_in(tree) <= static} - static
        if not more:
            return frozenset(static)
        static |= more


def _check_species(species: Species, context: _Context) -> None:
    where = f"species '{species.name}'"
    tolerance = species.absolute_tolerance
    if tolerance is not None and not (math.isfinite(tolerance) and tolerance > 0):
        context.problems.append(
            f"{where}: absolute_tolerance is {tolerance}; give a number above 0"
        )
    if species.countable and species.unit not in _WHOLE_UNITS:
        context.problems.append(
            f"{where}: countable needs whole individuals, but the unit is {species.unit}; "
            "count it in cell"
        )
    if species.countable and not species.nonnegative:
        context.problems.append(f"{where}: a countable species cannot be negative")
    tree = context.measured(species.initial, species.unit, f"{where}, initial", bare=True)
    if tree is None:
        return
    moving = sorted(names_in(tree) - context.static)
    if moving:
        context.problems.append(
            f"{where}, initial: {', '.join(moving)} not known before the start; "
            "use parameters and rules made of parameters only"
        )


def _check_reaction(reaction: Reaction, context: _Context) -> None:
    where = f"reaction '{reaction.name}'"
    tree = context.examined(reaction.rate, where)
    for name, number in reaction.reactants.items():
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            context.problems.append(f"{where}: {number!r} of reactant '{name}'; use 1, 2, ...")
    for name, made in reaction.products.items():
        if not (math.isfinite(made) and made > 0):
            context.problems.append(f"{where}: {made!r} of product '{name}'; give a number above 0")
    names = dict.fromkeys([*reaction.reactants, *reaction.products])
    known = [context.known_species(name, where) for name in names]
    if not all(known):
        return
    if not reaction.change:
        context.problems.append(f"{where}: changes no species; give reactants or products")
    for name, change in reaction.change.items():
        species = context.species[name]
        if tree is not None:
            context.with_checker(where, _rate_check(tree, reaction.rate, species, context.time))
        if species.countable and name in reaction.reactants and abs(change) != 1:
            context.problems.append(
                f"{where}: changes the countable species '{name}' by {change:g} at once; "
                "whole individuals divide or leave one at a time"
            )


def _rate_check(
    tree: Expression, text: str, species: Species, time: Measure
) -> Callable[[UnitChecker], None]:
    def check(checker: UnitChecker) -> None:
        wanted = Measure.of(species.unit) * time**-1.0
        checker.require(tree, wanted, f"the rate '{text}' that changes '{species.name}'")

    return check


def _check_event(event: Event, context: _Context) -> None:
    where = f"event '{event.name}'"
    trigger = context.examined(event.trigger, f"{where}, trigger")
    if trigger is not None:
        context.with_checker(f"{where}, trigger", lambda checker: checker.condition(trigger))
    delay = context.examined(event.delay, f"{where}, delay")
    if delay is not None and not isinstance(delay, Number):
        context.with_checker(
            f"{where}, delay",
            lambda checker: checker.require(delay, context.time, f"'{event.delay}'"),
        )
    if event.priority:
        context.measured(event.priority, "1", f"{where}, priority")
    for name, text in event.assignments.items():
        place = f"{where}, assignment of '{name}'"
        if context.known_species(name, place):
            context.measured(text, context.species[name].unit, place)


def _suggestion(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return f"did you mean '{close[0]}'?"
    shown = sorted(known)[:12]
    return f"known: {', '.join(shown)}" + (", ..." if len(known) > len(shown) else "")
