"""MathML says the same to us as to Python's math module; names stay apart."""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from progenitor.engine._expressions import is_symbol, parse, render
from progenitor.errors import UnsupportedModelError
from progenitor.interop import read_sbml
from progenitor.interop._sbml_change import derivative
from progenitor.interop._sbml_names import decoded, encoded
from progenitor.interop._sbml_terms import ONE, ZERO
from progenitor.interop._sbml_values import value_of

Write = Any
Course = Callable[..., Mapping[str, np.ndarray]]


def value(sbml: Write, course: Course, formula: str, **inputs: str) -> float:
    """The formula by a rule, and by an initial assignment, which must agree."""
    text = sbml(
        sbml.parameters(r="!", s="", **inputs) + sbml.initially(s=formula) + sbml.rules(r=formula)
    )
    found = course(text, [0])
    assert np.array_equal(found["r"], found["s"], equal_nan=True)
    return float(found["r"][0])


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("sec(x)", 1 / math.cos(0.7)),
        ("csc(x)", 1 / math.sin(0.7)),
        ("cot(x)", 1 / math.tan(0.7)),
        ("sinh(x)", math.sinh(0.7)),
        ("cosh(x)", math.cosh(0.7)),
        ("tanh(x)", math.tanh(0.7)),
        ("tanh(1000*x)", 1.0),
        ("tanh(-1000*x)", -1.0),
        ("sech(x)", 1 / math.cosh(0.7)),
        ("csch(x)", 1 / math.sinh(0.7)),
        ("coth(x)", 1 / math.tanh(0.7)),
        ("arcsinh(x)", math.asinh(0.7)),
        ("arcsinh(-1e8*x)", math.asinh(-0.7e8)),
        ("arccosh(2*x)", math.acosh(1.4)),
        ("arctanh(x)", math.atanh(0.7)),
        ("arcsec(2*x)", math.acos(1 / 1.4)),
        ("arccsc(2*x)", math.asin(1 / 1.4)),
        ("arccot(x)", math.atan(1 / 0.7)),
        ("arccot(0*x)", math.pi / 2),
        ("arcsech(x)", math.acosh(1 / 0.7)),
        ("arccsch(x)", math.asinh(1 / 0.7)),
        ("arccoth(2*x)", math.atanh(1 / 1.4)),
        ("log10(x)", math.log10(0.7)),
        ("log(3, x)", math.log(0.7, 3)),
        ("ln(x)", math.log(0.7)),
        ("root(3, x)", 0.7 ** (1 / 3)),
        ("sqrt(x)", math.sqrt(0.7)),
        ("factorial(5)", 120.0),
        ("factorial(20)", float(math.factorial(20))),
        ("factorial(0)", 1.0),
        ("ceil(x)", 1.0),
        ("floor(-x)", -1.0),
        ("abs(-x)", 0.7),
        ("exponentiale^2", math.e**2),
        ("pi*x", math.pi * 0.7),
        ("avogadro", 6.02214179e23),
        ("quotient(7, 2)", 3.0),
        ("quotient(-7, 2)", -3.0),
        ("rem(7, 2)", 1.0),
        ("rem(-7, 2)", -1.0),
        ("max(1, x, 3, 2)", 3.0),
        ("min(4)", 4.0),
        ("min(4, x, 5)", 0.7),
        ("plus()", 0.0),
        ("times()", 1.0),
        ("-(x)", -0.7),
        ("-2^2", -4.0),
        ("(-2)^2", 4.0),
        ("piecewise(1, x > 1, 2, x > 1/2, 3)", 2.0),
        ("piecewise(1, x > 1)", math.nan),
    ],
)
def test_functions(sbml: Write, course: Course, formula: str, expected: float) -> None:
    found = value(sbml, course, formula, x="0.7")
    assert found == pytest.approx(expected, rel=2e-15 * 10, nan_ok=True)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("piecewise(1, t && !(f), 0)", 1),
        ("piecewise(1, xor(t, f, t), 0)", 0),
        ("piecewise(1, xor(t, t, t), 0)", 1),
        ("piecewise(1, xor(f, t), 0)", 1),
        ("piecewise(1, implies(t, f), 0)", 0),
        ("piecewise(1, implies(f, f), 0)", 1),
        ("piecewise(1, and(), 0) + 2*piecewise(1, or(), 0)", 1),
        ("piecewise(1, 1 < 2 < 3, 0)", 1),
        ("piecewise(1, lt(1, 3, 2), 0)", 0),
        ("piecewise(1, eq(2, 2, 2), 0)", 1),
        ("piecewise(1, 2 != 2, 0)", 0),
        ("true + 3", 4),
        ("false/5 - (2*true)^2", -4),
        ("(3 > 2) + (2 > 3)", 1),
        ("piecewise(2, n, 3)", 2),
        ("piecewise(2, n - n, 3)", 3),
        ("piecewise(1, piecewise(false, f, true), 0)", 1),
        ("piecewise(1, eq(and(t, f), f), 0)", 1),
    ],
)
def test_conditions_and_numbers_swap(
    sbml: Write, course: Course, formula: str, expected: float
) -> None:
    """``t`` is true, ``f`` false, ``n`` is -2."""
    formula = re.sub(r"\bt\b", "(1 > 0)", re.sub(r"\bf\b", "(0 > 1)", formula))
    assert value(sbml, course, formula, n="-2") == expected


def test_functions_of_the_model_are_written_out(sbml: Write, course: Course) -> None:
    functions = sbml.functions(
        outer="lambda(x, y, inner(y, x) + inner(x, x))", inner="lambda(x, y, x - 2*y)"
    )
    text = sbml(functions + sbml.parameters(a="5", b="3", r="!") + sbml.rules(r="outer(a + 1, b)"))
    assert course(text, [0])["r"][0] == (3 - 12) + (6 - 12)


@pytest.mark.parametrize(
    ("functions", "formula", "told"),
    [
        ({"f": "lambda(x, g(x))", "g": "lambda(x, f(x))"}, "f(1)", "which calls itself"),
        ({"f": "lambda(x, x + q)"}, "f(1)", "uses 'q' that is no argument"),
        ({"f": "lambda(x, x)"}, "f(1, 2)", "gives 2 arguments to the function 'f' of 1"),
        ({}, "mystery(1)", "calls 'mystery', which is no function"),
        ({}, "nobody + 1", "names 'nobody', which has no value"),
    ],
)
def test_formulas_that_cannot_be_read(
    sbml: Write, functions: dict[str, str], formula: str, told: str
) -> None:
    text = sbml.functions(**functions) if functions else ""
    with pytest.raises(UnsupportedModelError, match=told):
        read_sbml(sbml(text + sbml.parameters(q="1", r="!") + sbml.rules(r=formula)))


def test_a_bomb_of_functions_is_refused(sbml: Write) -> None:
    """Each function calls the one before it twice: 2⁴⁰ parts once written out."""
    functions = {"f0": "lambda(x, x*x)"}
    functions |= {f"f{n}": f"lambda(x, f{n - 1}(x) + f{n - 1}(2*x))" for n in range(1, 40)}
    text = sbml(sbml.functions(**functions) + sbml.parameters(r="!") + sbml.rules(r="f39(1)"))
    with pytest.raises(UnsupportedModelError, match="more than 100,000 parts"):
        read_sbml(text)


def test_a_bomb_of_arguments_is_refused(sbml: Write) -> None:
    """Nothing is called twice, but each argument appears twice."""
    functions = {f"f{n}": f"lambda(x, f{n + 1}(x*x))" for n in range(40)} | {"f40": "lambda(x, x)"}
    text = sbml(sbml.functions(**functions) + sbml.parameters(r="!") + sbml.rules(r="f0(2)"))
    with pytest.raises(UnsupportedModelError, match="more than 100,000 parts"):
        read_sbml(text)


def test_long_and_deep_formulas_are_split(sbml: Write, course: Course) -> None:
    """Beyond what one expression of the engine may hold."""
    long = "+".join(f"sin({k}*x)^2 + cos({k}*x)^2" for k in range(400))
    deep = "x"
    for _ in range(22):
        deep = f"(1 + {deep}/2)"
    many = ", ".join(f"{k}, x < {k / 150}" for k in range(150))
    text = sbml(
        sbml.parameters(x="0.7", a="!", b="!", c="!", d="!")
        + sbml.rules(a=long, b=deep, c=f"piecewise({many}, 999)", d=f"piecewise({many})")
    )
    found = course(text, [0])
    assert found["a"][0] == pytest.approx(400, rel=1e-13)
    assert found["b"][0] == pytest.approx(2 - 1.3 / 2**22, rel=1e-14)
    assert found["c"][0] == 106
    assert found["d"][0] == 106


@pytest.mark.parametrize(
    "name", ["_x", "time", "lambda", "exp", "hill", "is", "piecewise", "id_x", "x", "sin", "None"]
)
def test_any_identifier_will_do(sbml: Write, course: Course, name: str) -> None:
    """The plain ``x`` and ``id_x`` are there too, to be mixed up with."""
    others = {"x": "2", "id_x": "3", "id_time": "4"}
    others.pop(name, None)
    body = sbml.parameters(**{name: "11"}, **others, r="!")
    rule = f"<assignmentRule variable='r'><math xmlns='http://www.w3.org/1998/Math/MathML'>\
<apply><times/><ci>{name}</ci><cn>2</cn></apply></math></assignmentRule>"
    found = course(sbml(body + f"<listOfRules>{rule}</listOfRules>"), [0])
    assert found["r"][0] == 22
    assert found[name][0] == 11
    assert {key: found[key][0] for key in others} == {k: float(v) for k, v in others.items()}


@given(st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,12}", fullmatch=True))
def test_names_are_mapped_back_and_forth(name: str) -> None:
    assert is_symbol(encoded(name))
    assert decoded(encoded(name)) == name


@given(
    st.sampled_from(
        [
            "x**3 - 2/x",
            "exp(-x)*sin(2*x)",
            "log(x)*sqrt(x)",
            "x**x",
            "atan(x)/(1 + x)",
            "max(x, 1.3)*min(x*x, 1.1)",
            "piecewise(x**2, x > 1.2, 3*x)",
            "abs(x - 1.37) + tan(x/3)",
            "asin(x/4) + acos(x/5) + cos(x)",
        ]
    ),
    st.floats(0.5, 2.5),
)
def test_derivatives_agree_with_differences(formula: str, at: float) -> None:
    """Away from the corners of max, min, piecewise and abs."""
    if min(abs(at - corner) for corner in (1.3, 1.1**0.5, 1.2, 1.37)) < 1e-3:
        return
    tree = parse(formula)
    slope = derivative(tree, lambda name: ONE if name == "x" else ZERO)
    step = 1e-5
    low, high = (value_of(tree, {"x": at + side * step}, {}) for side in (-1, 1))
    expected = (high - low) / (2 * step)
    assert value_of(slope, {"x": at}, {}) == pytest.approx(expected, rel=1e-6, abs=1e-7)
    assert parse(render(slope)) is not None


def test_rates_of_change_are_values(sbml: Write, course: Course) -> None:
    """C = 2·exp(t/2), A' = 3: d[A]/dt = (3 − A/2)/C; A rises from 4."""
    growing = (
        "<listOfCompartments><compartment id='C' size='2' constant='false'/></listOfCompartments>"
    )
    text = sbml(
        growing
        + sbml.species("A initialAmount='4'")
        + sbml.parameters(a="!", c="!", p="!", k="1", still="!")
        + sbml.rules(
            C_dot="C/2", a="rateOf(A)", c="rateOf(C)", still="rateOf(k) + rateOf(p)", p="2*time"
        )
        + sbml.reactions(sbml.reaction("J", "3", "", "A"))
    )
    times = np.array([0.0, 1.0, 2.0])
    found = course(text, times)
    size, amount = 2 * np.exp(times / 2), 4 + 3 * times
    assert found["a"] == pytest.approx((3 - amount / 2) / size, rel=1e-8)
    assert found["c"] == pytest.approx(size / 2, rel=1e-8)
    assert found["still"] == pytest.approx([2, 2, 2], rel=1e-12)
