"""Compiled functions agree with a direct evaluation of the expression in IEEE arithmetic."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from progenitor.engine import (
    Event,
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Species,
)
from progenitor.engine._compile import compile_model
from progenitor.engine._expressions import (
    Arithmetic,
    Call,
    Comparison,
    Expression,
    Logic,
    Name,
    Negative,
    Number,
    parse,
    render,
)

VALUES = {"x": 0.75, "y": 3.0, "p": 0.0, "q": 1e-3, "time": 2.5}


def evaluate(expression: Expression) -> np.float64 | np.bool_:
    """A plain recursive reading of the grammar with NumPy scalars; the reference of this test."""
    match expression:
        case Number(value):
            return np.float64(value)
        case Name(name):
            return np.float64(VALUES[name])
        case Negative(operand):
            return -evaluate(operand)
        case Arithmetic(operator, left, right) | Comparison(operator, left, right):
            a, b = evaluate(left), evaluate(right)
            table = {
                "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide,
                "**": np.float_power, "<": np.less, "<=": np.less_equal,
                ">": np.greater, ">=": np.greater_equal,
            }  # fmt: skip
            return table[operator](a, b)
        case Logic("not", (operand,)):
            return np.logical_not(evaluate(operand))
        case Logic(operator, (first, second)):
            join = np.logical_and if operator == "and" else np.logical_or
            return join(evaluate(first), evaluate(second))
        case Call("piecewise", (value, condition, otherwise)):
            return evaluate(value) if evaluate(condition) else evaluate(otherwise)
        case Call("hill", (amount, half, exponent)):
            x, k, n = evaluate(amount), evaluate(half), evaluate(exponent)
            return np.float64(1) / (1 + np.float_power(k / x, n))
        case Call(function, arguments):
            table = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt, "abs": np.abs,
                     "min": np.minimum, "max": np.maximum}  # fmt: skip
            return table[function](*(evaluate(argument) for argument in arguments))
    raise AssertionError(expression)


positive = st.sampled_from([Number(0.5), Number(2.0), Number(3.0), Number(1e-8), Number(40.0)])
leaves = st.one_of(positive, st.sampled_from([Name(name) for name in VALUES]))


def extend(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    condition = st.builds(Comparison, st.sampled_from(["<", "<=", ">", ">="]), inner, inner)
    both = st.builds(Logic, st.sampled_from(["and", "or"]), st.tuples(condition, condition))
    power = st.builds(Arithmetic, st.just("**"), inner, positive)
    plain = st.builds(Arithmetic, st.sampled_from("+-*/"), inner, inner)
    single = st.sampled_from(["exp", "log", "sqrt", "abs"]).flatmap(
        lambda function: st.builds(Call, st.just(function), st.tuples(inner))
    )
    pair = st.sampled_from(["min", "max"]).flatmap(
        lambda function: st.builds(Call, st.just(function), st.tuples(inner, inner))
    )
    choice = st.builds(
        Call, st.just("piecewise"), st.tuples(inner, st.one_of(condition, both), inner)
    )
    named = st.sampled_from([Name("x"), Name("y"), Name("q")])
    hill = st.builds(Call, st.just("hill"), st.tuples(named, named, positive))
    negative = st.builds(Negative, st.sampled_from([Name("x"), Name("p")]))
    return st.one_of(plain, power, single, pair, choice, hill, negative)


expressions = st.recursive(leaves, extend, max_leaves=14)


def model(text: str) -> Model:
    part = ReactionSet(
        "p",
        species=(Species("x", "1"), Species("y", "1")),
        parameters=(ModelParameter("p", "1"), ModelParameter("q", "1")),
        observables=(Observable("shown", text, "1"),),
    )
    return Model.build("m", [part])


def compiled(text: str) -> float:
    functions = compile_model(model(text)).bind([VALUES["p"], VALUES["q"]])
    return functions.observables(VALUES["time"], [VALUES["x"], VALUES["y"]])[0]


@given(expressions)
def test_compiled_expressions_mean_what_they_say(expression: Expression) -> None:
    text = render(expression).replace("time", "y")  # days would not fit dimensionless sums
    with np.errstate(all="ignore"):
        expected = float(evaluate(parse(text)))
    found = compiled(text)
    if np.isfinite(expected):
        # Only powers are rounded differently; 1e-9 leaves room for terms that cancel.
        assert abs(found - expected) <= 1e-9 * max(1.0, abs(expected))
    elif not any(word in text for word in ("piecewise", "min", "max", "hill")):
        assert not np.isfinite(found)


def test_derivatives_follow_the_stoichiometry() -> None:
    part = ReactionSet(
        "p",
        species=(Species("a", "1"), Species("b", "1"), Species("c", "1")),
        parameters=(ModelParameter("k", "1/day"),),
        reactions=(
            Reaction("first", "k*a*b", {"a": 1, "b": 2}, {"c": 1.5}),
            Reaction("second", "k*c", {"c": 1}, {"a": 1.0, "c": 1.0}),
        ),
    )
    functions = compile_model(Model.build("m", [part])).bind([2.0])
    assert functions.derivative(0.0, [3.0, 5.0, 7.0]) == [-30.0 + 14.0, -60.0, 45.0]


def test_guarded_functions_read_undershoot_as_zero() -> None:
    part = ReactionSet(
        "p",
        species=(Species("a", "1"),),
        parameters=(ModelParameter("n", "1"), ModelParameter("k", "1/day")),
        reactions=(Reaction("r", "k*a**n", {"a": 1}),),
    )
    functions = compile_model(Model.build("m", [part])).bind([1.5, 1.0])
    assert functions.derivative(0.0, [-1e-12]) == [0.0]


def test_flows_separate_births_deaths_and_arrivals() -> None:
    part = ReactionSet(
        "p",
        species=(Species("n", "cell", countable=True), Species("m", "cell", countable=True)),
        parameters=(ModelParameter("k", "1/day"),),
        reactions=(
            Reaction("division", "3*k*n", {"n": 1}, {"n": 2.0}),
            Reaction("death", "5*k*n", {"n": 1}),
            Reaction("mutation", "7*k*n", {"n": 1}, {"m": 1.0}),
            Reaction("seeding", "11*k*m", {"m": 1}, {"m": 1.0, "n": 1.0}),
        ),
    )
    found = compile_model(Model.build("m", [part]))
    flows = found.bind([1.0]).flows(0.0, [1.0, 1.0])
    assert flows[2:] == [3.0, 12.0, 11.0, 0.0, 0.0, 7.0]
    assert [species.arrival_sources for species in found.countable] == [((1,),), ((0,),)]


def test_nothing_a_person_wrote_reaches_the_compiler() -> None:
    part = ReactionSet(
        "surprising_part",
        species=(Species("surprising_species", "1"),),
        parameters=(ModelParameter("surprising_parameter", "1"),),
        events=(Event("surprising_event", "surprising_species > surprising_parameter"),),
    )
    assert "surprising" not in compile_model(Model.build("surprising_model", [part])).source
