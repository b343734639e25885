r"""Partial derivatives of expressions, written as expressions.

.. math:: \frac{\partial f(a, b)}{\partial x} = f_a \frac{\partial a}{\partial x}
   + f_b \frac{\partial b}{\partial x}

The derivative of a rule is another rule. At corners of ``max``, ``min`` and ``abs`` the side is
taken that the value is taken from. Slopes that are infinite at zero, such as that of a square
root, are bounded by a large number.
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

__all__ = ["Partials"]

_TINY: Final = Number(1e-25)
_SMALLEST_ROOT: Final = Number(1e-12)
_ZERO: Final = Number(0.0)
_ONE: Final = Number(1.0)
_TWO: Final = Number(2.0)

_Slope = Expression | None
"""None stands for zero."""


@final
@dataclass(slots=True)
class Partials:
    """Derivatives with respect to one symbol.

    Parameters
    ----------
    symbol
        A species or parameter.
    rules
        Expressions of rules.
    species
        Names that may be zero.
    name
        Name of the derivative of a rule.
    made
        Derivatives of rules, in an order in which each uses earlier ones only.

    Examples
    --------
    >>> from progenitor.engine._expressions import parse, render
    >>> by_x = Partials("x", {"r": parse("k*x**2")}, {"x"}, lambda rule: f"{rule}_by_x")
    >>> render(by_x.of(parse("r*x")))
    '((r_by_x * x) + r)'
    >>> {name: render(slope) for name, slope in by_x.made.items()}
    {'r_by_x': '(k * (2.0 * x))'}
    >>> by_x.of(parse("k + 1")) is None
    True
    """

    symbol: str
    rules: Mapping[str, Expression]
    species: Collection[str]
    name: Callable[[str], str]
    made: dict[str, Expression] = field(default_factory=dict)
    _known: dict[str, _Slope] = field(default_factory=dict)

    def of(self, expression: Expression) -> _Slope:
        """Return the derivative of an expression; None when it is zero."""
        match expression:
            case Name(name) if name in self.rules:
                return self._rule(name)
            case Name(name):
                return _ONE if name == self.symbol else None
            case Negative(operand):
                return _minus(None, self.of(operand))
            case Arithmetic("+", left, right):
                return _plus(self.of(left), self.of(right))
            case Arithmetic("-", left, right):
                return _minus(self.of(left), self.of(right))
            case Arithmetic("*", left, right):
                return _plus(_times(self.of(left), right), _times(left, self.of(right)))
            case Arithmetic("/", left, right):
                return _over(_minus(self.of(left), _times(expression, self.of(right))), right)
            case Arithmetic(_, base, exponent):
                return self._power(expression, base, exponent)
            case Call(function, arguments):
                return self._call(expression, function, arguments)
            case Number() | Comparison() | Logic():
                return None

    def _rule(self, name: str) -> _Slope:
        if name not in self._known:
            slope = self.of(self.rules[name])
            if slope is not None and not isinstance(slope, Number):
                self.made[self.name(name)] = slope
                slope = Name(self.name(name))
            self._known[name] = slope
        return self._known[name]

    def _power(self, whole: Expression, base: Expression, exponent: Expression) -> _Slope:
        """``d(aᵇ) = b·aᵇ⁻¹·da + aᵇ·log a·db``."""
        by_base, by_exponent = self.of(base), self.of(exponent)
        match exponent:
            case Number(1.0):
                return by_base
            case Number(2.0):
                return _times(_times(_TWO, base), by_base)
            case Number(value) if value == int(value):
                lower = Arithmetic("**", base, Number(value - 1))
            case _:
                lower = Arithmetic("**", Call("max", (base, _TINY)), _less(exponent))
        logarithm = Call("log", (Call("max", (base, _TINY)),))
        return _plus(
            _times(exponent, _times(lower, by_base)),
            _times(whole, _times(logarithm, by_exponent)),
        )

    def _call(self, whole: Expression, function: str, arguments: tuple[Expression, ...]) -> _Slope:
        if function == "hill":
            return self._hill(*arguments)
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

    def _hill(self, amount: Expression, half: Expression, exponent: Expression) -> _Slope:
        """With ``h = xⁿ/(xⁿ + kⁿ)``: ``dh = h·(1 − h)·(n/x dx − n/k dk + log(x/k) dn)``.

        It is taken where x is a little above zero, so that ``h/x`` has its limit at zero. Where k
        may be zero and x may not, the derivative is that of the mirror image turned round.
        """
        if self._may_vanish(half) and not self._may_vanish(amount):
            return _minus(None, self._hill(half, amount, exponent))
        by_amount, by_half, by_exponent = (self.of(e) for e in (amount, half, exponent))
        above = Call("max", (amount, _TINY))
        share = Call("hill", (above, half, exponent))
        steep = Arithmetic("*", share, Arithmetic("-", _ONE, share))
        logarithm = Call("log", (Arithmetic("/", above, half),))
        shares = _minus(
            _over(_times(_times(exponent, by_amount), steep), above),
            _over(_times(_times(exponent, by_half), steep), half),
        )
        return _plus(shares, _times(_times(steep, logarithm), by_exponent))

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


def _plus(left: _Slope, right: _Slope) -> _Slope:
    if left is None or right is None:
        return left if right is None else right
    return Arithmetic("+", left, right)


def _minus(left: _Slope, right: _Slope) -> _Slope:
    if right is None:
        return left
    return Negative(right) if left is None else Arithmetic("-", left, right)


def _times(left: _Slope, right: _Slope) -> _Slope:
    if left is None or right is None:
        return None
    if isinstance(left, Number) and isinstance(right, Number):
        return Number(left.value * right.value)
    if left == _ONE or right == _ONE:
        return right if left == _ONE else left
    return Arithmetic("*", left, right)


def _over(left: _Slope, right: Expression) -> _Slope:
    return None if left is None else Arithmetic("/", left, right)


def _choice(value: _Slope, condition: Expression, otherwise: _Slope) -> _Slope:
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
