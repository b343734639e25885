"""The expression language accepts its grammar, refuses everything else, quickly and in words."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progenitor.engine._expressions import (
    FUNCTIONS,
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
    render,
)
from progenitor.errors import ModelError

numbers = st.floats(0, 1e300, allow_nan=False).map(Number)
names = st.sampled_from(["a", "b2", "tumour_cells", "time"]).map(Name)


def extend(quantity: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    condition = st.builds(Comparison, st.sampled_from(["<", "<=", ">", ">="]), quantity, quantity)
    both = st.builds(Logic, st.sampled_from(["and", "or"]), st.tuples(condition, condition))
    return st.one_of(
        st.builds(Arithmetic, st.sampled_from(["+", "-", "*", "/", "**"]), quantity, quantity),
        st.builds(Negative, names),
        st.sampled_from(["exp", "log", "sqrt", "abs"]).flatmap(
            lambda function: st.builds(Call, st.just(function), st.tuples(quantity))
        ),
        st.builds(Call, st.just("hill"), st.tuples(quantity, quantity, quantity)),
        st.builds(Call, st.just("piecewise"), st.tuples(quantity, both, quantity)),
    )


expressions = st.recursive(st.one_of(numbers, names), extend, max_leaves=12)


@given(expressions)
def test_what_is_written_is_read_back(expression: Expression) -> None:
    assert parse(render(expression)) == expression


def test_precedence_is_that_of_mathematics() -> None:
    assert render(parse("-a**2 + b/c/d")) == "((-(a ** 2.0)) + ((b / c) / d))"


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "().__class__.__bases__",
        "open('/etc/passwd')",
        "a.b",
        "a[0]",
        "[a for a in b]",
        "{a: b}",
        "(a, b)",
        "lambda: a",
        "a if b else c",
        "(a := 1)",
        "f'{a}'",
        "'text'",
        "b'bytes'",
        "1j",
        "True",
        "None",
        "...",
        "a == b",
        "a != b",
        "a is b",
        "a in b",
        "a < b < c",
        "a // b",
        "a % b",
        "a @ b",
        "a & b",
        "a << b",
        "~a",
        "await a",
        "yield",
        "*a",
        "exp(x=1)",
        "exp(*a)",
        "exp(a, b)",
        "exp()",
        "exp",
        "eval(a)",
        "1e999",
        "9" * 400,
        "a; b",
        "a = b",
        "a\nb",
        "import os",
        "",
        "   ",
        "a +",
        "(a",
        "a)",
        "_private",
        "__name__",
        "naïve",
        "µ",
        "\x00",
        "a\\",
        "print(a)",
        "hill(a)(b)",
        "exp.real(a)",
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(ModelError):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 3000 + "a" + ")" * 900,
        "(" * 500 + "a" + ")" * 500,
        "-" * 3900 + "a",
        "not " * 900 + "a",
        "a" + "+a" * 1900,
        "a" + "**a" * 1200,
        "exp(" * 500 + "a" + ")" * 500,
        "a" * 1_000_000,
        "9" * 3990,
        "a<" * 1500 + "a",
        "[" * 1000 + "]" * 1000,
    ],
)
def test_bombs_are_refused_at_once(text: str) -> None:
    start = time.perf_counter()
    with pytest.raises(ModelError):
        parse(text)
    assert time.perf_counter() - start < 0.5


@given(st.text(max_size=60))
def test_no_text_does_anything_but_parse_or_be_refused(text: str) -> None:
    try:
        expression = parse(text)
    except ModelError:
        return
    assert parse(render(expression)) == expression


@given(st.text(alphabet="ab1.e+-*/()<>,= nothilexp", max_size=40))
def test_nor_does_text_that_looks_like_an_expression(text: str) -> None:
    try:
        expression = parse(text)
    except ModelError:
        return
    assert parse(render(expression)) == expression


def test_names_are_found() -> None:
    assert names_in(parse("piecewise(a, b > time, hill(c, d, 2))")) == {"a", "b", "c", "d", "time"}


def test_the_message_names_the_function_and_the_known_ones() -> None:
    with pytest.raises(ModelError, match="unknown function 'sine'") as told:
        parse("sine(a)")
    assert all(function in str(told.value) for function in FUNCTIONS)
