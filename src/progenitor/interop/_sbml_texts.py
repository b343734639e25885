"""Expressions as texts that the engine reads: what is too long or too deep is split into rules."""

from typing import Final, final

from progenitor.engine._expressions import Comparison, Expression, Name, Number, render
from progenitor.interop._sbml_names import Symbols
from progenitor.interop._sbml_terms import as_quantity, is_condition, operands_of, replaced

__all__ = ["Texts"]

_LONGEST: Final = 1_200
_DEEPEST: Final = 25
_HALF: Final = Number(0.5)


@final
class Texts:
    """Writes expressions and keeps the rules that were split off.

    Parameters
    ----------
    symbols
        Symbols taken.

    Examples
    --------
    >>> from progenitor.engine._expressions import parse
    >>> Texts(Symbols([])).write(parse("a+b*2"), "sum")
    '(a + (b * 2.0))'
    """

    def __init__(self, symbols: Symbols) -> None:
        self._symbols = symbols
        self.rules: dict[str, str] = {}
        self._known: dict[Expression, Name] = {}

    def write(self, expression: Expression, hint: str) -> str:
        """Write a quantity or condition; ``hint`` begins the names of rules split off it."""
        return render(self._short(expression, hint)[0])

    def quantity(self, expression: Expression, hint: str) -> str:
        """Write an expression that must be a quantity."""
        return self.write(as_quantity(expression), hint)

    def _short(self, expression: Expression, hint: str) -> tuple[Expression, int, int]:
        """Return an equal expression that is short, with its length and depth."""
        operands = operands_of(expression)
        if not operands:
            return expression, len(render(expression)), 0
        parts = [self._short(operand, hint) for operand in operands]
        while sum(part[1] for part in parts) > _LONGEST or max(p[2] for p in parts) > _DEEPEST:
            worst = max(range(len(parts)), key=lambda i: (parts[i][2] > _DEEPEST, parts[i][1]))
            parts[worst] = self._split(parts[worst][0], hint)
        if all(new is old for (new, _, _), old in zip(parts, operands, strict=True)):
            whole = expression
        else:
            whole = replaced(expression, [part for part, _, _ in parts])
        length = sum(length for _, length, _ in parts) + 4 * len(parts) + 12
        return whole, length, 1 + max(depth for _, _, depth in parts)

    def _split(self, expression: Expression, hint: str) -> tuple[Expression, int, int]:
        """Put an expression into a rule of its own."""
        if expression not in self._known:
            symbol = self._symbols.new(f"{hint}_part")
            self.rules[symbol] = render(as_quantity(expression))
            self._known[expression] = Name(symbol)
        name = self._known[expression]
        short = Comparison(">", name, _HALF) if is_condition(expression) else name
        return short, len(name.name) + 10, 1
