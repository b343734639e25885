"""Reads the value of LaTeX formulas, knowing nothing of how they were written."""

import math
import re
from collections.abc import Callable, Mapping

TOKEN = re.compile(
    r"\\left\\l(?:floor|ceil)|\\right\\r(?:floor|ceil)|\\left[(|]|\\right[)|]|\\[A-Za-z]+"
    r"|\\[,_ \\]|\d+\.?\d*|\.\d+|[A-Za-z]|[-+(){}^_,&<>=:]"
)
FUNCTIONS: Mapping[str, Callable[..., float]] = {
    r"\arccos": math.acos,
    r"\arcsin": math.asin,
    r"\arctan": math.atan,
    r"\cos": math.cos,
    r"\exp": math.exp,
    r"\ln": math.log,
    r"\max": max,
    r"\min": min,
    r"\sin": math.sin,
    r"\tan": math.tan,
}
CLOSING = {r"\left(": r"\right)", r"\left|": r"\right|"}
ROUNDING = {r"\left\lfloor": math.floor, r"\left\lceil": math.ceil}


class Reader:
    """A formula and a place in it; names have the values given."""

    def __init__(self, text: str, values: Mapping[str, float]) -> None:
        stray = TOKEN.sub("", text).strip()
        assert not stray, f"not LaTeX that is read here: {stray!r}"
        self.tokens = [*TOKEN.findall(text), ""]
        self.at = 0
        self.values = values

    @property
    def next(self) -> str:
        return self.tokens[self.at]

    def take(self, *wanted: str) -> str:
        token = self.next
        assert not wanted or token in wanted, f"{token!r} where {wanted} should be"
        self.at += 1
        return token

    def whole(self) -> float:
        value = self.condition()
        assert self.next == "", f"not read: {self.tokens[self.at :]}"
        return value

    def condition(self) -> float:
        """``a < b \\wedge c``: conjunction binds tighter than disjunction."""
        value = self.all_of()
        while self.next == r"\vee":
            self.take()
            other = self.all_of()
            value = float(bool(value) or bool(other))
        return value

    def all_of(self) -> float:
        value = self.comparison()
        while self.next == r"\wedge":
            self.take()
            other = self.comparison()
            value = float(bool(value) and bool(other))
        return value

    def comparison(self) -> float:
        if self.next == r"\neg":
            self.take()
            return float(not self.comparison())
        left = self.sum()
        signs = {"<": float.__lt__, r"\leq": float.__le__, ">": float.__gt__, r"\geq": float.__ge__}
        if self.next in signs:
            return float(signs[self.take()](float(left), float(self.sum())))
        return left

    def sum(self) -> float:
        sign = -1.0 if self.next == "-" else 1.0
        if self.next == "-":
            self.take()
        value = sign * self.product()
        while self.next in {"+", "-"}:
            value += self.product() if self.take() == "+" else -self.product()
        return value

    def product(self) -> float:
        value = self.power()
        while self.next in {r"\cdot", r"\times"}:
            self.take()
            value *= self.power()
        return value

    def power(self) -> float:
        base = self.atom()
        if self.next == "^":
            self.take()
            base = base ** self.group()
        return base

    def group(self) -> float:
        self.take("{")
        value = self.sum()
        self.take("}")
        return value

    def atom(self) -> float:
        token = self.take()
        if token[0].isdigit() or token[0] == ".":
            return float(token)
        if token == r"\frac":
            return self.group() / self.group()
        if token == r"\sqrt":
            return math.sqrt(self.group())
        if token in ROUNDING:
            value = self.sum()
            self.take(token.replace(r"\left\l", r"\right\r"))
            return float(ROUNDING[token](value))
        if token in CLOSING:
            value = self.condition()
            self.take(CLOSING[token])
            return abs(value) if token == r"\left|" else value
        if token in FUNCTIONS:
            return self.call(token)
        if token == r"\begin":
            return self.cases()
        return self.values[token + self.index(token)]

    def call(self, function: str) -> float:
        self.take(r"\left(")
        arguments = [self.sum()]
        while self.next == ",":
            self.take()
            arguments.append(self.sum())
        self.take(r"\right)")
        return float(FUNCTIONS[function](*arguments))

    def cases(self) -> float:
        self.words("cases")
        chosen: float | None = None
        while self.next != r"\end":
            value = self.sum()
            self.take("&")
            self.take(r"\text")
            says = self.words()
            holds = True if says == "otherwise" else bool(self.condition())
            if self.next == r"\\":
                self.take()
            if holds and chosen is None:
                chosen = value
        self.take()
        self.words("cases")
        assert chosen is not None
        return chosen

    def words(self, *wanted: str) -> str:
        self.take("{")
        letters = ""
        while self.next != "}":
            letters += self.take()
        self.take()
        assert not wanted or letters in wanted, letters
        return letters

    def index(self, token: str) -> str:
        r"""``{\mathrm{on}}`` of ``k_{\mathrm{on}}``, or the word of ``\mathrm{word}``."""
        text = ""
        if token == r"\mathrm":
            text = "{" + self.words() + "}"
        if self.next == "_":
            self.take()
            depth = 0
            text += "_"
            while True:
                part = self.take()
                text += part
                depth += {"{": 1, "}": -1}.get(part, 0)
                if depth == 0:
                    break
        return text


def value_of(text: str, values: Mapping[str, float]) -> float:
    """Return the value of a formula.

    Parameters
    ----------
    text
        LaTeX.
    values
        By name as LaTeX writes it.
    """
    return Reader(text, values).whole()
