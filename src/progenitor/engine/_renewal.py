"""Species that renew themselves: the more there are, the more are made.

A population that divides has no steady state under repeated dosing: it grows or it dies out.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, final

from progenitor.engine._expressions import (
    CONSTANT_TIME,
    Arithmetic,
    Call,
    Comparison,
    Expression,
    Logic,
    Name,
    Negative,
    Number,
    names_in,
    parse,
)
from progenitor.engine._model import Model

__all__ = ["Renewal", "changes_with_time", "is_linear", "renewals"]

_Sign = int | None
"""1, 0 or -1 for not below, equal to or not above zero; None when it is not known."""
_Signs = tuple[_Sign, _Sign]
"""Of a value and of its slope."""
_UNKNOWN: Final = None


@final
@dataclass(frozen=True, slots=True)
class Renewal:
    """A reaction that makes more of a species the more of it there is.

    Examples
    --------
    >>> print(Renewal("division", "cells"))
    reaction 'division' makes 'cells' from 'cells'
    """

    reaction: str
    species: str

    def __str__(self) -> str:
        return f"reaction '{self.reaction}' makes '{self.species}' from '{self.species}'"


def renewals(model: Model, negative: Collection[str] = ()) -> tuple[Renewal, ...]:
    """List reactions that add to a species and use it, or run faster the more of it there is.

    A rate that may rise or fall, as far as its signs can be followed, counts as rising.

    Parameters
    ----------
    model
        What to look at.
    negative
        Parameters that may be below zero; the others are taken to be zero or more.

    Examples
    --------
    >>> from progenitor.engine._declarations import ModelParameter, Reaction, ReactionSet, Species
    >>> part = ReactionSet(
    ...     "turnover",
    ...     species=(Species("x", "1"),),
    ...     parameters=(ModelParameter("made", "1/day"), ModelParameter("half", "1")),
    ...     reactions=(Reaction("making", "made*half/(half + x)", {}, {"x": 1}),),
    ... )
    >>> renewals(Model.build("m", [part]))
    ()
    """
    rules = {rule.name: parse(rule.expression) for rule in model.rules}
    signs: dict[str, _Sign] = {
        item.name: _UNKNOWN if item.name in negative else 1 for item in model.parameters
    }
    signs |= {item.name: 1 if item.nonnegative else _UNKNOWN for item in model.species}
    found = []
    for reaction in model.reactions:
        for name, change in reaction.change.items():
            if change <= 0:
                continue
            slope = _Course(name, signs, rules).of(parse(reaction.rate))[1]
            if name in reaction.reactants or slope not in (0, -1):
                found.append(Renewal(reaction.name, name))
    return tuple(found)


def changes_with_time(model: Model) -> bool:
    """Whether rates or observables use the time.

    Examples
    --------
    >>> from progenitor.engine._declarations import ReactionSet, Rule, Species
    >>> part = ReactionSet("p", species=(Species("x", "1"),), rules=(Rule("t", "time", "day"),))
    >>> changes_with_time(Model.build("m", [part]))
    False
    """
    rules = {rule.name: names_in(parse(rule.expression)) for rule in model.rules}
    waiting = [*(r.rate for r in model.reactions), *(o.expression for o in model.observables)]
    names = set().union(*(names_in(parse(text)) for text in waiting))
    while True:
        more = set().union(*(rules[name] for name in names & rules.keys())) - names
        if not more:
            return CONSTANT_TIME in names
        names |= more


def is_linear(model: Model) -> bool:
    """Whether every rate is a sum of species times constants, so that doses act independently.

    Examples
    --------
    >>> from progenitor.engine._declarations import ModelParameter, Reaction, ReactionSet, Species
    >>> part = ReactionSet(
    ...     "decay",
    ...     species=(Species("x", "1"),),
    ...     parameters=(ModelParameter("k", "1/day"),),
    ...     reactions=(Reaction("loss", "k*x", {"x": 1}),),
    ... )
    >>> is_linear(Model.build("m", [part]))
    True
    """
    rules = {rule.name: parse(rule.expression) for rule in model.rules}
    species = {item.name for item in model.species}
    return all(_degree(parse(r.rate), species, rules) == 1 for r in model.reactions)


@final
@dataclass(frozen=True, slots=True)
class _Course:
    """The sign of an expression and of its slope in one species, where they can be told."""

    species: str
    signs: Mapping[str, _Sign]
    rules: Mapping[str, Expression]

    def of(self, expression: Expression) -> _Signs:
        match expression:
            case Number(value):
                return (value > 0) - (value < 0), 0
            case Name(name) if name in self.rules:
                return self.of(self.rules[name])
            case Name(name):
                return self.signs.get(name), int(name == self.species)
            case Negative(operand):
                sign, slope = self.of(operand)
                return _turned(sign), _turned(slope)
            case Arithmetic(operator, left, right):
                return self._arithmetic(operator, self.of(left), self.of(right))
            case Call(function, arguments):
                return self._call(function, arguments)
            case Comparison() | Logic():
                return _UNKNOWN, 0 if self._is_free(expression) else _UNKNOWN

    def _arithmetic(
        self,
        operator: str,
        left: _Signs,
        right: _Signs,
    ) -> _Signs:
        (sign, slope), (other, other_slope) = left, right
        match operator:
            case "+":
                return _sum(sign, other), _sum(slope, other_slope)
            case "-":
                return _sum(sign, _turned(other)), _sum(slope, _turned(other_slope))
            case "*":
                rising = _sum(_product(slope, other), _product(sign, other_slope))
                return _product(sign, other), rising
            case "/":
                falling = _turned(other_slope)
                rising = _sum(_product(slope, other), _product(sign, falling))
                return _product(sign, other), rising
            case _:
                if slope == 0 and other_slope == 0:
                    return sign if sign == 1 else _UNKNOWN, 0
                if sign != 1 or other_slope != 0:
                    return sign if sign == 1 else _UNKNOWN, _UNKNOWN
                return 1, _product(slope, other)

    def _call(self, function: str, arguments: tuple[Expression, ...]) -> _Signs:
        if function == "piecewise":
            return self._piecewise(*arguments)
        courses = [self.of(argument) for argument in arguments]
        sign, slope = courses[0]
        match function:
            case "exp":
                return 1, slope
            case "sqrt" | "floor":
                return 1 if sign in (0, 1) else _UNKNOWN, slope
            case "ceil" | "log" | "atan":
                return sign if function != "log" else _UNKNOWN, slope
            case "max" | "min":
                both = _sum(sign, courses[1][0])
                return both, _sum(slope, courses[1][1])
            case "hill":
                (half, half_slope), (power, power_slope) = courses[1:]
                rising = _product(_sum(slope, _turned(half_slope)), power)
                known = sign in (0, 1) and half in (0, 1) and power_slope == 0
                return 1, rising if known else _UNKNOWN
            case "abs" if sign is not _UNKNOWN:
                return abs(sign), _product(sign, slope)
            case _:
                level = all(course[1] == 0 for course in courses)
                return _UNKNOWN, 0 if level else _UNKNOWN

    def _piecewise(self, value: Expression, condition: Expression, otherwise: Expression) -> _Signs:
        (sign, slope), (other, other_slope) = self.of(value), self.of(otherwise)
        steady = self._is_free(condition)
        return _sum(sign, other), _sum(slope, other_slope) if steady else _UNKNOWN

    def _is_free(self, expression: Expression) -> bool:
        """Whether an expression does not depend on the species."""
        return all(
            self._is_free(self.rules[name]) if name in self.rules else name != self.species
            for name in names_in(expression)
        )


def _turned(sign: _Sign) -> _Sign:
    return _UNKNOWN if sign is None else -sign


def _product(left: _Sign, right: _Sign) -> _Sign:
    if left == 0 or right == 0:
        return 0
    return _UNKNOWN if left is None or right is None else left * right


def _sum(left: _Sign, right: _Sign) -> _Sign:
    if left is None or right is None:
        return _UNKNOWN
    if left == 0 or right == 0 or left == right:
        return left or right
    return _UNKNOWN


def _degree(
    expression: Expression, species: Collection[str], rules: Mapping[str, Expression]
) -> int | None:
    """0 without species, 1 for a sum of species times constants, None for anything else."""

    def of(part: Expression) -> _Sign:
        return _degree(part, species, rules)

    match expression:
        case Number(0.0):
            return 1
        case Name(name) if name in rules:
            return of(rules[name])
        case Name(name):
            return int(name in species)
        case Negative(operand):
            return of(operand)
        case Arithmetic("+" | "-", left, right):
            return of(left) if of(left) == of(right) else None
        case Arithmetic("*", left, right):
            one, other = of(left), of(right)
            return None if one is None or other is None or one + other > 1 else one + other
        case Arithmetic("/", left, right) if of(right) == 0:
            return of(left)
        case Call("piecewise", (value, condition, otherwise)) if of(condition) == 0:
            return of(value) if of(value) == of(otherwise) else None
        case _:
            parts = names_in(expression)
            names = {name for name in parts if name in rules}
            plain = all(of(rules[name]) == 0 for name in names) and not parts & set(species)
            return 0 if plain else None
