r"""Tangents of expressions: how a value moves when parameters move in a direction.

.. math:: \dot{f}(x, p) = \sum_s \frac{\partial f}{\partial x_s} \dot{x}_s
   + \sum_q \frac{\partial f}{\partial p_q} \dot{p}_q

Every species has a tangent of its own; the tangent of a rule is another rule. At corners of
``max``, ``min`` and ``abs`` the side is taken that the value is taken from. Slopes that are
infinite at zero, such as that of a square root, are bounded by a large number.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, final

from progenitor.engine._expressions import (
    Arithmetic,
    Call,
    Comparison,
    Expression,
    Logic,
    Name,
    Negative,
    Number,
    names_in,
)

__all__ = ["Tangents"]

_TINY: Final = Number(1e-100)
_SMALLEST_ROOT: Final = Number(1e-12)
_ZERO: Final = Number(0.0)
_ONE: Final = Number(1.0)
_TWO: Final = Number(2.0)

_Tangent = Expression | None
"""None stands for zero."""


@final
@dataclass(slots=True)
class Tangents:
    """Tangents in one direction.

    Parameters
    ----------
    symbols
        Species and parameters that move → the name of their tangent.
    rules
        Expressions of rules.
    species
        Names that may be zero.
    name
        Name of the tangent of a rule.
    made
        Tangents of rules, in an order in which each uses earlier ones only.

    Examples
    --------
    >>> from progenitor.engine._expressions import parse, render
    >>> tangents = Tangents({"x": "dx"}, {"r": parse("k*x")}, {"x"}, lambda rule: f"d{rule}")
    >>> render(tangents.of(parse("r*x")))
    '((dr * x) + (r * dx))'
    >>> {name: render(tangent) for name, tangent in tangents.made.items()}
    {'dr': '(k * dx)'}
    >>> tangents.of(parse("k + 1")) is None
    True
    """

    symbols: Mapping[str, str]
    rules: Mapping[str, Expression]
    species: Collection[str]
    name: Callable[[str], str]
    made: dict[str, Expression] = field(default_factory=dict)
    _known: dict[str, str | None] = field(default_factory=dict)

    def of(self, expression: Expression) -> _Tangent:
        """Return the tangent of an expression; None when it does not move."""
        match expression:
            case Name(name) if name in self.rules:
                return self._rule(name)
            case Name(name):
                return Name(self.symbols[name]) if name in self.symbols else None
            case Negative(operand):
                return _minus(None, self.of(operand))
            case Arithmetic("+", left, right):
                return _plus(self.of(left), self.of(right))
            case Arithmetic("-", left, right):
                return _minus(self.of(left), self.of(right))
            case Arithmetic("*", left, right):
                return _plus(_times(self.of(left), right), _times(left, self.of(right)))
            case Arithmetic("/", left, right):
                moved = _minus(self.of(left), _times(expression, self.of(right)))
                return None if moved is None else Arithmetic("/", moved, right)
            case Arithmetic(_, base, exponent):
                return self._power(expression, base, exponent)
            case Call(function, arguments):
                return self._call(expression, function, arguments)
            case Number() | Comparison() | Logic():
                return None

    def _rule(self, name: str) -> _Tangent:
        if name not in self._known:
            tangent = self.of(self.rules[name])
            self._known[name] = None
            if tangent is not None:
                self._known[name] = self.name(name)
                self.made[self.name(name)] = tangent
        known = self._known[name]
        return None if known is None else Name(known)

    def _power(self, whole: Expression, base: Expression, exponent: Expression) -> _Tangent:
        """``(aᵇ)˙ = b·aᵇ⁻¹·ȧ + aᵇ·log a·ḃ``."""
        by_base, by_exponent = self.of(base), self.of(exponent)
        match exponent:
            case Number(1.0):
                return by_base
            case Number(2.0):
                return _times(_TWO, _times(base, by_base))
            case Number(value) if value == int(value):
                lower = Arithmetic("**", base, Number(value - 1))
            case _:
                lower = Arithmetic("**", Call("max", (base, _TINY)), _less(exponent))
        logarithm = Call("log", (Call("max", (base, _TINY)),))
        return _plus(
            _times(exponent, _times(lower, by_base)),
            _times(whole, _times(logarithm, by_exponent)),
        )

    def _call(
        self, whole: Expression, function: str, arguments: tuple[Expression, ...]
    ) -> _Tangent:
        if function == "hill":
            return self._hill(whole, *arguments)
        first = arguments[0]
        moved = self.of(first)
        match function:
            case "piecewise":
                return _choice(moved, arguments[1], self.of(arguments[2]))
            case "max" | "min":
                taken = Comparison(">=" if function == "max" else "<=", *arguments)
                return _choice(moved, taken, self.of(arguments[1]))
            case "abs":
                return _choice(moved, Comparison(">=", first, _ZERO), _minus(None, moved))
            case "floor" | "ceil":
                return None
            case _:
                return None if moved is None else _times(_slope(whole, function, first), moved)

    def _hill(
        self, whole: Expression, amount: Expression, half: Expression, exponent: Expression
    ) -> _Tangent:
        """With ``h = xⁿ/(xⁿ + kⁿ)`` and ``g = 1 − h`` its mirror image ``hill(k, x, n)``.

        ``∂h/∂x = n·(x/k)ⁿ⁻¹·g²/k``, ``∂h/∂k = −n·h·g/k`` and ``∂h/∂n = h·g·log(x/k)``: x may be
        zero. Where k may be and x may not, the tangent is that of the mirror image turned round.
        """
        mirror = Call("hill", (half, amount, exponent))
        if self._may_vanish(half) and not self._may_vanish(amount):
            return _minus(None, self._hill(mirror, half, amount, exponent))
        by_amount, by_half, by_exponent = (self.of(e) for e in (amount, half, exponent))
        per_half = Arithmetic("/", exponent, half)
        ratio = Arithmetic("/", Call("max", (amount, _TINY)), half)
        steep = _times(per_half, _times(mirror, mirror))
        if exponent != _ONE:
            steep = _times(Arithmetic("**", ratio, _less(exponent)), steep)
        both = _times(whole, mirror)
        rising = _times(steep, by_amount)
        falling = _times(_times(per_half, both), by_half)
        logarithm = Call("log", (ratio,))
        return _plus(_minus(rising, falling), _times(_times(both, logarithm), by_exponent))

    def _may_vanish(self, expression: Expression) -> bool:
        """Whether a species takes part, which may be zero; parameters are taken not to be."""
        return any(
            self._may_vanish(self.rules[name]) if name in self.rules else name in self.species
            for name in names_in(expression)
        )


def _less(exponent: Expression) -> Expression:
    if isinstance(exponent, Number):
        return Number(exponent.value - 1)
    return Arithmetic("-", exponent, _ONE)


def _plus(left: _Tangent, right: _Tangent) -> _Tangent:
    if left is None or right is None:
        return left if right is None else right
    return Arithmetic("+", left, right)


def _minus(left: _Tangent, right: _Tangent) -> _Tangent:
    if right is None:
        return left
    return Negative(right) if left is None else Arithmetic("-", left, right)


def _times(left: _Tangent, right: _Tangent) -> _Tangent:
    return None if left is None or right is None else Arithmetic("*", left, right)


def _choice(value: _Tangent, condition: Expression, otherwise: _Tangent) -> _Tangent:
    if value is None and otherwise is None:
        return None
    return Call("piecewise", (value or _ZERO, condition, otherwise or _ZERO))


def _slope(whole: Expression, function: str, inner: Expression) -> Expression:
    """Return the slope of a function of one argument."""
    square = Arithmetic("*", inner, inner)
    match function:
        case "exp":
            return whole
        case "log":
            return Arithmetic("/", _ONE, inner)
        case "sqrt":
            return Arithmetic("/", Number(0.5), Call("max", (whole, _SMALLEST_ROOT)))
        case "sin":
            return Call("cos", (inner,))
        case "cos":
            return Negative(Call("sin", (inner,)))
        case "tan":
            return Arithmetic("+", _ONE, Arithmetic("*", whole, whole))
        case "atan":
            return Arithmetic("/", _ONE, Arithmetic("+", _ONE, square))
        case "asin" | "acos":
            root = Call("sqrt", (Arithmetic("-", _ONE, square),))
            steep = Arithmetic("/", _ONE, Call("max", (root, _SMALLEST_ROOT)))
            return steep if function == "asin" else Negative(steep)
        case _:
            raise NotImplementedError(f"no slope of '{function}'")
